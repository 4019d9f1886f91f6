package checkout_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/checkout"
)

func find(text, expression string) string { return regexp.MustCompile(expression).FindString(text) }

// TestHostedLinks visits payment links: each visit begins a session of its own.
func TestHostedLinks(t *testing.T) {
	t.Parallel()
	const pot = "line_items[0][price]=POT&line_items[0][quantity]=1"
	for _, c := range []struct {
		name, form, query string
		status            int
		want              map[string]any // of the session
		parts             []string       // of its page, or of the one that says why there is none
	}{
		{"plain", pot, "", 303, map[string]any{"mode": "payment", "amount_total": 2000}, []string{">Pay $20.00</button>", "!data-testid=\"cancel\""}},
		{"a subscription", "line_items[0][price]=PRO&line_items[0][quantity]=1&subscription_data[trial_period_days]=7", "", 303, map[string]any{"mode": "subscription"}, []string{"7 days free, then $9.00 every month"}},
		{"who comes", pot, "?prefilled_email=jo%40example.com&client_reference_id=ref-1&locale=de", 303, map[string]any{"customer_email": "jo@example.com", "client_reference_id": "ref-1", "locale": "de"}, []string{`value="jo@example.com"`, `lang="de"`}},
		{"a code", pot + "&allow_promotion_codes=true", "?prefilled_promo_code=spring25", 303, map[string]any{"amount_total": 1500}, []string{"spring25"}},
		{"a code that is none", pot + "&allow_promotion_codes=true", "?prefilled_promo_code=nope", 303, map[string]any{"amount_total": 2000}, nil},
		{"an e-mail address that is none", pot, "?prefilled_email=jo&client_reference_id=ref-1", 303, map[string]any{"customer_email": nil, "client_reference_id": "ref-1"}, nil},
		{"a language that is none", pot, "?locale=%3Cscript%3E", 303, map[string]any{"locale": nil}, nil},
		{"more of it", pot + "&line_items[0][adjustable_quantity][enabled]=true", "", 303, nil, []string{`name="quantity-li_`}},
		{"inactive", pot + "&active=false", "", 410, nil, []string{"This link is not active any more", "Ask the seller for a new one"}},
		{"inactive, as the seller says it", pot + "&active=false&inactive_message=Sold <b>out</b>", "", 410, nil, []string{"Sold &lt;b&gt;out&lt;/b&gt;"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStall(t)
			s.stock()
			made, changed, inactive := strings.Cut(c.form, "&active=false")
			link := s.make("LINK", "/v1/payment_links", made)
			if inactive {
				s.Post("/v1/payment_links/"+link.ID(), s.fields("active=false"+changed)...).OK()
			}
			path := strings.TrimPrefix(link.String("url"), s.URL)
			if a := s.do(s.pages, http.MethodHead, path, nil); a.Code != 200 || len(s.Get("/v1/checkout/sessions").IDs()) != 0 {
				t.Errorf("HEAD: %d, and a session", a.Code)
			}
			a := s.get(path + c.query)
			if c.status != 303 {
				wantShown(t, a, c.status, c.parts...)
				return
			}
			to := a.Header().Get("Location")
			id, ok := strings.CutPrefix(to, "/c/pay/")
			if a.Code != 303 || !ok {
				t.Fatalf("%d to %q", a.Code, to)
			}
			wantFields(t, s.Get("/v1/checkout/sessions/"+id).OK(), c.want)
			wantShown(t, s.get(to), 200, c.parts...)
			if other := s.get(path).Header().Get("Location"); other == to {
				t.Error("another visitor gets the same session")
			}
			a = s.pay(to, "email=jo@example.com")
			wantLead(t, a, s.URL+to)
			wantShown(t, s.get(to), 200, "data-testid=\"became\"", "!data-testid=\"forward\"")
			wantFields(t, s.Get("/v1/checkout/sessions/"+id).OK(), map[string]any{"status": "complete"})
		})
	}
}

