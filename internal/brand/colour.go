package brand

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// The papers that text stands on, light and dark, where it is hardest to read; and the lighter and the darker of what is
// written on colours. They are those of static's tokens.
const (
	lightPaper = "#f6f7f9"
	darkPaper  = "#16181d"
	white      = "#ffffff"
	ink        = "#16181d"
)

// Readable is the least contrast of text (WCAG 2.2, AA).
const Readable = 4.5

var hex = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// colour is a colour in small letters; empty if it is none.
func colour(text string) string {
	text = strings.ToLower(text)
	if hex.MatchString(text) {
		return text
	}
	return ""
}

// IsColour reports whether a text is a colour: #3d35b0.
func IsColour(text string) bool { return colour(text) != "" }

// Accent is the colour of buttons and links; empty for that of the pages.
func (b *Brand) Accent() string {
	if b.Secondary != "" {
		return b.Secondary
	}
	return b.Primary
}

// On is what text on a colour is written in: white or ink, whichever stands out more.
func On(colour string) string {
	if Contrast(colour, white) >= Contrast(colour, ink) {
		return white
	}
	return ink
}

// OnLight is the colour as text on light paper: as it is, or as much darker as it takes to be read.
func OnLight(colour string) string { return readable(colour, lightPaper, 0) }

// OnDark is the colour as text on dark paper: as it is, or as much lighter as it takes to be read.
func OnDark(colour string) string { return readable(colour, darkPaper, 255) }

// readable mixes a colour with black (0) or white (255) until it stands out from the paper.
func readable(colour, paper string, end float64) string {
	for part := 0.0; part < 1; part += 0.02 {
		if mixed := mix(colour, end, part); Contrast(mixed, paper) >= Readable {
			return mixed
		}
	}
	return mix(colour, end, 1)
}

// mix is a colour with a part of black or white in it.
func mix(colour string, end, part float64) string {
	var out [3]int
	for i := range out {
		out[i] = int(math.Round(channel(colour, i)*(1-part) + end*part))
	}
	return fmt.Sprintf("#%02x%02x%02x", out[0], out[1], out[2])
}

// channel is the red, green or blue of a colour, from 0 to 255.
func channel(colour string, i int) float64 {
	n, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8) // its form was checked
	return float64(n)
}

// Contrast is that of WCAG 2 between two colours: from 1 to 21.
func Contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(colour string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := channel(colour, i) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

// RGB are the parts of a colour, from 0 to 255.
func RGB(colour string) (r, g, b int) {
	return int(channel(colour, 0)), int(channel(colour, 1)), int(channel(colour, 2))
}
