package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// said are the texts that templates have in English, and those that code gives to pages.
var said = regexp.MustCompile(`\bt "([^"]+)"|\.note\([^"\n]*"([^"]+)", "([^"]+)"\)|Fault: "([^"]+)"|(?:group|fault)[A-Z]\w+ += "([^"]+)"`)

// TestGerman finds texts around the sections that nobody has translated, and translations of what nobody says.
func TestGerman(t *testing.T) {
	t.Parallel()
	heard := map[string]bool{"Docs": true, "Language": true} // those of the frame
	for _, pattern := range []string{"pages/*.html", "*.go", "search/gen/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range said.FindAllStringSubmatch(string(text), -1) {
				for _, english := range m[1:] {
					if english != "" && !heard[english] {
						heard[english] = true
						if german[english] == "" {
							t.Errorf("%s: %q is not translated", name, english)
						}
					}
				}
			}
		}
	}
	for english := range german {
		if !heard[english] {
			t.Errorf("nobody says %q", english)
		}
	}
}
