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

const (
	usedPage = 1000
	// usedMost bounds how many of its requests count: the newest.
	usedMost = 100_000
)

// RightsUsed reads from the request log what a key has done since a time. Calls that were refused for want of a key or a right
// do not count, and neither do those that any key may make.
func (e *Engine) RightsUsed(ns *access.Namespace, key string, since time.Time) (*RightsUsed, error) {
	counts := map[string]int{}
	q := store.LogQuery{NS: ns.NS, From: since.UnixMicro(), Where: []store.Cond{{Field: requestlog.Key, Values: []string{key}}}, Limit: usedPage}
	for seen := 0; seen < usedMost; seen += usedPage {
		page, err := e.store.Logs(q)
		if err != nil {
			return nil, err
		}
		for _, entry := range page.Entries {
			if entry.Status != http.StatusUnauthorized && entry.Status != http.StatusForbidden {
				counts[entry.Operation]++
			}
		}
		if q.Before = page.Next; q.Before == 0 {
			break
		}
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
