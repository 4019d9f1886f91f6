package dashboard_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
	"sharesmart/internal/web/dashboard"
)

// estate is a server with two accounts that have nothing to do with each other, and somebody of each role in the first.
type estate struct {
	*office
	byRole map[people.Role]*browser
	other  *browser // owns the other account
	theirs string   // the other account
	box    string   // a sandbox of the first
	// ids are of what is in the other account, and of what is in another mode of the first.
	foreign, elsewhere map[string]string
}

// What stands in objects that a page must not show: of the other account, and of live mode.
const (
	markForeign   = "Foreign-Mark"
	markElsewhere = "Elsewhere-Mark"
)

func newEstate(t *testing.T) *estate {
	o := newOffice(t)
	e := &estate{office: o, byRole: map[people.Role]*browser{people.Owner: o.owner()}}
	for _, role := range []people.Role{people.Viewer, people.Support, people.Developer} {
		e.byRole[role] = o.join(e.byRole[people.Owner], role.String()+"@example.com", role)
	}
	second, err := o.Registry.CreateAccount(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	token, err := o.people.SetUpToken(t.Context(), second.ID)
	if err != nil {
		t.Fatal(err)
	}
	e.theirs, e.other = second.ID, o.browser()
	o.leads(e.other.post("/dashboard/set-up", "token", token, "name", markForeign, "email", "other@example.com", "password", password), "/dashboard/test/")
	box, err := o.Registry.CreateSandbox(t.Context(), access.SandboxSpec{Account: o.Account.ID, Name: "Box"})
	if err != nil {
		t.Fatal(err)
	}
	e.box = box.ID
	e.foreign = e.fill(second.TestSecret.Secret, second.ID, access.Test, markForeign)
	e.elsewhere = e.fill(o.Account.LiveSecret.Secret, o.Account.ID, access.Live, markElsewhere)
	them, err := o.people.Of(second.ID)
	if err != nil {
		t.Fatal(err)
	}
	e.foreign["person"] = them[0].ID
	return e
}

// fill puts something of each sort into an account, and returns the ids.
func (e *estate) fill(secret, account, env, mark string) map[string]string {
	e.t.Helper()
	k, err := e.Registry.CreateKey(e.t.Context(), access.KeySpec{Account: account, Env: env, Name: mark})
	if err != nil {
		e.t.Fatal(err)
	}
	made := e.Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Key: secret, Form: []string{"name", mark, "email", mark + "@example.com"}})
	event := e.Do(servertest.Request{Path: "/v1/events", Key: secret})
	ids := map[string]string{"key": k.ID, "customer": made.OK().ID(), "event": event.IDs()[0], "request": made.Header.Get("Request-Id")}
	post := func(path string, form ...string) *object.Object {
		return e.Do(servertest.Request{Method: http.MethodPost, Path: path, Key: secret, Form: form}).OK()
	}
	ids["webhook"] = post("/v1/webhook_endpoints", "url", "https://example.com/"+mark, "enabled_events[]", "customer.updated").ID()
	post("/v1/customers/"+ids["customer"], "description", mark)
	ids["delivery"] = e.Do(servertest.Request{Path: "/v1/webhook_deliveries", Key: secret}).IDs()[0]
	ids["price"] = post("/v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", mark).ID()
	ids["extension"] = post("/v1/extensions", "name", mark, "prices[]", ids["price"]).ID()
	ids["grant"] = post("/v1/grants", "extension", ids["extension"], "email", mark+"@example.com", "price", ids["price"]).ID()
	ids["invoice"] = post("/v1/invoices", "customer", ids["customer"], "description", mark, "collection_method", "send_invoice", "days_until_due", "30").ID()
	if env != access.Live {
		box, err := e.Registry.CreateSandbox(e.t.Context(), access.SandboxSpec{Account: account, Name: mark})
		if err != nil {
			e.t.Fatal(err)
		}
		ids["sandbox"] = box.ID
		ids["clock"] = post("/v1/test_helpers/test_clocks", "frozen_time", "1900000000", "name", mark).ID()
		ids["snapshot"] = post("/v1/test_helpers/snapshots", "name", mark).ID()
	}
	return ids
}

var wildcard = regexp.MustCompile(`\{[^}]+\}`)

