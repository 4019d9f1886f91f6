package billing_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

var update = flag.Bool("update", false, "write the ledgers instead of comparing with them")

// How many of Stripe's operations there are, and how many of them must be served at least.
const (
	stripeOperations = 594
	leastServed      = 429
)

// TestLedger compares what serves each operation with the ledger, so that a change shows what it moved.
func TestLedger(t *testing.T) {
	t.Parallel()
	e := servertest.New(t).Engine
	var lines []string
	total, served := 0, 0
	for _, op := range spec.Operations() {
		lines = append(lines, op.Method+" "+op.Path+"\t"+e.Origin(op))
		if op.Overlay {
			continue
		}
		total++
		if e.Origin(op) != resource.OriginUnsupported {
			served++
		}
	}
	if total != stripeOperations {
		t.Errorf("%d operations of Stripe's are routed, want %d", total, stripeOperations)
	}
	if served < leastServed {
		t.Errorf("%d of Stripe's operations are served, want at least %d", served, leastServed)
	}
	golden(t, "operations.golden", lines)
}

// golden compares lines with a file below testdata, or writes it.
func golden(t *testing.T, file string, lines []string) {
	t.Helper()
	name := filepath.Join("testdata", file)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(want)), "\n"), lines); diff != "" {
		t.Errorf("%s has changed; if that is right, run this test with -update:\n%s", file, diff)
	}
}

// TestOperationsAreRouted finds every operation by its own path.
func TestOperationsAreRouted(t *testing.T) {
	t.Parallel()
	for _, op := range spec.Operations() {
		ids := make([]string, len(op.PathParams))
		for i := range ids {
			ids[i] = "id_" + string(rune('a'+i))
		}
		found, params, ok := spec.Match(op.Method, fill(op, ids))
		if !ok || found != op {
			t.Errorf("%s %s leads to another operation", op.Method, op.Path)
			continue
		}
		if diff := cmp.Diff(ids, append([]string{}, params.Values()...)); diff != "" {
			t.Errorf("%s %s: %s", op.Method, op.Path, diff)
		}
	}
}

// TestFiltersAreServed finds no parameter of a list that nothing looks at.
func TestFiltersAreServed(t *testing.T) {
	t.Parallel()
	for _, name := range servertest.New(t).Engine.UnservedFilters() {
		t.Errorf("no filter serves %s", name)
	}
}
