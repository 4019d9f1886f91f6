package resource

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
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
	Count int
}

// usedMost bounds how many requests of the key are looked at: the newest.
const usedMost = 20_000

// RightsUsed reads from the request log what a key has done since a time. Calls that were refused for want of a key or a right
// do not count, and neither do those that any key may make.
func (e *Engine) RightsUsed(ns *access.Namespace, key string, since time.Time) (*RightsUsed, error) {
	page, err := e.store.Logs(store.LogQuery{
		NS: ns.NS, Where: []store.Cond{{Field: requestlog.Key, Values: []string{key}}}, From: since.UnixMicro(), Limit: usedMost,
		Match: func(entry *store.LogEntry) bool {
			return entry.Status != http.StatusUnauthorized && entry.Status != http.StatusForbidden
		},
	})
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for i := range page.Entries {
		counts[page.Entries[i].Operation]++
	}
	return rightsOf(counts), nil
}

func rightsOf(counts map[string]int) *RightsUsed {
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
