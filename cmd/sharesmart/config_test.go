package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigFile(t *testing.T) {
	t.Parallel()
	file := func(t *testing.T, text string) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "sharesmart.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const good = "# of the shop\nhttps: 0.0.0.0:443\nrate-limit: stripe\ndemo: true\nfee-fixed: 35\nwebhook-allow: [10.0.0.0/8, 192.168.1.7]\nsmtp: smtp://jenny:hunter22@mail.example.com:587\nmail-from: Shop <shop@example.com>\n"
	for _, tt := range []struct {
		name, text string
		env, args  []string
		code       int
		want       []string // parts of what is printed
	}{
		{"a file", good, nil, nil, exitOK, []string{"https", "0.0.0.0:443", "sharesmart.yaml:2", "stripe", "10.0.0.0/8,192.168.1.7", "smtp://jenny:*****@mail.example.com:587", "default"}},
		{"the environment goes before it", good, []string{"SHARESMART_HTTPS=127.0.0.1:9443"}, nil, exitOK, []string{"127.0.0.1:9443", "SHARESMART_HTTPS"}},
		{"the command line goes before both", good, []string{"SHARESMART_HTTPS=127.0.0.1:9443"}, []string{"--https", "[::1]:7443"}, exitOK, []string{"[::1]:7443", "--https"}},
		{"nothing in it", "# later\n", nil, nil, exitOK, []string{"127.0.0.1:8443"}},
		{"a wrong name", "demo: true\nhtps: 0.0.0.0:443\n", nil, nil, exitUsage, []string{`sharesmart.yaml:2: there is no setting "htps": did you mean https?`}},
		{"a name in another style", "rate_limit: 5\n", nil, nil, exitUsage, []string{"did you mean rate-limit?"}},
		{"a name like no other", "elephants: 5\n", nil, nil, exitUsage, []string{"'sharesmart serve --help' lists them"}},
		{"a wrong value", "rate-limit: many\n", nil, nil, exitUsage, []string{`sharesmart.yaml:1: rate-limit is "many": "many" is neither a number nor stripe`}},
		{"a value that is refused later", "url: http://shop.example.com\n", nil, nil, exitFailed, []string{"--url is", "it is set in", "sharesmart.yaml:1"}},
		{"no value", "url:\n", nil, nil, exitUsage, []string{"url needs a value"}},
		{"twice", "demo: true\ndemo: false\n", nil, nil, exitUsage, []string{"demo"}},
		{"no settings", "- demo\n", nil, nil, exitUsage, []string{"write one setting to a line"}},
		{"no YAML", "demo: [\n", nil, nil, exitUsage, []string{"sharesmart.yaml: line 1"}},
		{"a setting of another command", "kind: rk\n", nil, nil, exitOK, nil},
		{"no time", "retention: soon\n", nil, nil, exitUsage, []string{`sharesmart.yaml:1: retention is "soon": write a time as 90s, 15m or 720h`}},
		{"no number", "fee-fixed: 3.5\n", nil, nil, exitUsage, []string{`fee-fixed is "3.5": write a whole number`}},
		{"neither true nor false", "", []string{"SHARESMART_DEMO=yes"}, nil, exitUsage, []string{`SHARESMART_DEMO is "yes": write true or false`}},
		{"no time on the command line", "", nil, []string{"--retention", "30"}, exitUsage, []string{`--retention is "30": write a time as`}},
		{"neither on the command line", "", nil, []string{"--demo=maybe"}, exitUsage, []string{`--demo is "maybe": write true or false`}},
		{"a wrong flag", "", nil, []string{"--retension", "30h"}, exitUsage, []string{"there is no flag --retension: did you mean --retention?"}},
		{"a flag like no other", "", nil, []string{"--elephants"}, exitUsage, []string{"there is no flag --elephants\n"}},
		{"a flag without its value", "", nil, []string{"--retention"}, exitUsage, []string{"flag needs an argument"}},
		{"backups more often than time goes", "backup-every: -1s\nbackup-to: /tmp/backup\n", nil, nil, exitFailed, []string{"--backup-every is"}},
		{"a wrong log format", "log-format: xml\n", nil, nil, exitFailed, []string{"--log-format is \"xml\""}},
		{"a wrong log level", "log-level: loud\n", nil, nil, exitUsage, []string{"log-level is \"loud\""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := doWith(t, tt.env, append([]string{"config", "serve", "--config", file(t, tt.text)}, tt.args...)...)
			if got.code != tt.code {
				t.Errorf("it ended with %d, not %d: %s%s", got.code, tt.code, got.stdout, got.stderr)
			}
			for _, part := range tt.want {
				if !strings.Contains(got.stdout+got.stderr, part) {
					t.Errorf("%q is missing in\n%s%s", part, got.stdout, got.stderr)
				}
			}
			if strings.Contains(got.stdout+got.stderr, "hunter22") {
				t.Errorf("it shows a password:\n%s", got.stdout)
			}
		})
	}
	got := doWith(t, nil, "config", "serve", "--config", "nowhere.yaml")
	if got.code != exitUsage || !strings.Contains(got.stderr, "nowhere.yaml") {
		t.Errorf("a file that is not there: %+v", got)
	}
}

