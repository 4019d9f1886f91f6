package portal_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
)

// mails are those that were written to an address, the newest first.
func (s *shop) mails(to string) (found []*object.Object) {
	s.t.Helper()
	for _, v := range s.Get("/v1/mails", "limit", "100").OK().Array("data") {
		if m := v.(*object.Object); m.String("to") == to && m.String("kind") == "sign_in_code" {
			found = append(found, m)
		}
	}
	return found
}

var (
	sixDigits = regexp.MustCompile(`(?m)^    (\d{6})$`)
	mailLink  = regexp.MustCompile(`https?://\S+/link\?token=\S+`)
)

// loginPage makes a configuration with a login page, and says where that is.
func (s *shop) loginPage() string {
	s.t.Helper()
	made := s.make("PORTAL", "/v1/billing_portal/configurations", everything+"&login_page[enabled]=true&default_return_url=https://shop.example&business_profile[headline]=Welcome back")
	return strings.TrimPrefix(made.Object("login_page").String("url"), s.URL)
}

// ask asks for a code, and answers with where that leads and the browser's cookie.
func (s *shop) ask(path, email string) (to, cookie string, a *httptest.ResponseRecorder) {
	a = s.post(path, "email="+email)
	return a.Header().Get("Location"), strings.Split(a.Header().Get("Set-Cookie"), ";")[0], a
}

func (s *shop) typeCode(path, to, cookie, digits string) *httptest.ResponseRecorder {
	u, err := url.Parse(to)
	if err != nil {
		s.t.Fatal(err)
	}
	form := u.Query()
	form.Set("digits", digits)
	return s.do(http.MethodPost, path+"/code", form, "Cookie", cookie)
}

func TestLogIn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.subscribe("")
	s.make("LATER", "/v1/customers", "email=jenny@example.com&name=Another Jenny") // the newer one, without a plan
	path := s.loginPage()
	wantShown(t, s.get(path+"?prefilled_email=jenny@example.com"), 200, "Welcome back", `value="jenny@example.com"`, "TEST")
	to, cookie, _ := s.ask(path, " Jenny@Example.com")
	wantShown(t, s.get(to), 200, "If a customer has the address", "six digits")
	sent := s.mails("jenny@example.com")
	if len(sent) != 1 {
		t.Fatalf("%d mails were sent", len(sent))
	}
	digits := sixDigits.FindStringSubmatch(sent[0].String("text"))[1]
	wantShown(t, s.typeCode(path, to, cookie, "000 000"), 422, "This code is not right")
	wantShown(t, s.typeCode(path, to, "", digits), 422) // another browser
	a := s.typeCode(path, to, cookie, digits)
	home := a.Header().Get("Location")
	if a.Code != 303 || !strings.HasPrefix(home, "/p/session/") {
		t.Fatalf("%d to %q", a.Code, home)
	}
	wantShown(t, s.get(home), 200, "Jenny Rosen", "$10.00 a month", "!Another Jenny", `href="https://shop.example"`)
	wantShown(t, s.typeCode(path, to, cookie, digits), 422) // it was used

	link, err := url.Parse(mailLink.FindString(html.UnescapeString(sent[0].String("text"))))
	if err != nil || link.Path != path+"/link" {
		t.Fatalf("the link is %v, %v", link, err)
	}
	wantShown(t, s.post(path+"/link", link.RawQuery), http.StatusGone, "This link was used, or is too old.")
	s.ask(path, "jenny@example.com")
	link, _ = url.Parse(mailLink.FindString(s.mails("jenny@example.com")[0].String("text")))
	wantShown(t, s.get(link.RequestURI()), 200, "One click and you are in.")
	if a := s.post(path+"/link", link.RawQuery); a.Code != 303 || !strings.HasPrefix(a.Header().Get("Location"), "/p/session/") {
		t.Errorf("%d to %q", a.Code, a.Header().Get("Location"))
	}
}

// TestLogInTells nothing of who is a customer, and lets nobody in who is none.
func TestLogInTells(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	path := s.loginPage()
	known, knownCookie, _ := s.ask(path, "jenny@example.com")
	unknown, cookie, _ := s.ask(path, "nobody@example.com")
	if mail := s.mails("nobody@example.com"); len(mail) > 0 {
		t.Error("a stranger was written to")
	}
	blank := func(to, email string) string {
		return regexp.MustCompile(`name="code" value="[^"]*"`).ReplaceAllString(strings.ReplaceAll(s.get(to).Body.String(), email, ""), "")
	}
	if blank(known, "jenny@example.com") != blank(unknown, "nobody@example.com") || (knownCookie == "") != (cookie == "") {
		t.Error("the pages differ")
	}
	wantShown(t, s.typeCode(path, unknown, cookie, "123456"), 422, "This code is not right")
	for _, email := range []string{"", "jenny", "a b@c"} {
		wantShown(t, s.post(path, "email="+email), 400, "Enter an address such as", `aria-describedby="email-fault"`)
	}
	digits := sixDigits.FindStringSubmatch(s.mails("jenny@example.com")[0].String("text"))[1]
	s.Clock.Advance(10 * time.Minute)
	wantShown(t, s.typeCode(path, known, knownCookie, digits), 422)

	for range 4 {
		s.ask(path, "jenny@example.com")
	}
	wantShown(t, s.post(path, "email=jenny@example.com"), 429, "Several codes were sent to this address.")
	for range 40 {
		s.typeCode(path, known, knownCookie, "123456")
	}
	wantShown(t, s.typeCode(path, known, knownCookie, "123456"), 429, "Too many tries")
	wantShown(t, s.post(path, "email=other@example.com"), 429, "Too many tries")
}

// TestNoLogIn has no page where there is none any more.
func TestNoLogIn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.make("DEFAULT", "/v1/billing_portal/configurations", mayRead)
	path := s.loginPage()
	wantShown(t, s.get(path), 200)
	other := s.loginPage()
	s.ask(other, "jenny@example.com")
	link, _ := url.Parse(mailLink.FindString(s.mails("jenny@example.com")[0].String("text")))
	wantShown(t, s.post(path+"/link", link.RawQuery), http.StatusGone) // a code is for the page that it was asked at
	s.Post(s.path("/v1/billing_portal/configurations/PORTAL"), "active", "false").OK()
	wantShown(t, s.get(other), 404, "There is nothing here")
	wantShown(t, s.get(path[:len(path)-8]), 404)
	wantShown(t, s.do(http.MethodPost, path, url.Values{}, "Sec-Fetch-Site", "cross-site"), 403)
}
