package access_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/store"
)

// world is a registry with one account.
type world struct {
	*access.Registry
	store   store.Store
	clock   *clock.Fake
	account *access.Account
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{store: openStore(t), clock: clock.NewFake(time.Unix(1_790_000_000, 0))}
	w.Registry = access.NewRegistry(w.store, w.clock, access.Options{})
	account, err := w.CreateAccount(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	w.account = account
	return w
}

// put stores a document of a kind in a namespace.
func (w *world) put(t testing.TB, ns store.NS, kind, id string) {
	t.Helper()
	d := &store.Doc{ID: id, Kind: kind, Created: 1, Data: []byte("{}")}
	if err := w.store.Update(t.Context(), func(tx store.Tx) error { return tx.Put(ns, d) }); err != nil {
		t.Fatal(err)
	}
}

// open authenticates with a key that must work.
func (w *world) open(t testing.TB, secret string) *access.Grant {
	t.Helper()
	g, err := w.Authenticate(secret)
	if err != nil {
		t.Fatalf("Authenticate(%s): %v", secret, err)
	}
	return g
}

// apiError asserts that err is an API error with a status and a code, and returns its message.
func apiError(t testing.TB, err error, status int, code string) string {
	t.Helper()
	e := apierr.As(err)
	if e == nil || e.Status != status || e.Code != code {
		t.Fatalf("error is %v, want status %d and code %q", err, status, code)
	}
	if e.Type != apierr.TypeInvalid {
		t.Fatalf("error has the type %s", e.Type)
	}
	return e.Message
}

func TestFirstAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.DefaultAccount(t.Context())
	if err != nil || id != w.account.ID {
		t.Fatalf("the default account is %q, %v; want %q", id, err, w.account.ID)
	}
	for _, test := range []struct {
		key       *access.Issued
		kind, env string
		live      bool
	}{
		{w.account.TestSecret, access.SecretKey, access.Test, false},
		{w.account.TestPublishable, access.PublishableKey, access.Test, false},
		{w.account.LiveSecret, access.SecretKey, access.Live, true},
		{w.account.LivePublishable, access.PublishableKey, access.Live, true},
	} {
		g := w.open(t, test.key.Secret)
		if g.Key.Kind != test.kind || g.Key.ID != test.key.ID || g.Key.Rights != nil {
			t.Errorf("%s opens key %+v", test.key.Secret, g.Key)
		}
		if n := g.Namespace; n.Env != test.env || n.Live != test.live || n.Account != id || n.NS == store.Control {
			t.Errorf("%s opens namespace %+v", test.key.Secret, n)
		}
	}
	test, live := w.open(t, w.account.TestSecret.Secret).Namespace, w.open(t, w.account.LiveSecret.Secret).Namespace
	if test.NS == live.NS {
		t.Error("test and live share a namespace")
	}
	second, err := w.CreateAccount(t.Context(), "acct_1032D82eZvKYlo2C")
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := w.DefaultAccount(t.Context()); id != w.account.ID || second.ID == id {
		t.Errorf("a second account became the default")
	}
	if _, err := w.CreateAccount(t.Context(), second.ID); !errors.Is(err, access.ErrAccountExists) {
		t.Errorf("an account was made twice: %v", err)
	}
}

func TestRegistryKeepsWhatAnotherMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	again := access.NewRegistry(w.store, w.clock, access.Options{})
	g, err := again.Authenticate(w.account.TestSecret.Secret)
	if err != nil || g.Namespace.NS != w.open(t, w.account.TestSecret.Secret).Namespace.NS {
		t.Fatalf("a second registry grants %+v, %v", g, err)
	}
	if id, _ := again.DefaultAccount(t.Context()); id != w.account.ID {
		t.Errorf("a second registry knows %q as the default account", id)
	}
}

func TestAuthenticateRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct{ secret, message string }{
		{"sk_test_4eC39HqLyjWDarjtT1zdp7dc", "Invalid API Key provided: sk_test_********************p7dc"},
		{"undefined", "Invalid API Key provided: *****ined"},
		{w.account.TestSecret.Secret + "x", "Invalid API Key provided: " + access.Mask(w.account.TestSecret.Secret+"x")},
		{strings.Replace(w.account.TestSecret.Secret, "sk_test", "sk_live", 1), "Invalid API Key provided: " + strings.Replace(w.account.TestSecret.Masked, "sk_test", "sk_live", 1)},
	} {
		_, err := w.Authenticate(test.secret)
		if got := apiError(t, err, http.StatusUnauthorized, ""); got != test.message || !apierr.As(err).Early {
			t.Errorf("Authenticate(%s): %q, want %q", test.secret, got, test.message)
		}
	}
}

func TestSecretsAreNotStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sandbox, err := w.CreateSandbox(t.Context(), access.SandboxSpec{Name: "one"})
	if err != nil {
		t.Fatal(err)
	}
	rolled, err := w.RollKey(t.Context(), w.account.TestSecret.ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{w.account.TestSecret.Secret, w.account.LiveSecret.Secret, sandbox.SecretKey, rolled.Secret}
	for _, kind := range []string{"api_key", "namespace", "sandbox", "server"} {
		page, err := w.store.List(store.Query{NS: store.Control, Kind: kind, Limit: 100})
		if err != nil || len(page.Docs) == 0 {
			t.Fatalf("%d documents of kind %s, %v", len(page.Docs), kind, err)
		}
		for _, d := range page.Docs {
			for _, secret := range secrets {
				if bytes.Contains(d.Data, []byte(secret[30:60])) {
					t.Errorf("%s holds a secret in clear", d.ID)
				}
			}
		}
	}
}

func TestExpireKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := w.account.TestSecret.Secret
	w.open(t, secret)
	if _, err := w.ExpireKey(t.Context(), w.account.TestSecret.ID); err != nil {
		t.Fatal(err)
	}
	_, err := w.Authenticate(secret)
	got := apiError(t, err, http.StatusUnauthorized, "api_key_expired")
	if want := "Expired API Key provided: " + access.Mask(secret); got != want {
		t.Errorf("message is %q, want %q", got, want)
	}
	if _, err := w.ExpireKey(t.Context(), w.account.TestSecret.ID); err == nil {
		t.Error("an expired key was expired again")
	}
	_, err = w.ExpireKey(t.Context(), "key_none")
	apiError(t, err, http.StatusNotFound, "resource_missing")
}

func TestAnotherProcessExpiresAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := w.account.TestSecret.Secret
	w.open(t, secret)
	other := access.NewRegistry(w.store, w.clock, access.Options{})
	if _, err := other.ExpireKey(t.Context(), w.account.TestSecret.ID); err != nil {
		t.Fatal(err)
	}
	w.open(t, secret) // still trusted
	w.clock.Advance(time.Second)
	_, err := w.Authenticate(secret)
	apiError(t, err, http.StatusUnauthorized, "api_key_expired")
}

func TestRollKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rights := access.Rights{"customer": access.Read}
	old, err := w.CreateKey(t.Context(), access.KeySpec{Kind: access.RestrictedKey, Name: "reports", Rights: rights})
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := w.RollKey(t.Context(), old.ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if fresh.ID == old.ID || fresh.Secret == old.Secret || fresh.Name != "reports" || fresh.Expires != 0 {
		t.Errorf("rolled to %+v", fresh.Key)
	}
	if g := w.open(t, fresh.Secret); !cmp.Equal(g.Key.Rights, rights) {
		t.Errorf("the new key has rights %v, want %v", g.Key.Rights, rights)
	}
	w.clock.Advance(59 * time.Minute)
	w.open(t, old.Secret)
	w.clock.Advance(time.Minute)
	_, err = w.Authenticate(old.Secret)
	apiError(t, err, http.StatusUnauthorized, "api_key_expired")
	w.open(t, fresh.Secret)
	for _, overlap := range []time.Duration{-time.Second, access.MaxOverlap + time.Second} {
		if _, err := w.RollKey(t.Context(), fresh.ID, overlap); err == nil {
			t.Errorf("an overlap of %v was accepted", overlap)
		}
	}
}

func TestCreateKeyRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct {
		name string
		spec access.KeySpec
	}{
		{"kind", access.KeySpec{Kind: "xk"}},
		{"environment", access.KeySpec{Env: "staging"}},
		{"no such sandbox", access.KeySpec{Env: "sbx_none"}},
		{"rights of a full key", access.KeySpec{Rights: access.Rights{"customer": access.Read}}},
	} {
		if k, err := w.CreateKey(t.Context(), test.spec); err == nil {
			t.Errorf("%s: made %+v", test.name, k.Key)
		}
	}
	empty := access.NewRegistry(openStore(t), w.clock, access.Options{})
	if _, err := empty.CreateKey(t.Context(), access.KeySpec{}); err == nil {
		t.Error("a key was made without an account")
	}
	if _, err := empty.CreateSandbox(t.Context(), access.SandboxSpec{}); err == nil {
		t.Error("a sandbox was made without an account")
	}
}

func TestImportKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const secret = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
	if _, err := w.ImportKey(t.Context(), secret, access.KeySpec{}); err != nil {
		t.Fatal(err)
	}
	if n := w.open(t, secret).Namespace; n.Env != access.Test || n.Account != w.account.ID {
		t.Errorf("the imported key opens %+v", n)
	}
	for _, test := range []struct {
		secret string
		spec   access.KeySpec
	}{
		{secret, access.KeySpec{}},
		{"sk_live_4eC39HqLyjWDarjtT1zdp7dd", access.KeySpec{}},
		{"sk_test_4eC39HqLyjWDarjtT1zdp7dd", access.KeySpec{Env: access.Live}},
		{"hello", access.KeySpec{}},
	} {
		if _, err := w.ImportKey(t.Context(), test.secret, test.spec); err == nil {
			t.Errorf("%s was imported into %q", test.secret, test.spec.Env)
		}
	}
}

func TestListKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 150 {
		if _, err := w.CreateKey(t.Context(), access.KeySpec{Env: access.Live}); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		account, env string
		want         int
	}{{"", "", 154}, {w.account.ID, "", 154}, {"", access.Test, 2}, {w.account.ID, access.Live, 152}, {"acct_none", "", 0}} {
		keys, err := w.ListKeys(t.Context(), test.account, test.env)
		if err != nil || len(keys) != test.want {
			t.Errorf("ListKeys(%q, %q) finds %d, %v; want %d", test.account, test.env, len(keys), err, test.want)
		}
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	rights := access.Rights{"customer": access.Write, "charge": access.Read, "refund": access.None}
	for _, test := range []struct {
		rights access.Rights
		kind   string
		write  bool
		want   bool
	}{
		{nil, "customer", true, true},
		{rights, "customer", false, true},
		{rights, "customer", true, true},
		{rights, "charge", false, true},
		{rights, "charge", true, false},
		{rights, "refund", false, false},
		{rights, "payout", false, false},
		{access.Rights{}, "customer", false, false},
	} {
		if got := test.rights.Allows(test.kind, test.write); got != test.want {
			t.Errorf("%v.Allows(%s, %t) = %t", test.rights, test.kind, test.write, got)
		}
	}
}

func TestNamespaceIsMadeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	numbers := make([]store.NS, 8)
	var wait sync.WaitGroup
	for i := range numbers {
		wait.Go(func() {
			n, err := w.Namespace("acct_other", access.Test)
			if err != nil {
				t.Error(err)
				return
			}
			numbers[i] = n.NS
		})
	}
	wait.Wait()
	for _, n := range numbers {
		if n != numbers[0] || n == store.Control {
			t.Fatalf("namespaces are %v", numbers)
		}
	}
}