// TestHostedRecovers begins an expired session anew.
func TestHostedRecovers(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	o := s.session("after_expiration[recovery][enabled]=true")
	s.Post("/v1/checkout/sessions/" + o.ID() + "/expire").OK()
	again := s.again(o).Object("after_expiration").Object("recovery").String("url")
	wantShown(t, s.get("/c/pay/"+o.ID()), 200, "This checkout has expired", `href="`+again+`"`, "!<form", `href="https://shop.example/cart"`)
	path := strings.TrimPrefix(again, s.URL)
	to := s.get(path).Header().Get("Location")
	wantFields(t, s.Get("/v1/checkout/sessions/"+strings.TrimPrefix(to, "/c/pay/")).OK(), map[string]any{"recovered_from": o.ID(), "status": "open"})
	wantShown(t, s.get(to), 200, ">Pay $20.00</button>")
	s.Clock.Advance(31 * 24 * time.Hour)
	wantShown(t, s.get(path), 410, "This checkout has expired")
	wantShown(t, s.get("/c/pay/"+o.ID()), 200, "This checkout has expired", "!"+again, "Nothing was paid")
	plain := s.session("")
	s.Post("/v1/checkout/sessions/" + plain.ID() + "/expire").OK()
	wantShown(t, s.get("/c/pay/"+plain.ID()), 200, "Go back to the seller to begin anew", "!Begin anew")
}

// TestHostedNowhere asks for what is not there.
func TestHostedNowhere(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	o := s.session("")
	embedded := s.Post("/v1/checkout/sessions", s.fields("mode=payment&ui_mode=embedded_page&return_url=https://shop.example/back&line_items[0][price]=POT&line_items[0][quantity]=1")...).OK()
	other := servertest.New(t).Post("/v1/products", "name", "x").OK().ID()
	for _, c := range []struct {
		method, path string
		status       int
		text         string
	}{
		{"GET", "/c/pay/" + o.ID() + "x", 404, "There is no checkout here"},
		{"GET", "/c/pay/" + strings.Replace(o.ID(), "a1", "b1", 1), 404, "There is no checkout here"},
		{"GET", "/c/pay/" + other, 404, "There is no checkout here"},
		{"POST", "/c/pay/cs_none", 404, "There is no checkout here"},
		{"GET", "/c/pay/" + strings.Repeat("z", 300), 404, "There is no checkout here"},
		{"GET", "/c/pay/" + embedded.ID(), 404, "This checkout is part of the seller&#39;s own page"},
		{"POST", "/c/pay/" + embedded.ID(), 404, "This checkout is part of the seller&#39;s own page"},
		{"GET", "/c/pay/", 404, "There is no checkout here"},
		{"GET", "/c/", 404, "There is no checkout here"},
		{"GET", "/b/none", 404, "There is no checkout here"},
		{"GET", "/b/" + o.ID(), 404, "There is no checkout here"},
		{"POST", "/b/none", 404, "There is no checkout here"},
		{"GET", "/r/none", 410, "This checkout has expired"},
		{"GET", "/r/" + o.ID(), 410, "This checkout has expired"},
		{"DELETE", "/c/pay/" + o.ID(), 405, "This page cannot do that"},
	} {
		var form map[string][]string
		if c.method == "POST" {
			form = map[string][]string{"number": {visa}, "expiry": {"1234"}, "cvc": {"123"}}
		}
		text := wantShown(t, s.do(s.pages, c.method, c.path, form), c.status, c.text)
		if !strings.Contains(text, "<h1>") {
			t.Errorf("%s %s has no heading", c.method, c.path)
		}
	}
}

// TestHostedLeadsOn has addresses that a form may lead to, and that it may not.
func TestHostedLeadsOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ url, policy, to, link string }{
		{"https://shop.example:8443/done?a=b", "form-action 'self' https://shop.example:8443;", "https://shop.example:8443/done?a=b", "Go on to shop.example:8443"},
		{"shopapp://paid/{CHECKOUT_SESSION_ID}", "form-action 'self' shopapp:;", "shopapp://paid/SESSION", ">Go on</a>"},
		{"javascript://shop.example/%0aalert(1)", "form-action 'self';", "SELF", ""},
		{"https://a;script-src *.b/done", "form-action 'self' https:;", "https://a;script-src *.b/done", ""},
	} {
		s := newStall(t)
		answer := s.Post("/v1/checkout/sessions", "mode", "payment", "success_url", c.url, "line_items[0][price]", s.names["POT"], "line_items[0][quantity]", "1")
		if answer.Status != 200 { // the API does not take it at all
			continue
		}
		o := answer.OK()
		page := s.get(s.path(o))
		if got := page.Header().Get("Content-Security-Policy"); !strings.Contains(got, c.policy) {
			t.Errorf("%s: the policy is %q", c.url, got)
		}
		to := strings.Replace(c.to, "SESSION", o.ID(), 1)
		if to == "SELF" {
			to = o.String("url")
		}
		wantLead(t, s.pay(s.path(o), ""), to)
		wantShown(t, s.get(s.path(o)), 200, c.link, "!javascript:")
	}
}

