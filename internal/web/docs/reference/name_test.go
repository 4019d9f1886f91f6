package reference

import (
	"strings"
	"testing"

	"sharesmart/internal/spec"
)

// TestOperationTitles finds headings of operations that are no more.
func TestOperationTitles(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, op := range spec.Operations() {
		known[op.Method+" "+op.Path] = true
	}
	for line := range operationTitles {
		method, path, _ := strings.Cut(line, " ")
		if !known[method+" /v1"+path] {
			t.Errorf("there is no %s", line)
		}
	}
}