func TestSibling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test, live := w.open(t, w.account.TestSecret.Secret).Namespace, w.open(t, w.account.LiveSecret.Secret).Namespace
	if got := w.Sibling(test); got == nil || got.NS != live.NS {
		t.Errorf("the sibling of test is %+v", got)
	}
	if got := w.Sibling(live); got == nil || got.NS != test.NS {
		t.Errorf("the sibling of live is %+v", got)
	}
	lone, err := w.Namespace("acct_lone", access.Test)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Sibling(lone); got != nil {
		t.Errorf("a namespace without a sibling has %+v", got)
	}
	s, err := w.CreateSandbox(t.Context(), access.SandboxSpec{})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Sibling(w.open(t, s.SecretKey).Namespace); got != nil {
		t.Errorf("a sandbox has the sibling %+v", got)
	}
}

func TestConnected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := w.open(t, w.account.TestSecret.Secret)
	w.put(t, g.Namespace.NS, "account", "acct_connected")
	w.put(t, g.Namespace.NS, "customer", "cus_1")
	n, err := w.Connected(g, "acct_connected")
	if err != nil || n.Account != "acct_connected" || n.Env != access.Test || n.NS == g.Namespace.NS {
		t.Fatalf("connected to %+v, %v", n, err)
	}
	if n.Platform != w.account.ID || g.Namespace.Platform != "" {
		t.Errorf("the platform of the connected account is %q and that of the platform %q, want %q and none", n.Platform, g.Namespace.Platform, w.account.ID)
	}
	if again, _ := w.Connected(g, "acct_connected"); again.NS != n.NS {
		t.Error("a connected account has two namespaces")
	}
	if own, _ := w.Connected(g, w.account.ID); own != g.Namespace {
		t.Error("the platform's own id does not name its own namespace")
	}
	for _, account := range []string{"acct_none", "cus_1", ""} {
		_, err := w.Connected(g, account)
		got := apiError(t, err, http.StatusForbidden, "account_invalid")
		if !strings.Contains(got, "'"+account+"'") || !strings.Contains(got, w.account.TestSecret.Masked) {
			t.Errorf("message is %q", got)
		}
	}
	live := w.open(t, w.account.LiveSecret.Secret)
	if _, err := w.Connected(live, "acct_connected"); err == nil {
		t.Error("an account connected in test mode is connected in live mode")
	}
}

func TestAnyKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mock := access.NewRegistry(w.store, w.clock, access.Options{AnyKey: true})
	sandbox, err := w.CreateSandbox(t.Context(), access.SandboxSpec{})
	if err != nil {
		t.Fatal(err)
	}
	test := w.open(t, w.account.TestSecret.Secret).Namespace
	for _, test := range []struct {
		secret string
		want   store.NS
	}{
		{"sk_test_123", test.NS},
		{"anything", test.NS},
		{w.account.TestSecret.Secret, test.NS},
		{sandbox.SecretKey, w.open(t, sandbox.SecretKey).Namespace.NS},
	} {
		g, err := mock.Authenticate(test.secret)
		if err != nil || g.Namespace.NS != test.want {
			t.Errorf("Authenticate(%s) = %+v, %v; want namespace %d", test.secret, g, err, test.want)
		}
	}
}

func TestCachedKeyAllocatesNothing(t *testing.T) {
	w := newWorld(t)
	secret := w.account.TestSecret.Secret
	w.open(t, secret)
	if n := testing.AllocsPerRun(100, func() { _, _ = w.Authenticate(secret) }); n > 0 {
		t.Errorf("a cached key costs %.0f allocations", n)
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	s := openStore(b)
	r := access.NewRegistry(s, clock.Wall{}, access.Options{})
	account, err := r.CreateAccount(context.Background(), "")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Authenticate(account.TestSecret.Secret); err != nil {
			b.Fatal(err)
		}
	}
}
