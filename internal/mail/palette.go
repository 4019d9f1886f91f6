package mail

import (
	"html/template"
	"regexp"
	"strings"

	"sharesmart/internal/web/static"
)

// Programs that read mail know neither custom properties nor light-dark(), so the colours of the pages are written out:
// those of the light theme beside each element, those of the dark one in a rule that overrides them.

// theme is the place of a theme's colour in light-dark().
type theme int

const (
	light theme = 1
	dark  theme = 2
)

var (
	property  = regexp.MustCompile(`--([\w-]+):\s*([^;]+);`)
	lightDark = regexp.MustCompile(`^light-dark\((#\w{6}), (#\w{6})\)$`)
	tokens    = properties(static.Tokens)
)

func properties(css string) map[string]string {
	all := map[string]string{}
	for _, p := range property.FindAllStringSubmatch(css, -1) {
		all[p[1]] = p[2]
	}
	return all
}

// color is a token's colour: #16181d. A token that is none is a mistake in the program.
func (t theme) color(token string) template.CSS {
	value := tokens[token]
	if name, ok := strings.CutPrefix(value, "var(--"); ok {
		return t.color(strings.TrimSuffix(name, ")"))
	}
	pair := lightDark.FindStringSubmatch(value)
	if pair == nil {
		panic("mail: --" + token + " is no colour: " + value)
	}
	return template.CSS(pair[t])
}
