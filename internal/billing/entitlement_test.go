package billing_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

const summaryUpdated = "entitlements.active_entitlement_summary.updated"

// entitled is a subscribed customer, and two products: Gold with the features "share" and "sync", Silver with "share".
type entitled struct {
	*subscribed
	features map[string]string // ids by lookup key
	silver   string            // a price
}

func newEntitled(t *testing.T, method string) *entitled {
	t.Helper()
	v := &entitled{subscribed: newSubscribed(t, method), features: map[string]string{}}
	v.Post("/v1/products", "id", "silver", "name", "Silver").OK()
	v.silver = v.Post("/v1/prices", form("product=silver currency=usd unit_amount=700 recurring[interval]=month")...).OK().ID()
	for _, key := range []string{"share", "sync", "late"} {
		v.features[key] = v.Post("/v1/entitlements/features", "lookup_key", key, "name", key).OK().ID()
	}
	v.attach("gold", "share")
	v.attach("gold", "sync")
	v.attach("silver", "share")
	return v
}

func (v *entitled) attach(product, feature string) string {
	v.t.Helper()
	return v.Post("/v1/products/"+product+"/features", "entitlement_feature", v.features[feature]).OK().ID()
}

// may compares the lookup keys of a customer's entitlements, the newest first, and returns their ids.
func (v *entitled) may(customer string, want ...string) []string {
	v.t.Helper()
	var keys []string
	list := v.Get("/v1/entitlements/active_entitlements", "customer", customer)
	for _, e := range list.OK().Array("data") {
		keys = append(keys, e.(*object.Object).String("lookup_key"))
	}
	if !slices.Equal(keys, want) {
		v.t.Errorf("%s may %q, want %q", customer, keys, want)
	}
	return list.IDs()
}

// summaries runs fn and compares the keys in the summaries of the events that it caused with what they were before:
// "sync,share<share" gained sync.
func (v *entitled) summaries(want []string, fn func()) []*object.Object {
	v.t.Helper()
	var got []string
	var found []*object.Object
	for _, e := range eventsOf(v.Server, fn) {
		if e.String("type") != summaryUpdated {
			continue
		}
		found = append(found, e)
		got = append(got, keysOf(e.At("data", "object", "entitlements", "data"))+"<"+keysOf(e.At("data", "previous_attributes", "entitlements", "data")))
	}
	if !slices.Equal(got, want) {
		v.t.Errorf("the summaries are %q, want %q", got, want)
	}
	return found
}

func keysOf(list any) string {
	text := ""
	items, _ := list.([]any)
	for i, e := range items {
		if i > 0 {
			text += ","
		}
		text += e.(*object.Object).String("lookup_key")
	}
	return text
}

func TestFeatures(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	s.Post("/v1/products", "id", "pro", "name", "Pro").OK()
	feature := s.Post("/v1/entitlements/features", form("name=Share lookup_key=share metadata[a]=1")...).OK()
	wantFields(t, feature, map[string]any{"active": true, "lookup_key": "share", "metadata.a": "1"})
	attached := s.Post("/v1/products/pro/features", "entitlement_feature", feature.ID()).OK()
	wantFields(t, attached, map[string]any{"object": "product_feature", "entitlement_feature.id": feature.ID(), "entitlement_feature.lookup_key": "share"})
	if got := s.Get("/v1/products/pro/features").IDs(); len(got) != 1 || got[0] != attached.ID() {
		t.Errorf("the product has the features %q", got)
	}
	refuse(t, s, []refusal{
		{"twice", "/v1/products/pro/features", "entitlement_feature=" + feature.ID(), "resource_already_exists", "entitlement_feature", "already"},
		{"unknown", "/v1/products/pro/features", "entitlement_feature=feat_none", "resource_missing", "entitlement_feature", "No such feature"},
		{"key taken", "/v1/entitlements/features", "name=X lookup_key=share", "resource_already_exists", "lookup_key", "`share`"},
	})
	s.Delete("/v1/products/pro/features/" + attached.ID()).OK()
	s.Post("/v1/entitlements/features/"+feature.ID(), "active", "false").OK()
	refuse(t, s, []refusal{{"archived", "/v1/products/pro/features", "entitlement_feature=" + feature.ID(), "", "entitlement_feature", "archived"}})
	for query, want := range map[string]int{"": 1, "archived=true": 1, "archived=false": 0, "lookup_key=share": 1, "lookup_key=none": 0} {
		if got := s.Get("/v1/entitlements/features", form(query)...).IDs(); len(got) != want {
			t.Errorf("%q lists %d features, want %d", query, len(got), want)
		}
	}
}

