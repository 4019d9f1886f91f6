// Package docs_test holds the documents for those who work on ShareSmart against the code that they are about.
package docs_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mostInBinary is how many modules of others may be linked.
const mostInBinary = 33

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDependencies: each module of go.mod is in the list with a reason, and no other.
func TestDependencies(t *testing.T) {
	t.Parallel()
	var required, listed []string
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(read(t, "../go.mod"), -1) {
		required = append(required, m[1])
	}
	list := read(t, "dependencies.md")
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\|$")
	for _, m := range row.FindAllStringSubmatch(list, -1) {
		listed = append(listed, m[1])
		if strings.TrimSpace(m[2]) == "" || strings.TrimSpace(m[3]) == "" {
			t.Errorf("%s is there without a reason", m[1])
		}
	}
	slices.Sort(required)
	slices.Sort(listed)
	if !slices.Equal(required, listed) || len(required) == 0 {
		t.Errorf("go.mod requires\n%v\nand the list has\n%v", required, listed)
	}
	binary, _, _ := strings.Cut(list, "\n## To build")
	if n := len(row.FindAllString(binary, -1)); n == 0 || n > mostInBinary {
		t.Errorf("%d modules are in the binary, want at most %d", n, mostInBinary)
	}
}
