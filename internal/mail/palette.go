package mail

import (
	"html/template"
	"math"
	"regexp"
	"strconv"
	"strings"

	"sharesmart/internal/web/static"
)

// Programs that read mail do not know custom properties, so the colours of the pages are written out: those of the light
// theme beside each element, those of the dark one in a rule that overrides them.

var property = regexp.MustCompile(`--([\w-]+):\s*([^;]+);`)

// theme are the colours of a theme by the names of their tokens.
type theme map[string]string

var light, dark = themes(static.Tokens)

func themes(css string) (light, dark theme) {
	day, night, _ := strings.Cut(css, "@media (prefers-color-scheme: dark)")
	light, dark = theme{}, theme{}
	for _, p := range property.FindAllStringSubmatch(day, -1) {
		light[p[1]], dark[p[1]] = p[2], p[2]
	}
	for _, p := range property.FindAllStringSubmatch(night, -1) {
		dark[p[1]] = p[2]
	}
	return light, dark
}

// color is a token's colour: #16181d. A token that is not there is a mistake in the program.
func (t theme) color(token string) template.CSS {
	value := t[token]
	if name, ok := strings.CutPrefix(value, "var(--"); ok {
		return t.color(strings.TrimSuffix(name, ")"))
	}
	if !colour.MatchString(value) {
		panic("mail: --" + token + " is no colour: " + value)
	}
	return template.CSS(value)
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