func TestEntitlements(t *testing.T) {
	t.Parallel()
	v := newEntitled(t, "pm_card_visa")
	v.may(v.customer)
	var sub string
	told := v.summaries([]string{"sync,share<"}, func() { sub = v.subscribe("").OK().ID() })
	ids := v.may(v.customer, "sync", "share")
	wantFields(t, told[0], map[string]any{
		"data.object.object": "entitlements.active_entitlement_summary", "data.object.customer": v.customer, "data.object.livemode": false, "data.object.id": nil,
		"data.object.entitlements.object": "list", "data.object.entitlements.has_more": false, "data.object.entitlements.url": "/v1/customer/" + v.customer + "/entitlements",
		"data.object.entitlements.data.0.object": "entitlements.active_entitlement", "data.object.entitlements.data.0.id": ids[0],
		"data.object.entitlements.data.0.feature": v.features["sync"], "data.object.entitlements.data.0.livemode": false, "data.previous_attributes.entitlements.object": nil,
	})
	wantFields(t, v.Get("/v1/entitlements/active_entitlements/"+ids[1], "expand[]", "feature").OK(), map[string]any{
		"object": "entitlements.active_entitlement", "lookup_key": "share", "feature.id": v.features["share"], "feature.name": "share", "livemode": false,
	})
	item := field(v.Get("/v1/subscriptions/"+sub).OK(), "items.data.0.id").(string)
	var second string
	for _, step := range []struct {
		name      string
		do        func()
		summaries []string
		may       []string
	}{
		{"another subscription with no other feature", func() {
			second = v.subscribe("items[0][price]=" + v.silver).OK().ID()
		}, nil, []string{"sync", "share"}},
		{"a change of no concern", func() { v.Post("/v1/subscriptions/"+sub, "metadata[a]", "1").OK() }, nil, []string{"sync", "share"}},
		{"its end", func() { v.Delete("/v1/subscriptions/" + second).OK() }, nil, []string{"sync", "share"}},
		{"a smaller product", func() {
			v.Post("/v1/subscriptions/"+sub, form("proration_behavior=none items[0][id]="+item+" items[0][price]="+v.silver)...).OK()
		}, []string{"share<sync,share"}, []string{"share"}},
		{"an item", func() {
			second = v.Post("/v1/subscription_items", form("proration_behavior=none subscription="+sub+" price="+v.monthly)...).OK().ID()
		}, []string{"sync,share<share"}, []string{"sync", "share"}},
		{"an item with another price", func() {
			v.Post("/v1/subscription_items/"+second, form("proration_behavior=none price="+v.yearly)...).OK()
		}, nil, []string{"sync", "share"}},
		{"an item less", func() { v.Delete("/v1/subscription_items/"+second, "proration_behavior", "none").OK() }, []string{"share<sync,share"}, []string{"share"}},
		{"renewal", func() { v.pass(31 * 24 * time.Hour) }, nil, []string{"share"}},
		{"the end", func() { v.Delete("/v1/subscriptions/" + sub).OK() }, []string{"<share"}, nil},
	} {
		v.summaries(step.summaries, step.do)
		if got := v.may(v.customer, step.may...); len(got) > 0 && got[len(got)-1] != ids[1] {
			t.Errorf("%s: the entitlement is %s, want it to stay %s", step.name, got[len(got)-1], ids[1])
		}
	}
	v.Get("/v1/entitlements/active_entitlements/"+ids[1]).Fails(404, "resource_missing")
	v.subscribe("").OK()
	if again := v.may(v.customer, "sync", "share"); again[1] == ids[1] {
		t.Error("what was lost comes back under the same id")
	}
	v.Get("/v1/entitlements/active_entitlements").Fails(400, "parameter_missing")
	v.Get("/v1/entitlements/active_entitlements", "customer", "cus_none").Fails(400, "resource_missing")
}

// However many features there are, the event holds them all, in the order of the list.
func TestEntitlementsInFull(t *testing.T) {
	t.Parallel()
	v := newEntitled(t, "pm_card_visa")
	for i := range 12 {
		key := "feature-" + strconv.Itoa(i)
		v.features[key] = v.Post("/v1/entitlements/features", "lookup_key", key, "name", key).OK().ID()
		v.attach("gold", key)
	}
	var told []*object.Object
	for _, e := range eventsOf(v.Server, func() { v.subscribe("").OK() }) {
		if e.String("type") == summaryUpdated {
			told = append(told, e)
		}
	}
	list := v.Get("/v1/entitlements/active_entitlements", "customer", v.customer, "limit", "100", "expand[]", "data.feature")
	wantFields(t, list.OK(), map[string]any{"has_more": false, "data.0.feature.lookup_key": "feature-11", "data.0.feature.active": true})
	var ids []string
	for _, e := range field(told[0], "data.object.entitlements.data").([]any) {
		ids = append(ids, e.(*object.Object).ID())
	}
	if len(told) != 1 || len(ids) != 14 || !slices.Equal(ids, list.IDs()) {
		t.Errorf("%d events; the first holds %q, the list %q", len(told), ids, list.IDs())
	}
	wantFields(t, told[0], map[string]any{"data.object.entitlements.has_more": false, "data.previous_attributes.entitlements.data": []any{}})
	if short := v.Get("/v1/entitlements/active_entitlements", "customer", v.customer).IDs(); len(short) != 10 {
		t.Errorf("a page holds %d, want 10", len(short))
	}
}

