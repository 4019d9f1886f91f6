package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/servertest"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	made := o.Post("/v1/customers", "email", "jenny@example.com", "name", "Jenny")
	customer := made.OK().ID()
	event := o.Get("/v1/events").IDs()[0]
	live := o.Do(servertest.Request{Method: http.MethodPost, Path: "/v1/customers", Key: o.Account.LiveSecret.Secret}).OK().ID()
	box, err := o.Registry.CreateSandbox(t.Context(), access.SandboxSpec{Name: "Playground"})
	if err != nil {
		t.Fatal(err)
	}
	price := o.Post("/v1/prices", "currency", "usd", "unit_amount", "0", "recurring[interval]", "month", "product_data[name]", "Free").OK().ID()
	sub := o.Post("/v1/subscriptions", "customer", customer, "items[0][price]", price).OK()
	item := sub.Object("items").Array("data")[0].(*object.Object).ID()
	for q, to := range map[string]string{
		item:     "/dashboard/test/objects/subscription_item/" + item,
		customer: "/dashboard/test/objects/customer/" + customer, event: "/dashboard/test/events/" + event, live: "/dashboard/objects/customer/" + live,
		made.Header.Get("Request-Id"): "/dashboard/test/logs/" + made.Header.Get("Request-Id"), o.Account.LiveSecret.ID: "/dashboard/keys/" + o.Account.LiveSecret.ID,
	} {
		o.leads(b.get("/dashboard/test/search?q="+q), to)
	}
	for q, want := range map[string]string{
		"audit": `href="/dashboard/test/audit"`, "restricted": `href="/dashboard/test/keys/new?kind=rk"`, "live+mode": `href="/dashboard/search"`, "playground": `href="/dashboard/` + box.ID + `/search"`,
		"jenny@example.com": customer, "coupon": `href="/dashboard/test/objects/coupon"`, "edit+" + customer: `href="/dashboard/test/objects/customer/` + customer + `/actions/PostCustomersCustomer"`, item + "+quantity": "Nothing fits", item + "+edit": "/actions/PostSubscriptionItemsItem",
		"create+coupon": `href="/dashboard/test/create/coupon"`, "create+test+clock": `href="/dashboard/test/create/test_helpers.test_clock"`, "": `href="/dashboard/test/keys"`, "nonsense": "Nothing fits", "cus_nonsense": "Nothing fits",
	} {
		if page := o.shows(b.get("/dashboard/test/search?q="+q), http.StatusOK); !strings.Contains(page, want) {
			t.Errorf("%q does not find %s:\n%s", q, want, page)
		}
	}
	o.shows(b.get("/dashboard/test/search.json?q="+customer), http.StatusOK, `"path":"/dashboard/test/objects/customer/`+customer)
	viewer := o.join(b, "viewer@example.com", people.Viewer)
	if page := viewer.get("/dashboard/test/search?q=key").Body.String(); strings.Contains(page, "/keys") {
		t.Error("a viewer is led to keys")
	}
	o.shows(viewer.get("/dashboard/test/search?q="+o.Account.LiveSecret.ID), http.StatusOK, "Nothing fits")
}
