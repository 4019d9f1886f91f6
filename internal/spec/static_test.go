package spec

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Every start of every command pays for what a package does at start, so this one does nothing: the run time lists no
// initialisation of it.
func TestNothingHappensAtStart(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "init unicode @") && !strings.Contains(string(out), "init os @") {
		t.Fatalf("no trace of initialisation:\n%s", out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "init sharesmart/internal/spec ") {
			t.Errorf("the tables are not static: %s", line)
		}
	}
}

// The document itself is 8 MB; only the generator may link it.
func TestDocumentIsNotLinked(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", ".").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "sharesmart/internal/spec") || strings.Contains(string(out), "stripe-mock") {
		t.Errorf("dependencies:\n%s", out)
	}
}
