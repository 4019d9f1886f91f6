package member_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// claimsOf checks the signature of a token with the extension's key, as an install does, and reads it; nil if it does not
// count.
func (s *shop) claimsOf(t *testing.T, alg, token string) *object.Object {
	t.Helper()
	parts := strings.Split(token, ".")
	decode := base64.RawURLEncoding.DecodeString
	for _, v := range s.Get("/v1/extensions/" + s.ext).OK().Array("keys") {
		key := v.(*object.Object)
		if key.String("alg") != alg {
			continue
		}
		x, _ := decode(key.String("x"))
		y, _ := decode(key.String("y"))
		sig, err := decode(parts[2])
		if err != nil || len(sig) != 64 {
			return nil
		}
		text, good := []byte(parts[0]+"."+parts[1]), false
		if alg == "EdDSA" {
			good = ed25519.Verify(x, text, sig)
		} else {
			sum := sha256.Sum256(text)
			public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
			if err != nil {
				t.Fatal(err)
			}
			good = ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
		}
		if !good {
			return nil
		}
		body, err := decode(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		claims, err := object.Parse(body, nil)
		if err != nil {
			t.Fatal(err)
		}
		return claims
	}
	t.Fatalf("there is no key for %s", alg)
	return nil
}

// member is what an install is told.
func (s *shop) member(path, secret string) *object.Object {
	return s.browser(path+"/member", "client_secret", secret).OK()
}

func TestToken(t *testing.T) {
	t.Parallel()
	s := newShop(t, "grace_period_days", "10")
	_, token := s.join(t, "jenny@example.com")
	path, secret := s.pair(t, token)
	tokens := s.member(path, secret).Object("tokens")
	now := servertest.Start.Unix()
	for _, alg := range []string{"EdDSA", "ES256"} {
		text := tokens.String(alg)
		c := s.claimsOf(t, alg, text)
		if c == nil {
			t.Fatalf("%s: the signature is not right", alg)
		}
		if c.String("aud") != s.ext || c.String("iss") != s.URL || path != "/v1/installs/"+c.String("ins") || c.Int("iat") != now || c.Int("exp") != now+10*86400 || c.Bool("paid") {
			t.Errorf("%s: the claims are %s", alg, c.AppendJSON(nil, 0))
		}
		body, _ := base64.RawURLEncoding.DecodeString(strings.Split(text, ".")[1])
		forged := strings.Replace(string(body), `"paid":false`, `"paid":true`, 1)
		if forged == string(body) {
			forged = strings.Replace(string(body), `"paid": false`, `"paid": true`, 1)
		}
		parts := strings.Split(text, ".")
		parts[1] = base64.RawURLEncoding.EncodeToString([]byte(forged))
		if s.claimsOf(t, alg, strings.Join(parts, ".")) != nil || forged == string(body) {
			t.Errorf("%s: a token that was tampered with counts", alg)
		}
	}
}

// TestStanding takes a member through the life of a plan.
func TestStanding(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	customer, token := s.join(t, "jenny@example.com")
	path, secret := s.pair(t, token)
	is := func(when, plan, status string, paid bool, features ...string) *object.Object {
		t.Helper()
		m := s.member(path, secret)
		if m.Object("plan").String("name") != plan || m.String("status") != status || m.Bool("paid") != paid || fmt.Sprint(m.Array("features")) != fmt.Sprint(features) {
			t.Errorf("%s: the member is %s", when, m.AppendJSON(nil, 0))
		}
		return m
	}
	is("at first", "Free", "active", false)
	good := s.Post("/v1/payment_methods/pm_card_visa/attach", "customer", customer).OK().ID()
	s.Post("/v1/customers/"+customer, "invoice_settings[default_payment_method]", good).OK()
	sub := s.Post("/v1/subscriptions", "customer", customer, "items[0][price]", s.month).OK().ID()
	is("with Pro", "Pro", "active", true, "history", "short_links")
	if open := s.Get("/v1/subscriptions", "customer", customer).IDs(); len(open) != 1 || open[0] != sub {
		t.Errorf("the free subscription goes on: %v", open)
	}
	s.Post("/v1/subscriptions/"+sub, "cancel_at_period_end", "true").OK()
	m := is("canceled", "Pro", "active", true, "history", "short_links")
	if m.Int("cancel_at") == 0 {
		t.Error("it does not say when the plan ends")
	}
	exp := s.claimsOf(t, "EdDSA", m.Object("tokens").String("EdDSA")).Int("exp")
	s.Clock.Advance(20 * 24 * time.Hour)
	if later := s.claimsOf(t, "EdDSA", s.member(path, secret).Object("tokens").String("EdDSA")).Int("exp"); exp > m.Int("cancel_at") || later != m.Int("cancel_at") {
		t.Errorf("tokens count until %d and %d, the plan ends at %d", exp, later, m.Int("cancel_at"))
	}
	s.Post("/v1/subscriptions/"+sub, "cancel_at_period_end", "false").OK()

	bad := s.Post("/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer", customer).OK().ID()
	s.Post("/v1/customers/"+customer, "invoice_settings[default_payment_method]", bad).OK()
	s.Clock.Advance(12 * 24 * time.Hour)
	s.run(t)
	if m := is("late", "Pro", "past_due", true, "history", "short_links"); !m.Bool("past_due") {
		t.Error("it does not say that a payment failed")
	}
	for range 30 {
		s.Clock.Advance(24 * time.Hour)
		s.run(t)
	}
	is("after all tries", "Free", "", false)
}

func (s *shop) run(t *testing.T) {
	t.Helper()
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestGrant(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	customer, token := s.join(t, "friend@example.com")
	path, secret := s.pair(t, token)
	ends := fmt.Sprint(servertest.Start.Add(40 * 24 * time.Hour).Unix())
	g := s.Post("/v1/grants", "extension", s.ext, "email", "Friend@example.com", "expires_at", ends, "reason", "reviews us").OK()
	if g.Ref("customer") != customer || g.Ref("price") != s.month || g.Get("revoked_at") != nil {
		t.Errorf("the grant is %s", g.AppendJSON(nil, 0))
	}
	if m := s.member(path, secret); !m.Bool("paid") || fmt.Sprint(m.Int("cancel_at")) != ends {
		t.Errorf("granted, the member is %s", m.AppendJSON(nil, 0))
	}
	for _, in := range s.Get("/v1/invoices", "customer", customer).OK().Array("data") {
		if in.(*object.Object).Int("amount_due") != 0 {
			t.Error("a grant costs something")
		}
	}
	for range 45 {
		s.Clock.Advance(24 * time.Hour)
		s.run(t)
	}
	if m := s.member(path, secret); m.Bool("paid") {
		t.Error("the grant does not end")
	}
	again := s.Post("/v1/grants", "extension", s.ext, "customer", customer, "price", s.year).OK()
	if m := s.member(path, secret); !m.Bool("paid") {
		t.Error("the second grant does not count")
	}
	s.Post("/v1/grants/" + again.ID() + "/revoke").OK()
	if m := s.member(path, secret); m.Bool("paid") {
		t.Error("a grant that was taken back still counts")
	}
	s.Post("/v1/grants/"+again.ID()+"/revoke").Fails(400, "")
	if made := s.Post("/v1/grants", "extension", s.ext, "email", "new@example.com").OK(); s.Get("/v1/customers/"+made.Ref("customer")).OK().String("email") != "new@example.com" {
		t.Error("no customer was made")
	}
	for _, c := range []struct {
		form  []string
		param string
	}{
		{[]string{"extension", s.ext}, "email"},
		{[]string{"extension", s.ext, "email", "a@example.com", "customer", customer}, "customer"},
		{[]string{"extension", s.ext, "email", "a"}, "email"},
		{[]string{"extension", s.ext, "email", "a@example.com", "price", s.free}, "price"},
		{[]string{"extension", s.ext, "email", "a@example.com", "expires_at", "5"}, "expires_at"},
	} {
		a := s.Post("/v1/grants", c.form...)
		if a.Status != 400 || a.Object.Object("error").String("param") != c.param {
			t.Errorf("%v: %d %s", c.form, a.Status, a.Body)
		}
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	customer, token := s.join(t, "jenny@example.com")
	path, secret := s.pair(t, token)
	one := []string{"client_secret", secret, "items[0][url]", "https://example.com/a?b=c", "items[0][title]", "A <b>page</b>"}
	s.browser(path+"/shares", one...).Fails(403, "feature_not_entitled")
	s.Post("/v1/grants", "extension", s.ext, "customer", customer).OK()
	share := s.browser(path+"/shares", one...).OK()
	if share.String("type") != "link" || !strings.HasPrefix(share.String("url"), s.URL+"/s/") || share.Int("clicks") != 0 || share.Has("customer") {
		t.Errorf("the share is %s", share.AppendJSON(nil, 0))
	}
	s.browser(path+"/shares", append(one, "items[1][url]", "https://example.com/2")...).Fails(403, "feature_not_entitled") // the plan has no collections
	for _, bad := range []string{"javascript:alert(1)", "data:text/html,x", "ftp://example.com", "//example.com", "https://user:pass@example.com/", "https://", "x", share.String("url")} {
		s.browser(path+"/shares", "client_secret", secret, "items[0][url]", bad).Fails(400, "url_invalid")
	}
	list := s.browser(path+"/shares/list", "client_secret", secret).OK().Array("data")
	if len(list) != 1 || list[0].(*object.Object).ID() != share.ID() {
		t.Errorf("the list is %v", list)
	}
	_, foreign := s.join(t, "frank@example.com")
	other, otherSecret := s.pair(t, foreign)
	s.browser(other+"/shares/delete", "client_secret", otherSecret, "share", share.ID()).Fails(400, "resource_missing")
	s.browser(path+"/shares/delete", "client_secret", secret, "share", share.ID()).OK()
	s.Get("/v1/shares/"+share.ID()).Fails(404, "resource_missing")
}
