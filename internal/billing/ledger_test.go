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

var update = flag.Bool("update", false, "write the ledger of operations instead of comparing with it")

// How many of Stripe's operations there are, and how many of them must be served at least.
const (
	stripeOperations = 594
	leastServed      = 429
)

// TestLedger compares what serves each operation with the ledger, so that a change shows what it moved.
func TestLedger(t *testing.T) {
	t.Parallel()
	e := servertest.New(t).Engine
	var b strings.Builder
	total, served := 0, 0
	for _, op := range spec.Operations() {
		b.WriteString(op.Method + " " + op.Path + "\t" + e.Origin(op) + "\n")
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
	name := filepath.Join("testdata", "operations.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("the ledger has changed; if that is right, run this test with -update:\n%s", diff)
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
