package version_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
	"sharesmart/internal/version"
)

// fetch reads for renderings in the test namespace.
func (w *world) fetch() version.Fetch {
	w.t.Helper()
	ns, err := w.Registry.Namespace(w.Account.ID, "test")
	if err != nil {
		w.t.Fatal(err)
	}
	return w.Engine.Fetch(w.t.Context(), ns, ns)
}

func (w *world) event(kind string) *servertest.Answer {
	w.t.Helper()
	return w.Get("/v1/events/" + w.Get("/v1/events", "type", kind).IDs()[0])
}

func (w *world) render(in string, body []byte) *object.Object {
	w.t.Helper()
	out, err := version.Render(in, body, w.fetch())
	if err != nil {
		w.t.Fatal(err)
	}
	o, err := object.Parse(out, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

// An event has its object in the shape of the version that it is for, and what that was before.
func TestRenderEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Post("/v1/subscriptions/"+w.ids["subscription"], w.form("items[0][id]={item} items[0][quantity]=2")...).OK()
	w.Post("/v1/customers/"+w.ids["customer"], "balance", "-50").OK()
	for _, c := range []struct {
		kind, in string
		want     map[string]any
	}{
		{"invoice.paid", "2025-02-24.acacia", map[string]any{"api_version": "2025-02-24.acacia", "data.object.payment_intent": "{intent}", "data.object.subscription": "{subscription}", "data.object.tax": 125, "data.object.lines.data.0.price.id": "{price}"}},
		{"invoice.paid", "2025-08-27.basil", map[string]any{"api_version": "2025-08-27.basil", "data.object.payment_intent": gone{}, "data.object.parent.type": "subscription_details"}},
		{"customer.updated", "2019-10-08", map[string]any{"data.object.account_balance": -50, "data.previous_attributes.account_balance": 0, "data.previous_attributes.balance": gone{}, "data.object.sources.object": "list"}},
		{"customer.subscription.updated", "2019-10-08", map[string]any{"data.object.quantity": 2, "data.previous_attributes.quantity": 1, "data.previous_attributes.items.data.0.quantity": 1}},
		{"charge.succeeded", "2022-08-01", map[string]any{"data.object.invoice": "{invoice}", "data.object.refunds.object": "list"}},
	} {
		t.Run(c.kind+" "+c.in, func(t *testing.T) {
			e := w.event(c.kind)
			w.want(t, w.render(c.in, e.Body), c.want)
			if again := w.event(c.kind); string(again.Body) != string(e.Body) {
				t.Error("the event itself has changed")
			}
		})
	}
}

func TestRenderRenamesEvents(t *testing.T) {
	t.Parallel()
	const event = `{"id":"evt_1","object":"event","api_version":"x","data":{"object":{"id":"pm_1","object":"payment_method"}},"type":"payment_method.automatically_updated"}`
	for in, want := range map[string]string{"2020-03-02": "payment_method.card_automatically_updated", "2020-08-27": "payment_method.automatically_updated"} {
		out, err := version.Render(in, []byte(event), nil)
		if err != nil || !strings.Contains(string(out), `"type": "`+want+`"`) {
			t.Errorf("in %s: %s, %v", in, out, err)
		}
	}
}

// An event keeps the version that the account had when it happened, whatever a request asks for.
func TestEventsOfAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := func(in string) {
		if err := w.Registry.SetVersion(t.Context(), w.Account.ID, in); err != nil {
			t.Fatal(err)
		}
	}
	before := w.event("invoice.paid").Object.ID()
	set("2019-10-08")
	w.in(spec.Version, "POST /v1/subscriptions", "customer={customer} items[0][price]={price}").OK()
	newest := map[string]any{"api_version": spec.Version, "data.object.payment_intent": gone{}}
	older := map[string]any{"api_version": "2019-10-08", "data.object.object": "invoice", "data.object.paid": true, "data.object.billing": "charge_automatically"}
	ids := w.Do(servertest.Request{Path: "/v1/events?type=invoice.paid", Unchecked: true}).IDs()
	check := func() {
		t.Helper()
		for _, in := range []string{spec.Version, "2019-10-08", "2025-02-24.acacia"} {
			w.want(t, w.in(in, "GET /v1/events/"+before, "").OK(), newest)
			w.want(t, w.Do(servertest.Request{Path: "/v1/events/" + ids[0], Unchecked: true, Header: http.Header{"Stripe-Version": {in}}}).OK(), older)
		}
		w.want(t, w.Do(servertest.Request{Path: "/v1/events?type=invoice.paid", Unchecked: true}).OK(), map[string]any{"data.0.api_version": "2019-10-08", "data.0.data.object.paid": true, "data.1.api_version": spec.Version})
	}
	check()
	set("")
	check()
	if body := w.Do(servertest.Request{Path: "/v1/events/" + ids[0], Unchecked: true}).Body; !strings.Contains(string(body), "account_name") {
		t.Error("the event is not whole")
	}
	w.want(t, w.render("", w.event("customer.created").Body), map[string]any{"api_version": spec.Version})
}

