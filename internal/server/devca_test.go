package server

import (
	"bytes"
	"crypto/x509"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"sharesmart/internal/clock"
)

func openAuthority(t *testing.T, dir string, c clock.Clock, hosts ...string) *Authority {
	t.Helper()
	a, err := OpenAuthority(dir, c, hosts...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func leafOf(t *testing.T, a *Authority) *x509.Certificate {
	t.Helper()
	c, err := a.TLS().GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Leaf
}

// trusts asserts that a client that trusts the authority accepts a certificate for a name at a time.
func trusts(t *testing.T, a *Authority, leaf *x509.Certificate, name string, at time.Time) {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.PEM())
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: at}); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func TestAuthorityIsKept(t *testing.T) {
	t.Parallel()
	dir, c := filepath.Join(t.TempDir(), "tls"), clock.NewFake(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
	first := openAuthority(t, dir, c)
	again := openAuthority(t, dir, c, "shop.test", "10.0.0.7", "")
	if !bytes.Equal(first.PEM(), again.PEM()) {
		t.Fatal("the authority is another after a restart")
	}
	for _, name := range []string{"localhost", "127.0.0.1", "::1", "shop.test", "10.0.0.7"} {
		trusts(t, first, leafOf(t, again), name, c.Now())
	}
	if err := leafOf(t, again).VerifyHostname("example.com"); err == nil {
		t.Error("the certificate is good for any name")
	}
	onDisk, err := os.ReadFile(AuthorityFile(dir))
	if err != nil || !bytes.Equal(onDisk, first.PEM()) {
		t.Errorf("the file to trust differs from the authority: %v", err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v; want 0600", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCertificatesAreRenewed(t *testing.T) {
	t.Parallel()
	dir, c := t.TempDir(), clock.NewFake(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
	a := openAuthority(t, dir, c)
	leaf := leafOf(t, a)
	c.Advance(leafLife - renewBefore - time.Hour)
	if leafOf(t, a) != leaf {
		t.Error("the certificate was renewed too early")
	}
	c.Advance(2 * time.Hour)
	renewed := leafOf(t, a)
	if renewed == leaf {
		t.Error("the certificate was not renewed")
	}
	trusts(t, a, renewed, "localhost", c.Now().Add(renewBefore))
	c.Advance(authorityLife - leafLife)
	if next := openAuthority(t, dir, c); bytes.Equal(next.PEM(), a.PEM()) {
		t.Error("an authority that is about to expire was kept")
	} else {
		trusts(t, next, leafOf(t, next), "localhost", c.Now())
	}
}

func TestDamagedAuthorityIsNotReplaced(t *testing.T) {
	t.Parallel()
	dir, c := t.TempDir(), clock.NewFake(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
	openAuthority(t, dir, c)
	if err := os.WriteFile(AuthorityFile(dir), []byte("not a certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenAuthority(dir, c); err == nil {
		t.Error("a damaged authority was opened")
	}
	if b, _ := os.ReadFile(AuthorityFile(dir)); string(b) != "not a certificate" {
		t.Error("a damaged authority was overwritten")
	}
}

func TestCheckLoopback(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		address string
		ok      bool
	}{
		{"127.0.0.1:8080", true}, {"127.8.9.1:8080", true}, {"[::1]:8080", true}, {"localhost:0", true},
		{":8080", false}, {"0.0.0.0:8080", false}, {"[::]:8080", false}, {"192.168.1.2:8080", false},
		{"example.com:8080", false}, {"localhost.example.com:80", false}, {"8080", false}, {"", false},
	} {
		if err := CheckLoopback(test.address); (err == nil) != test.ok {
			t.Errorf("CheckLoopback(%q) = %v", test.address, err)
		}
	}
}