// pass lets time go by, and the timers run.
func (v *entitled) pass(d time.Duration) {
	v.t.Helper()
	v.Clock.Advance(d)
	if err := v.Engine.RunDue(v.t.Context()); err != nil {
		v.t.Fatal(err)
	}
}

// Customers may use features as long as their subscription is trialing, active or past due.
func TestEntitlementsFollowTheStatus(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, c := range []struct {
		name, method, form, status string
		may                        bool
		then                       func(v *entitled, sub string)
		status2                    string
		may2                       bool
	}{
		{name: "trial, then paused", form: "trial_period_days=3 trial_settings[end_behavior][missing_payment_method]=pause", status: "trialing", may: true,
			then: func(v *entitled, _ string) { v.pass(4 * day) }, status2: "paused"},
		{name: "trial, then canceled", form: "trial_period_days=3 trial_settings[end_behavior][missing_payment_method]=cancel", status: "trialing", may: true,
			then: func(v *entitled, _ string) { v.pass(4 * day) }, status2: "canceled"},
		{name: "trial, then active", method: "pm_card_visa", form: "trial_period_days=3", status: "trialing", may: true,
			then: func(v *entitled, _ string) { v.pass(4 * day) }, status2: "active", may2: true},
		{name: "incomplete, then expired", method: "pm_card_chargeCustomerFail", status: "incomplete",
			then: func(v *entitled, _ string) { v.pass(day) }, status2: "incomplete_expired"},
		{name: "incomplete, then paid", form: "payment_behavior=default_incomplete", status: "incomplete",
			then: func(v *entitled, sub string) {
				v.Post("/v1/invoices/"+v.Get("/v1/subscriptions/"+sub).OK().String("latest_invoice")+"/pay", "paid_out_of_band", "true").OK()
			}, status2: "active", may2: true},
		{name: "active, then past due", method: "pm_card_visa", status: "active", may: true,
			then: func(v *entitled, _ string) { v.decline(); v.pass(31 * day); v.pass(2 * time.Hour) }, status2: "past_due", may2: true},
		{name: "active, then given up", method: "pm_card_visa", status: "active", may: true,
			then: func(v *entitled, _ string) { v.decline(); v.pass(31 * day); v.pass(2 * time.Hour); v.pass(25 * day) }, status2: "canceled"},
		{name: "sent", form: "collection_method=send_invoice days_until_due=7", status: "active", may: true,
			then: func(v *entitled, sub string) {
				v.Post("/v1/subscriptions/"+sub, "cancel_at_period_end", "true").OK()
				v.pass(31 * day)
			}, status2: "canceled"},
		{name: "active, then deleted with the customer", method: "pm_card_visa", status: "active", may: true,
			then: func(v *entitled, sub string) {
				wantEvents(t, v.Server, []string{"customer.subscription.deleted", summaryUpdated, "customer.deleted"}, func() { v.Delete("/v1/customers/" + v.customer).OK() })
			}, status2: "canceled"},
		{name: "paused, then resumed", form: "trial_period_days=3 trial_settings[end_behavior][missing_payment_method]=pause", status: "trialing", may: true,
			then: func(v *entitled, sub string) {
				v.pass(4 * day)
				v.may(v.customer)
				v.Post("/v1/customers/"+v.customer, "source", "tok_visa").OK()
				v.Post("/v1/subscriptions/" + sub + "/resume").OK()
			}, status2: "active", may2: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newEntitled(t, c.method)
			check := func(sub, status string, may bool) {
				t.Helper()
				wantFields(t, v.Get("/v1/subscriptions/"+sub).OK(), map[string]any{"status": status})
				if may {
					v.may(v.customer, "sync", "share")
				} else {
					v.may(v.customer)
				}
			}
			sub := v.subscribe(c.form).OK().ID()
			check(sub, c.status, c.may)
			c.then(v, sub)
			check(sub, c.status2, c.may2)
		})
	}
}

// decline lets the customer's next payments fail.
func (v *entitled) decline() {
	v.t.Helper()
	pm := v.Post("/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer", v.customer).OK().ID()
	v.Post("/v1/customers/"+v.customer, "invoice_settings[default_payment_method]", pm).OK()
}

