package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sharesmart/internal/store/postgres/pgtest"
)

// peer starts a server on a database that others have as well.
func peer(t *testing.T, database string) *running {
	t.Helper()
	return start(t, "serve", "--data", t.TempDir(), "--database", database, "--https", "127.0.0.1:0", "--http", "127.0.0.1:0")
}

// send sends a form to a server and gives the id of what it made; empty if it was not acknowledged.
func send(base, key, path string, form url.Values) (id string, status int) {
	r, err := http.NewRequest(http.MethodPost, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", 0
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", 0
	}
	defer func() { _ = a.Body.Close() }()
	var made struct{ ID string }
	if json.NewDecoder(a.Body).Decode(&made) != nil || a.StatusCode != http.StatusOK {
		return "", a.StatusCode
	}
	return made.ID, a.StatusCode
}

// TestPeersFailover kills one of two processes under load: what it acknowledged is there, the other goes on, and delivers
// the events of both.
func TestPeersFailover(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	first := peer(t, database)
	second := peer(t, database)
	key := first.secret
	var mu sync.Mutex
	wanted, arrived := map[string]bool{}, map[string]bool{}
	all, sealed := make(chan struct{}), false
	check := func() { // with mu
		if !sealed {
			return
		}
		for id := range wanted {
			if !arrived[id] {
				return
			}
		}
		select {
		case <-all:
		default:
			close(all)
		}
	}
	endpoint := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var e struct {
			Data struct{ Object struct{ ID string } }
		}
		_ = json.Unmarshal(body, &e)
		mu.Lock()
		defer mu.Unlock()
		arrived[e.Data.Object.ID] = true
		check()
	}))
	defer endpoint.Close()
	if id, status := send(second.plain, key, "/v1/webhook_endpoints", url.Values{"url": {endpoint.URL}, "enabled_events[]": {"customer.created"}}); id == "" {
		t.Fatalf("the endpoint was not made: %d", status)
	}
	const clients, before, after = 6, 15, 10
	var work, half sync.WaitGroup
	half.Add(clients)
	for c := range clients {
		work.Go(func() {
			for i := range before + after {
				base := second.plain
				if c%2 == 0 && i < before+2 {
					base = first.plain // the last of these find nobody
				}
				if i == before {
					half.Done()
				}
				id, status := send(base, key, "/v1/customers", url.Values{"email": {"jenny@example.com"}})
				if id == "" && base == second.plain && status != http.StatusTooManyRequests {
					t.Errorf("the second server answered %d", status)
				}
				if id != "" {
					mu.Lock()
					wanted[id] = true
					mu.Unlock()
				}
			}
		})
	}
	half.Wait()
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.cmd.Wait() // it was killed
	work.Wait()
	mu.Lock()
	sealed = true
	check()
	mu.Unlock()
	<-all
	for id := range wanted {
		r, _ := http.NewRequest(http.MethodGet, second.plain+"/v1/customers/"+id, nil)
		r.Header.Set("Authorization", "Bearer "+key)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = a.Body.Close()
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s was acknowledged and is %d", id, a.StatusCode)
		}
	}
	if out := must(t, "verify", "--data", t.TempDir(), "--database", database); !strings.Contains(out, "sound") {
		t.Errorf("verify: %s", out)
	}
}

// TestServerWaitsForDatabase starts a server before its database, which then serves. One that is refused ends at once.
func TestServerWaitsForDatabase(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	later := filepath.Join(t.TempDir(), "s") // where the database will be: short, as names of sockets are
	socket := u.Query().Get("host")
	u.RawQuery = url.Values{"host": {later}}.Encode()
	cmd := program(t, nil, append(serveArgs(t.TempDir()), "--database", u.String())...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if line, err := bufio.NewReader(stderr).ReadString('\n'); err != nil || !strings.Contains(line, "waiting for it") {
		t.Fatalf("the server says %q, %v", line, err)
	}
	if err := os.Symlink(socket, later); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "  API ") {
	}
	if !strings.HasPrefix(lines.Text(), "  API ") {
		t.Error("the server did not start when its database was there")
	}
	u.RawQuery, u.Path = url.Values{"host": {socket}}.Encode(), "/there_is_none"
	if got := do(t, append(serveArgs(t.TempDir()), "--database", u.String())...); got.code != exitFailed || !strings.Contains(got.stderr, "does not exist") || strings.Contains(got.stderr, "waiting") {
		t.Errorf("without its database the server ends with %d: %s", got.code, got.stderr)
	}
}