// kindsOf are the kinds of those things that fill makes which are objects.
var kindsOf = map[string]string{
	"customer": "customer", "webhook": "webhook_endpoint", "delivery": "webhook_delivery", "extension": "extension", "price": "price", "grant": "grant", "invoice": "invoice",
	"clock": "test_helpers.test_clock", "snapshot": "snapshot",
}

// updateOf is the operation that changes an object of a kind, or one on it if it cannot be changed.
func updateOf(kind string) string {
	for _, op := range spec.Operations() {
		if op.Method == http.MethodPost && op.Target == kind && len(op.PathParams) == 1 {
			return op.ID
		}
	}
	return "PostCustomersCustomer"
}

// versions are those of the objects among ids: what was not changed keeps its version.
func (e *estate) versions(account, env string, ids map[string]string) map[string]int64 {
	e.t.Helper()
	ns, err := e.Registry.Namespace(account, env)
	if err != nil {
		e.t.Fatal(err)
	}
	all := map[string]int64{}
	for what, kind := range kindsOf {
		if ids[what] == "" || kind == "snapshot" {
			continue
		}
		d, err := e.Engine.Survey(e.t.Context(), ns).Document(kind, ids[what])
		if err != nil || d == nil || d.Deleted {
			e.t.Fatalf("%s %s is gone: %v", what, ids[what], err)
		}
		all[what] = d.Version
	}
	return all
}

// addresses are the method and the paths of a page below a place, with each of the ids in the place of its wildcards.
func addresses(page dashboard.Page, ids map[string]string) (method string, paths []string) {
	method, path, _ := strings.Cut(page.Pattern, " ")
	path = strings.ReplaceAll(path, "{$}", "")
	if !wildcard.MatchString(path) {
		return method, []string{path}
	}
	for what, id := range ids {
		kind := kindsOf[what]
		if kind == "" {
			kind = "customer"
		}
		paths = append(paths, wildcard.ReplaceAllStringFunc(path, func(name string) string {
			switch name {
			case "{kind}":
				return kind
			case "{page}":
				return "mail"
			case "{text}":
				return "receipt"
			case "{operation}":
				return updateOf(kind)
			}
			return id
		}))
	}
	slices.Sort(paths)
	return method, paths
}

// email is the address of who has a role.
func (e *estate) email(role people.Role) string {
	if role == people.Owner {
		return "ada@example.com"
	}
	return role.String() + "@example.com"
}

// enter signs a browser in anew if a page has signed it out.
func (e *estate) enter(b *browser, email string) {
	e.t.Helper()
	if b.get("/dashboard/profile").Code == http.StatusOK {
		return
	}
	session, _, err := e.people.SignIn(e.t.Context(), email, password, people.Client{})
	if err != nil {
		e.t.Fatal(err)
	}
	b.jar["__Host-dashboard"] = session
}

// leaving makes a browser that does not listen to what goes on and on.
func leaving(page dashboard.Page) func(*http.Request) {
	return func(r *http.Request) {
		if page.Stream {
			ctx, leave := context.WithCancel(r.Context())
			leave()
			*r = *r.WithContext(ctx)
		}
	}
}

// isFramed reports whether what was opened is a page that stands in frames.
func isFramed(what string) bool {
	return slices.ContainsFunc(dashboard.Registered(), func(p dashboard.Page) bool { return p.Framed && strings.HasPrefix(what, p.Pattern) })
}

// safe asserts what every answer has.
func (e *estate) safe(what string, w *httptest.ResponseRecorder) {
	e.t.Helper()
	h := w.Header()
	policy := h.Get("Content-Security-Policy")
	framed := strings.HasPrefix(policy, "sandbox; default-src 'none'") && strings.Contains(policy, "frame-ancestors 'self'") && !strings.Contains(policy, "script") && isFramed(what)
	if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || !framed && (!strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe")) || h.Get("Referrer-Policy") == "" {
		e.t.Errorf("%s: the headers are %v", what, h)
	}
	for _, c := range w.Result().Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.SameSite != http.SameSiteLaxMode {
			e.t.Errorf("%s: the cookie is %s", what, c)
		}
	}
}

const denied = "Your role does not include this"

