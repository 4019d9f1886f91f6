package brand

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// SheetPrefix is where the style sheets of brands are.
const SheetPrefix = "/brand/"

// Sheet is the path of the style sheet that puts a brand over the look of the pages; empty if there is nothing to put. It
// says all that is in the sheet, so it can be kept for ever and tells of no account.
func (b *Brand) Sheet() string {
	shape := b.Shape
	if shape == Rounded || !slices.Contains(Shapes, shape) {
		shape = ""
	}
	if b.Accent() == "" && shape == "" {
		return ""
	}
	name := func(colour string) string {
		if colour == "" {
			return "none"
		}
		return colour[1:]
	}
	if shape == "" {
		shape = Rounded
	}
	return SheetPrefix + name(b.Accent()) + "-" + name(b.Primary) + "-" + shape + ".css"
}

var sheetPath = regexp.MustCompile(`^` + SheetPrefix + `([0-9a-f]{6}|none)-([0-9a-f]{6}|none)-(rounded|rectangular|pill)\.css$`)

// Sheets serves the style sheets.
func Sheets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := sheetPath.FindStringSubmatch(r.URL.Path)
		if parts == nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/css; charset=utf-8")
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		// A write fails when the client is gone; there is nobody left to tell.
		_, _ = w.Write([]byte(css(parts[1], parts[2], parts[3])))
	})
}

// css writes a sheet. Text in the brand's colour is made as much darker or lighter as it takes to be read; buttons have the
// colour itself, and text on it that can be read.
func css(accent, primary, shape string) string {
	var b strings.Builder
	if accent != "none" {
		accent = "#" + accent
		light, dark := OnLight(accent), OnDark(accent)
		fmt.Fprintf(&b, ":root { --accent: light-dark(%s, %s); --accent-strong: light-dark(%s, %s); --on-accent: light-dark(%s, %s); }\n",
			light, dark, mix(light, 0, 0.2), mix(dark, 255, 0.2), On(light), On(dark))
		on := On(accent)
		pressed := mix(accent, map[string]float64{white: 0, ink: 255}[on], 0.2) // away from the text on it
		fmt.Fprintf(&b, ".button-primary { border-color: %s; background: %s; color: %s; }\n.button-primary:hover { border-color: %s; background: %s; }\n", accent, accent, on, pressed, pressed)
	}
	if primary != "none" {
		fmt.Fprintf(&b, "body { border-top: 4px solid #%s; }\n", primary)
	}
	switch shape {
	case Rectangular:
		b.WriteString(":root { --radius-control: 0; --radius-panel: 0; }\n")
	case Pill:
		b.WriteString(".button { border-radius: 999px; }\n")
	}
	return b.String()
}
