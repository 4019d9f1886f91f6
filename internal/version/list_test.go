package version_test

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/spec"
	"sharesmart/internal/version"
)

var update = flag.Bool("update", false, "write the gates into the documentation")

// pages have the list of gates below this heading, up to their end.
var pages = []string{"../../docs/versions.md", "../web/docs/content/versions.md"}

const heading = "\n## Every change\n\n"

func TestDocumentedGates(t *testing.T) {
	t.Parallel()
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		head, list, found := bytes.Cut(text, []byte(heading))
		if !found {
			t.Fatalf("%s has no heading %q", page, strings.TrimSpace(heading))
		}
		want := strings.TrimSpace(version.Markdown()) + "\n"
		if string(list) == want {
			continue
		}
		if !*update {
			t.Errorf("%s does not list the gates as they are: run this test with -update", page)
			continue
		}
		if err := os.WriteFile(page, []byte(string(head)+heading+want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A gate says what it is about in words that can be found.
func TestGatesAreSound(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	all := version.Gates()
	for i, g := range all {
		if names[g.Name] || g.Name == "" || len(g.Objects) == 0 || !strings.HasSuffix(g.Newer, ".") || !strings.HasSuffix(g.Older, ".") {
			t.Errorf("the gate %q has no name of its own, or leaves something unsaid", g.Name)
		}
		names[g.Name] = true
		if _, found := slices.BinarySearch(spec.Versions(), g.Since); !found {
			t.Errorf("%s: there is no version %q", g.Name, g.Since)
		}
		if i > 0 && all[i-1].Since < g.Since {
			t.Errorf("%s stands after a gate of an older version", g.Name)
		}
		for _, kind := range g.Objects {
			if spec.Component(kind) == nil {
				t.Errorf("%s: there are no objects of the kind %q", g.Name, kind)
			}
		}
	}
}

// The newest version passes no gate, so nothing is done for it.
func TestNewestIsUntouched(t *testing.T) {
	t.Parallel()
	body := []byte(`{"object":"subscription",   "id":"sub_1"}`)
	for _, in := range []string{spec.Version, "2026-04-22.dahlia", "2027-01-27.endive"} {
		if out, err := version.Render(in, body, nil); err != nil || &out[0] != &body[0] {
			t.Errorf("in %s the document is another one: %s, %v", in, out, err)
		}
	}
}
