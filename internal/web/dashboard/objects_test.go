package dashboard_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/people"
	"sharesmart/internal/servertest"
)

// sampled is a desk in whose test mode is what the documentation's samples name.
func sampled(t *testing.T) *browser {
	t.Helper()
	b := desk(t, guests(people.Support))
	ns, err := b.Registry.Namespace(b.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	if err := billing.SeedSamples(t.Context(), b.Engine, ns); err != nil {
		t.Fatal(err)
	}
	return b
}

var (
	kindLink   = regexp.MustCompile(`href="(/dashboard/test/objects/[^"/?]+)"`)
	createLink = regexp.MustCompile(`href="(/dashboard/test/create/[^"/?]+)"`)
	objectLink = regexp.MustCompile(`href="(/dashboard/test/objects/[^"/?]+/[^"/?]+)"`)
)

// TestEveryKind opens the list of every kind, the page of the first object in it, and the forms of all that can be done to it.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	b := sampled(t)
	page := b.shows(b.get("/dashboard/test/objects"), http.StatusOK, "Payment intents", "Test clocks", "Credit notes")
	kinds, objects := map[string]bool{}, 0
	for _, m := range kindLink.FindAllStringSubmatch(page, -1) {
		if kinds[m[1]] {
			continue
		}
		kinds[m[1]] = true
		list := b.shows(b.get(m[1]), http.StatusOK)
		if create := createLink.FindStringSubmatch(list); create != nil {
			b.shows(b.get(create[1]), http.StatusOK, `name="retry"`)
		}
		if first := objectLink.FindStringSubmatch(list); first != nil {
			objects++
			b.openObject(first[1])
		}
	}
	if len(kinds) < 80 || objects < 15 {
		t.Errorf("there are %d kinds, and objects of %d", len(kinds), objects)
	}
	b.shows(b.get("/dashboard/test/objects/nonsense"), http.StatusNotFound)
	b.shows(b.get("/dashboard/test/objects/customer/cus_none"), http.StatusNotFound, "This customer is not here")
}

var actionLink = regexp.MustCompile(`href="(/dashboard/test/objects/[^"?]+/actions/[^"]+)"`)

