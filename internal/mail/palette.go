package mail

import (
	"html/template"
	"math"
	"regexp"
	"strconv"
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

// legible is what text on a colour is written in: the lighter or the darker of the neutrals, whichever stands out more.
func legible(on string) template.CSS {
	paper, ink := light.color("neutral-0"), light.color("neutral-9")
	if contrast(on, string(paper)) >= contrast(on, string(ink)) {
		return paper
	}
	return ink
}

// contrast is that of WCAG 2: from 1 to 21.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8) // the form was checked
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
