package portal_test

import (
	"bytes"
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/mail"
	"sharesmart/internal/member"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/portal"
)

const (
	visa     = "4242424242424242"
	noMoney  = "4000000000009995"
	wants3DS = "4000002500003155"
)

// shop is a server with the pages, and a customer who has a subscription. Ids stand for names in capitals.
type shop struct {
	*servertest.Server
	t     *testing.T
	pages *portal.Pages
	log   bytes.Buffer
	names map[string]string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	m := mail.New(mail.Options{})
	s := &shop{Server: servertest.New(t, servertest.Mail(m)), t: t, names: map[string]string{}}
	s.pages = portal.New(portal.Options{
		Engine: s.Engine, Log: slog.New(slog.NewTextHandler(&s.log, nil)), Clock: s.Clock, Desk: &member.Desk{Mail: m}, Place: billing.PlaceOf, Open: billing.OpenPortal, Return: billing.PortalReturn, Login: billing.PortalLogin, Seller: billing.PortalSeller,
		Plan: billing.PlanAtPeriodEnd, DropPlan: billing.DropPlan, TaxID: billing.CustomerTaxID,
	})
	s.make("PRO", "/v1/prices", "currency=usd&unit_amount=1000&recurring[interval]=month&product_data[name]=Pro")
	s.make("TEAM", "/v1/prices", "currency=usd&unit_amount=3000&recurring[interval]=month&product_data[name]=Team")
	s.make("BASIC", "/v1/prices", "currency=usd&unit_amount=500&recurring[interval]=month&product_data[name]=Basic")
	s.make("EURO", "/v1/prices", "currency=eur&unit_amount=500&recurring[interval]=month&product_data[name]=Euro")
	for _, name := range []string{"PRO", "TEAM", "BASIC", "EURO"} {
		s.names[name+"S"] = s.Get("/v1/prices/" + s.names[name]).OK().String("product")
	}
	s.make("CUSTOMER", "/v1/customers", "email=jenny@example.com&name=Jenny Rosen")
	s.make("OTHER", "/v1/customers", "email=other@example.com")
	s.make("CARD", "/v1/payment_methods/pm_card_visa/attach", "customer=CUSTOMER")
	s.make("SPARE", "/v1/payment_methods/pm_card_mastercard/attach", "customer=CUSTOMER")
	s.make("THEIRS", "/v1/payment_methods/pm_card_visa/attach", "customer=OTHER")
	s.make("COUPON", "/v1/coupons", "percent_off=25&duration=once")
	t.Cleanup(func() {
		problems, err := s.Engine.Verify(context.WithoutCancel(t.Context()))
		if err != nil || len(problems) > 0 {
			t.Errorf("the books: %v, %v", problems, err)
		}
		if s.log.Len() > 0 {
			t.Errorf("the log: %s", &s.log)
		}
	})
	return s
}

// fields are those of a query that is not encoded, with the ids of what is named.
func (s *shop) fields(text string) []string {
	var out []string
	for pair := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name != "" {
			out = append(out, name, s.id(value))
		}
	}
	return out
}

// id is the id of what is named, or the text itself.
func (s *shop) id(name string) string {
	if id := s.names[name]; id != "" {
		return id
	}
	return name
}

func (s *shop) make(name, path, form string) *object.Object {
	s.t.Helper()
	made := s.Post(s.path(path), s.fields(form)...).OK()
	s.names[name] = made.ID()
	return made
}

// path puts ids into a path.
func (s *shop) path(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = s.id(part)
	}
	return strings.Join(parts, "/")
}

// subscribe makes the customer's subscription.
func (s *shop) subscribe(form string) *object.Object {
	s.t.Helper()
	if !strings.Contains(form, "customer=") {
		form += "&customer=CUSTOMER"
	}
	return s.make("SUB", "/v1/subscriptions", "items[0][price]=PRO&default_payment_method=CARD&"+form)
}

// What configurations allow: what is named by itself, and all of it.
const (
	mayCancel  = "features[subscription_cancel][enabled]=true"
	mayPay     = "features[payment_method_update][enabled]=true"
	mayRead    = "features[invoice_history][enabled]=true"
	mayEdit    = "features[customer_update][enabled]=true&features[customer_update][allowed_updates][0]=email&features[customer_update][allowed_updates][1]=name&features[customer_update][allowed_updates][2]=address&features[customer_update][allowed_updates][3]=shipping&features[customer_update][allowed_updates][4]=phone&features[customer_update][allowed_updates][5]=tax_id"
	mayChange  = updates + "[enabled]=true&" + updates + "[default_allowed_updates][0]=price&" + updates + "[default_allowed_updates][1]=quantity&" + updates + "[default_allowed_updates][2]=promotion_code&" + products
	updates    = "features[subscription_update]"
	products   = updates + "[products][0][product]=PROS&" + updates + "[products][0][prices][0]=PRO&" + updates + "[products][0][adjustable_quantity][enabled]=true&" + updates + "[products][0][adjustable_quantity][maximum]=5&" + updates + "[products][1][product]=TEAMS&" + updates + "[products][1][prices][0]=TEAM&" + updates + "[products][2][product]=BASICS&" + updates + "[products][2][prices][0]=BASIC&" + updates + "[products][3][product]=EUROS&" + updates + "[products][3][prices][0]=EURO"
	everything = mayCancel + "&" + mayPay + "&" + mayRead + "&" + mayEdit + "&" + mayChange
	back       = "return_url=https://shop.example/account"
)

