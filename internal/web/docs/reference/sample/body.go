package sample

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"sharesmart/internal/spec"
)

// Body is what a POST is sent for a form, names and values in turn, and its type: JSON, a form, or one with files.
func Body(op *spec.Operation, form []string) (body, contentType string) {
	switch {
	case op.Multipart:
		return multipart(form)
	case op.JSON() && len(form) == 0:
		return "", "application/json"
	case op.JSON():
		return JSON(op, form), "application/json"
	}
	return encode(form), "application/x-www-form-urlencoded"
}

// Request is how an operation is called: the path with its query, and the body with its type.
func Request(op *spec.Operation, path string, form []string) (target, body, contentType string) {
	if op.Method == http.MethodPost {
		body, contentType = Body(op, form)
	} else if len(form) > 0 {
		path += "?" + encode(form)
	}
	return path, body, contentType
}

// encode writes a form, in its order. Brackets stay as they are, to be read.
func encode(form []string) string {
	pairs := make([]string, 0, len(form)/2)
	for i := 0; i+1 < len(form); i += 2 {
		pairs = append(pairs, brackets.Replace(url.QueryEscape(form[i]))+"="+url.QueryEscape(form[i+1]))
	}
	return strings.Join(pairs, "&")
}

var brackets = strings.NewReplacer("%5B", "[", "%5D", "]")

// JSON writes a form as the operations of version 2 take it.
func JSON(op *spec.Operation, form []string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, appendJSON(nil, Values(op.Params(), form)), "", "  "); err != nil {
		panic("a form as JSON: " + err.Error()) // appendJSON wrote it
	}
	return b.String()
}

func appendJSON(to []byte, v *Value) []byte {
	switch {
	case len(v.Inner) == 0 && v.Literal:
		return append(to, v.Text...)
	case len(v.Inner) == 0:
		return appendText(to, v.Text)
	}
	open, end := byte('{'), byte('}')
	if v.List {
		open, end = '[', ']'
	}
	for i, w := range v.Inner {
		if to = append(to, map[bool]byte{true: open, false: ','}[i == 0]); !v.List {
			to = append(appendText(to, w.Name), ':')
		}
		to = appendJSON(to, w)
	}
	return append(to, end)
}

func appendText(to []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // a text can always be written
	return append(to, quoted...)
}

// multipart is the body of an upload. A value that begins with @ is a file, whose content is made up.
func multipart(form []string) (body, contentType string) {
	const boundary = "sample-boundary"
	var b strings.Builder
	for i := 0; i+1 < len(form); i += 2 {
		extra, value := "", form[i+1]
		if name, is := strings.CutPrefix(value, "@"); is {
			extra, value = "; filename=\""+name+"\"\r\nContent-Type: image/png", "the bytes of a picture"
		}
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q%s\r\n\r\n%s\r\n", boundary, form[i], extra, value)
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.String(), "multipart/form-data; boundary=" + boundary
}