// TestAuthorization opens every page that there is as everybody, in every mode and in accounts that are theirs and are not.
func TestAuthorization(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	place := map[string]string{"live": "/dashboard", "test": "/dashboard/test", "sandbox": "/dashboard/" + e.box, "by name": "/dashboard/" + e.Account.ID + "/test"}
	for _, page := range dashboard.Registered() {
		method, paths := addresses(page, map[string]string{"none": "x_none"})
		for mode, prefix := range place {
			path := prefix + paths[0]
			what := fmt.Sprintf("%s in %s", page.Pattern, mode)
			e.stranger(what, page, method, path)
			for role, b := range e.byRole {
				e.asRole(fmt.Sprintf("%s as %s", what, role), page, b, role, method, path)
			}
		}
		for _, path := range []string{"/dashboard/" + e.Account.ID + "/test" + paths[0], "/dashboard/" + e.box + paths[0]} {
			w := e.other.send(method, path, nil, leaving(page))
			if method != http.MethodGet {
				e.enter(e.other, "other@example.com")
			}
			e.safe(page.Pattern, w)
			if !page.Open && !page.Personal && w.Code != http.StatusNotFound {
				t.Errorf("%s of another account: status %d", page.Pattern, w.Code)
			}
		}
		e.abroad(page, method, paths[0])
	}
}

// abroad opens a page as everybody of the account in places that are another's, or that there are none of.
func (e *estate) abroad(page dashboard.Page, method, path string) {
	e.t.Helper()
	if page.Open || page.Personal {
		return
	}
	for _, prefix := range []string{"/dashboard/" + e.theirs, "/dashboard/" + e.theirs + "/test", "/dashboard/" + e.foreign["sandbox"], "/dashboard/" + e.theirs + "/" + e.foreign["sandbox"], "/dashboard/acct_nobody/test", "/dashboard/sbx_none"} {
		for role, b := range e.byRole {
			w := b.send(method, prefix+path, nil, leaving(page))
			e.safe(page.Pattern, w)
			if w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), markForeign) {
				e.t.Errorf("%s below %s as %s: status %d", page.Pattern, prefix, role, w.Code)
			}
		}
	}
}

// stranger opens a page as nobody, and from another site as the owner.
func (e *estate) stranger(what string, page dashboard.Page, method, path string) {
	e.t.Helper()
	nobody := e.browser()
	w := nobody.send(method, path, nil, leaving(page))
	e.safe(what, w)
	if to := w.Header().Get("Location"); !page.Open && (w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/dashboard/sign-in")) {
		e.t.Errorf("%s as nobody: status %d to %q", what, w.Code, to)
	}
	if method == http.MethodGet {
		return
	}
	for from, change := range map[string]func(http.Header){
		"another site": func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site"); h.Set("Origin", "https://evil.example") },
		"a sister's site": func(h http.Header) {
			h.Set("Sec-Fetch-Site", "same-site")
			h.Set("Origin", "https://shop.dash.example")
		},
		"an older browser":       func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "https://evil.example") },
		"a page without a place": func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "null") },
	} {
		w = e.byRole[people.Owner].send(method, path, nil, func(r *http.Request) { change(r.Header) })
		e.safe(what, w)
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "did not come from here") {
			e.t.Errorf("%s from %s: status %d", what, from, w.Code)
		}
	}
}

// asRole opens a page as somebody of the account.
func (e *estate) asRole(what string, page dashboard.Page, b *browser, role people.Role, method, path string) {
	e.t.Helper()
	w := b.send(method, path, nil, leaving(page))
	if method != http.MethodGet {
		e.enter(b, e.email(role))
	}
	e.safe(what, w)
	refused := w.Code == http.StatusForbidden && strings.Contains(w.Body.String(), denied)
	if want := !page.Open && !page.Personal && role < page.Role; refused != want {
		e.t.Errorf("%s: status %d, want refused %t", what, w.Code, want)
	}
	if w.Code == http.StatusInternalServerError || strings.HasPrefix(w.Header().Get("Location"), "/dashboard/sign-in?next") {
		e.t.Errorf("%s: status %d to %q", what, w.Code, w.Header().Get("Location"))
	}
}

