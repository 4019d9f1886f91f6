package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"sharesmart/internal/store/postgres/pgtest"
)

// lived is what a client and the Dashboard's owner know of an installation.
type lived struct {
	key, page, after, paid string
	jar                    http.CookieJar
}

// live sets the Dashboard up and makes customers and a payment.
func (r *running) live(t *testing.T) (l lived) {
	t.Helper()
	l.jar, _ = cookiejar.New(nil) // it never fails
	r.client.Jar = l.jar
	form := url.Values{"token": {r.setUpToken(t)}, "name": {"Ada"}, "email": {"ada@example.com"}, "password": {"a horse and a battery"}}
	if to := r.form(t, "/dashboard/set-up", form); to != "/dashboard/test/" {
		t.Fatalf("the set-up leads to %q", to)
	}
	l.key = r.secret
	for range 5 {
		r.create(l.key)
	}
	l.page = r.list(t, l.key, "limit=2")
	ids := idsIn(l.page)
	l.after = r.list(t, l.key, "limit=2&starting_after="+ids[len(ids)-1])
	l.paid, _ = r.pay(t, l.key)
	return l
}

func (r *running) list(t *testing.T, key, query string) string {
	t.Helper()
	status, _, body := r.request(http.MethodGet, r.url+"/v1/customers?"+query, key, "")
	if status != http.StatusOK {
		t.Fatalf("list customers: %d %s", status, body)
	}
	return body
}

func idsIn(page string) (ids []string) {
	for _, part := range strings.Split(page, `"id": "`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		ids = append(ids, id)
	}
	return ids
}

// pay takes a payment with an idempotency key and says whether the answer was there already.
func (r *running) pay(t *testing.T, key string) (body, replayed string) {
	t.Helper()
	form := url.Values{"amount": {"1000"}, "currency": {"usd"}, "confirm": {"true"}, "payment_method": {"pm_card_visa"}, "payment_method_types[]": {"card"}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+"/v1/payment_intents", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Idempotency-Key", "order-6735")
	answer, err := r.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("pay: %d %s %v", answer.StatusCode, text, err)
	}
	return string(text), answer.Header.Get("Idempotent-Replayed")
}

// goesOn proves that an installation goes on with what is known of it, and that new objects come after the old ones.
func (r *running) goesOn(t *testing.T, l *lived) {
	t.Helper()
	r.client.Jar = l.jar
	ids := idsIn(l.page)
	if after := r.list(t, l.key, "limit=2&starting_after="+ids[len(ids)-1]); after != l.after {
		t.Errorf("beyond the same cursor is\n%s\nnot\n%s", after, l.after)
	}
	if body, replayed := r.pay(t, l.key); body != l.paid || replayed != "true" {
		t.Errorf("the payment is made again (%q): %s", replayed, body)
	}
	made := r.create(l.key)
	if now := idsIn(r.list(t, l.key, "limit=2")); now[0] != made || now[1] != ids[0] {
		t.Errorf("%s was made after %s, and the newest are %v", made, ids[0], now)
	}
	for path, want := range map[string]string{"/dashboard/test/": "Ada", "/dashboard/test/logs": "/v1/payment_intents"} {
		if status, _, page := r.request(http.MethodGet, r.url+path, "", ""); status != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("%s is answered %d to who is signed in, without %q", path, status, want)
		}
	}
	l.page = r.list(t, l.key, "limit=2")
	ids = idsIn(l.page)
	l.after = r.list(t, l.key, "limit=2&starting_after="+ids[len(ids)-1])
}

// TestCopy moves an installation to PostgreSQL and back: who uses it notices nothing.
func TestCopy(t *testing.T) {
	t.Parallel()
	data, database := t.TempDir(), pgtest.URL(t)
	file := "sqlite:" + filepath.Join(data, "sharesmart.db")
	first := start(t, serveArgs(data)...)
	known := first.live(t)
	if got := do(t, "copy", "--from", file, "--to", "sqlite:"+filepath.Join(t.TempDir(), "other.db")); got.code != exitFailed || !strings.Contains(got.stderr, "stop them first") {
		t.Errorf("a database in use is copied to a file: %s%s", got.stdout, got.stderr)
	}
	first.stop()
	if got := must(t, "copy", "--from", file, "--to", database); !strings.Contains(got, "The copy is sound.") {
		t.Errorf("copy prints\n%s", got)
	}
	if got := do(t, "copy", "--from", file, "--to", database); got.code != exitFailed || !strings.Contains(got.stderr, "not empty") {
		t.Errorf("a database is copied over another: %s%s", got.stdout, got.stderr)
	}
	second := start(t, append(serveArgs(data), "--database", database)...)
	second.goesOn(t, &known)
	back := "sqlite:" + filepath.Join(t.TempDir(), "back.db")
	if got := do(t, "copy", "--from", database, "--to", back); got.code != exitFailed || !strings.Contains(got.stderr, "open in 1 servers") {
		t.Errorf("a database in use is copied: %s%s", got.stdout, got.stderr)
	}
	second.stop()
	must(t, "copy", "--from", database, "--to", back)
	left, err := filepath.Glob(strings.TrimPrefix(back, "sqlite:") + "?*")
	if err != nil || len(left) > 0 {
		t.Errorf("the copy left %v, %v", left, err)
	}
	start(t, append(serveArgs(data), "--database", back)...).goesOn(t, &known)
}

// TestCopyRefuses leaves everything as it is where a copy cannot be made.
func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	there := filepath.Join(dir, "there.db")
	for _, test := range []struct{ from, to, want string }{
		{"", "sqlite:" + there, "name two databases"},
		{"mysql://host/name", "sqlite:" + there, "--from is"},
		{"sqlite::memory:", "sqlite:" + there, "nothing is kept in memory"},
		{"sqlite:" + there, "sqlite:" + there, "there is no database at"},
	} {
		if got := do(t, "copy", "--from", test.from, "--to", test.to); got.code != exitFailed || !strings.Contains(got.stderr, test.want) {
			t.Errorf("%v: %s", test, fmt.Sprint(got))
		}
	}
	if exists(there) {
		t.Error("a file was made")
	}
}
