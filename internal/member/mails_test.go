package member_test

import (
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// last is the newest message.
func (s *shop) last() *object.Object {
	mails := s.Get("/v1/mails", "limit", "1").OK().Array("data")
	if len(mails) == 0 {
		return nil
	}
	return mails[0].(*object.Object)
}

// as runs an operation of the site on the extension.
func (s *shop) as(t *testing.T, do func(op *resource.Op, ext *object.Object) error) {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
		ext, err := op.Find("extension", s.ext)
		op.Object = ext
		if err != nil {
			return err
		}
		return do(op, ext)
	}); err != nil {
		t.Fatal(err)
	}
}

// Whoever asks for a code gets one by mail if they are a member, and is told how to become one if not.
func TestCodeIsMailed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	path, secret := s.install()
	ask := func(email string) *object.Object {
		t.Helper()
		s.browser(path+"/login_codes", "client_secret", secret, "email", email).OK()
		return s.last()
	}
	m := ask("jenny@example.com")
	if m.String("kind") != "sign_in_code" || m.String("to") != "jenny@example.com" || !strings.Contains(m.String("text"), "/pricing") || regexp.MustCompile(`\b\d{6}\b`).MatchString(m.String("text")) {
		t.Fatalf("a stranger is told:\n%s", m.String("text"))
	}
	s.as(t, func(op *resource.Op, ext *object.Object) error {
		_, err := member.SignUp(op, ext, member.NewMember{Email: "jenny@example.com", Locale: "de"})
		return err
	})
	m = ask("Jenny@Example.com")
	text := m.String("text")
	digits := regexp.MustCompile(`(?m)^ +(\d{6})$`).FindStringSubmatch(text)
	if m.String("subject") != "Anmelden bei Clipper" || digits == nil || !strings.Contains(text, "/login/link?token=") {
		t.Fatalf("a member is told %q:\n%s", m.String("subject"), text)
	}
	s.browser(path+"/pair", "client_secret", secret, "code", digits[1]).OK()
	if got := s.browser(path+"/member", "client_secret", secret).OK().String("email"); got != "jenny@example.com" {
		t.Errorf("the digits log %q in", got)
	}
}

func TestWelcomeIsMailed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.as(t, func(op *resource.Op, ext *object.Object) error {
		customer, err := member.SignUp(op, ext, member.NewMember{Email: "jenny@example.com"})
		if err != nil {
			return err
		}
		return s.desk.Greet(op, ext, customer)
	})
	s.as(t, func(op *resource.Op, _ *object.Object) error {
		found, err := op.Lookup("customer", "email", "jenny@example.com")
		if err != nil {
			return err
		}
		all, err := member.Export(op, found[0])
		if n := len(all.Array("mail")); n != 1 {
			t.Errorf("%d messages are exported, want 1", n)
		}
		return err
	})
	if m := s.last(); m.String("subject") != "Welcome to Clipper" || !strings.Contains(m.String("text"), "/download") {
		t.Errorf("it says %q:\n%s", m.String("subject"), m.String("text"))
	}
	s.as(t, func(op *resource.Op, _ *object.Object) error {
		found, err := op.Lookup("customer", "email", "jenny@example.com")
		if err != nil {
			return err
		}
		return member.Delete(op, found[0])
	})
	if s.last() != nil {
		t.Error("what was written to a member stays when they are gone")
	}
}
