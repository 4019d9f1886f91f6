package billing_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

const avaPath = "/v1/ava/endpoint/ids"

// zoo is a server with objects of many kinds.
type zoo struct {
	*servertest.Server
	customer, charge, card, coupon, product, plan, sku, event string
}

func newZoo(t *testing.T) *zoo {
	z := &zoo{Server: servertest.New(t)}
	z.customer = z.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	z.card = z.Post("/v1/customers/"+z.customer+"/sources", "source", "tok_visa").OK().ID()
	z.charge = z.Post("/v1/charges", "amount", "500", "currency", "usd", "customer", z.customer).OK().ID()
	z.event = z.Get("/v1/events", "limit", "1").IDs()[0]
	z.coupon = z.Post("/v1/coupons", "percent_off", "10", "duration", "once", "id", "SUMMER").OK().ID()
	z.product = z.Post("/v1/products", "name", "Mug", "type", "good", "id", "mug").OK().ID()
	z.plan = z.Post("/v1/plans", "currency", "usd", "amount", "500", "interval", "month", "product", z.product, "id", "gold").OK().ID()
	z.sku = z.Post("/v1/skus", "product", z.product, "price", "5", "currency", "usd", "inventory[type]", "infinite", "id", "mug-white").OK().ID()
	return z
}

func TestAvaOne(t *testing.T) {
	t.Parallel()
	z := newZoo(t)
	for id, path := range map[string]string{
		z.customer: "customers/" + z.customer, z.charge: "charges/" + z.charge, z.card: "customers/" + z.customer + "/sources/" + z.card, z.coupon: "coupons/SUMMER",
		z.product: "products/mug", z.plan: "plans/gold", z.sku: "skus/mug-white", z.event: "events/" + z.event, "txcd_10000000": "tax_codes/txcd_10000000", "US": "country_specs/US",
		z.Account.ID: "account",
	} {
		want := z.Get("/v1/" + path)
		want.OK()
		wantEvents(t, z.Server, nil, func() {
			if diff := cmp.Diff(string(want.Body), string(z.Post(avaPath, "id", id).Body)); diff != "" {
				t.Errorf("%s differs from %s (-want +got):\n%s", id, path, diff)
			}
		})
	}
}

func TestAvaMany(t *testing.T) {
	t.Parallel()
	z := newZoo(t)
	ids := []string{"gold", z.charge, "ch_nobody", z.customer, "SUMMER", "nobody", z.charge}
	var form []string
	for _, id := range ids {
		form = append(form, "ids[]", id)
	}
	got := z.Post(avaPath, form...)
	if diff := cmp.Diff(ids, got.IDs()); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	wantFields(t, got.Object, map[string]any{
		"object": "list", "has_more": false, "url": avaPath, "data.0.object": "plan", "data.1.amount": 500, "data.2.object": "missing", "data.3.email": "jenny@example.com", "data.4.object": "coupon", "data.5.object": "missing",
	})
	if diff := cmp.Diff([]string{"id", "object"}, got.Object.Array("data")[2].(*object.Object).Keys()); diff != "" {
		t.Errorf("a missing one: %s", diff)
	}
	z.Delete("/v1/customers/" + z.customer).OK()
	wantFields(t, z.Post(avaPath, "ids[]", z.customer).OK(), map[string]any{"data.0.object": "missing"})
}

func TestAvaRefuses(t *testing.T) {
	t.Parallel()
	z := newZoo(t)
	var tooMany, enough []string
	for i := range 101 {
		tooMany = append(tooMany, "ids[]", "x"+strconv.Itoa(i))
	}
	enough = tooMany[:200]
	if ids := z.Post(avaPath, enough...).IDs(); len(ids) != 100 {
		t.Errorf("%d objects, want 100", len(ids))
	}
	for _, c := range []struct {
		name  string
		form  []string
		code  string
		param string
	}{
		{"neither", nil, "parameter_missing", "id"},
		{"metadata alone", []string{"metadata[k]", "v"}, "parameter_missing", "id"},
		{"both", []string{"id", z.charge, "ids[]", z.charge}, "parameters_exclusive", "id"},
		{"too many", tooMany, "", "ids"},
		{"missing", []string{"id", "ch_nobody"}, "resource_missing", "id"},
		{"missing, of no kind", []string{"id", "nobody"}, "resource_missing", "id"},
		{"other expansion", []string{"id", z.charge, "expand[]", "product"}, "", "expand"},
		{"expansion of a list without data", []string{"ids[]", z.charge, "expand[]", "customer"}, "", "expand"},
		{"expansion of a list that nothing has", []string{"ids[]", z.charge, "expand[]", "data.product"}, "", "expand"},
		{"unknown", []string{"id", z.charge, "kind", "charge"}, "parameter_unknown", "kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantFields(t, z.Post(avaPath, c.form...).Fails(400, c.code), map[string]any{"param": c.param})
		})
	}
	if message := z.Post(avaPath, "id", "ch_nobody").Fails(400, "resource_missing").String("message"); message != "No such charge: 'ch_nobody'" {
		t.Errorf("message %q", message)
	}
}

