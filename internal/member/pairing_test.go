package member_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// in runs something inside the server, as its pages do.
func (s *shop) in(t *testing.T, deed func(op *resource.Op, ext *object.Object) error) {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Engine.Call(context.Background(), ns, func(op *resource.Op) error {
		ext, err := op.Get("extension", s.ext, "")
		if err != nil {
			return err
		}
		return deed(op, ext)
	}); err != nil {
		t.Fatal(err)
	}
}

// join makes a member on the free plan who is signed in to the pages, and returns what the browser keeps.
func (s *shop) join(t *testing.T, email string) (customer, token string) {
	t.Helper()
	s.in(t, func(op *resource.Op, ext *object.Object) error {
		c, err := member.SignUp(op, ext, member.NewMember{Email: email})
		if err != nil {
			return err
		}
		customer = c.ID()
		if err := member.StartFree(op, ext, c); err != nil {
			return err
		}
		_, token, err = member.SignIn(op, c, "Chromium on Linux")
		return err
	})
	return customer, token
}

// pageCode is the code that a page has for the extension.
func (s *shop) pageCode(t *testing.T, token string) (code string) {
	t.Helper()
	s.in(t, func(op *resource.Op, ext *object.Object) error {
		session, _, err := member.Session(op, token)
		if err != nil {
			return err
		}
		code, err = member.PageCode(op, ext, session)
		return err
	})
	return code
}

var digits = regexp.MustCompile(`\b\d{6}\b`)

// mailed are the six digits of the last mail; empty if it has none.
func (s *shop) mailed() string {
	last := s.Get("/v1/mails", "limit", "1").OK().Array("data")[0].(*object.Object)
	return digits.FindString(last.String("text"))
}

func (s *shop) pair(t *testing.T, token string) (path, secret string) {
	t.Helper()
	path, secret = s.install()
	s.browser(path+"/pair", "client_secret", secret, "code", s.pageCode(t, token)).OK()
	return path, secret
}

func TestPairByPage(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	customer, token := s.join(t, "jenny@example.com")
	path, secret := s.install()
	code := s.pageCode(t, token)
	s.browser(path+"/pair", "client_secret", secret, "code", code+"x").Fails(400, "login_code_incorrect")
	s.browser(path+"/pair", "client_secret", secret, "code", strings.Replace(code, code[:4], "AAAA", 1)).Fails(400, "login_code_incorrect")
	if got := s.browser(path+"/pair", "client_secret", secret, "code", code).OK(); got.String("status") != "paired" || got.Has("customer") {
		t.Errorf("paired, it is %s", got.AppendJSON(nil, 0))
	}
	m := s.browser(path+"/member", "client_secret", secret).OK()
	if m.String("email") != "jenny@example.com" || m.String("customer") != customer || m.Bool("paid") || m.Object("plan").String("name") != "Free" || m.Int("devices") != 1 {
		t.Errorf("the member is %s", m.AppendJSON(nil, 0))
	}
	other, otherSecret := s.install()
	s.browser(other+"/pair", "client_secret", otherSecret, "code", code).Fails(400, "login_code_incorrect") // it was used
	late := s.pageCode(t, token)
	s.Clock.Advance(11 * time.Minute)
	s.browser(other+"/pair", "client_secret", otherSecret, "code", late).Fails(400, "login_code_incorrect")
	out := s.pageCode(t, token)
	s.in(t, func(op *resource.Op, _ *object.Object) error {
		session, _, err := member.Session(op, token)
		if err != nil {
			return err
		}
		return member.SignOut(op, session)
	})
	s.browser(other+"/pair", "client_secret", otherSecret, "code", out).Fails(400, "login_code_incorrect")
}

