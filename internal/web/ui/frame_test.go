package ui

import (
	"regexp"
	"testing"
)

var said = regexp.MustCompile(`\bt "([^"]+)"`)

// TestFrameTexts finds texts of the frame that a language lacks, and those that nobody says any more.
func TestFrameTexts(t *testing.T) {
	t.Parallel()
	html, err := frame.ReadFile("frame.html")
	if err != nil {
		t.Fatal(err)
	}
	for lang, texts := range frameTexts {
		heard := map[string]bool{}
		for _, m := range said.FindAllStringSubmatch(string(html), -1) {
			if heard[m[1]] = true; m[1][0] != '/' && texts[m[1]] == "" {
				t.Errorf("%s: %q is not translated", lang, m[1])
			}
		}
		for english := range texts {
			if !heard[english] {
				t.Errorf("%s: nobody says %q", lang, english)
			}
		}
	}
}
