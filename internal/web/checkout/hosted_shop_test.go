package checkout_test

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
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/checkout"
)

const (
	visa     = "4242424242424242"
	noMoney  = "4000000000009995"
	wants3DS = "4000002500003155"
	success  = "https://shop.example/done?session={CHECKOUT_SESSION_ID}"
)

// stall is a server with the hosted pages, and some things to sell. Their ids stand for their names in forms.
type stall struct {
	*servertest.Server
	t     *testing.T
	pages http.Handler
	bank  http.Handler
	log   bytes.Buffer
	names map[string]string
}

func newStall(t *testing.T) *stall {
	t.Helper()
	s := &stall{Server: servertest.New(t), t: t, names: map[string]string{}}
	log := slog.New(slog.NewTextHandler(&s.log, nil))
	s.pages = checkout.NewHosted(checkout.HostedOptions{
		Engine: s.Engine, Log: log, Place: billing.PlaceOf, Visit: billing.VisitCheckout, Choose: billing.ChooseAtCheckout, Pay: billing.PayAtCheckout,
		TaxID: billing.CustomerTaxID, Link: billing.PaymentLinkBy, Begin: billing.SessionByLink, Again: billing.RecoverSession,
	})
	s.bank = checkout.New(checkout.Options{Engine: s.Engine, Log: log, Describe: billing.DescribeAttempt, ReturnURL: billing.AttemptReturnURL, Authenticate: billing.AuthenticateIntent})
	s.make("POT", "/v1/prices", "currency=usd&unit_amount=2000&product_data[name]=Tea pot")
	s.make("PRO", "/v1/prices", "currency=usd&unit_amount=900&recurring[interval]=month&product_data[name]=ShareSmart Pro")
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

// fields are those of a query that is not encoded, with the ids of what is named in capitals.
func (s *stall) fields(text string) []string {
	var out []string
	for pair := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if id := s.names[value]; id != "" {
			value = id
		}
		if name != "" {
			out = append(out, name, value)
		}
	}
	return out
}

func (s *stall) make(name, path, form string) *object.Object {
	s.t.Helper()
	made := s.Post(path, s.fields(form)...).OK()
	s.names[name] = made.ID()
	return made
}

// session begins one: over one pot, if the form says nothing else.
func (s *stall) session(form string) *object.Object {
	s.t.Helper()
	defaults := "success_url=" + success + "&cancel_url=https://shop.example/cart"
	if !strings.Contains(form, "mode=") {
		defaults += "&mode=payment"
	}
	if !strings.Contains(form, "line_items[0][price") && !strings.Contains(form, "mode=setup") {
		defaults += "&line_items[0][price]=POT&line_items[0][quantity]=1"
	}
	return s.make("SESSION", "/v1/checkout/sessions", defaults+"&"+form)
}

func (s *stall) again(o *object.Object) *object.Object {
	s.t.Helper()
	return s.Get("/v1/checkout/sessions/" + o.ID()).OK()
}

// path is where the page of a session is.
func (s *stall) path(o *object.Object) string {
	s.t.Helper()
	path, ours := strings.CutPrefix(o.String("url"), s.URL)
	if !ours {
		s.t.Fatalf("url is %s", o.String("url"))
	}
	return path
}

