package site

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// said are the texts that templates and code have in English: {{t "..."}}, and what code gives to pages.
var said = regexp.MustCompile(`(?:\{\{|\()t "((?:[^"\\]|\\.)+)"|(?:Title: |Notice: |\.note\([^"\n]*|\.show\("[a-z_]+", |Faults\["[a-z]+"\] = |Faults: map\[string\]string\{"[a-z]+": )"([A-Z](?:[^"\\]|\\.)+)"(?:, "([A-Z](?:[^"\\]|\\.)+)"\))?`)

// TestGerman finds texts that nobody has translated.
func TestGerman(t *testing.T) {
	t.Parallel()
	found := 0
	for _, pattern := range []string{"pages/*.html", "*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := fs.ReadFile(os.DirFS("."), name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range said.FindAllStringSubmatch(string(text), -1) {
				for _, english := range m[1:] {
					if english == "" {
						continue
					}
					found++
					if german[english] == "" {
						t.Errorf("%s: %q is not translated", name, english)
					}
				}
			}
		}
	}
	if found < 150 {
		t.Errorf("only %d texts were found", found)
	}
	for _, texts := range []map[string]string{done, statuses} {
		for _, english := range texts {
			if german[english] == "" {
				t.Errorf("%q is not translated", english)
			}
		}
	}
	for english, translated := range german {
		if strings.Count(english, "%") != strings.Count(translated, "%") {
			t.Errorf("%q has other places for values than %q", translated, english)
		}
	}
}
