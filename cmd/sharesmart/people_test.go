package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sharesmart/internal/people"
)

// TestPeople sets a server up by the link that it prints, and lets people in from the command line.
func TestPeople(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	r := start(t, serveArgs(data)...)
	if got := must(t, "people", "list", "--data", data); !strings.Contains(got, "Nobody has set up the Dashboard yet") {
		t.Errorf("people list prints\n%s", got)
	}
	token := r.setUpToken(t)
	form := url.Values{"token": {token}, "name": {"Ada"}, "email": {"ada@example.com"}, "password": {"a horse and a battery"}}
	if to := r.form(t, "/dashboard/set-up", form); to != "/dashboard/test/" {
		t.Fatalf("the set-up leads to %q", to)
	}
	all := decode[[]people.Person](t, "people", "list", "--data", data)
	if len(all) != 1 || all[0].Email != "ada@example.com" || len(all[0].Roles) != 1 {
		t.Errorf("the people are %+v", all)
	}
	reset := decode[peopleLink](t, "people", "reset", "--data", data, "ada@example.com").Link
	if to := r.form(t, "/dashboard/reset/new", url.Values{"token": {tokenIn(t, reset)}, "password": {"another horse"}}); to != "/dashboard/sign-in?done=password-reset" {
		t.Errorf("the new password leads to %q", to)
	}
	if to := r.form(t, "/dashboard/sign-in", url.Values{"email": {"ada@example.com"}, "password": {"another horse"}}); to != "/dashboard/" {
		t.Errorf("the sign-in leads to %q", to)
	}
	invited := decode[peopleLink](t, "people", "invite", "--data", data, "--role", "developer", "ben@example.com").Link
	if to := r.form(t, "/dashboard/join", url.Values{"token": {tokenIn(t, invited)}, "name": {"Ben"}, "password": {"a horse and a battery"}}); to != "/dashboard/test/" {
		t.Errorf("the invitation leads to %q", to)
	}
	if got := must(t, "verify", "--data", data); got != "The database is sound.\n" {
		t.Errorf("verify says %q", got)
	}
	r.stop()
	again := start(t, serveArgs(data)...)
	if strings.Contains(again.greeting, "set-up") {
		t.Error("a server that has an owner prints a link to set it up")
	}
	for _, args := range [][]string{{"reset", "eve@example.com"}, {"invite", "eve"}, {"invite", "ada@example.com"}, {"invite", "--role", "king", "eve@example.com"}} {
		if got := do(t, append(append([]string{"people"}, args...), "--data", data)...); got.code != exitFailed {
			t.Errorf("people %v ended with %d: %s", args, got.code, got.stdout)
		}
	}
}

func tokenIn(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Query().Get("token") == "" {
		t.Fatalf("the link is %q, %v", link, err)
	}
	return u.Query().Get("token")
}

// setUpToken is the token of the link that the server has printed.
func (r *running) setUpToken(t *testing.T) string {
	t.Helper()
	for line := range strings.Lines(r.greeting) {
		if strings.Contains(line, "/dashboard/set-up?") {
			return tokenIn(t, strings.TrimSpace(line))
		}
	}
	t.Fatalf("no link to set up is printed:\n%s", r.greeting)
	return ""
}

// form sends a form of the server's own, and says where that leads.
func (r *running) form(t *testing.T, path string, form url.Values) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := *r.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.Header.Get("Location")
}
