package view

import (
	"html"
	"html/template"
	"strings"

	"sharesmart/internal/object"
)

// openDepth is how deep JSON is shown unfolded at first.
const openDepth = 3

// JSON shows a value with folds at each object and list, and a link from each id.
func (l Links) JSON(v any) template.HTML {
	w := &jsonWriter{links: l}
	w.value("", v, 0, false)
	return template.HTML(w.b.String()) //nolint:gosec // every part is escaped
}

// Parsed is JSON for bytes; bytes that are no JSON are shown as they are.
func (l Links) Parsed(body []byte) template.HTML {
	v, err := object.ParseValue(body)
	if err != nil {
		return template.HTML(`<div class="j">` + html.EscapeString(string(body)) + `</div>`) //nolint:gosec // it is escaped
	}
	return l.JSON(v)
}

type jsonWriter struct {
	b     strings.Builder
	links Links
}

// value writes a value with what stands before it on its line, and a comma behind it if more follow.
func (w *jsonWriter) value(lead string, v any, depth int, more bool) {
	comma := ""
	if more {
		comma = ","
	}
	switch v := v.(type) {
	case *object.Object:
		if v == nil || v.Len() == 0 {
			w.line(lead + "{}" + comma)
			return
		}
		w.open(lead, "{", depth)
		at := 0
		for name, field := range v.All() {
			at++
			w.value(`<span class="nt">`+quote(name)+`</span>: `, field, depth+1, at < v.Len())
		}
		w.close("}" + comma)
	case []any:
		if len(v) == 0 {
			w.line(lead + "[]" + comma)
			return
		}
		w.open(lead, "[", depth)
		for i, item := range v {
			w.value("", item, depth+1, i+1 < len(v))
		}
		w.close("]" + comma)
	case string:
		w.line(lead + `<span class="s">` + w.text(v) + `</span>` + comma)
	default:
		class := "mi"
		if v == nil || v == true || v == false {
			class = "k"
		}
		w.line(lead + `<span class="` + class + `">` + html.EscapeString(string(object.AppendValue(nil, v, 0))) + `</span>` + comma)
	}
}

func (w *jsonWriter) line(markup string) { w.b.WriteString(`<div class="j">` + markup + `</div>`) }

func (w *jsonWriter) open(lead, bracket string, depth int) {
	state := ""
	if depth < openDepth {
		state = " open"
	}
	w.b.WriteString(`<details class="j"` + state + `><summary>` + lead + bracket + `</summary><div class="j-in">`)
}

func (w *jsonWriter) close(bracket string) {
	w.b.WriteString(`</div><div>` + bracket + `</div></details>`)
}

func (w *jsonWriter) text(s string) string {
	to := w.links.ID(s)
	if to == "" && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && len(s) < 400 {
		to = s
	}
	if to == "" {
		return quote(s)
	}
	return `"<a href="` + html.EscapeString(to) + `">` + html.EscapeString(s) + `</a>"`
}

func quote(s string) string { return html.EscapeString(string(object.AppendValue(nil, s, 0))) }