func TestAvaExpands(t *testing.T) {
	t.Parallel()
	z := newZoo(t)
	wantFields(t, z.Post(avaPath, "id", z.charge, "expand[]", "customer.default_source").OK(), map[string]any{"customer.default_source.last4": "4242"})
	got := z.Post(avaPath, "ids[]", z.charge, "ids[]", z.sku, "ids[]", "nobody", "expand[]", "data.customer", "expand[]", "data.product").OK()
	wantFields(t, got, map[string]any{"data.0.customer.email": "jenny@example.com", "data.1.product.name": "Mug", "data.2.object": "missing"})
	wantFields(t, z.Get("/v1/charges/"+z.charge).OK(), map[string]any{"customer": z.customer})
}

func TestAvaTags(t *testing.T) {
	t.Parallel()
	z := newZoo(t)
	wantEvents(t, z.Server, []string{"charge.updated"}, func() {
		wantFields(t, z.Post(avaPath, "id", z.charge, "metadata[order_id]", "6735").OK(), map[string]any{"id": z.charge, "metadata.order_id": "6735"})
	})
	wantEvents(t, z.Server, []string{"charge.updated", "coupon.updated", "customer.updated"}, func() {
		got := z.Post(avaPath, "ids[]", z.charge, "ids[]", z.coupon, "ids[]", z.customer, "ids[]", z.charge, "metadata[lot]", "7").OK()
		wantFields(t, got, map[string]any{"data.0.metadata.order_id": "6735", "data.0.metadata.lot": "7", "data.1.metadata.lot": "7", "data.2.metadata.lot": "7", "data.3.metadata.lot": "7"})
	})
	wantFields(t, z.Get("/v1/coupons/SUMMER").OK(), map[string]any{"metadata.lot": "7"})
	wantEvents(t, z.Server, []string{"charge.updated"}, func() {
		wantFields(t, z.Post(avaPath, "id", z.charge, "metadata[lot]", "").OK(), map[string]any{"metadata.lot": nil, "metadata.order_id": "6735"})
	})
	z.Post(avaPath, "id", z.charge, "metadata", "").OK()
	if n := z.Get("/v1/charges/" + z.charge).OK().Object("metadata").Len(); n != 0 {
		t.Errorf("%d keys are left", n)
	}
}

// All are tagged, or none is.
func TestAvaTagsAllOrNone(t *testing.T) {
	t.Parallel()
	z := newZoo(t)
	for _, c := range []struct {
		name  string
		form  []string
		code  string
		param string
		names string
	}{
		{"missing", []string{"ids[]", z.charge, "ids[]", "ch_nobody"}, "resource_missing", "ids[1]", "ch_nobody"},
		{"no metadata", []string{"ids[]", z.charge, "ids[]", z.event}, "", "ids[1]", z.event},
		{"everybody's", []string{"ids[]", z.charge, "ids[]", "txcd_10000000"}, "", "ids[1]", "txcd_10000000"},
		{"one without metadata", []string{"id", z.event}, "", "id", z.event},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantEvents(t, z.Server, nil, func() {
				e := z.Post(avaPath, append(c.form, "metadata[k]", "v")...).Fails(400, c.code)
				wantFields(t, e, map[string]any{"param": c.param})
				if !strings.Contains(e.String("message"), c.names) {
					t.Errorf("the message does not name %s: %s", c.names, e.String("message"))
				}
			})
			wantFields(t, z.Get("/v1/charges/"+z.charge).OK(), map[string]any{"metadata.k": nil})
		})
	}
}