// TestHostedAssets keeps styles and scripts for ever.
func TestHostedAssets(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	page := s.get(s.path(s.session(""))).Body.String()
	for _, expression := range []string{`/c/static/[0-9a-f]+\.css`, `/c/static/[0-9a-f]+\.js`} {
		path := find(page, expression)
		a := s.get(path)
		if a.Code != 200 || a.Body.Len() == 0 || !strings.Contains(a.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %v", path, a.Code, a.Header())
		}
	}
}

// TestHostedConnected sells for a connected account, whose customers see its name.
func TestHostedConnected(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	seller := s.Post("/v1/accounts", "type", "custom", "country", "US", "capabilities[card_payments][requested]", "true", "capabilities[transfers][requested]", "true", "business_type", "individual", "business_profile[name]", "Potter", "business_profile[mcc]", "5734",
		"business_profile[url]", "https://example.com", "tos_acceptance[date]", "1788264000", "tos_acceptance[ip]", "127.0.0.1", "external_account", "btok_us_verified", "individual[first_name]", "Jenny", "individual[last_name]", "Rosen", "individual[email]", "jenny@example.com",
		"individual[phone]", "+15555550100", "individual[dob][day]", "1", "individual[dob][month]", "1", "individual[dob][year]", "1901", "individual[ssn_last_4]", "0000", "individual[address][line1]", "address_full_match", "individual[address][city]", "Columbus",
		"individual[address][state]", "OH", "individual[address][postal_code]", "43214").OK().ID()
	as := func(method, path string, form ...string) *object.Object {
		return s.Do(servertest.Request{Method: method, Path: path, Form: form, Header: http.Header{"Stripe-Account": {seller}}}).OK()
	}
	o := as("POST", "/v1/checkout/sessions", "mode", "payment", "success_url", success, "line_items[0][price_data][currency]", "usd", "line_items[0][price_data][unit_amount]", "2000", "line_items[0][price_data][product_data][name]", "Pot", "line_items[0][quantity]", "1")
	wantShown(t, s.get(s.path(o)), 200, "<h1>Pay Potter</h1>")
	wantLead(t, s.pay(s.path(o), ""), done(o))
	wantFields(t, as("GET", "/v1/checkout/sessions/"+o.ID()), map[string]any{"payment_status": "paid"})
}

var _ http.Handler = (*checkout.Hosted)(nil)

// TestHostedLive takes no card where money is real, and what costs nothing all the same.
func TestHostedLive(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	s.Key = s.Account.LiveSecret.Secret
	price := s.Post("/v1/prices", "currency", "usd", "unit_amount", "2000", "product_data[name]", "Pot").OK().ID()
	s.names["POT"] = price
	paid := s.session("")
	page := wantShown(t, s.get(s.path(paid)), 200, "Payments are not taken here yet", "!TEST", `!name="number"`, `!data-testid="pay"`)
	form := s.filled(page, "number="+visa+"&expiry=12/34&cvc=123&email=jenny@example.com")
	wantShown(t, s.post(s.path(paid), form), 422, "Payments are not taken here yet")
	wantFields(t, s.again(paid), map[string]any{"status": "open"})
	s.make("FREE", "/v1/coupons", "percent_off=100")
	free := s.session("discounts[0][coupon]=FREE")
	wantLead(t, s.pay(s.path(free), ""), done(free))
}

// TestHostedPictures shows what is sold, from where a page may show it.
func TestHostedPictures(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	for picture, shown := range map[string]bool{"https://shop.example/pot.png": true, "http://shop.example/pot.png": false} {
		product := s.Post("/v1/products", "name", "Pot", "description", "Holds a litre", "images[]", picture, "default_price_data[currency]", "usd", "default_price_data[unit_amount]", "2000").OK()
		s.names["PICTURED"] = product.Ref("default_price")
		page := wantShown(t, s.get(s.path(s.session("line_items[0][price]=PICTURED&line_items[0][quantity]=1"))), 200, "Holds a litre")
		if got := strings.Contains(page, `<img src="`+picture+`" alt=""`); got != shown || strings.Contains(page, "<img") != shown {
			t.Errorf("%s is shown: %v", picture, got)
		}
	}
}
