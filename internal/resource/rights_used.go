package resource

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/spec"
)

// RightsUsed is what a key has done in a time: the least that it needs to go on so.
type RightsUsed struct {
	Rights access.Rights
	// Calls are how often each operation was called that the rights are for, most often first.
	Calls []OperationCalls
}

// OperationCalls counts the calls of an operation.
type OperationCalls struct {
	*spec.Operation
	Count int64
}

// RightsUsed reads what a key has done since the beginning of the day (UTC) of a time. Calls that were refused for want of a key
// or a right do not count, and neither do those that any key may make.
func (e *Engine) RightsUsed(ns *access.Namespace, key string, since time.Time) (*RightsUsed, error) {
	counts, err := e.store.LogCounts(ns.NS, key, since.UnixMicro())
	if err != nil {
		return nil, err
	}
	return rightsOf(counts), nil
}

func rightsOf(counts map[string]int64) *RightsUsed {
	used := &RightsUsed{Rights: access.Rights{}}
	for id, n := range counts {
		op := spec.OperationByID(id)
		if op == nil || op.RightKind() == "" {
			continue
		}
		level := access.Read
		if op.Method != http.MethodGet {
			level = access.Write
		}
		used.Rights[op.RightKind()] = max(used.Rights[op.RightKind()], level)
		used.Calls = append(used.Calls, OperationCalls{op, n})
	}
	slices.SortFunc(used.Calls, func(a, b OperationCalls) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID))
	})
	return used
}