// Ids of another account and of another mode lead nowhere, whoever guesses them.
func TestGuessedIds(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	state := func() []map[string]int64 {
		return []map[string]int64{e.versions(e.theirs, access.Test, e.foreign), e.versions(e.Account.ID, access.Live, e.elsewhere)}
	}
	before := state()
	for _, page := range dashboard.Registered() {
		for mark, ids := range map[string]map[string]string{markForeign: e.foreign, markElsewhere: e.elsewhere} {
			method, paths := addresses(page, ids)
			for _, path := range paths {
				w := e.byRole[people.Owner].send(method, "/dashboard/test"+path, nil, leaving(page))
				if method != http.MethodGet {
					e.enter(e.byRole[people.Owner], e.email(people.Owner))
				}
				if strings.Contains(w.Body.String(), mark) && (mark == markForeign || !page.Signed) { // what is about people is about all modes
					t.Errorf("%s %s shows what is elsewhere:\n%s", method, path, w.Body)
				}
			}
		}
		method, paths := addresses(page, map[string]string{"": "x_none"})
		for id := range e.foreign {
			w := e.byRole[people.Owner].send(method, "/dashboard/test"+paths[0]+"?q="+e.foreign[id]+"&like="+e.foreign[id]+"&subject="+e.foreign[id]+"&actor="+e.foreign[id]+"&after="+e.foreign[id], nil, leaving(page))
			if strings.Contains(w.Body.String(), markForeign) {
				t.Errorf("%s with %s shows what is another's", page.Pattern, e.foreign[id])
			}
		}
	}
	if after := state(); !reflect.DeepEqual(before, after) {
		t.Errorf("what is elsewhere was changed: the versions are %v, and were %v", after, before)
	}
	theirs, err := e.Registry.Namespace(e.theirs, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := e.Registry.ListSnapshots(theirs); err != nil || len(kept) != 1 {
		t.Errorf("there are %d snapshots of the other account, %v", len(kept), err)
	}
	for _, c := range []struct{ key, id string }{{"the key", e.foreign["key"]}, {"the key of live mode", e.elsewhere["key"]}} {
		if k, err := e.Registry.FindKey(c.id); err != nil || k.Expired(e.Clock.Now()) {
			t.Errorf("%s is gone: %v", c.key, err)
		}
	}
	if _, err := e.people.Find(e.foreign["person"]); err != nil {
		t.Errorf("the other owner is gone: %v", err)
	}
	if _, err := e.Registry.Sandbox(e.foreign["sandbox"]); err != nil {
		t.Errorf("the other sandbox is gone: %v", err)
	}
}

// TestReadingChangesNothing opens every page that is read, with something of each sort in its address, and looks whether anything
// was written meanwhile: a link on another site could do that, too.
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	ids := e.fill(e.Account.TestSecret.Secret, e.Account.ID, access.Test, "Own-Mark")
	ns, err := e.Registry.Namespace(e.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	state := func() string {
		events, err := e.Store.List(store.Query{NS: ns.NS, Kind: "event", Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		n, _, err := audit.Head(e.Store)
		return fmt.Sprint(e.versions(e.Account.ID, access.Test, ids), len(events.Docs), n, err)
	}
	owner := e.byRole[people.Owner]
	before, opened := state(), 0
	for _, page := range dashboard.Registered() {
		method, paths := addresses(page, ids)
		if method != http.MethodGet || page.Pattern == "GET /profile/totp" {
			continue
		}
		for _, path := range paths {
			if w := owner.send(method, "/dashboard/test"+path, nil, leaving(page)); w.Code == http.StatusOK {
				opened++
			}
		}
	}
	if after := state(); after != before || opened < 60 {
		t.Errorf("after %d pages the state is %s, and was %s", opened, after, before)
	}
}

// Pages that can do harm in wrong hands ask again who it is, once that is some time ago.
func TestFreshness(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	o.Clock.Advance(people.FreshFor)
	for _, page := range dashboard.Registered() {
		if !page.Fresh && !page.FreshLive {
			continue
		}
		method, paths := addresses(page, map[string]string{"": "x_none"})
		if w := b.send(method, "/dashboard"+paths[0], nil); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/dashboard/prove?next=") {
			t.Errorf("%s: status %d to %q", page.Pattern, w.Code, w.Header().Get("Location"))
		}
	}
}

// A guest sees test mode and what the role includes, and nothing of people.
func TestGuest(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(o *dashboard.Options) { o.Guest = people.Viewer })
	o.owner()
	for _, page := range dashboard.Registered() {
		method, paths := addresses(page, map[string]string{"": "x_none"})
		for _, prefix := range []string{"/dashboard", "/dashboard/test"} {
			w := o.browser().send(method, prefix+paths[0], nil, leaving(page))
			led := strings.HasPrefix(w.Header().Get("Location"), "/dashboard/sign-in")
			if strings.Contains(w.Body.String(), "ada@example.com") {
				t.Errorf("%s tells a guest who is here", page.Pattern)
			}
			switch {
			case page.Open:
			case prefix == "/dashboard", page.Personal, page.Signed:
				if !led {
					t.Errorf("%s in %s: a guest gets %d", page.Pattern, prefix, w.Code)
				}
			case page.Role > people.Viewer && w.Code != http.StatusForbidden:
				t.Errorf("%s: a guest gets %d", page.Pattern, w.Code)
			}
		}
	}
	o.shows(o.browser().get("/dashboard/test/"), http.StatusOK, "Sign in")
}

// A guest of a server that is for its own machine is nobody elsewhere.
func TestGuestNear(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(o *dashboard.Options) { o.Guest, o.GuestNear = people.Developer, true })
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	o.shows(o.browser().send(http.MethodGet, "/dashboard/test/keys", nil, host("localhost:8443")), http.StatusOK)
	o.leads(o.browser().send(http.MethodGet, "/dashboard/test/keys", nil, host("evil.example")), "/dashboard/sign-in?next=%2Fdashboard%2Ftest%2Fkeys")
	o.leads(o.browser().send(http.MethodGet, "/dashboard/test/keys", nil, host("localhost"), func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") }), "/dashboard/sign-in?next=%2Fdashboard%2Ftest%2Fkeys")
}

// What was sent before the sign-in is of no use after it: nobody can fix a session for somebody else.
func TestSessionFixation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.owner()
	for _, planted := range []string{"ses_planted.secret", ".", "x", strings.Repeat("a", 5000)} {
		b := o.browser()
		b.jar["__Host-dashboard"] = planted
		o.leads(b.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
		o.leads(b.post("/dashboard/sign-in", "email", "ada@example.com", "password", password), "/dashboard/")
		if b.jar["__Host-dashboard"] == planted {
			t.Errorf("the session %.20q was kept", planted)
		}
	}
	b := o.signIn("ada@example.com")
	o.Clock.Advance(time.Second)
	id, _, _ := strings.Cut(b.jar["__Host-dashboard"], ".")
	forged := o.browser()
	forged.jar["__Host-dashboard"] = id + ".guess"
	o.leads(forged.get("/dashboard/"), "/dashboard/sign-in?next=%2Fdashboard%2F")
}

// A guest may look into a sandbox that was lent to them, and into none of another account.
func TestGuestOfSandbox(t *testing.T) {
	t.Parallel()
	var readers string
	o := newOffice(t, func(o *dashboard.Options) {
		a, err := o.Registry.CreateAccount(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		readers = a.ID
		o.Guest, o.Readers = people.Viewer, a.ID
	})
	other, err := o.Registry.CreateAccount(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]int{readers: http.StatusOK, other.ID: http.StatusNotFound} {
		box, err := o.Registry.CreateSandbox(t.Context(), access.SandboxSpec{Account: account})
		if err != nil {
			t.Fatal(err)
		}
		o.shows(o.browser().get("/dashboard/"+account+"/"+box.ID+"/"), want)
		o.shows(o.browser().get("/dashboard/"+account+"/test/"), http.StatusNotFound)
	}
}

// Who is signed in and may make sandboxes is known to other pages of the server.
func TestDeveloper(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.owner()
	viewer := o.join(owner, "viewer@example.com", people.Viewer)
	for b, want := range map[*browser]string{owner: o.Account.ID, viewer: "", o.browser(): ""} {
		r := httptest.NewRequest(http.MethodGet, "https://dash.example/docs", nil)
		for name, value := range b.jar {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		if got := o.pages.Developer(r); got != want {
			t.Errorf("the account is %q, want %q", got, want)
		}
	}
}

// A connected account that nobody has acted for yet is there for those of its platform, and for nobody else.
func TestConnectedUnused(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	account := e.Post("/v1/accounts", "type", "custom", "country", "US").OK().ID()
	path := "/dashboard/" + account + "/test/"
	e.shows(e.other.get(path), http.StatusNotFound)
	e.shows(e.byRole[people.Viewer].get("/dashboard/acct_nobody/test/"), http.StatusNotFound)
	e.shows(e.byRole[people.Viewer].get(path), http.StatusOK)
	e.shows(e.other.get(path), http.StatusNotFound) // also once it is there
}
