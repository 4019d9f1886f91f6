package member_test

import (
	netmail "net/mail"
	"testing"

	"sharesmart/internal/mail"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// shop is an extension with a free plan and a paid one that unlocks short links.
type shop struct {
	*servertest.Server
	desk                   *member.Desk
	ext, free, month, year string
	pk                     string
}

func newShop(t *testing.T, form ...string) *shop {
	t.Helper()
	m := mail.New(mail.Options{From: netmail.Address{Address: "no-reply@shop.example"}})
	s := &shop{Server: servertest.New(t, servertest.Mail(m)), desk: &member.Desk{Mail: m}}
	free := s.Post("/v1/products", "name", "Free").OK().ID()
	pro := s.Post("/v1/products", "name", "Pro").OK().ID()
	s.free = s.Post("/v1/prices", "product", free, "currency", "usd", "unit_amount", "0", "recurring[interval]", "month").OK().ID()
	s.month = s.Post("/v1/prices", "product", pro, "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "nickname", "monthly").OK().ID()
	s.year = s.Post("/v1/prices", "product", pro, "currency", "usd", "unit_amount", "4800", "recurring[interval]", "year", "nickname", "yearly").OK().ID()
	for _, key := range []string{"short_links", "history"} {
		feature := s.Post("/v1/entitlements/features", "name", key, "lookup_key", key).OK().ID()
		s.Post("/v1/products/"+pro+"/features", "entitlement_feature", feature).OK()
	}
	s.ext = s.Post("/v1/extensions", append([]string{"name", "Clipper", "free_price", s.free, "prices[]", s.month, "prices[]", s.year}, form...)...).OK().ID()
	s.pk = s.Account.TestPublishable.Secret
	return s
}

// browser posts as an install does: with the publishable key, and its own secret.
func (s *shop) browser(path string, form ...string) *servertest.Answer {
	return s.Do(servertest.Request{Method: "POST", Path: path, Key: s.pk, Form: form, Unchecked: true})
}

// install registers one and returns its path and its secret.
func (s *shop) install() (path, secret string) {
	ins := s.browser("/v1/installs", "extension", s.ext, "browser", "Chromium", "platform", "Linux").OK()
	return "/v1/installs/" + ins.ID(), ins.String("client_secret")
}

func TestExtension(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	e := s.Get("/v1/extensions/" + s.ext).OK()
	if len(e.Array("keys")) != 2 || e.Int("device_limit") != 5 || e.Int("grace_period_days") != 14 || !e.Bool("active") {
		t.Errorf("a new extension is %s", e.AppendJSON(nil, 0))
	}
	prices := s.Get("/v1/extensions/" + s.ext + "/prices").OK().Array("data")
	if len(prices) != 3 || prices[0].(*object.Object).ID() != s.free || prices[1].(*object.Object).Object("product").String("name") != "Pro" {
		t.Errorf("the prices are %v", prices)
	}
	once := s.Post("/v1/prices", "product_data[name]", "Once", "currency", "usd", "unit_amount", "900").OK().ID()
	for _, c := range []struct {
		form   []string
		status int
		param  string
	}{
		{[]string{"name", "x", "prices[]", once}, 400, "prices[0]"},
		{[]string{"name", "x", "prices[]", "price_none"}, 400, "prices[0]"},
		{[]string{"name", "x", "free_price", s.month}, 400, "free_price"},
		{[]string{"name", "x", "device_limit", "0"}, 400, "device_limit"},
		{[]string{"name", "x", "grace_period_days", "400"}, 400, "grace_period_days"},
		{[]string{"free_price", s.free}, 400, "name"},
	} {
		a := s.Post("/v1/extensions", c.form...)
		if got := a.Object.Object("error").String("param"); a.Status != c.status || got != c.param {
			t.Errorf("%v: %d %q, want %d %q: %s", c.form, a.Status, got, c.status, c.param, a.Body)
		}
	}
}

// needs are the parameters without which an install's calls are refused before anything is looked up.
var needs = map[string][]string{
	"/login_codes": {"email", "jenny@example.com"}, "/pair": {"code", "123456"}, "/shares": {"items[0][url]", "https://example.com"}, "/shares/delete": {"share", "share_x"},
}

func TestInstallProvesItself(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	path, secret := s.install()
	if got := s.browser(path+"/member", "client_secret", secret).OK(); got.Get("email") != nil || got.Get("plan") != nil {
		t.Errorf("nobody is logged in: %s", got.AppendJSON(nil, 0))
	}
	other, _ := s.install()
	for _, call := range []string{"/member", "/pairing", "/devices", "/revoke", "/pair", "/login_codes", "/shares/list", "/shares/delete", "/shares", ""} {
		for _, wrong := range []string{"", "x", secret + "x"} {
			a := s.browser(path+call, append([]string{"client_secret", wrong}, needs[call]...)...)
			if a.Status != 404 {
				t.Errorf("%s with the secret %q: %d %s", call, wrong, a.Status, a.Body)
			}
		}
	}
	s.browser(other+"/member", "client_secret", secret).Fails(404, "resource_missing")
	s.browser(path+"/member", "client_secret", "").Fails(404, "resource_missing")
	if shown := s.Get(path).OK(); shown.Has("client_secret") {
		t.Error("the secret is shown again")
	}
	s.Do(servertest.Request{Path: path, Key: s.pk}).Fails(403, "secret_key_required")
	s.Do(servertest.Request{Path: "/v1/installs", Key: s.pk}).Fails(403, "secret_key_required")
}