func TestPairByMail(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.join(t, "jenny@example.com")
	path, secret := s.install()
	s.browser(path+"/login_codes", "client_secret", secret, "email", "nobody").Fails(400, "email_invalid")
	asked := s.browser(path+"/login_codes", "client_secret", secret, "email", " Jenny@Example.com ").OK()
	if asked.String("email") != "jenny@example.com" {
		t.Errorf("the code is %s", asked.AppendJSON(nil, 0))
	}
	code := s.mailed()
	other, otherSecret := s.install()
	s.browser(other+"/pair", "client_secret", otherSecret, "code", code).Fails(400, "login_code_incorrect") // another install did not ask
	s.browser(path+"/pair", "client_secret", secret, "code", wrong(code)).Fails(400, "login_code_incorrect")
	s.browser(path+"/pair", "client_secret", secret, "code", code[:3]+" "+code[3:]).OK() // as people type
	s.browser(path+"/pair", "client_secret", secret, "code", code).Fails(400, "login_code_incorrect")

	s.browser(path+"/login_codes", "client_secret", secret, "email", "jenny@example.com").OK()
	code = s.mailed()
	for range 5 {
		s.browser(path+"/pair", "client_secret", secret, "code", wrong(code)).Fails(400, "login_code_incorrect")
	}
	s.browser(path+"/pair", "client_secret", secret, "code", code).Fails(400, "login_code_incorrect") // after five tries the right one does not help

	s.browser(path+"/login_codes", "client_secret", secret, "email", "jenny@example.com").OK()
	code = s.mailed()
	s.Clock.Advance(10 * time.Minute)
	s.browser(path+"/pair", "client_secret", secret, "code", code).Fails(400, "login_code_incorrect")
}

// wrong is another code.
func wrong(code string) string {
	if code[0] == '9' {
		return "8" + code[1:]
	}
	return "9" + code[1:]
}

// TestStranger asks for a code for an address that nobody has: the answer is the same, and no code is mailed.
func TestStranger(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.join(t, "jenny@example.com")
	path, secret := s.install()
	known := s.browser(path+"/login_codes", "client_secret", secret, "email", "jenny@example.com").OK()
	unknown := s.browser(path+"/login_codes", "client_secret", secret, "email", "frank@example.com").OK()
	if fmt.Sprint(known.Keys()) != fmt.Sprint(unknown.Keys()) {
		t.Errorf("the answers differ: %v, %v", known.Keys(), unknown.Keys())
	}
	if code := s.mailed(); code != "" {
		t.Errorf("a code %s was mailed to who is no member", code)
	}
	for n := range 5 {
		a := s.browser(path+"/login_codes", "client_secret", secret, "email", "frank@example.com")
		if n < 4 {
			a.OK()
		} else {
			a.Fails(429, "login_code_rate_limit")
		}
	}
	s.Clock.Advance(61 * time.Minute)
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.browser(path+"/login_codes", "client_secret", secret, "email", "frank@example.com").OK()
}

// TestFirstCodeVerifies signs up with somebody else's address: their first code signs the stranger out.
func TestFirstCodeVerifies(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	_, token := s.join(t, "victim@example.com")
	theirs, theirSecret := s.pair(t, token)
	path, secret := s.install()
	s.browser(path+"/login_codes", "client_secret", secret, "email", "victim@example.com").OK()
	s.browser(path+"/pair", "client_secret", secret, "code", s.mailed()).OK()
	if m := s.browser(theirs+"/member", "client_secret", theirSecret).OK(); m.Get("email") != nil {
		t.Error("the stranger is still logged in")
	}
	s.in(t, func(op *resource.Op, _ *object.Object) error {
		if session, _, err := member.Session(op, token); session != nil || err != nil {
			t.Error("the stranger is still signed in to the pages")
		}
		return nil
	})
	if m := s.browser(path+"/member", "client_secret", secret).OK(); m.String("email") != "victim@example.com" {
		t.Errorf("the member is %s", m.AppendJSON(nil, 0))
	}
	// From now on others join without anybody being signed out.
	third, thirdSecret := s.install()
	s.browser(third+"/login_codes", "client_secret", thirdSecret, "email", "victim@example.com").OK()
	s.browser(third+"/pair", "client_secret", thirdSecret, "code", s.mailed()).OK()
	if m := s.browser(path+"/member", "client_secret", secret).OK(); m.Int("devices") != 2 {
		t.Errorf("the member is %s", m.AppendJSON(nil, 0))
	}
}

