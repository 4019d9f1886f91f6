package param

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// part is one part of a multipart body; without a file name it is a field.
type part struct{ name, file, data string }

func multipartBody(t *testing.T, parts []part) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		disposition := fmt.Sprintf(`form-data; name="%s"`, p.name)
		header := textproto.MIMEHeader{}
		if p.file != "" {
			disposition += fmt.Sprintf(`; filename="%s"`, p.file)
			header.Set("Content-Type", "image/png")
		}
		header.Set("Content-Disposition", disposition)
		out, err := w.CreatePart(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(p.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

func TestMultipart(t *testing.T) {
	t.Parallel()
	contentType, body := multipartBody(t, []part{
		{"purpose", "", "business_logo"}, {"file", "logo.png", "\x89PNG\x00"}, {"expand[]", "", "x"},
		{"file_link_data[create]", "", "true"}, {"file_link_data[metadata][a+b]", "", "c%20d"},
	})
	in, err := Decode(operation(t, "PostFiles"), "", contentType, body)
	if err != nil {
		t.Fatal(err)
	}
	want := `{ "purpose": "business_logo", "expand": [ "x" ], "file_link_data": { "create": true, "metadata": { "a+b": "c%20d" } } }`
	if diff := cmp.Diff(want, oneLine(in.Params)); diff != "" {
		t.Errorf("params (-want +got):\n%s", diff)
	}
	files := map[string]File{"file": {Name: "logo.png", ContentType: "image/png", Data: []byte("\x89PNG\x00")}}
	if diff := cmp.Diff(files, in.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestMultipartWithoutFiles(t *testing.T) {
	t.Parallel()
	contentType, body := multipartBody(t, []part{{"name", "", "Jenny"}})
	in, err := Decode(operation(t, "PostCustomers"), "", contentType, body)
	if err != nil {
		t.Fatal(err)
	}
	if got := oneLine(in.Params); got != `{ "name": "Jenny" }` {
		t.Errorf("got %s", got)
	}
}

func TestMultipartRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, op             string
		parts                []part
		code, param, message string
	}{
		{"no file", "PostFiles", []part{{"purpose", "", "business_logo"}}, "parameter_missing", "file", "Missing required param: file."},
		{"a file without a name", "PostFiles", []part{{"purpose", "", "business_logo"}, {"file", "", "x"}}, "", "file", "Invalid file: file must be uploaded as multipart/form-data, with a file name"},
		{"an unknown file", "PostFiles", []part{{"purpose", "", "business_logo"}, {"photo", "x.png", "x"}, {"file", "y.png", "y"}}, "parameter_unknown", "photo", "Received unknown parameter: photo"},
		{"a file for a text", "PostCustomers", []part{{"name", "x.png", "x"}}, "", "name", "Invalid string: x.png"},
		{"a file for a hash", "PostCustomers", []part{{"address", "x.png", "x"}}, "", "address", "Invalid object"},
		{"an unknown field", "PostFiles", []part{{"purpose", "", "business_logo"}, {"colour", "", "x"}, {"file", "y.png", "y"}}, "parameter_unknown", "colour", "Received unknown parameter: colour"},
		{"broken UTF-8", "PostCustomers", []part{{"name", "", "\xff"}}, "", "", "Invalid UTF-8 characters found in POST body."},
		{"NUL", "PostCustomers", []part{{"name", "", "a\x00"}}, "", "", "Invalid request: the POST body holds a NUL character."},
		{"no name", "PostCustomers", []part{{"", "", "a"}}, "", "", "Invalid request: a parameter has no name."},
		{"a file without a parameter's name", "PostFiles", []part{{"", "x.png", "a"}}, "", "", "Invalid request: a parameter has no name."},
		{"too large", "PostFiles", []part{{"file", "y.png", strings.Repeat("x", maxFile+1)}}, "", "file", "The file that you uploaded as file is too large: at most 16 MB are possible."},
	}
	for _, test := range tests {
		contentType, body := multipartBody(t, test.parts)
		got := refused(t, operation(t, test.op), "", contentType, string(body))
		want := [3]string{test.code, test.param, test.message}
		if diff := cmp.Diff(want, [3]string{got.Code, got.Param, got.Message}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