func (s *stall) do(h http.Handler, method, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func (s *stall) get(path string, header ...string) *httptest.ResponseRecorder {
	return s.do(s.pages, http.MethodGet, path, nil, header...)
}

func (s *stall) post(path string, form url.Values) *httptest.ResponseRecorder {
	return s.do(s.pages, http.MethodPost, path, form)
}

var (
	controls   = regexp.MustCompile(`(?s)<input [^>]*>|<select [^>]*>.*?</select>`)
	attributes = regexp.MustCompile(`\b(name|type|value)="([^"]*)"`)
	selection  = regexp.MustCompile(`<option value="([^"]*)" selected>`)
)

// formOf is what a browser sends of a page when nothing is touched.
func formOf(page string) url.Values {
	form := url.Values{}
	for _, control := range controls.FindAllString(page, -1) {
		tag, _, _ := strings.Cut(control, ">")
		at := map[string]string{}
		for _, m := range attributes.FindAllStringSubmatch(tag, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		if strings.HasPrefix(control, "<select") {
			at["value"] = ""
			if m := selection.FindStringSubmatch(control); m != nil {
				at["value"] = html.UnescapeString(m[1])
			}
		}
		if box := at["type"] == "checkbox" || at["type"] == "radio"; !box || strings.Contains(tag, " checked") {
			form.Set(at["name"], at["value"])
		}
	}
	return form
}

// filled is the form of a page as a customer fills it in: what is asked of everybody, then the changes. An empty value
// takes a field away, and EMPTY leaves one empty.
func (s *stall) filled(page, changes string) url.Values {
	form := formOf(page)
	for name, value := range map[string]string{"email": "jenny@example.com", "number": visa, "expiry": "12 / 34", "cvc": "123", "name": "Jenny Rosen"} {
		if strings.Contains(page, `name="`+name+`"`) && form.Get(name) == "" {
			form.Set(name, value)
		}
	}
	pairs := s.fields(changes)
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i]
		for known, id := range s.names {
			name = strings.Replace(name, "-"+known, "-"+id, 1)
		}
		switch value := pairs[i+1]; value {
		case "":
			form.Del(name)
		case "EMPTY":
			form.Set(name, "")
		default:
			form.Set(name, value)
		}
	}
	return form
}

// fill opens a page and fills its form in.
func (s *stall) fill(path, changes string) url.Values {
	s.t.Helper()
	return s.filled(wantShown(s.t, s.get(path), 200), changes)
}

// pay opens a page, fills its form in and sends it.
func (s *stall) pay(path, changes string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.post(path, s.fill(path, changes))
}

// item is the id of a line item of a session.
func (s *stall) item(o *object.Object, i int) string {
	s.t.Helper()
	id := s.Get("/v1/checkout/sessions/" + o.ID() + "/line_items").IDs()[i]
	s.names["ITEM"] = id
	return id
}

func (s *stall) charges() int {
	s.t.Helper()
	return len(s.Get("/v1/charges").IDs())
}

// events are the types of the events that fn causes, in their order.
func (s *stall) events(fn func()) []string {
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

func wantLead(t *testing.T, a *httptest.ResponseRecorder, to string) {
	t.Helper()
	if got := a.Header().Get("Location"); a.Code != http.StatusSeeOther || got != to {
		t.Errorf("%d to %q, want %q\n%s", a.Code, got, to, a.Body)
	}
}

// done is where the customer of a session goes in the end.
func done(o *object.Object) string {
	return strings.Replace(success, "{CHECKOUT_SESSION_ID}", o.ID(), 1)
}

// wantFields checks fields of an object by their paths.
func wantFields(t *testing.T, o *object.Object, want map[string]any) {
	t.Helper()
	for path, v := range want {
		var got any = o
		for name := range strings.SplitSeq(path, ".") {
			if list, ok := got.([]any); ok && len(list) > 0 {
				got = list[0]
				continue
			}
			part, _ := got.(*object.Object)
			got = part.Get(name)
		}
		if n, ok := v.(int); ok {
			v = int64(n)
		}
		if !object.Equal(got, v) {
			t.Errorf("%s is %v, want %v", path, got, v)
		}
	}
}

// wantShown checks a hosted page: what is on it, and, behind an exclamation mark, what is not.
func wantShown(t *testing.T, a *httptest.ResponseRecorder, status int, parts ...string) string {
	t.Helper()
	text := a.Body.String()
	if a.Code != status {
		t.Errorf("status %d, want %d", a.Code, status)
	}
	for _, part := range parts {
		if unwanted, ok := strings.CutPrefix(part, "!"); ok == strings.Contains(text, unwanted) && ok {
			t.Errorf("the page has %q:\n%s", unwanted, text)
		} else if !ok && !strings.Contains(text, part) {
			t.Errorf("the page has no %q:\n%s", part, text)
		}
	}
	for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"} {
		if got := a.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: https:; form-action 'self'"
	if got := a.Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, policy) || !strings.HasSuffix(got, "; frame-ancestors 'none'; base-uri 'none'") {
		t.Errorf("the policy is %q", got)
	}
	if len(text) > 100_000 {
		t.Errorf("the page has %d bytes", len(text))
	}
	return text
}
