package portal

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// said are the texts that templates and code have in English.
var said = regexp.MustCompile(`(?:\{\{|\()t "((?:[^"\\]|\\.)+)"|(?:Title: |Notice: |Label: |\.say\(|\.note\([^"\n]*|\.show\("[a-z_]+", |s\.Status, s\.Badge = |faults\["[^"]+"\] = |map\[string\]string\{"[a-z_]+": |group\{|text := )"([A-Z](?:[^"\\]|\\.)+)"(?:, "([A-Z](?:[^"\\]|\\.)+)"\))?`)

// TestGerman finds texts that nobody has translated, and translations that nobody needs.
func TestGerman(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, pattern := range []string{"pages/*.html", "*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || name == "german.go" {
				continue
			}
			text, err := fs.ReadFile(os.DirFS("."), name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range said.FindAllStringSubmatch(string(text), -1) {
				for _, english := range m[1:] {
					if english != "" && german[english] == "" {
						t.Errorf("%s: %q is not translated", name, english)
					}
				}
			}
			for english := range german {
				used[english] = used[english] || strings.Contains(string(text), `"`+english+`"`)
			}
		}
	}
	all := slices.Concat(slices.Collect(maps.Values(done)), slices.Collect(maps.Values(reasons)))
	for _, pair := range statuses {
		all = append(all, pair[0])
	}
	for _, pair := range every {
		all = append(all, pair[0], pair[1])
	}
	for _, english := range all {
		if german[english] == "" {
			t.Errorf("%q is not translated", english)
		}
	}
	for english, translated := range german {
		if strings.Count(english, "%") != strings.Count(translated, "%") {
			t.Errorf("%q has other places for values than %q", translated, english)
		}
		if !used[english] {
			t.Errorf("%q is not said any more", english)
		}
	}
}