// Unlike with Stripe, subscribers follow their product at once.
func TestEntitlementsFollowTheProduct(t *testing.T) {
	t.Parallel()
	v := newEntitled(t, "pm_card_visa")
	v.subscribe("").OK()
	v.subscribe("items[0][price]=" + v.silver).OK()
	other := v.Post("/v1/customers", "source", "tok_visa").OK().ID()
	v.Post("/v1/subscriptions", form("customer="+other+" items[0][price]="+v.silver)...).OK()
	gone := v.Post("/v1/customers", "source", "tok_visa").OK().ID()
	v.Delete("/v1/subscriptions/" + v.Post("/v1/subscriptions", form("customer="+gone+" items[0][price]="+v.silver)...).OK().ID()).OK()
	ids := v.may(v.customer, "sync", "share")
	var late string
	share := v.features["share"]
	for _, step := range []struct {
		name      string
		do        func()
		summaries []string
	}{
		{"a feature for a product", func() { late = v.attach("silver", "late") }, []string{"late,sync,share<sync,share", "late,share<share"}},
		{"the same for another", func() { v.attach("gold", "late") }, nil},
		{"a feature less", func() { v.Delete("/v1/products/silver/features/" + late).OK() }, []string{"share<late,share"}},
		{"a new name", func() { v.Post("/v1/entitlements/features/"+share, "name", "Sharing").OK() }, nil},
		{"archived", func() { v.Post("/v1/entitlements/features/"+share, "active", "false").OK(); v.pass(time.Second) }, []string{"late,sync<late,sync,share", "<share"}},
		{"and back", func() { v.Post("/v1/entitlements/features/"+share, "active", "true").OK(); v.pass(time.Second) }, []string{"share,late,sync<late,sync", "share<"}},
	} {
		t.Run(step.name, func(*testing.T) { v.summaries(step.summaries, step.do) })
	}
	v.may(other, "share")
	v.may(gone)
	if got := v.may(v.customer, "share", "late", "sync"); got[2] != ids[0] {
		t.Errorf("the entitlement to sync is %s, want it to stay %s", got[2], ids[0])
	}
	wantFields(t, v.Get("/v1/products/silver/features").OK(), map[string]any{"data.0.entitlement_feature.name": "Sharing", "data.0.entitlement_feature.active": true, "data.1": nil})
	v.Post("/v1/entitlements/features/"+share, "active", "false").OK()
	v.Post("/v1/entitlements/features", "lookup_key", "share", "name", "Another").OK()
	refuse(t, v.Server, []refusal{{"key taken meanwhile", "/v1/entitlements/features/" + share, "active=true", "resource_already_exists", "lookup_key", "`share`"}})
}

// Many subscribers follow in batches, the first in the request, and a change in between is for all of them.
func TestManySubscribersFollow(t *testing.T) {
	t.Parallel()
	v := newEntitled(t, "")
	free := v.Post("/v1/prices", form("product=silver currency=usd unit_amount=0 recurring[interval]=month")...).OK().ID()
	customers := make([]string, 230)
	for i := range customers {
		customers[i] = v.Post("/v1/customers").OK().ID()
		v.Post("/v1/subscriptions", form("customer="+customers[i]+" items[0][price]="+free)...).OK()
	}
	following := func() (n int) {
		for _, c := range customers {
			if len(v.Get("/v1/entitlements/active_entitlements", "customer", c).IDs()) == 2 {
				n++
			}
		}
		return n
	}
	v.attach("silver", "late")
	if n := following(); n != 100 {
		t.Errorf("%d subscribers follow in the request, want 100", n)
	}
	late := v.attach("silver", "sync") // begins anew
	v.Delete("/v1/products/silver/features/" + late).OK()
	v.pass(time.Second)
	if n := following(); n != len(customers) {
		t.Errorf("%d subscribers follow, want all %d", n, len(customers))
	}
	// One event each for what they have now; the first hundred also saw sync come and go.
	count := map[string]int{}
	for _, e := range all(v.Server, "/v1/events", "type", summaryUpdated) {
		count[e.At("data", "object", "customer").(string)]++
	}
	for i, c := range customers {
		want := 2 // share, late
		if i < 100 {
			want = 4
		}
		if count[c] != want {
			t.Errorf("%s was told %d times, want %d", c, count[c], want)
		}
	}
}

// all lists every object, page by page.
func all(s *servertest.Server, path string, query ...string) (out []*object.Object) {
	query = append(query, "limit", "100")
	for after := ""; ; {
		page := s.Get(path, append(query, "starting_after", after)...).OK()
		for _, v := range page.Array("data") {
			out = append(out, v.(*object.Object))
		}
		if !page.Bool("has_more") {
			return out
		}
		after = out[len(out)-1].ID()
	}
}
