package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sharesmart/internal/store/postgres/pgtest"
)

// copying is 'sharesmart copy' at work.
type copying struct {
	*exec.Cmd
	lines  *bufio.Scanner
	stderr strings.Builder
}

func startCopy(t *testing.T, from, to string) *copying {
	t.Helper()
	c := &copying{Cmd: program(t, nil, "copy", "--from", from, "--to", to)}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr, c.lines = &c.stderr, bufio.NewScanner(stdout)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	return c
}

// says reads to the line that has a text, which it must come to.
func (c *copying) says(t *testing.T, text string) {
	t.Helper()
	for c.lines.Scan() {
		if strings.Contains(c.lines.Text(), text) {
			return
		}
	}
	t.Fatalf("copy ended without saying %q: %v %s", text, c.Wait(), c.stderr.String())
}

// writing makes customers, changes and deletes some, until it is refused, and remembers what was acknowledged.
type writing struct {
	sync.WaitGroup
	mu       sync.Mutex
	made     map[string]string // what is known of each: its description, or that it is deleted
	inFlight map[string]bool   // of which the answer to the last request did not come
}

const deletedMark = "(deleted)"

func (r *running) keepWriting(key string, writers int) *writing {
	w := &writing{made: map[string]string{}, inFlight: map[string]bool{}}
	for range writers {
		w.Go(func() {
			var last string
			for n := 0; ; n++ {
				method, path, form, becomes := http.MethodPost, "/v1/customers", url.Values{"description": {"new"}}, "new"
				switch {
				case last != "" && n%7 == 0:
					method, path, form, becomes = http.MethodDelete, path+"/"+last, nil, deletedMark
				case last != "" && n%3 == 0:
					form.Set("description", "changed")
					path, becomes = path+"/"+last, "changed"
				}
				id, ok := r.send(method, path, key, form)
				w.mu.Lock()
				if !ok {
					w.inFlight[last] = true
					w.mu.Unlock()
					return
				}
				w.made[id] = becomes
				w.mu.Unlock()
				last = id
				if becomes == deletedMark {
					last = ""
				}
			}
		})
	}
	return w
}

// send sends a request and says whether it succeeded, and of which object.
func (r *running) send(method, path, key string, form url.Values) (id string, ok bool) {
	request, err := http.NewRequest(method, r.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", false
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := r.client.Do(request)
	if err != nil {
		return "", false
	}
	defer func() { _ = answer.Body.Close() }()
	var o struct{ ID string }
	if err := json.NewDecoder(answer.Body).Decode(&o); err != nil {
		return "", false
	}
	return o.ID, answer.StatusCode == http.StatusOK
}

// isThere looks for all that was acknowledged.
func (w *writing) isThere(t *testing.T, r *running, key string) {
	t.Helper()
	if len(w.made) < 20 {
		t.Errorf("only %d customers were made", len(w.made))
	}
	for id, want := range w.made {
		status, _, body := r.request(http.MethodGet, r.url+"/v1/customers/"+id, key, "")
		var o struct {
			Description string
			Deleted     bool
		}
		if err := json.Unmarshal([]byte(body), &o); err != nil || status != http.StatusOK {
			t.Errorf("%s was acknowledged (%s) and is answered %d %s", id, want, status, body)
			continue
		}
		got := o.Description
		if o.Deleted {
			got = deletedMark
		}
		if got != want && !w.inFlight[id] {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

// TestCopyRunning moves an installation to PostgreSQL while it is written to: what was acknowledged before it was stopped is
// there, and a copy that was killed in its middle is gone on with.
func TestCopyRunning(t *testing.T) {
	t.Parallel()
	data, database := t.TempDir(), pgtest.URL(t)
	file := "sqlite:" + filepath.Join(data, "sharesmart.db")
	first := start(t, serveArgs(data)...)
	known := first.live(t)
	load := first.keepWriting(known.key, 3)

	killed := startCopy(t, file, database)
	killed.says(t, "Pass 1:")
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()
	for _, args := range [][]string{append(serveArgs(t.TempDir()), "--database", database), {"verify", "--data", t.TempDir(), "--database", database}} {
		if got := do(t, args...); got.code != exitFailed || !strings.Contains(got.stderr, "is an unfinished copy") {
			t.Errorf("%s works on an unfinished copy: %s%s", args[0], got.stdout, got.stderr)
		}
	}

	again := startCopy(t, file, database)
	again.says(t, "Now stop all servers")
	if got := do(t, "copy", "--from", file, "--to", database); got.code != exitFailed || !strings.Contains(got.stderr, "at work") {
		t.Errorf("two copies work on one database: %s%s", got.stdout, got.stderr)
	}
	first.stop()
	load.Wait()
	again.says(t, "The copy is whole.")
	if err := again.Wait(); err != nil || again.stderr.String() != "" {
		t.Errorf("copy ended with %v: %s", err, again.stderr.String())
	}

	second := start(t, append(serveArgs(data), "--database", database)...)
	load.isThere(t, second, known.key)
	must(t, "verify", "--data", data, "--database", database)
	if body, replayed := second.pay(t, known.key); body != known.paid || replayed != "true" {
		t.Errorf("the payment is made again (%q): %s", replayed, body)
	}
}
