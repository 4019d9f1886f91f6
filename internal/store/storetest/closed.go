package storetest

import (
	"context"
	"errors"
	"testing"

	"sharesmart/internal/store"
)

func testClosed(t *testing.T, h Harness) {
	s := h.Open(t, options())
	put(t, s, 1, customer("cus_1", 1))
	if _, err := s.Get(1, "cus_1"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	for name, call := range map[string]func() error{
		"Get":     func() error { _, err := s.Get(1, "cus_1"); return err },
		"Version": func() error { _, err := s.Version(1, "cus_1", 1); return err },
		"List":    func() error { _, err := s.List(store.Query{NS: 1, Kind: "customer", Limit: 1}); return err },
		"Answer":  func() error { _, err := s.Answer(1, "k"); return err },
		"Search": func() error {
			_, err := s.Search(ctx, store.SearchQuery{NS: 1, Kind: "customer", Limit: 1})
			return err
		},
		"Update":    func() error { return s.Update(ctx, func(store.Tx) error { return nil }) },
		"Due":       func() error { _, err := s.Due(store.TimerQuery{Until: 1, Limit: 1}); return err },
		"Logs":      func() error { _, err := s.Logs(store.LogQuery{NS: 1, Limit: 1}); return err },
		"LogCounts": func() error { _, err := s.LogCounts(1, "operation", 0); return err },
		"LogEntry":  func() error { _, err := s.LogEntry(1, 1); return err },
		"Prune":     func() error { return s.Prune(1) },
		"Check":     func() error { _, err := s.Check(ctx); return err },
	} {
		if err := call(); !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s after Close: %v", name, err)
		}
	}
}
