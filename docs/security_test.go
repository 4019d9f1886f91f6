package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asvs are the items of levels 1 and 2 of OWASP's ASVS 5.0, by section: numbers, and ranges of them.
var asvs = map[string]string{
	"1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2",
	"2.1": "1-3", "2.2": "1-3", "2.3": "1-4", "2.4": "1",
	"3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2",
	"4.1": "1-3", "4.2": "1", "4.3": "1-2", "4.4": "1-4",
	"5.1": "1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3",
	"6.1": "1-3", "6.2": "1-12", "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3", "6.8": "1-4",
	"7.1": "1-3", "7.2": "1-4", "7.3": "1-2", "7.4": "1-5", "7.5": "1-2", "7.6": "1-2",
	"8.1": "1-2", "8.2": "1-3", "8.3": "1", "8.4": "1",
	"9.1": "1-3", "9.2": "1-4",
	"10.1": "1-2", "10.2": "1-2", "10.3": "1-4", "10.4": "1-11", "10.5": "1-5", "10.6": "1-2", "10.7": "1-3",
	"11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1", "11.6": "1",
	"12.1": "1-3", "12.2": "1-2", "12.3": "1-4",
	"13.1": "1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5",
	"14.1": "1-2", "14.2": "1-4", "14.3": "1-3",
	"15.1": "1-3", "15.2": "1-3", "15.3": "1-7",
	"16.1": "1", "16.2": "1-5", "16.3": "1-4", "16.4": "1-3", "16.5": "1-3",
	"17.1": "1", "17.2": "1-4", "17.3": "1-2",
}

// TestSecurityTable holds the table of docs/security.md against the items that there are, and against the tests that it
// names: each must be in the file that it says.
func TestSecurityTable(t *testing.T) {
	t.Parallel()
	text := read(t, "security.md")
	_, table, found := strings.Cut(text, "\n## OWASP ASVS 5.0")
	if !found {
		t.Fatal("there is no table")
	}
	rows := regexp.MustCompile(`(?m)^\| ([0-9., ]+) \| ([^|]+) \| ([^|]+) \| ([^|]*)\|$`).FindAllStringSubmatch(table, -1)
	var got []string
	for _, row := range rows {
		got = append(got, strings.Split(row[1], ", ")...)
		checkState(t, row[1], row[3], text)
		checkTests(t, row[1], row[4])
	}
	if want := items(); !slices.Equal(got, want) {
		t.Errorf("the table has\n%v\nwant\n%v", got, want)
	}
}

// items are all of asvs, in their order.
func items() (all []string) {
	for chapter := 1; chapter <= 17; chapter++ {
		for section := 1; section <= 8; section++ {
			first, last := 1, 0
			name := fmt.Sprintf("%d.%d", chapter, section)
			if n, _ := fmt.Sscanf(asvs[name], "%d-%d", &first, &last); n == 1 {
				last = first
			}
			for i := first; i <= last; i++ {
				all = append(all, fmt.Sprintf("%s.%d", name, i))
			}
		}
	}
	return all
}

var (
	states = []string{"Met", "Part", "Not met", "Does not apply"}
	gap    = regexp.MustCompile(`[Gg]ap (\d+)`)
	named  = regexp.MustCompile("`([^`]+_test\\.go)` ((?:Test|Fuzz)\\w+)")
)

// checkState: a row says one of four things, and a gap that it names is listed.
func checkState(t *testing.T, item, here, text string) {
	t.Helper()
	if !slices.ContainsFunc(states, func(s string) bool { return strings.HasPrefix(here, s) }) {
		t.Errorf("%s says %q", item, here)
	}
	for _, m := range gap.FindAllStringSubmatch(here, -1) {
		if !strings.Contains(text, "\n"+m[1]+". **") {
			t.Errorf("%s names gap %s, which there is not", item, m[1])
		}
	}
	if strings.HasPrefix(here, "Not met") && !gap.MatchString(here) {
		t.Errorf("%s is not met, and in no gap", item)
	}
}

func checkTests(t *testing.T, item, cell string) {
	t.Helper()
	tests := named.FindAllStringSubmatch(cell, -1)
	if strings.TrimSpace(cell) != "" && len(tests) != strings.Count(cell, ",")+1 {
		t.Errorf("%s: %q cannot be read", item, cell)
	}
	for _, m := range tests {
		if !hasTest(m[1], m[2]) {
			t.Errorf("%s: there is no %s in %s", item, m[2], m[1])
		}
	}
}

// hasTest looks for a test in a file, below internal or below the root.
func hasTest(file, name string) bool {
	for _, root := range []string{"../internal", ".."} {
		code, err := os.ReadFile(filepath.Join(root, file))
		if err == nil && regexp.MustCompile(`(?m)^func `+name+`\(`).Match(code) {
			return true
		}
	}
	return false
}
