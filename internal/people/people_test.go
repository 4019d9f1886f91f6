package people

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
)

const password = "a horse and a battery"

func newRegistry(t *testing.T) (*Registry, *clock.Fake) {
	t.Helper()
	s, err := sqlite.Open(":memory:", store.Options{Unversioned: Unversioned})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c := clock.NewFake(time.Unix(1_790_000_000, 0))
	return New(Options{Store: s, Clock: c}), c
}

// owner sets an account up.
func owner(t *testing.T, r *Registry, account string) *Person {
	t.Helper()
	token, err := r.SetUpToken(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.SetUp(t.Context(), token, NewPerson{Email: account + "@example.com", Name: "Ada", Password: password}, Client{}); err != nil {
		t.Fatal(err)
	}
	all, err := r.Of(account)
	if err != nil || len(all) != 1 {
		t.Fatalf("the people are %v, %v", all, err)
	}
	return all[0]
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	for password, good := range map[string]bool{
		"a few words": true, "ääääöööüüü": true, "short": false, "1234567890": false, "abcdefghijk": false, "aaaaaaaaaaaa": false,
		"password123": false, "iloveyou2026!": false, "1q2w3e4r5t": false, "QWERTYUIOP": false, "ShareSmart2026": false, "sharesmart is what I sell": true,
		"ada@example.com": false, "Ada Owner of all": false, strings.Repeat("x y", 100): false, "": false,
	} {
		if err := checkPassword(password, "ada@example.com", "Ada owner of all"); (err == nil) != good {
			t.Errorf("%q: %v", password, err)
		}
	}
	r, _ := newRegistry(t)
	kept, err := r.hashPassword(t.Context(), password)
	if err != nil || !strings.HasPrefix(kept, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("kept is %q, %v", kept, err)
	}
	for _, test := range []struct {
		password, kept string
		want           bool
	}{{password, kept, true}, {password + "x", kept, false}, {password, "", false}, {"", "", false}, {password, "$argon2id$v=19$m=0,t=2,p=1$AAAA$AAAA", false}} {
		if right, err := r.isPassword(t.Context(), test.password, test.kept); err != nil || right != test.want {
			t.Errorf("%q is %q: %t, %v", test.password, test.kept, right, err)
		}
	}
}

// Nothing that lets somebody in stands in the database as it is sent.
func TestSecretsAreHashed(t *testing.T) {
	t.Parallel()
	r, _ := newRegistry(t)
	p := owner(t, r, "acct_1")
	secrets := []string{password}
	session, _, err := r.SignIn(t.Context(), p.Email, password, Client{})
	if err != nil {
		t.Fatal(err)
	}
	reset, err := r.ResetToken(t.Context(), p.Email)
	if err != nil {
		t.Fatal(err)
	}
	invited, err := r.Invite(t.Context(), "acct_1", "ben@example.com", Viewer)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{session, reset, invited} {
		_, secret, _ := strings.Cut(token, ".")
		secrets = append(secrets, secret)
	}
	for _, kind := range []string{kindPerson, kindSession, kindPass, "audit_entry"} {
		docs, err := control.Collect(r.store, store.Query{Kind: kind})
		if err != nil || len(docs) == 0 {
			t.Fatalf("%d of %s, %v", len(docs), kind, err)
		}
		for _, d := range docs {
			for _, secret := range secrets {
				if strings.Contains(string(d.Data), secret) {
					t.Errorf("%s holds a secret: %s", d.ID, d.Data)
				}
			}
		}
	}
}

// A link is good for one person, however many follow it at once.
func TestLinksWorkOnce(t *testing.T) {
	t.Parallel()
	r, _ := newRegistry(t)
	token, err := r.SetUpToken(t.Context(), "acct_1")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	done := make(chan error, 8)
	for i := range cap(done) {
		work.Go(func() {
			_, err := r.SetUp(t.Context(), token, NewPerson{Email: string(rune('a'+i)) + "@example.com", Name: "Somebody", Password: password}, Client{})
			done <- err
		})
	}
	work.Wait()
	close(done)
	made := 0
	for err := range done {
		if err == nil {
			made++
		} else if !errors.Is(err, ErrNotFound) {
			t.Error(err)
		}
	}
	if all, err := r.All(); made != 1 || len(all) != 1 || err != nil {
		t.Errorf("%d became the owner, %d are there, %v", made, len(all), err)
	}
}

// Whoever is in two accounts is in one with what they were given there.
func TestTwoAccounts(t *testing.T) {
	t.Parallel()
	r, _ := newRegistry(t)
	ada, ben := owner(t, r, "acct_1"), owner(t, r, "acct_2")
	token, err := r.Invite(t.Context(), "acct_2", ada.Email, Support)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Accept(t.Context(), token, ben); !errors.Is(err, ErrNotFound) {
		t.Errorf("somebody else took the invitation: %v", err)
	}
	if account, err := r.Accept(t.Context(), token, ada); account != "acct_2" || err != nil {
		t.Fatalf("joined %q, %v", account, err)
	}
	if ada, err = r.Find(ada.ID); err != nil || ada.Roles["acct_1"] != Owner || ada.Roles["acct_2"] != Support {
		t.Fatalf("the roles are %v, %v", ada.Roles, err)
	}
	if err := r.SetRole(t.Context(), "acct_1", ben.ID, Viewer); !errors.Is(err, ErrNotFound) {
		t.Errorf("somebody was given a role who is not there: %v", err)
	}
	if err := r.Remove(t.Context(), "acct_2", ada.ID); err != nil {
		t.Fatal(err)
	}
	if ada, err = r.Find(ada.ID); err != nil || len(ada.Roles) != 1 {
		t.Errorf("the roles are %v, %v", ada.Roles, err)
	}
	if err := r.Remove(t.Context(), "acct_1", ada.ID); !errors.Is(err, ErrLastOwner) {
		t.Errorf("the last owner is gone: %v", err)
	}
}

func TestPending(t *testing.T) {
	t.Parallel()
	_, c := newRegistry(t)
	p := newPending[int](c, time.Minute)
	token := p.put(7)
	for range 2 {
		if !p.use(token, func(v *int) bool { *v++; return true }) {
			t.Fatal("it was not kept")
		}
	}
	if v, found := p.take(token); v != 9 || !found {
		t.Errorf("took %d, %t", v, found)
	}
	if _, found := p.take(token); found {
		t.Error("it was taken twice")
	}
	token = p.put(1)
	c.Advance(time.Minute)
	if _, found := p.take(token); found {
		t.Error("it lives for ever")
	}
	for range maxPending + 1 {
		p.put(1)
	}
	if n := len(p.begun); n > maxPending {
		t.Errorf("%d are kept", n)
	}
}

func TestCanPasskey(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{"localhost:8443": true, "shop.example": true, "127.0.0.1:8443": false, "[::1]:8443": false, "::1": false, "": false} {
		if got := CanPasskey(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}

// TestWrongCodesAreCounted guesses the codes of somebody whose password is known: after twenty in an hour not even the right
// one is taken, whatever browser brings it.
func TestWrongCodesAreCounted(t *testing.T) {
	t.Parallel()
	r, c := newRegistry(t)
	p := owner(t, r, "acct_1")
	secret, _, err := r.TOTPSecret(p)
	if err != nil {
		t.Fatal(err)
	}
	code := func() string {
		code, err := totp.GenerateCode(secret, c.Now())
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	if _, err := r.StartTOTP(t.Context(), p.ID, secret, code()); err != nil {
		t.Fatal(err)
	}
	c.Advance(time.Minute)
	for i := range wrongCodesAnHour {
		if err := r.checkCode(t.Context(), p.ID, "no code"); !errors.Is(err, ErrWrongCode) {
			t.Fatalf("wrong code %d: %v", i, err)
		}
	}
	if err := r.checkCode(t.Context(), p.ID, code()); !errors.Is(err, ErrTooManyCodes) {
		t.Errorf("the right code after %d wrong ones: %v", wrongCodesAnHour, err)
	}
	c.Advance(time.Hour)
	if err := r.checkCode(t.Context(), p.ID, code()); err != nil {
		t.Errorf("the right code an hour later: %v", err)
	}
}
