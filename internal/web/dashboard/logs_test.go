package dashboard_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/people"
	"sharesmart/internal/servertest"
	"sharesmart/internal/store"
	"sharesmart/internal/web/dashboard"
)

// desk is the browser of the owner of an office.
func desk(t *testing.T, change ...func(*dashboard.Options)) *browser {
	t.Helper()
	return newOffice(t, change...).owner()
}

// guests lets everybody in with a role.
func guests(role people.Role) func(*dashboard.Options) {
	return func(o *dashboard.Options) { o.Guest = role }
}

func (b *browser) contains(path string, want, not []string) {
	b.t.Helper()
	page := b.shows(b.get(path), http.StatusOK, want...)
	for _, part := range not {
		if strings.Contains(page, part) {
			b.t.Errorf("%s has %q", path, part)
		}
	}
}

func TestLogs(t *testing.T) {
	t.Parallel()
	b := desk(t)
	b.shows(b.get("/dashboard/test/logs"), http.StatusOK, "No requests yet")
	made := b.Post("/v1/customers", "email", "jenny@example.com")
	id := made.OK().ID()
	b.Get("/v1/customers/" + id).OK()
	declined := b.Post("/v1/charges", "amount", "100", "currency", "usd", "source", "tok_chargeDeclined")
	declined.Fails(402, "card_declined")
	b.Do(servertest.Request{Path: "/v1/coupons/none", Header: http.Header{"User-Agent": {"curl/8"}}}).Fails(404, "resource_missing")
	b.Do(servertest.Request{Path: "/v1/balance", Key: b.Account.LiveSecret.Secret}).OK()
	const customers, charges, coupons = "/v1/customers", "/v1/charges", "/v1/coupons/none"
	for query, want := range map[string][2][]string{
		"":                                  {{customers + "<", customers + "/" + id, charges, coupons}, {"/v1/balance"}},
		"status=4xx":                        {{charges, coupons, `class="chip"`}, {customers + "<"}},
		"status=402":                        {{charges}, {coupons}},
		"status=402,404":                    {{charges, coupons}, {customers + "<"}},
		"method=POST":                       {{charges, customers}, {coupons}},
		"path=/v1/customers":                {{customers + "<", customers + "/" + id}, {charges}},
		"path=/v1/customers/":               {{customers + "<"}, {charges}},
		"object=" + id:                      {{customers + "<", customers + "/" + id}, {charges}},
		"source=curl":                       {{coupons}, {charges}},
		"code=card_declined":                {{charges}, {coupons}},
		"status=5xx":                        {{"No request fits"}, {charges}},
		"from=2100-01-01":                   {{"No request fits"}, {charges}},
		"until=2100-01-01T00:00&status=402": {{charges}, {coupons}},
		"from=yesterday":                    {{"Write times as"}, nil},
	} {
		t.Run(query, func(t *testing.T) { b.contains("/dashboard/test/logs?"+query, want[0], want[1]) })
	}
	b.contains("/dashboard/logs", []string{"/v1/balance"}, []string{charges})
	b.leads(b.get("/dashboard/test/logs?object=req_abc"), "/dashboard/test/logs/req_abc")

	sent, err := csv.NewReader(b.get("/dashboard/test/logs/export?status=4xx").Body).ReadAll()
	if err != nil || len(sent) != 3 || sent[1][3] != coupons || sent[2][6] != "card_declined" {
		t.Errorf("the export is %v, %v", sent, err)
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	b := desk(t)
	made := b.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Form: []string{"email", "jenny@example.com"}, Header: http.Header{"Idempotency-Key": {"once"}}})
	id := made.OK().ID()
	b.Post("/v1/customers/"+id, "email", "other@example.com").OK()
	b.contains("/dashboard/test/logs/"+made.Header.Get("Request-Id"), []string{
		"Create a customer", "/v1/customers", "jenny@example.com", "once", "customer.created", "/dashboard/test/objects/customer/" + id, "<summary>Ruby", "/docs/api/customers#create",
	}, []string{"other@example.com"})

	failed := b.Post("/v1/charges", "amount", "100", "currency", "usd", "source", "tok_chargeDeclined", "description", "<script>").Fails(402, "card_declined")
	address, err := url.Parse(failed.String("request_log_url"))
	if err != nil {
		t.Fatal(err)
	}
	b.contains(address.RequestURI(), []string{"Your card was declined", "/docs/errors/card_declined", "tok_chargeDeclined"}, []string{"<script>\""})
	stranger := b.browser()
	b.leads(stranger.get(address.RequestURI()), "/dashboard/sign-in?next="+url.QueryEscape(address.RequestURI()))

	b.shows(b.get("/dashboard/logs/"+made.Header.Get("Request-Id")), http.StatusNotFound, "not in the log")
	b.shows(b.get("/dashboard/test/logs/req_00000000000000"), http.StatusNotFound)
	b.shows(b.get("/dashboard/test/logs/nonsense"), http.StatusNotFound)
}

func TestReplay(t *testing.T) {
	t.Parallel()
	b := desk(t, guests(people.Support))
	made := b.Post("/v1/customers", "email", "jenny@example.com", "metadata[a]", "1")
	made.OK()
	path := "/dashboard/test/logs/" + made.Header.Get("Request-Id") + "/replay"
	b.shows(b.browser().post(path, "to", "new"), http.StatusForbidden)
	w := b.post(path, "to", "new")
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/dashboard/sbx_") {
		t.Fatalf("status %d to %q", w.Code, to)
	}
	b.contains(to, []string{"Ada Owner, in the Dashboard", "jenny@example.com", "metadata[a]", "dashboard"}, nil)
	if n := len(b.Get("/v1/customers").OK().Array("data")); n != 1 {
		t.Errorf("there are %d customers in test mode", n)
	}
	b.shows(b.post(path, "to", "live"), http.StatusUnprocessableEntity)
	b.shows(b.post(path, "to", "sbx_none"), http.StatusNotFound)
}

// logsOf asks for the newest request in test mode.
func logsOf(b *browser) store.LogQuery {
	b.t.Helper()
	ns, err := b.Registry.Namespace(b.Account.ID, access.Test)
	if err != nil {
		b.t.Fatal(err)
	}
	return store.LogQuery{NS: ns.NS, Limit: 1}
}
