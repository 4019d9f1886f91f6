package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/terminal"
)

// TestCommands goes through all commands twice: while a server runs, and with the data at rest.
func TestCommands(t *testing.T) {
	t.Parallel()
	for _, serving := range []bool{true, false} {
		name := "at rest"
		if serving {
			name = "serving"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			r := start(t, serveArgs(data)...)
			if !serving {
				r.stop()
			}
			opens := func(key string) (status int, body string) {
				status, _, body = r.request(http.MethodGet, r.url+"/v1/customers", key, "")
				return status, body
			}
			if !serving {
				opens = func(key string) (int, string) { return opensAtRest(t, data, key) }
			}
			testKeys(t, data, opens)
			testSandboxes(t, data, opens)
			if got := must(t, "verify", "--data", data); got != "The database is sound.\n" {
				t.Errorf("verify says %q", got)
			}
			if problems := decode[[]string](t, "verify", "--data", data); len(problems) > 0 {
				t.Errorf("verify says %v", problems)
			}
			if serving {
				r.stop()
			}
		})
	}
}

// opensAtRest tells what a key would be answered, without a server.
func opensAtRest(t *testing.T, data, key string) (status int, body string) {
	t.Helper()
	a, err := openApp(&Config{Data: data}, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.registry.Authenticate(key)
	if closed := a.close(); closed != nil {
		t.Fatal(closed)
	}
	if e := apierr.As(err); e != nil {
		return e.Status, e.Code
	}
	if err != nil {
		t.Fatal(err)
	}
	return http.StatusOK, ""
}

func testKeys(t *testing.T, data string, opens func(string) (int, string)) {
	t.Helper()
	made := decode[access.Issued](t, "keys", "create", "--data", data, "--name", "Reports", "--kind", "rk", "--rights", "customer=read,charge=none")
	if made.Name != "Reports" || made.Env != access.Test || made.Rights["customer"] != access.Read || !strings.HasPrefix(made.Secret, "rk_test_5") {
		t.Errorf("created %+v", made)
	}
	if status, body := opens(made.Secret); status != http.StatusOK {
		t.Errorf("the new key: %d %s", status, body)
	}
	rolled := decode[access.Issued](t, "keys", "roll", made.ID, "--data", data, "--overlap", "1h")
	if rolled.Secret == made.Secret || rolled.Rights["customer"] != access.Read {
		t.Errorf("rolled to %+v", rolled)
	}
	for _, secret := range []string{made.Secret, rolled.Secret} {
		if status, body := opens(secret); status != http.StatusOK {
			t.Errorf("within the overlap: %d %s", status, body)
		}
	}
	decode[access.Key](t, "keys", "expire", "--data", data, rolled.ID)
	if status, body := opens(rolled.Secret); status != http.StatusUnauthorized || !strings.Contains(body, "api_key_expired") {
		t.Errorf("after its end: %d %s", status, body)
	}
	live := decode[access.Issued](t, "keys", "create", "--data", data, "--env", "live", "--kind", "pk")
	if !strings.HasPrefix(live.Secret, "pk_live_") || live.Value != live.Secret {
		t.Errorf("created %+v", live)
	}
	if keys := decode[[]access.Key](t, "keys", "list", "--data", data, "--env", "live"); len(keys) != 3 {
		t.Errorf("there are %d live keys", len(keys))
	}
	table := must(t, "keys", "list", "--data", data)
	if !strings.Contains(table, made.ID) || !strings.Contains(table, "Reports") || strings.Contains(table, made.Secret) || strings.Contains(table, "\x1b") {
		t.Errorf("keys list prints\n%s", table)
	}
	if text := must(t, "keys", "create", "--data", data); !strings.Contains(text, "not shown again") {
		t.Errorf("keys create prints\n%s", text)
	}
	old := decode[access.Issued](t, "keys", "create", "--data", data, "--api-version", "2019-10-08")
	if old.Version != "2019-10-08" {
		t.Errorf("created %+v", old.Key)
	}
	must(t, "api-version", "2025-02-24.acacia", "--data", data, "--key", old.ID)
	for _, k := range decode[[]access.Key](t, "keys", "list", "--data", data) {
		if k.ID == old.ID && k.Version != "2025-02-24.acacia" {
			t.Errorf("the key has the version %q now", k.Version)
		}
	}
	if text := must(t, "api-version", "2022-11-15", "--data", data); !strings.Contains(text, "acct_") {
		t.Errorf("api-version prints\n%s", text)
	}
	must(t, "api-version", "newest", "--data", data)
	for _, test := range []struct {
		want string
		args []string
	}{
		{`there is no API version "2019-10-09"`, []string{"api-version", "2019-10-09"}},
		{"No such api_key: 'key_none'", []string{"api-version", "2019-10-08", "--key", "key_none"}},
		{"No such api_key: 'key_none'", []string{"keys", "expire", "key_none"}},
		{"has expired already", []string{"keys", "roll", rolled.ID}},
		{"0 to 7 days", []string{"keys", "roll", made.ID, "--overlap", "200h"}},
		{`"xk" is not a kind`, []string{"keys", "create", "--kind", "xk"}},
		{`"staging" is not an environment`, []string{"keys", "create", "--env", "staging"}},
		{`no objects of kind "custommer"`, []string{"keys", "create", "--kind", "rk", "--rights", "custommer=read"}},
		{"No such sandbox: 'sbx_none'", []string{"sandbox", "reset", "sbx_none"}},
		{"No such sandbox: 'sbx_none'", []string{"sandbox", "clone", "sbx_none"}},
		{"No such sandbox: 'sbx_none'", []string{"sandbox", "delete", "sbx_none"}},
	} {
		if got := do(t, append(test.args, "--data", data)...); got.code != exitFailed || !strings.Contains(got.stderr, test.want) {
			t.Errorf("sharesmart %v ended with %d: %s", test.args, got.code, got.stderr)
		}
	}
}

func testSandboxes(t *testing.T, data string, opens func(string) (int, string)) {
	t.Helper()
	made := decode[access.NewSandbox](t, "sandbox", "create", "--data", data, "--name", "one", "--ttl", "1h")
	if made.Name != "one" || made.Expires != made.Created+3600 {
		t.Errorf("created %+v", made.Sandbox)
	}
	clone := decode[access.NewSandbox](t, "sandbox", "clone", made.ID, "--data", data)
	decode[access.Sandbox](t, "sandbox", "reset", made.ID, "--data", data)
	for _, key := range []string{made.SecretKey, clone.SecretKey} {
		if status, body := opens(key); status != http.StatusOK {
			t.Errorf("a sandbox's key: %d %s", status, body)
		}
	}
	if list := decode[[]access.Sandbox](t, "sandbox", "list", "--data", data); len(list) != 2 || list[1].ID != made.ID {
		t.Errorf("sandbox list prints %+v", list)
	}
	if table := must(t, "sandbox", "list", "--data", data); !strings.Contains(table, made.ID) || !strings.Contains(table, "never") {
		t.Errorf("sandbox list prints\n%s", table)
	}
	must(t, "sandbox", "delete", clone.ID, "--data", data)
	if status, body := opens(clone.SecretKey); status != http.StatusUnauthorized {
		t.Errorf("a deleted sandbox's key: %d %s", status, body)
	}
}

func TestLongDataPath(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), strings.Repeat("a-long-name/", 12))
	r := start(t, serveArgs(data)...)
	if keys := decode[[]access.Key](t, "keys", "list", "--data", data); len(keys) != 4 {
		t.Errorf("there are %d keys", len(keys))
	}
	path := socketPath(data)
	if strings.HasPrefix(path, data) || len(path) >= maxSocketPath {
		t.Errorf("the socket is %s", path)
	}
	r.stop()
	if exists(path) {
		t.Errorf("%s was left behind", path)
	}
}

func TestSocketIsPrivate(t *testing.T) {
	t.Parallel()
	data, err := os.MkdirTemp("", "ss")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	r := start(t, serveArgs(data)...)
	info, err := os.Stat(filepath.Join(data, "sharesmart.sock"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the control socket is %v, %v", info, err)
	}
	r.stop()
}

func TestTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	w := &terminal.Terminal{Writer: &b, Colour: true}
	w.Table([][]string{{w.Dim("ID"), "NAME"}, {"longer", ""}, {"ü", "x"}})
	if want := "\x1b[2mID\x1b[0m      NAME\nlonger\nü       x\n"; b.String() != want {
		t.Errorf("the table is %q, want %q", b.String(), want)
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, want string }{
		{"/a/b-c_d.pem", "/a/b-c_d.pem"}, {"/a b/c", "'/a b/c'"}, {"it's", `'it'\''s'`}, {"/ä", "'/ä'"},
	} {
		if got := quoted(test.name); got != test.want {
			t.Errorf("quoted(%s) = %s, want %s", test.name, got, test.want)
		}
	}
}