// TestSettingFromFile reads a secret from the file that a variable names.
func TestSettingFromFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "smtp")
	if err := os.WriteFile(path, []byte("smtp://jenny:hunter22@mail.example.com:587\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		env  []string
		code int
		want string
	}{
		{[]string{"SHARESMART_SMTP_FILE=" + path, "SHARESMART_MAIL_FROM=a@example.com"}, exitOK, "smtp://jenny:*****@mail.example.com:587"},
		{[]string{"SHARESMART_SMTP_FILE=" + path, "SHARESMART_MAIL_FROM=a@example.com"}, exitOK, "SHARESMART_SMTP_FILE"},
		{[]string{"SHARESMART_SMTP_FILE=" + path, "SHARESMART_SMTP="}, exitUsage, "SHARESMART_SMTP and SHARESMART_SMTP_FILE are both set"},
		{[]string{"SHARESMART_SMTP_FILE=" + path + ".gone"}, exitUsage, "SHARESMART_SMTP_FILE: open"},
		{[]string{"SHARESMART_RETENTION_FILE=" + path}, exitUsage, "SHARESMART_RETENTION_FILE is not what it should be"},
	} {
		got := doWith(t, tt.env, "config", "serve")
		if text := got.stdout + got.stderr; got.code != tt.code || !strings.Contains(text, tt.want) || strings.Contains(text, "hunter22") {
			t.Errorf("%v: it ended with %d, not %d, want %q:\n%s", tt.env, got.code, tt.code, tt.want, text)
		}
	}
}

func TestMasked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, value, want string }{
		{"https", "127.0.0.1:8443", "127.0.0.1:8443"},
		{"smtp", "smtps://mail.example.com", "smtps://mail.example.com"},
		{"smtp", "smtps://a:b%40c@mail.example.com", "smtps://a:*****@mail.example.com"},
		{"database", "postgres://u:p@h/db?sslmode=require", "postgres://u:*****@h/db?sslmode=require"},
		{"database", "postgres://h/db?user=u&password=p%20q", "postgres://h/db?user=u&password=*****"},
		{"smtp", "smtp://a:b c%zz@h", "*****"},
		{"metrics-key", "abc", "*****"},
		{"metrics-key", "", ""},
		{"monkey", "abc", "abc"},
	} {
		if got := masked(tt.name, tt.value); got != tt.want {
			t.Errorf("%s=%q is shown as %q, not %q", tt.name, tt.value, got, tt.want)
		}
	}
}

func TestLiveLacks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		config LiveConfig
		want   []string // flags that are named
	}{
		{LiveConfig{}, nil},
		{LiveConfig{Members: true}, []string{"--stripe-key"}},
		{LiveConfig{Members: true, Key: "sk_live_1"}, []string{"--stripe-webhook-secret"}},
		{LiveConfig{Key: "sk_live_1", Publishable: "pk_live_1"}, []string{"--stripe-webhook-secret"}},
		{LiveConfig{Members: true, Key: "sk_live_1", Publishable: "pk_live_1", Webhook: "whsec_1"}, nil},
	} {
		got := tt.config.lacks()
		if len(got) != len(tt.want) {
			t.Errorf("%+v lacks %q, want %q", tt.config, got, tt.want)
			continue
		}
		for i, name := range tt.want {
			if !strings.Contains(got[i], name+" is not set") {
				t.Errorf("%q does not name %s", got[i], name)
			}
		}
	}
}
