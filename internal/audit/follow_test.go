package audit_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"testing"

	"sharesmart/internal/audit"
	"sharesmart/internal/store"
)

// TestFollow copies the log to that of a server: each entry once, in order, also over a restart.
func TestFollow(t *testing.T) {
	t.Parallel()
	s, c := trail(t)
	next := func(want ...string) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		r, w := io.Pipe()
		ended := make(chan struct{})
		go func() {
			audit.Follow(ctx, s, slog.New(slog.NewJSONHandler(w, nil)))
			_ = w.Close()
			close(ended)
		}()
		lines := bufio.NewScanner(r)
		for _, action := range want {
			var got struct {
				Action, Account, Hash string
				N                     int64
				Actor                 audit.Actor
				Details               map[string]string
			}
			if !lines.Scan() {
				t.Fatalf("the log ends before %s", action)
			}
			if err := json.Unmarshal(lines.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if got.Action != action || got.Actor.Name != "ada@example.com" || got.Account != "acct_1" || got.Details["a"] != "2" || got.Hash == "" || got.N != int64(action[0]-'a'+1) {
				t.Errorf("it says %s, want %s", lines.Text(), action)
			}
		}
		cancel()
		if lines.Scan() {
			t.Errorf("too much: %s", lines.Text())
		}
		<-ended
	}
	next("a", "b", "c", "d", "e")
	ctx := audit.By(t.Context(), audit.Actor{Kind: audit.Person, ID: "usr_1", Name: "ada@example.com"})
	if err := s.Update(ctx, func(tx store.Tx) error {
		return audit.Append(ctx, tx, c, audit.Entry{Action: "f", Account: "acct_1", Details: map[string]string{"a": "2"}})
	}); err != nil {
		t.Fatal(err)
	}
	next("f")
	if problems, err := audit.Verify(s); err != nil || len(problems) > 0 {
		t.Errorf("the chain: %v %v", problems, err)
	}
}
