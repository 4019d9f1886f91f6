package reference

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
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

var keywords = map[string]string{
	"curl":   " curl ",
	"cli":    " sharesmart ",
	"node":   " const require async function await ",
	"go":     " package import func defer if for range return nil var ",
	"python": " import with as for in None True False ",
	"ruby":   " require do end true false nil ",
	"json":   " true false null ",
}

// escaped is a text between tags. Quotes mean nothing there, and written otherwise would be a tenth of a page.
func escaped(text string) string {
	if !strings.ContainsAny(text, "&<>") {
		return text
	}
	return angles.Replace(text)
}

var angles = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// highlight colours a text. It goes through it once, by hand: the largest pages have a megabyte of it.
func highlight(lang, text string) template.HTML {
	var b strings.Builder
	b.Grow(2 * len(text))
	at := 0 // what is before was written
	for i := 0; i < len(text); {
		class, end := "", i+1
		switch c := text[i]; {
		case c == '"' || c == '\'' || c == '`':
			if end = quoted(text, i); end > i+1 {
				class = "s"
				if lang == "json" && isName(text[end:]) {
					class = "nt"
				}
			}
		case isDigit(c):
			var whole bool
			if end, whole = number(text, i); whole && lang != "curl" && lang != "cli" { // there they are in addresses
				class = "mi"
			}
		case isWord(c):
			end = wordEnd(text, i)
			if strings.Contains(keywords[lang], " "+text[i:end]+" ") {
				class = "k"
			}
		}
		if class != "" {
			b.WriteString(escaped(text[at:i]))
			b.WriteString(`<span class="` + class + `">` + escaped(text[i:end]) + "</span>")
			at = end
		}
		i = end
	}
	b.WriteString(escaped(text[at:]))
	return template.HTML(b.String()) //nolint:gosec // every part was escaped
}

// quoted is the end of a text in quotes that begins at a place, or the next place if it does not end on its line.
func quoted(text string, from int) int {
	mark := text[from]
	for i := from + 1; i < len(text); i++ {
		switch {
		case text[i] == mark:
			return i + 1
		case mark == '`':
		case text[i] == '\n':
			return from + 1
		case text[i] == '\\':
			i++
		}
	}
	return from + 1
}

// isName reports whether what follows a text in JSON makes it the name of a field.
func isName(rest string) bool { return strings.HasPrefix(strings.TrimLeft(rest, " \t\n"), ":") }

// number is the end of the word that begins with a digit, and whether it is a number, perhaps with a part after the point.
func number(text string, from int) (end int, whole bool) {
	end = wordEnd(text, from)
	if strings.Trim(text[from:end], "0123456789") != "" {
		return end, false
	}
	if end+1 < len(text) && text[end] == '.' && isDigit(text[end+1]) {
		if next := wordEnd(text, end+1); strings.Trim(text[end+1:next], "0123456789") == "" {
			return next, true
		}
	}
	return end, true
}

func wordEnd(text string, from int) int {
	for from < len(text) && isWord(text[from]) {
		from++
	}
	return from
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
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
