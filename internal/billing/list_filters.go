package billing

import (
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// What the filters of lists look at, where that is not the field of the same name.

type (
	filters  = map[string]func(o *object.Object) []string
	values   = map[string]func(sent string) []string
	defaults = map[string][]string
)

var listFilters = []resource.Rules{
	{Object: "balance_transaction", ParentFilters: []string{"payout"}},
	{Object: "billing.alert", Filters: filters{"meter": at("usage_threshold", "meter")}},
	{Object: "billing.credit_balance_transaction", Lookups: map[string]resource.Lookup{
		"customer":         {Kind: "billing.credit_grant", Field: "customer", Take: "id", Match: "credit_grant"},
		"customer_account": {Kind: "billing.credit_grant", Field: "customer_account", Take: "id", Match: "credit_grant"},
	}},
	{
		Object: "customer", Filters: filters{"test_clock": testClock}, Defaults: defaults{"test_clock": {noClock}},
	},
	{Object: "entitlements.active_entitlement", ParentFilters: []string{"customer"}},
	{Object: "entitlements.feature", Filters: filters{"archived": not("active")}},
	{Object: "event", Retention: resource.Retention, FilterValues: values{"type": eventTypes}},
	{Object: "financial_connections.account", ParentFilters: []string{"session"}},
	{Object: "invoice", Filters: filters{"subscription": at("parent", "subscription_details", "subscription")}},
	{Object: "invoiceitem", Filters: filters{"pending": pendingItem}},
	{Object: "promotion_code", Filters: filters{"coupon": at("promotion", "coupon")}},
	{
		Object: "quote", Filters: filters{"test_clock": testClock}, Defaults: defaults{"test_clock": {noClock}},
		NoDefaultWith: map[string]string{"test_clock": "customer"},
	},
	{Object: "radar.value_list", Lookups: map[string]resource.Lookup{
		"contains": {Kind: "radar.value_list_item", Field: "value", Take: "value_list", Match: "id"},
	}},
	{Object: "setup_intent", Filters: filters{"attach_to_self": flag("attach_to_self")}},
	{Object: "shipping_rate", Filters: filters{"currency": shippingCurrencies}},
	{
		Object: "subscription",
		Filters: filters{
			"price": subscriptionPrices, "current_period_start": latestPeriodStart, "current_period_end": earliestPeriodEnd,
			"test_clock": testClock,
		},
		Defaults:      defaults{"status": without(statuses("subscription"), "canceled"), "test_clock": {noClock}},
		NoDefaultWith: map[string]string{"test_clock": "customer"},
		FilterValues: values{"status": oneOf(map[string][]string{
			"all": nil, "ended": {"canceled", "incomplete_expired"},
		})},
	},
	{Object: "subscription_schedule", Filters: filters{"scheduled": is("status", "not_started")}},
	{Object: "tax.registration", FilterValues: values{"status": oneOf(map[string][]string{"all": nil})}},
	{Object: "tax_id", Defaults: defaults{"owner.type": {"self"}}},
	{Object: "terminal.configuration", Filters: filters{"is_account_default": flag("is_account_default")}},
	{
		Object: "treasury.debit_reversal", Filters: filters{"resolution": debitResolution},
		FilterValues: values{"status": oneOf(map[string][]string{"completed": {"succeeded"}, "canceled": {"failed"}})},
	},
}

// at finds an object by the text at a path.
func at(path ...string) func(*object.Object) []string {
	return func(o *object.Object) []string {
		switch v := o.At(path...).(type) {
		case string:
			return []string{v}
		case *object.Object:
			return []string{v.ID()}
		}
		return nil
	}
}

// flag finds an object by a boolean, of which absent and null mean false.
func flag(name string) func(*object.Object) []string {
	return func(o *object.Object) []string { return []string{strconv.FormatBool(o.Bool(name))} }
}

// not finds an object by the opposite of a boolean.
func not(name string) func(*object.Object) []string {
	return func(o *object.Object) []string { return []string{strconv.FormatBool(!o.Bool(name))} }
}

// is finds an object by whether a field has a value.
func is(name, value string) func(*object.Object) []string {
	return func(o *object.Object) []string { return []string{strconv.FormatBool(o.String(name) == value)} }
}

// oneOf looks what was sent up in a table, and takes it as it is if it is not there.
func oneOf(table map[string][]string) func(string) []string {
	return func(sent string) []string {
		if values, ok := table[sent]; ok {
			return values
		}
		return []string{sent}
	}
}

// noClock is the test clock of what has none. Objects on a test clock are in no list that does not ask for it.
const noClock = "-"

func testClock(o *object.Object) []string {
	if clock := o.Ref("test_clock"); clock != "" {
		return []string{clock}
	}
	return []string{noClock}
}

// eventTypes are the types that a filter of events names: one, or with a star as many as fit.
func eventTypes(sent string) []string {
	head, tail, wild := strings.Cut(sent, "*")
	if !wild {
		return []string{sent}
	}
	if head == "" && tail == "" {
		return nil
	}
	out := []string{}
	for _, t := range spec.EventTypes() {
		if len(t) >= len(head)+len(tail) && strings.HasPrefix(t, head) && strings.HasSuffix(t, tail) {
			out = append(out, t)
		}
	}
	return out
}

// pendingItem is true for an item that is on no invoice yet.
func pendingItem(o *object.Object) []string {
	return []string{strconv.FormatBool(o.Ref("invoice") == "")}
}

func shippingCurrencies(o *object.Object) []string {
	amount := o.Object("fixed_amount")
	if amount == nil {
		return nil
	}
	out := []string{amount.String("currency")}
	for currency := range amount.Object("currency_options").All() {
		if !slices.Contains(out, currency) {
			out = append(out, currency)
		}
	}
	return out
}

func subscriptionItems(o *object.Object) []*object.Object {
	var out []*object.Object
	for _, v := range o.Object("items").Array("data") {
		if item, ok := v.(*object.Object); ok {
			out = append(out, item)
		}
	}
	return out
}

func subscriptionPrices(o *object.Object) []string {
	var out []string
	for _, item := range subscriptionItems(o) {
		if id := item.Ref("price"); id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// latestPeriodStart is the last of the items' starts: what the filter is documented to look at.
func latestPeriodStart(o *object.Object) []string {
	var latest int64
	for _, item := range subscriptionItems(o) {
		latest = max(latest, item.Int("current_period_start"))
	}
	return timeValue(latest)
}

// earliestPeriodEnd is the first of the items' ends.
func earliestPeriodEnd(o *object.Object) []string {
	var earliest int64
	for _, item := range subscriptionItems(o) {
		if end := item.Int("current_period_end"); earliest == 0 || end < earliest {
			earliest = end
		}
	}
	return timeValue(earliest)
}

func timeValue(t int64) []string {
	if t == 0 {
		return nil
	}
	return []string{resource.Number(t)}
}

// statuses are the values that the status of a kind may have.
func statuses(kind string) []string { return spec.Component(kind).Prop("status").Schema().Enum }

func without(values []string, value string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == value })
}

// debitResolution is what became of a reversed debit: money that came back was won.
func debitResolution(o *object.Object) []string {
	switch o.String("status") {
	case "succeeded":
		return []string{"won"}
	case "failed":
		return []string{"lost"}
	}
	return nil
}
