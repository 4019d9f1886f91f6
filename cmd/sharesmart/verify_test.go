package main

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sharesmart/internal/store/postgres/pgtest"
)

// TestVerifyBesideWriters proves a database to be sound, again and again, while clients pay and are refunded: what is read must
// be one moment's.
func TestVerifyBesideWriters(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		begin func(t *testing.T) (servers []*running, verify []string)
	}{
		{"SQLite, asked of the server", func(t *testing.T) ([]*running, []string) {
			data := t.TempDir()
			return []*running{start(t, "serve", "--data", data, "--https", "127.0.0.1:0", "--http", "127.0.0.1:0")}, []string{"--data", data}
		}},
		{"PostgreSQL, beside two servers", func(t *testing.T) ([]*running, []string) {
			database := pgtest.URL(t)
			return []*running{peer(t, database), peer(t, database)}, []string{"--data", t.TempDir(), "--database", database}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			servers, verify := test.begin(t)
			key := servers[0].secret
			var over atomic.Bool
			var paid atomic.Int64
			var work sync.WaitGroup
			for c := range 4 {
				work.Go(func() {
					for i := c; !over.Load(); i++ {
						if payAndRefund(servers[i%len(servers)].plain, key) {
							paid.Add(1)
						}
					}
				})
			}
			for round, beside := 0, false; round < 3 || !beside; round++ {
				before := paid.Load()
				got := do(t, append([]string{"verify"}, verify...)...)
				if !strings.Contains(got.stdout, "sound") {
					t.Errorf("verify: %s%s", got.stdout, got.stderr)
				}
				beside = beside || paid.Load() > before
			}
			over.Store(true)
			work.Wait()
		})
	}
}

// payAndRefund is false if the server was too busy.
func payAndRefund(base, key string) bool {
	intent, status := send(base, key, "/v1/payment_intents", url.Values{"amount": {"1000"}, "currency": {"usd"}, "confirm": {"true"},
		"payment_method": {"pm_card_visa"}, "payment_method_types[]": {"card"}})
	if status != http.StatusOK {
		return false
	}
	_, status = send(base, key, "/v1/refunds", url.Values{"payment_intent": {intent}, "amount": {"400"}})
	return status == http.StatusOK
}