func TestAvaRights(t *testing.T) {
	t.Parallel()
	z := newZoo(t)
	key, err := z.Registry.CreateKey(t.Context(), access.KeySpec{
		Account: z.Account.ID, Kind: access.RestrictedKey, Rights: access.Rights{"charge": access.Read, "coupon": access.Write},
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(form ...string) *servertest.Answer {
		return z.Do(servertest.Request{Method: http.MethodPost, Path: avaPath, Key: key.Secret, Form: form})
	}
	wantFields(t, ask("id", z.charge).OK(), map[string]any{"object": "charge"})
	for _, c := range []struct {
		form    []string
		missing string
	}{
		{[]string{"id", z.customer}, "rak_customer_read"},
		{[]string{"id", z.card}, "rak_customer_read"},
		{[]string{"id", z.charge, "metadata[k]", "v"}, "rak_charge_write"},
		{[]string{"ids[]", z.coupon, "ids[]", z.charge, "metadata[k]", "v"}, "rak_charge_write"},
		{[]string{"id", z.charge, "expand[]", "customer"}, "rak_customer_read"},
		{[]string{"ids[]", z.charge, "expand[]", "data.customer"}, "rak_customer_read"},
	} {
		if message := ask(c.form...).Fails(403, "").String("message"); !strings.Contains(message, "'"+c.missing+"'") {
			t.Errorf("%v: the message does not name %s: %s", c.form, c.missing, message)
		}
	}
	wantFields(t, ask("ids[]", z.charge, "ids[]", z.customer, "ids[]", z.card).OK(), map[string]any{
		"data.0.object": "charge", "data.1.object": "missing", "data.1.id": z.customer, "data.1.email": nil, "data.2.object": "missing",
	})
	wantFields(t, ask("ids[]", z.customer, "ids[]", z.coupon, "metadata[k]", "v").Fails(400, "resource_missing"), map[string]any{"param": "ids[0]"})
	wantFields(t, ask("id", z.coupon, "metadata[k]", "v").OK(), map[string]any{"metadata.k": "v"})
	z.Do(servertest.Request{Path: "/v1/charges/" + z.charge, Key: key.Secret, Form: []string{"expand[]", "customer"}}).Fails(403, "")
}

// A replay answers the same bytes and tags nothing twice.
func TestAvaReplay(t *testing.T) {
	t.Parallel()
	z := newZoo(t)
	send := func() *servertest.Answer {
		return z.Do(servertest.Request{
			Method: http.MethodPost, Path: avaPath, Header: http.Header{"Idempotency-Key": {"once"}}, Form: []string{"ids[]", z.charge, "metadata[k]", "v", "expand[]", "data.customer"},
		})
	}
	first := send()
	wantEvents(t, z.Server, nil, func() {
		if diff := cmp.Diff(string(first.Body), string(send().Body)); diff != "" {
			t.Error(diff)
		}
	})
}

// Ids of payments without a card, and of tokens, begin otherwise than those of their kind.
func TestAvaOtherPrefixes(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	intent := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "confirm", "true", "payment_method", "pm_usBankAccount_success", "payment_method_types[]", "us_bank_account").OK().ID()
	later(t, s, time.Hour)
	payment := s.Get("/v1/payment_intents/" + intent).OK().Ref("latest_charge")
	refund := s.Post("/v1/refunds", "charge", payment).OK().ID()
	token := s.Post("/v1/tokens", "pii[id_number]", "000000000").OK().ID()
	for id, want := range map[string]string{payment: "charge", refund: "refund", token: "token"} {
		if got := s.Post(avaPath, "id", id).OK(); got.ID() != id || got.String("object") != want {
			t.Errorf("%s is the %s %s, want a %s", id, got.String("object"), got.ID(), want)
		}
	}
	for id, noun := range map[string]string{"py_nobody": "charge", "pyr_nobody": "refund", "pii_nobody": "token"} {
		if got := s.Post(avaPath, "id", id).Fails(400, "resource_missing").String("message"); got != "No such "+noun+": '"+id+"'" {
			t.Errorf("%s: %s", id, got)
		}
	}
}
