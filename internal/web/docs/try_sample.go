package docs

import (
	"net/http"
	"net/url"
	"strings"

	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/compiled"
)

// tryLink is the form for the call that the sample for curl makes, with all that it sends; empty if it makes none that
// can be made from a form.
func tryLink(samples []compiled.Sample) string {
	for _, s := range samples {
		if s.Lang == "curl" {
			return curlLink(s.Text)
		}
	}
	return ""
}

// curlLink reads a command as those of the documentation are written.
func curlLink(command string) string {
	method, address, form := "", "", url.Values{}
	get := false
	words := shellWords(command)
	for i := 0; i < len(words); i++ {
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		switch w := words[i]; {
		case w == "-G":
			get = true
		case w == "-X":
			method = next
			i++
		case w == "-d" || w == "--data-urlencode":
			name, value, _ := strings.Cut(next, "=")
			form.Add(inForm+name, value)
			i++
		case w == "-u", w == "-H":
			i++
		case w == "-F", w == "-o":
			return ""
		case strings.HasPrefix(w, "https://"):
			address = w
		}
	}
	if method == "" {
		method = map[bool]string{true: http.MethodPost, false: http.MethodGet}[len(form) > 0 && !get]
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	for name, values := range u.Query() {
		form[inForm+name] = values
	}
	op, ids, found := spec.Match(method, u.EscapedPath())
	if !found || !canTry(op) {
		return ""
	}
	for i, name := range op.PathParams {
		form.Set(inPath+name, ids.At(i))
	}
	link := tryPath + "/" + op.ID
	if len(form) > 0 {
		link += "?" + form.Encode()
	}
	return link
}

// shellWords are the words of a command: in quotes or not, over several lines.
func shellWords(command string) (words []string) {
	var word strings.Builder
	quote, some := rune(0), false
	end := func() {
		if some {
			words = append(words, word.String())
		}
		word.Reset()
		some = false
	}
	for _, c := range strings.ReplaceAll(command, "\\\n", " ") {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, some = c, true
		case quote == 0 && (c == ' ' || c == '\n'):
			end()
		default:
			word.WriteRune(c)
			some = true
		}
	}
	end()
	return words
}