// The version is the header's, else the key's, else the account's, and the log has it.
func TestWhichVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(key string, header string) *servertest.Answer {
		r := servertest.Request{Path: "/v1/subscriptions/" + w.ids["subscription"], Key: key, Unchecked: true}
		if header != "" {
			r.Header = http.Header{"Stripe-Version": {header}}
		}
		return w.Do(r)
	}
	if err := w.Registry.SetVersion(t.Context(), w.Account.ID, "2022-11-15"); err != nil {
		t.Fatal(err)
	}
	own, err := w.Registry.CreateKey(t.Context(), keySpec(w.Account.ID, "2019-10-08"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, key, header, version string
		want                       map[string]any
	}{
		{"the account's", w.Key, "", "2022-11-15", map[string]any{"current_period_end": 1790856000, "billing": gone{}}},
		{"the key's", own.Secret, "", "2019-10-08", map[string]any{"billing": "charge_automatically"}},
		{"the header's", own.Secret, "2025-09-30.clover", "2025-09-30.clover", map[string]any{"current_period_end": gone{}}},
		{"the newest", own.Secret, spec.Version, spec.Version, map[string]any{"current_period_end": gone{}}},
		{"a preview", own.Secret, "2025-03-31.preview", "2025-03-31.preview", map[string]any{"current_period_end": gone{}}},
		{"a later one", own.Secret, "2027-01-27.endive", "2027-01-27.endive", map[string]any{"current_period_end": gone{}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := ask(c.key, c.header)
			w.want(t, a.OK(), c.want)
			if got := a.Header.Get("Stripe-Version"); got != c.version {
				t.Errorf("the header says %s, want %s", got, c.version)
			}
			if got := w.logged(a.Header.Get("Request-Id")).Version; got != c.version {
				t.Errorf("the log says %s, want %s", got, c.version)
			}
		})
	}
	for _, unknown := range []string{"2019-10-09", "basil", "2025-03-31"} {
		e := ask(w.Key, unknown).Fails(400, "")
		if got := e.String("message"); got != "Invalid Stripe API version: "+unknown {
			t.Errorf("the message is %q", got)
		}
	}
	if _, err := w.Registry.CreateKey(t.Context(), keySpec(w.Account.ID, "2019-10-09")); err == nil {
		t.Error("a key can have a version that never was")
	}
}

// An error is told in the names that were sent.
func TestErrorsOfOlderVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct{ in, call, form, code, param, message string }{
		{"2024-06-20", "POST /v1/invoiceitems", "customer={customer} price=price_none", "resource_missing", "price", "No such price"},
		{"2020-03-02", "POST /v1/customers", "account_balance=-5 nick=x", "parameter_unknown", "account_balance", "account_balance, nick"},
		{"2019-10-08", "POST /v1/customers", "account_balance=much", "parameter_invalid_integer", "account_balance", "Invalid integer"},
		{"2019-10-08", "POST /v1/invoices", "customer={customer} billing=sometimes", "", "billing", "billing"},
		{spec.Version, "POST /v1/invoices", "customer={customer} billing=send_invoice", "parameter_unknown", "billing", "Received unknown parameter: billing"},
	} {
		a := w.in(c.in, c.call, c.form)
		e := a.Fails(400, c.code)
		if got := e.String("param"); got != c.param {
			t.Errorf("%s: param is %q, want %q", c.form, got, c.param)
		}
		if !strings.Contains(e.String("message"), c.message) {
			t.Errorf("%s: the message is %q", c.form, e.String("message"))
		}
	}
	// What an error brings along is in the older shape, too.
	a := w.in("2020-08-27", "POST /v1/payment_intents", "amount=100 currency=usd payment_method=pm_card_chargeDeclined confirm=true")
	w.want(t, a.Fails(402, "card_declined"), map[string]any{"payment_intent.charges.data.0.status": "failed", "payment_intent.invoice": nil})
	// A restricted key sees no more of what is brought back than of anything else.
	key, err := w.Registry.CreateKey(t.Context(), restricted(w.Account.ID))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(query string) *servertest.Answer {
		return w.Do(servertest.Request{Path: "/v1/invoices/" + w.ids["invoice"] + query, Key: key.Secret, Unchecked: true, Header: http.Header{"Stripe-Version": {"2020-08-27"}}})
	}
	for _, more := range []string{"payment_intent", "charge", "subscription", "payment_intent.customer"} {
		ask("?expand[]="+more).Fails(403, "")
	}
	upcoming := w.Do(servertest.Request{Path: w.fill("/v1/invoices/upcoming?subscription={subscription}"), Key: key.Secret, Unchecked: true, Header: http.Header{"Stripe-Version": {"2020-08-27"}}})
	w.want(t, upcoming.OK(), map[string]any{"object": "invoice"})
	w.want(t, ask("").OK(), map[string]any{"payment_intent": "{intent}"})
}

func keySpec(account, in string) access.KeySpec { return access.KeySpec{Account: account, Version: in} }

// restricted is a key that may read invoices alone.
func restricted(account string) access.KeySpec {
	return access.KeySpec{Account: account, Kind: access.RestrictedKey, Rights: access.Rights{"invoice": access.Read}}
}

// logged is the entry of a request in the log.
func (w *world) logged(request string) store.LogEntry {
	w.t.Helper()
	ns, err := w.Registry.Namespace(w.Account.ID, "test")
	if err != nil {
		w.t.Fatal(err)
	}
	entries, err := w.Store.Logs(store.LogQuery{NS: ns.NS, Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries.Entries {
		if e.ID == request {
			return e
		}
	}
	w.t.Fatalf("%s is not in the log", request)
	return store.LogEntry{}
}
