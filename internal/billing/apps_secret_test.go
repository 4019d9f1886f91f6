package billing_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

func TestAppsSecret(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const path = "/v1/apps/secrets"
	account, jo := "name=token scope[type]=account", "name=token scope[type]=user scope[user]=usr_jo"
	made := s.Post(path, form(account+" payload=one")...).OK()
	wantFields(t, made, map[string]any{"object": "apps.secret", "name": "token", "payload": nil, "scope.type": "account", "expires_at": nil, "livemode": false})
	if made.Has("payload") && made.Get("payload") != nil || !strings.HasPrefix(made.ID(), "appsecret_") {
		t.Errorf("the secret is %s with payload %v", made.ID(), made.Get("payload"))
	}
	his := s.Post(path, form(jo+" payload=two")...).OK()
	again := s.Post(path, form(account+" payload=three expand[]=payload expires_at="+in(s, time.Hour))...).OK()
	wantFields(t, again, map[string]any{"id": made.ID(), "payload": "three", "expires_at": int(s.Clock.Now().Unix()) + 3600})

	for _, c := range []struct{ find, id, payload string }{{account, made.ID(), "three"}, {jo, his.ID(), "two"}} {
		wantFields(t, s.Get(path+"/find", form(c.find+" expand[]=payload")...).OK(), map[string]any{"id": c.id, "payload": c.payload})
		if plain := s.Get(path+"/find", form(c.find)...).OK(); plain.Get("payload") != nil {
			t.Errorf("%s shows its payload unasked", c.id)
		}
	}
	for scope, want := range map[string]string{"scope[type]=account": made.ID(), "scope[type]=user scope[user]=usr_jo": his.ID(), "scope[type]=user scope[user]=usr_al": ""} {
		if got := strings.Join(s.Get(path, form(scope)...).IDs(), " "); got != want {
			t.Errorf("%s holds %q, want %q", scope, got, want)
		}
	}
	s.Get(path+"/find", form("name=token scope[type]=user scope[user]=usr_al")...).Fails(404, "resource_missing")
	s.Get(path+"/find", form("name=other scope[type]=account")...).Fails(404, "resource_missing")

	wantFields(t, s.Post(path+"/delete", form(jo)...).OK(), map[string]any{"id": his.ID(), "deleted": true, "name": "token"})
	s.Get(path+"/find", form(jo)...).Fails(404, "resource_missing")
	s.Post(path+"/delete", form(jo)...).Fails(404, "resource_missing")
	later(t, s, time.Hour)
	s.Get(path+"/find", form(account)...).Fails(404, "resource_missing")

	s.Post(path, form(account+" payload=x expires_at="+in(s, time.Hour))...).OK()
	s.Post(path, form(account+" payload=y")...).OK()
	later(t, s, 2*time.Hour)
	wantFields(t, s.Get(path+"/find", form(account+" expand[]=payload")...).OK(), map[string]any{"payload": "y", "expires_at": nil})

	for i := range 9 {
		s.Post(path, form(fmt.Sprintf("name=n%d scope[type]=account payload=x", i))...).OK()
	}
	refuse(t, s, []refusal{
		{"an eleventh", path, "name=n10 scope[type]=account payload=x", "", "", "at most 10"},
		{"whose?", path, "name=a scope[type]=user payload=x", "parameter_missing", "scope[user]", "Missing"},
		{"nobody's", path, "name=a scope[type]=account scope[user]=usr_1 payload=x", "", "scope[user]", "only"},
		{"over already", path, account + " payload=x expires_at=1", "", "expires_at", "future"},
		{"no payload", path, account, "parameter_missing", "payload", "payload"},
	})
	s.Post(path, form(account+" payload=z")...).OK() // replacing needs no room
}

func TestApplePayDomain(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const path = "/v1/apple_pay/domains"
	made := s.Post(path, "domain_name", "Shop.example.com").OK()
	wantFields(t, made, map[string]any{"object": "apple_pay_domain", "domain_name": "shop.example.com", "livemode": false})
	wantFields(t, s.Post(path, "domain_name", "shop.example.com").OK(), map[string]any{"id": made.ID()})
	other := s.Post(path, "domain_name", "example.org").OK().ID()
	for query, want := range map[string]int{"": 2, "domain_name=example.org": 1, "domain_name=none.example": 0} {
		if got := s.Get(path, form(query)...).IDs(); len(got) != want {
			t.Errorf("%q lists %v, want %d", query, got, want)
		}
	}
	wantFields(t, s.Delete(path+"/"+other).OK(), map[string]any{"id": other, "deleted": true})
	s.Get(path+"/"+other).Fails(404, "resource_missing")
	s.Post(path, "domain_name", "example.org").OK()
	for name, domain := range map[string]string{"an address": "https://example.com", "a path": "example.com/x", "one label": "localhost", "an ip": "192.0.2.1", "a space": "ex ample.com", "a hyphen at the end": "a-.example.com"} {
		t.Run(name, func(t *testing.T) {
			wantFields(t, s.Post(path, "domain_name", domain).Fails(400, ""), map[string]any{"param": "domain_name"})
		})
	}
}
