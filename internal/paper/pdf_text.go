package paper

import (
	"strconv"
	"strings"
	"unicode"
)

// The families of the fonts.
const (
	regular = "sans"
	bold    = "sans-bold"
)

// color is a colour of the tokens of all pages (internal/web/static/tokens.css), as it is by day.
type color uint32

const (
	ink      color = 0x16181d
	quiet    color = 0x4d5462
	hairline color = 0xdde0e7
	accent   color = 0x3d35b0
	good     color = 0x0e6b3c
	bad      color = 0xad2317
	test     color = 0x8f3f00
)

func (c color) rgb() (r, g, b int) { return int(c >> 16), int(c >> 8 & 0xff), int(c & 0xff) }

// colorOr reads a colour: "#3d35b0"; other if it is none.
func colorOr(text string, other color) color {
	n, err := strconv.ParseUint(strings.TrimPrefix(text, "#"), 16, 24)
	if err != nil || len(text) != 7 {
		return other
	}
	return color(n)
}

// style is how a text is set.
type style struct {
	font  string
	size  float64
	color color
}

var (
	title  = style{bold, 24, ink}
	name   = style{bold, 12, ink}
	big    = style{bold, 16, ink}
	body   = style{regular, 9.5, ink}
	strong = style{bold, 9.5, ink}
	label  = style{regular, 9.5, quiet}
	small  = style{regular, 8, quiet}
	heads  = style{bold, 8, quiet}
)

// height is that of a line.
func (s style) height() float64 { return s.size * 1.45 }

func (s style) in(c color) style {
	s.color = c
	return s
}

func (p *printer) set(s style) {
	p.f.SetFont(s.font, "", s.size)
	p.f.SetTextColor(s.color.rgb())
}

// text writes one line whose top is at p.y.
func (p *printer) text(x float64, text string, s style) {
	if text = printable(text); text != "" {
		p.set(s)
		p.f.Text(x, p.y+s.size, text)
	}
}

// textRight writes one line that ends at x.
func (p *printer) textRight(x float64, text string, s style) {
	p.text(x-p.measure(text, s), text, s)
}

// fitRight is textRight for what must not be wider than a column: it is set smaller if it is.
func (p *printer) fitRight(x, width float64, text string, s style) {
	if w := p.measure(text, s); w > width {
		lower := s.size * (1 - width/w)
		s.size -= lower
		p.y += lower
		defer func() { p.y -= lower }()
	}
	p.textRight(x, text, s)
}

func (p *printer) measure(text string, s style) float64 {
	p.set(s)
	return p.f.GetStringWidth(printable(text))
}

// paragraph writes a text over as many lines as it needs, and over several pages.
func (p *printer) paragraph(x, width float64, text string, s style) {
	for _, line := range p.wrap(text, width, s) {
		p.need(s.height())
		p.text(x, line, s)
		p.y += s.height()
	}
}

// tolerance is what sums of widths may be off by.
const tolerance = 0.01

// wrap breaks a text into lines: at its own line breaks, between words, and within a word that is too long for a line.
func (p *printer) wrap(text string, width float64, s style) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line := ""
		for _, word := range strings.Split(strings.TrimRight(paragraph, " "), " ") {
			joined := word
			if line != "" {
				joined = line + " " + word
			}
			if p.measure(joined, s) <= width+tolerance {
				line = joined
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			var full []string
			full, line = p.hack(word, width, s)
			lines = append(lines, full...)
		}
		lines = append(lines, line)
	}
	return lines
}

// hack cuts a word that is too long for a line, and gives back what is left for the next.
func (p *printer) hack(word string, width float64, s style) (full []string, rest string) {
	letters := []rune(word)
	for start := 0; ; {
		end := len(letters)
		for end > start+1 && p.measure(string(letters[start:end]), s) > width+tolerance {
			end = start + max((end-start)*9/10, 1)
		}
		if end == len(letters) {
			return full, string(letters[start:])
		}
		full = append(full, string(letters[start:end]))
		start = end
	}
}

// unprintable stands for what the file cannot hold.
const unprintable = '\ufffd'

// printable is a text without what is no letter. The library holds characters of the basic plane alone.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		case r > 0xffff:
			return unprintable
		}
		return r
	}, text)
}