// open makes a configuration and a session of the customer's, and says where its page is.
func (s *shop) open(features, session string) string {
	s.t.Helper()
	s.make("PORTAL", "/v1/billing_portal/configurations", features)
	return s.enter(session)
}

// enter makes another session.
func (s *shop) enter(form string) string {
	s.t.Helper()
	made := s.Post("/v1/billing_portal/sessions", s.fields("customer=CUSTOMER&configuration=PORTAL&"+back+"&"+form)...).OK()
	path, ours := strings.CutPrefix(made.String("url"), s.URL)
	if !ours {
		s.t.Fatalf("the session is at %s", made.String("url"))
	}
	return path
}

func (s *shop) do(method, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(s.t.Context(), method, s.path(path), strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, r)
	return w
}

func (s *shop) get(path string, header ...string) *httptest.ResponseRecorder {
	return s.do(http.MethodGet, path, nil, header...)
}

func (s *shop) post(path, form string) *httptest.ResponseRecorder {
	sent := url.Values{}
	for pairs := s.fields(form); len(pairs) > 1; pairs = pairs[2:] {
		sent.Set(pairs[0], pairs[1])
	}
	return s.do(http.MethodPost, path, sent)
}

var (
	controls   = regexp.MustCompile(`(?s)<input [^>]*>|<select [^>]*>.*?</select>|<textarea [^>]*>[^<]*</textarea>`)
	attributes = regexp.MustCompile(`\b(name|type|value)="([^"]*)"`)
	selection  = regexp.MustCompile(`<option value="([^"]*)" selected>`)
)

// filled is what a browser sends of a page, with some changes.
func (s *shop) filled(page, changes string) string {
	form := url.Values{}
	for _, control := range controls.FindAllString(page, -1) {
		tag, _, _ := strings.Cut(control, ">")
		at := map[string]string{}
		for _, m := range attributes.FindAllStringSubmatch(tag, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		if m := selection.FindStringSubmatch(control); strings.HasPrefix(control, "<select") && m != nil {
			at["value"] = m[1]
		}
		if at["type"] != "radio" || strings.Contains(tag, " checked") {
			form.Set(at["name"], at["value"])
		}
	}
	for pairs := s.fields(changes); len(pairs) > 1; pairs = pairs[2:] {
		form.Set(pairs[0], pairs[1])
	}
	var out []string
	for name, values := range form {
		out = append(out, name+"="+values[0])
	}
	return strings.Join(out, "&")
}

// events are the types of the events that fn causes, in their order.
func (s *shop) events(fn func()) []string {
	s.t.Helper()
	before := s.Get("/v1/events", "limit", "100").IDs()
	fn()
	var types []string
	for _, v := range s.Get("/v1/events", "limit", "100").OK().Array("data") {
		if e := v.(*object.Object); !slices.Contains(before, e.ID()) {
			types = append(types, e.String("type"))
		}
	}
	slices.Reverse(types)
	return types
}

func (s *shop) wantEvents(want []string, fn func()) {
	s.t.Helper()
	if got := s.events(fn); !slices.Equal(got, want) {
		s.t.Errorf("the events are %v, want %v", got, want)
	}
}

// want checks fields of an object of the API by their paths.
func (s *shop) want(path string, want map[string]any) {
	s.t.Helper()
	o := s.Get(s.path(path)).OK()
	for name, v := range want {
		var got any = o
		for part := range strings.SplitSeq(name, ".") {
			if list, ok := got.([]any); ok {
				if len(list) == 0 {
					got = nil
					break
				}
				got = list[0]
			}
			inner, _ := got.(*object.Object)
			got = inner.Get(part)
		}
		switch value := v.(type) {
		case int:
			v = int64(value)
		case string:
			v = s.id(value)
		}
		if !object.Equal(got, v) {
			s.t.Errorf("%s of %s is %v, want %v", name, path, got, v)
		}
	}
}

func wantLead(t *testing.T, a *httptest.ResponseRecorder, to string) {
	t.Helper()
	if got := a.Header().Get("Location"); a.Code != http.StatusSeeOther || got != to {
		t.Errorf("%d to %q, want %q\n%s", a.Code, got, to, a.Body)
	}
}

// wantShown checks a page: what is on it and, behind an exclamation mark, what is not.
func wantShown(t *testing.T, a *httptest.ResponseRecorder, status int, parts ...string) string {
	t.Helper()
	text := strings.ReplaceAll(html.UnescapeString(a.Body.String()), "\u00a0", " ")
	if a.Code != status {
		t.Errorf("status %d, want %d", a.Code, status)
	}
	for _, part := range parts {
		if unwanted, is := strings.CutPrefix(part, "!"); is && strings.Contains(text, unwanted) || !is && !strings.Contains(text, part) {
			t.Errorf("the page and %q:\n%s", part, text)
		}
	}
	for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"} {
		if got := a.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	policy := a.Header().Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'self'; script-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("the policy is %q", policy)
	}
	if len(text) > 100_000 {
		t.Errorf("the page has %d bytes", len(text))
	}
	return a.Body.String()
}
