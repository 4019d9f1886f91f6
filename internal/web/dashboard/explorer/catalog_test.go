package explorer

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference"
)

var update = flag.Bool("update", false, "write the golden file")

func everything() *Catalog {
	all := func(*spec.Operation) bool { return true }
	return New(reference.NewCatalog(all), all)
}

// TestCatalog shows what a change of the rules moves: what each kind's list and page has.
func TestCatalog(t *testing.T) {
	t.Parallel()
	c := everything()
	var b strings.Builder
	for _, f := range c.Families {
		for _, r := range f.Resources {
			fmt.Fprintf(&b, "%s: %s, %s\n", r.Kind, r.Title, r.Singular)
			fmt.Fprintf(&b, "  columns %s\n", names(r.Columns, func(c Column) string { return c.Name + lookMarks[c.Look] }))
			fmt.Fprintf(&b, "  filters %s\n", names(r.Filters, func(f Filter) string {
				if f.Required {
					return f.Name + "!"
				}
				return f.Name
			}))
			fmt.Fprintf(&b, "  related %s\n", names(c.Related(r.Kind), func(r Related) string { return r.Title }))
			for _, a := range c.Actions(r.Kind) {
				mark := ""
				if a.Danger {
					mark += " (asks)"
				}
				if a.Test {
					mark += " (test)"
				}
				fmt.Fprintf(&b, "  %s%s: %s\n", a.Label, mark, names(a.Params, func(p Param) string { return p.Name }))
			}
		}
	}
	path := filepath.Join("testdata", "catalog.golden")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("if this is right, run with -update (-was +is):\n%s", diff)
	}
}

var lookMarks = [...]string{Text: "", Money: " $", Status: " *", Flag: "?", Time: " @", Reference: " >", Number: " #"}

func names[T any](all []T, name func(T) string) string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = name(v)
	}
	return strings.Join(out, ", ")
}