func (b *browser) openObject(path string) {
	b.t.Helper()
	page := b.shows(b.get(path), http.StatusOK, "History", "JSON")
	for _, m := range actionLink.FindAllStringSubmatch(page, -1) {
		b.shows(b.get(m[1]), http.StatusOK, `name="retry"`)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	b := desk(t)
	const list = "/dashboard/test/objects/customer"
	b.shows(b.get(list), http.StatusOK, "None yet")
	var ids []string
	for range 60 {
		ids = append(ids, b.Post("/v1/customers", "email", "jenny@example.com", "name", "=cmd").OK().ID())
	}
	other := b.Post("/v1/customers", "email", "other@example.com", "name", "Zoë <b>").OK().ID()
	b.contains(list, []string{other, "Zoë &lt;b&gt;", ids[59], "Older"}, []string{ids[0], "Newer"})
	b.contains(list+"?email=other@example.com", []string{other, `class="chip"`}, []string{ids[59]})
	b.contains(list+"?q=zoë", []string{other}, []string{ids[59]})
	b.contains(list+"?q="+url.QueryEscape(`email:"other@example.com"`), []string{other}, []string{ids[59]})
	b.contains(list+"?created.from=2100-01-01", []string{"Nothing fits"}, []string{other})
	b.contains(list+"?created.from=soon", []string{"Write days as"}, []string{other})
	b.contains(list+"?q="+url.QueryEscape(`nonsense:"`), []string{"notice-warn"}, []string{other})

	page := b.get(list).Body.String()
	older := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(page)
	second := b.shows(b.get(strings.ReplaceAll(older[1], "&amp;", "&")), http.StatusOK, "Newer", "Older")
	newer := regexp.MustCompile(`href="([^"]+)" rel="prev"`).FindStringSubmatch(second)
	b.contains(strings.ReplaceAll(newer[1], "&amp;", "&"), []string{other}, []string{ids[0]})

	rows, err := csv.NewReader(b.get("/dashboard/test/export/customer").Body).ReadAll()
	if err != nil || len(rows) != 62 || rows[0][0] != "id" || rows[1][0] != other || !strings.Contains(strings.Join(rows[2], " "), "'=cmd") {
		t.Errorf("the export has %d rows, %v", len(rows), err)
	}
	b.contains("/dashboard/test/objects/treasury.transaction", []string{"Of which Financial account?"}, nil)
}

func TestSavedViews(t *testing.T) {
	t.Parallel()
	b := desk(t)
	const list = "/dashboard/test/objects/invoice"
	b.contains(list, nil, []string{"Save view"})
	b.contains(list+"?status=open", []string{"Save view", `value="status=open"`}, nil)
	b.leads(b.post("/dashboard/test/views", "page", "/objects/invoice", "query", "status=open", "name", "To be paid"), list+"?status=open")
	b.contains(list+"?status=open", []string{"To be paid"}, []string{"Save view"})
	page := b.shows(b.get("/dashboard/objects/invoice"), http.StatusOK, "To be paid", "/dashboard/objects/invoice?status=open")
	b.contains("/dashboard/test/objects/customer", nil, []string{"To be paid"})
	b.shows(b.post("/dashboard/test/views", "page", "/objects/invoice", "query", "status=paid", "name", " "), http.StatusUnprocessableEntity)
	b.shows(b.post("/dashboard/test/views", "page", "//evil.example", "query", "", "name", "x"), http.StatusNotFound)
	b.leads(b.post("/dashboard/test/views", "page", "/logs", "query", "status=4xx", "name", "Refused"), "/dashboard/test/logs?status=4xx")
	b.contains("/dashboard/test/logs", []string{"Refused", "/dashboard/test/logs?status=4xx"}, []string{"To be paid"})
	remove := regexp.MustCompile(`action="([^"]+/views/[^"]+/delete)"`).FindStringSubmatch(page)
	b.leads(b.post(remove[1]), "/dashboard/objects/invoice")
	b.contains(list, nil, []string{"To be paid"})
}

func TestObject(t *testing.T) {
	t.Parallel()
	b := desk(t)
	id := b.Post("/v1/customers", "email", "jenny@example.com", "name", "Jenny", "metadata[plan]", "gold").OK().ID()
	b.Post("/v1/customers/"+id, "name", "Jane").OK()
	intent := b.Post("/v1/payment_intents", "amount", "1250", "currency", "usd", "customer", id, "payment_method", "pm_card_visa", "confirm", "true", "capture_method", "automatic",
		"automatic_payment_methods[enabled]", "true", "automatic_payment_methods[allow_redirects]", "never").OK().ID()
	b.contains("/dashboard/test/objects/customer/"+id, []string{"<h1>Jane", "gold", "customer.updated", "&#34;Jenny&#34;", "Payment intents", "$12.50 USD", "/logs?object=" + id}, nil)
	b.contains("/dashboard/test/objects/payment_intent/"+intent, []string{"<h1>$12.50 USD", "Visa •••• 4242", "Jane (jenny@example.com)", "Fees", "Refund", "payment_intent.succeeded"}, []string{">Capture<"})
	b.Delete("/v1/customers/" + id).OK()
	b.contains("/dashboard/test/objects/customer/"+id, []string{"Deleted", "customer.deleted"}, []string{"/actions/"})
	b.contains("/dashboard/test/objects/customer/"+id+"/history", []string{"customer.created"}, nil)
}

func TestActions(t *testing.T) {
	t.Parallel()
	b := sampled(t)
	intent := b.Post("/v1/payment_intents", "amount", "1250", "currency", "usd", "payment_method", "pm_card_visa", "confirm", "true",
		"automatic_payment_methods[enabled]", "true", "automatic_payment_methods[allow_redirects]", "never").OK().ID()
	refund := "/dashboard/test/objects/payment_intent/" + intent + "/actions/PostRefunds"
	b.shows(b.get(refund), http.StatusOK, "As 12.50, in USD", "cannot be taken back")
	b.shows(b.post(refund, "retry", "a", "p.amount", "x"), http.StatusUnprocessableEntity, "Write amounts as 12.50")
	b.shows(b.post(refund, "retry", "b", "p.amount", "99"), http.StatusBadRequest, "greater than", "/dashboard/test/logs/req_", "<summary>Ruby")
	w := b.post(refund, "retry", "c", "p.amount", "2.50", "p.reason", "requested_by_customer")
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/dashboard/test/objects/refund/re_") {
		t.Fatalf("status %d to %s: %s", w.Code, to, w.Body)
	}
	if again := b.post(refund, "retry", "c", "p.amount", "2.50", "p.reason", "requested_by_customer").Header().Get("Location"); !strings.HasPrefix(again, to[:strings.Index(to, "?")]) {
		t.Errorf("the form, sent twice, leads to %s and %s", to, again)
	}
	b.contains(to, []string{"$2.50 USD", intent, "The request"}, nil)
	if got := b.Get("/v1/payment_intents/"+intent, "expand[]", "latest_charge").OK().Object("latest_charge").Int("amount_refunded"); got != 250 {
		t.Errorf("%d was refunded", got)
	}
	customer := b.Post("/v1/customers", "name", "Jenny", "description", "old").OK().ID()
	edit := "/dashboard/test/objects/customer/" + customer + "/actions/PostCustomersCustomer"
	b.shows(b.get(edit), http.StatusOK, `value="Jenny"`)
	b.leads(b.post(edit, "p.name", "Jane", "p.description", ""), b.doneAt("customer", customer, "PostCustomersCustomer"))
	if o := b.Get("/v1/customers/" + customer).OK(); o.String("name") != "Jane" || o.Get("description") != nil {
		t.Errorf("the customer is %s", o.JSON())
	}
	remove := "/dashboard/test/objects/customer/" + customer + "/actions/DeleteCustomersCustomer"
	helper := b.browser()
	helper.shows(helper.get(edit), http.StatusOK)
	helper.shows(helper.post("/dashboard/test/create/price", "p.currency", "usd"), http.StatusNotFound)
	b.leads(b.post(remove), "/dashboard/test/objects/customer")

	w = b.post("/dashboard/test/create/product", "p.name", "Pro", "p.metadata", "metadata[a]=1\nmetadata[b]=2 3")
	made := b.Get("/v1/products", "limit", "1").OK().Array("data")
	if w.Code != http.StatusSeeOther || len(made) != 1 || !strings.Contains(w.Header().Get("Location"), "/objects/product/prod_") {
		t.Fatalf("status %d to %s: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	b.contains(w.Header().Get("Location"), []string{"Created.", "2 3", "<h1>Pro"}, nil)
	b.shows(b.post("/dashboard/test/create/product", "p.metadata", "other=1", "p.name", "x"), http.StatusUnprocessableEntity, "Begin each line with metadata")
}

// doneAt is where an action leads.
func (b *browser) doneAt(kind, id, operation string) string {
	page, err := b.Store.Logs(logsOf(b))
	if err != nil || len(page.Entries) == 0 {
		b.t.Fatal(err)
	}
	return "/dashboard/test/objects/" + kind + "/" + id + "?" + url.Values{"done": {operation}, "request": {page.Entries[0].ID}}.Encode()
}

func TestViewersDoNothing(t *testing.T) {
	t.Parallel()
	b := desk(t, guests(people.Viewer))
	id := b.Post("/v1/customers", "name", "Jenny").OK().ID()
	viewer := b.browser()
	viewer.contains("/dashboard/test/objects/customer/"+id, []string{"Jenny"}, []string{"/actions/"})
	viewer.contains("/dashboard/test/objects/customer", []string{"Jenny"}, []string{"/create/"})
	for _, path := range []string{"/objects/customer/" + id + "/actions/PostCustomersCustomer", "/create/customer"} {
		viewer.shows(viewer.get("/dashboard/test"+path), http.StatusForbidden)
		viewer.shows(viewer.post("/dashboard/test"+path, "p.name", "x"), http.StatusForbidden)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	b := desk(t)
	b.shows(b.get("/dashboard/test/events"), http.StatusOK, "No events yet")
	made := b.Post("/v1/customers", "email", "jenny@example.com")
	id := made.OK().ID()
	b.Post("/v1/customers/"+id, "email", "jane@example.com").OK()
	b.Post("/v1/products", "name", "Pro").OK()
	b.contains("/dashboard/test/events", []string{"customer.created", "customer.updated", "product.created", id, made.Header.Get("Request-Id")}, nil)
	b.contains("/dashboard/test/events?type=product.created", []string{">product.created<"}, []string{">customer.created<"})
	b.contains("/dashboard/test/events?object="+id, []string{">customer.created<", ">customer.updated<"}, []string{">product.created<"})
	for query, want := range map[string]int{"": 4, "?type=product.created": 2, "?object=" + id: 3} {
		rows, err := csv.NewReader(b.get("/dashboard/test/events/export" + query).Body).ReadAll()
		if err != nil || len(rows) != want || rows[0][2] != "type" || !strings.HasPrefix(rows[1][0], "evt_") {
			t.Errorf("the export of %q has %d rows, %v", query, len(rows), err)
		}
	}
	b.contains("/dashboard/test/events?type=no.such", []string{"No event fits"}, nil)
	updated := b.Get("/v1/events", "type", "customer.updated").OK().Array("data")
	path := regexp.MustCompile(`/dashboard/test/events/evt_\w+`).FindString(b.get("/dashboard/test/events?type=customer.updated").Body.String())
	if len(updated) != 1 || path == "" {
		t.Fatalf("%d events, %q", len(updated), path)
	}
	b.contains(path, []string{"jenny@example.com", "jane@example.com", "<del>", "previous_attributes"}, nil)
	b.shows(b.get("/dashboard/events/"+path[strings.LastIndex(path, "/")+1:]), http.StatusNotFound, "This event is not here")
	b.leads(b.get("/dashboard/test/objects/event/evt_1"), "/dashboard/test/events/evt_1")
}

// TestConnectedAccount makes and changes an object of an account that is connected to the person's.
func TestConnectedAccount(t *testing.T) {
	t.Parallel()
	b := desk(t)
	account := b.Post("/v1/accounts", "type", "custom").OK().ID()
	b.Do(servertest.Request{Path: "/v1/customers", Header: http.Header{"Stripe-Account": {account}}}).OK()
	place := "/dashboard/" + account + "/test"
	w := b.post(place+"/create/customer", "p.name", "Theirs")
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, place+"/objects/customer/cus_") {
		t.Fatalf("status %d to %s: %s", w.Code, to, w.Body)
	}
	b.contains(to, []string{"Theirs", "Created.", place + "/logs/req_"}, nil)
	b.contains(place+"/logs", []string{"/v1/customers", `"Source">dashboard`}, nil)
	b.contains(place+"/events", []string{"customer.created"}, nil)
	b.contains("/dashboard/test/objects/customer", nil, []string{"Theirs"})
	b.contains("/dashboard/test/logs", nil, []string{`"Source">dashboard`})
}