// TestDeviceLimit logs in with one device too many: the one that was used the longest ago is signed out.
func TestDeviceLimit(t *testing.T) {
	t.Parallel()
	s := newShop(t, "device_limit", "2")
	_, token := s.join(t, "jenny@example.com")
	first, firstSecret := s.pair(t, token)
	s.Clock.Advance(time.Hour)
	second, secondSecret := s.pair(t, token)
	s.Clock.Advance(2 * time.Hour)
	s.browser(first+"/member", "client_secret", firstSecret).OK() // used again
	third, thirdSecret := s.pair(t, token)
	for _, c := range []struct {
		path, secret string
		in           bool
	}{{first, firstSecret, true}, {second, secondSecret, false}, {third, thirdSecret, true}} {
		if m := s.browser(c.path+"/member", "client_secret", c.secret).OK(); (m.Get("email") != nil) != c.in {
			t.Errorf("%s: %s", c.path, m.AppendJSON(nil, 0))
		}
	}
	devices := s.browser(third+"/devices", "client_secret", thirdSecret).OK().Array("data")
	if len(devices) != 2 {
		t.Fatalf("there are %d devices", len(devices))
	}
	firstID := first[len("/v1/installs/"):]
	s.browser(second+"/revoke", "client_secret", secondSecret, "device", firstID).Fails(403, "install_not_paired")
	s.browser(third+"/revoke", "client_secret", thirdSecret, "device", firstID).OK()
	if m := s.browser(first+"/member", "client_secret", firstSecret).OK(); m.Get("email") != nil {
		t.Error("the first device is still logged in")
	}
	_, otherToken := s.join(t, "frank@example.com")
	foreign, foreignSecret := s.pair(t, otherToken)
	s.browser(foreign+"/revoke", "client_secret", foreignSecret, "device", third[len("/v1/installs/"):]).Fails(400, "resource_missing")
}

// TestPairByAddress opens the address that an install makes.
func TestPairByAddress(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	customer, _ := s.join(t, "jenny@example.com")
	path, secret := s.install()
	pairing := s.browser(path+"/pairing", "client_secret", secret, "page", "login").OK().Object("pairing")
	address := pairing.String("url")
	_, token, _ := strings.Cut(address, "?pair=")
	if !strings.Contains(address, "/e/"+s.ext+"/login?pair=") || len(pairing.String("number")) != 2 {
		t.Fatalf("the pairing is %s", pairing.AppendJSON(nil, 0))
	}
	find := func(op *resource.Op, ext *object.Object, token string, want bool) *member.Pairing {
		p, err := member.PairingOf(op, ext, token)
		if err != nil || (p != nil) != want {
			t.Errorf("the pairing of %q is %v, %v", token, p, err)
		}
		return p
	}
	s.in(t, func(op *resource.Op, ext *object.Object) error {
		find(op, ext, token+"x", false)
		find(op, ext, "", false)
		p := find(op, ext, token, true)
		if p.Number != pairing.String("number") {
			t.Errorf("the number is %s", p.Number)
		}
		c, err := op.Get("customer", customer, "")
		if err != nil {
			return err
		}
		return p.Pair(op, ext, c)
	})
	s.in(t, func(op *resource.Op, ext *object.Object) error { // it was used
		find(op, ext, token, false)
		return nil
	})
	if m := s.browser(path+"/member", "client_secret", secret).OK(); m.String("customer") != customer {
		t.Errorf("the member is %s", m.AppendJSON(nil, 0))
	}
}
