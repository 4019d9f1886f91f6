package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The drill as an operator does it: a file and a shipped copy, restored to new directories and served from there.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	data, away, dir := t.TempDir(), t.TempDir(), t.TempDir()
	r := start(t, serveArgs(data, "--backup-to", away, "--backup-every", "1s")...)
	first := r.create(r.secret)
	if got := must(t, "backup", filepath.Join(dir, "shop.db"), "--data", data); !strings.Contains(got, "shop.db (") {
		t.Errorf("backup says %q", got)
	}
	if got := do(t, "backup", filepath.Join(dir, "shop.db"), "--data", data); got.code != exitFailed || !strings.Contains(got.stderr, "there already") {
		t.Errorf("a second backup to the same file: %+v", got)
	}
	if err := r.cmd.Process.Kill(); err != nil { // what it had not shipped is shipped by the next
		t.Fatal(err)
	}
	_ = r.cmd.Wait()
	secret := r.secret
	r = start(t, serveArgs(data, "--backup-to", away, "--backup-every", "1s")...)
	r.secret = secret
	second := r.create(secret)
	r.stop()
	if made := decode[backedUp](t, "backup", dir, "--data", data); filepath.Dir(made.File) != dir || made.Bytes == 0 {
		t.Errorf("backup to a directory: %+v", made)
	}
	for _, tt := range []struct {
		name, from string
		has, hasNo string
	}{
		{"a file", filepath.Join(dir, "shop.db"), first, second},
		{"what was shipped", away, second, ""},
	} {
		if got := must(t, "verify", "--from", tt.from); got != "The database is sound.\n" {
			t.Errorf("verify of %s: %q", tt.name, got)
		}
		restored := filepath.Join(t.TempDir(), "data")
		if got := must(t, "restore", "--from", tt.from, "--data", restored); !strings.Contains(got, "The database is sound.") {
			t.Errorf("restore of %s: %q", tt.name, got)
		}
		again := start(t, serveArgs(restored)...)
		if !again.has(r.secret, tt.has) || tt.hasNo != "" && again.has(r.secret, tt.hasNo) {
			t.Errorf("%s does not hold what was there then", tt.name)
		}
		again.stop()
	}
	if got := do(t, "restore", "--from", away, "--data", data); got.code != exitFailed || !strings.Contains(got.stderr, "is there already") {
		t.Errorf("restore over a database: %+v", got)
	}
	if got := do(t, "restore", "--from", away, "--at", "2020-01-01", "--data", t.TempDir()); got.code != exitFailed || !strings.Contains(got.stderr, "there is no backup of 2020-01-01T00:00:00Z or before") {
		t.Errorf("restore as of a time before the first: %+v", got)
	}
	shipped, err := filepath.Glob(filepath.Join(away, "ltx", "9", "*.ltx"))
	if err != nil || len(shipped) != 2 {
		t.Fatalf("%v, %v", shipped, err)
	}
	if err := os.Truncate(shipped[1], 1000); err != nil {
		t.Fatal(err)
	}
	if got := do(t, "verify", "--from", away); got.code != exitFailed || !strings.Contains(got.stderr, filepath.Base(shipped[1])) {
		t.Errorf("verify of a damaged backup: %+v", got)
	}
}

func TestBackupSettings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--backup-to", "ftp://x/y"}, "--backup-to: ftp:// is no place"},
		{[]string{"--backup-to", "x", "--backup-every", "1ms"}, "--backup-every is less than a second"},
		{[]string{"--backup-to", "x", "--backup-keep", "1m"}, "--backup-keep is less than an hour"},
		{[]string{"--backup-to", "x", "--data", inMemory}, "--backup-to needs a database"},
	} {
		if got := do(t, append([]string{"config", "serve"}, tt.args...)...); got.code != exitFailed || !strings.Contains(got.stderr, tt.want) {
			t.Errorf("%v: %+v", tt.args, got)
		}
	}
}
