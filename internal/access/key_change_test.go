package access_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
)

// A restricted key that was given no rights has none.
func TestRestrictedKeyWithoutRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, err := w.CreateKey(t.Context(), access.KeySpec{Kind: access.RestrictedKey})
	if err != nil {
		t.Fatal(err)
	}
	if g := w.open(t, k.Secret); g.Key.Rights == nil || g.Key.Rights.Allows("customer", false) {
		t.Errorf("the key has the rights %v", g.Key.Rights)
	}
}

func TestKeyThatEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, err := w.CreateKey(t.Context(), access.KeySpec{Expires: w.clock.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	w.open(t, k.Secret)
	w.clock.Advance(time.Hour)
	_, err = w.Authenticate(k.Secret)
	apiError(t, err, http.StatusUnauthorized, "api_key_expired")
	if _, err := w.CreateKey(t.Context(), access.KeySpec{Expires: w.clock.Now()}); err == nil {
		t.Error("a key was made that has ended")
	}
}

func TestUpdateAndDeleteKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, err := w.CreateKey(t.Context(), access.KeySpec{Kind: access.RestrictedKey, Name: "old", Rights: access.Rights{"customer": access.Write}})
	if err != nil {
		t.Fatal(err)
	}
	w.open(t, k.Secret)
	networks, err := access.ParseNetworks("203.0.113.7, 10.1.2.3/8\n2001:db8::/32")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateKey(t.Context(), k.ID, access.KeyChange{Name: "new", Rights: access.Rights{"charge": access.Read}, Networks: networks}); err != nil {
		t.Fatal(err)
	}
	g := w.open(t, k.Secret)
	if g.Key.Name != "new" || g.Key.Rights.Allows("customer", false) || !g.Key.Rights.Allows("charge", false) {
		t.Errorf("the key is %+v", g.Key)
	}
	for address, want := range map[string]bool{
		"203.0.113.7": true, "::ffff:203.0.113.7": true, "203.0.113.8": false, "10.200.0.1": true, "2001:db8:1::5": true, "2001:db9::1": false, "": false,
	} {
		if err := g.Key.From(address); (err == nil) != want {
			t.Errorf("from %q: %v", address, err)
		}
	}
	apiError(t, g.Key.From("192.0.2.1"), http.StatusForbidden, "")
	if _, err := w.UpdateKey(t.Context(), w.account.TestSecret.ID, access.KeyChange{Rights: access.Rights{}}); err == nil {
		t.Error("a secret key was given rights")
	}
	if err := w.DeleteKey(t.Context(), k.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.Authenticate(k.Secret)
	apiError(t, err, http.StatusUnauthorized, "")
	apiError(t, w.DeleteKey(t.Context(), k.ID), http.StatusNotFound, "resource_missing")
	entries, _, err := audit.List(w.store, audit.Query{Subject: k.ID, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
	}
	if !slices.Equal(actions, []string{"key.deleted", "key.changed", "key.created"}) {
		t.Errorf("the audit log has %v", actions)
	}
}

func TestParseNetworksRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"hello", "10.0.0.0/33", "fe80::1%eth0", "::ffff:10.0.0.0/104", strings.Repeat("10.0.0.1,", 51)} {
		if n, err := access.ParseNetworks(text); err == nil {
			t.Errorf("%q is %v", text, n)
		}
	}
}

func TestLastUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	find := func(r *access.Registry) int64 {
		k, err := r.FindKey(w.account.TestSecret.ID)
		if err != nil {
			t.Fatal(err)
		}
		return k.LastUsed
	}
	if last := find(w.Registry); last != 0 {
		t.Errorf("the key was used at %d", last)
	}
	w.open(t, w.account.TestSecret.Secret)
	if last := find(w.Registry); last != w.clock.Now().Unix() {
		t.Errorf("the key was used at %d", last)
	}
	if err := access.WriteUses(t.Context(), w.Registry); err != nil {
		t.Fatal(err)
	}
	if last := find(access.NewRegistry(w.store, w.clock, access.Options{})); last != w.clock.Now().Unix() {
		t.Errorf("what was written says %d", last)
	}
}

// What is done to keys and sandboxes is in the audit log, with who did it, and the chain is whole.
func TestAuditOfAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := audit.By(t.Context(), audit.Actor{Kind: audit.Shell, Name: "ada"})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.RollKey(ctx, w.account.TestSecret.ID, time.Hour)
	must(err)
	box, err := w.CreateSandbox(ctx, access.SandboxSpec{Name: "mine"})
	must(err)
	copied, err := w.CloneSandbox(ctx, box.ID, access.SandboxSpec{})
	must(err)
	n, err := w.Namespace(w.account.ID, box.ID)
	must(err)
	snap, err := w.CreateSnapshot(ctx, n, "before", nil)
	must(err)
	must(w.RestoreSnapshot(ctx, snap.ID))
	must(w.DeleteSnapshot(ctx, snap.ID))
	_, err = w.ResetSandbox(ctx, box.ID)
	must(err)
	must(w.DeleteSandbox(ctx, box.ID))
	must(w.DeleteSandbox(ctx, copied.ID))
	entries, more, err := audit.List(w.store, audit.Query{Account: w.account.ID, Limit: 100})
	must(err)
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
		if e.Actor.Name != "ada" && e.N > 1 {
			t.Errorf("%s was done by %+v", e.Action, e.Actor)
		}
	}
	slices.Reverse(actions)
	want := []string{"account.created", "key.rolled", "sandbox.created", "sandbox.cloned", "snapshot.created", "snapshot.restored", "snapshot.deleted", "sandbox.reset", "sandbox.deleted", "sandbox.deleted"}
	if !slices.Equal(actions, want) || more {
		t.Errorf("the audit log has %v", actions)
	}
	if problems, err := audit.Verify(w.store); len(problems) > 0 || err != nil {
		t.Errorf("the chain: %v, %v", problems, err)
	}
}
