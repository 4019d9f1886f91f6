package reference

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html"
	"html/template"
	"regexp"
	"strings"
)

// Sample is a program as it is shown.
type Sample struct {
	Lang, Name string
	Text       string
	HTML       template.HTML
}

// Samples are written when a page is, so they are coloured here and not when the documentation is compiled. What is told
// apart is little: words of the language, texts, numbers, names of keys, with the classes of the other samples.
var tokens = regexp.MustCompile("(\"(?:[^\"\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\n]|\\\\.)*'|`[^`]*`)(\\s*:)?|(\\b\\d+(?:\\.\\d+)?\\b)|(\\b[A-Za-z_]\\w*\\b)")

var keywords = map[string]string{
	"curl":   " curl ",
	"cli":    " sharesmart ",
	"node":   " const require async function await ",
	"go":     " package import func defer if for range return nil var ",
	"python": " import with as for in None True False ",
	"ruby":   " require do end true false nil ",
	"json":   " true false null ",
}

// highlight colours a text.
func highlight(lang, text string) template.HTML {
	var b strings.Builder
	at := 0
	for _, m := range tokens.FindAllStringSubmatchIndex(text, -1) {
		class, first, last := "", m[0], m[1]
		switch {
		case m[2] >= 0 && m[4] >= 0 && lang == "json":
			class, last = "nt", m[3]
		case m[2] >= 0:
			class, last = "s", m[3]
		case m[6] >= 0 && lang != "curl" && lang != "cli": // there they are in addresses
			class = "mi"
		case strings.Contains(keywords[lang], " "+text[first:last]+" "):
			class = "k"
		default:
			continue
		}
		b.WriteString(html.EscapeString(text[at:first]))
		b.WriteString(`<span class="` + class + `">` + html.EscapeString(text[first:last]) + "</span>")
		at = last
	}
	b.WriteString(html.EscapeString(text[at:]))
	return template.HTML(b.String()) //nolint:gosec // every part was escaped
}

// indented is an answer as the server writes it.
func indented(answer json.RawMessage) string {
	var b bytes.Buffer
	if json.Indent(&b, answer, "", "  ") != nil {
		return string(answer)
	}
	return b.String() + "\n"
}

//go:embed passed.txt
var passedText string

// passed is the day on which all samples were last run.
func passed() string { return strings.TrimSpace(passedText) }
