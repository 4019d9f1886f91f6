package object

import (
	"strings"
	"testing"

	"sharesmart/internal/spec"
)

// prop is the schema of a part of a resource.
func prop(t *testing.T, path ...string) *spec.Schema {
	t.Helper()
	s := spec.Component(path[0])
	for _, name := range path[1:] {
		p := shapeOf(s, nil).Prop(name)
		if p == nil {
			t.Fatalf("the spec has no %v", path)
		}
		s = p.Schema()
	}
	return s
}

func TestCheck(t *testing.T) {
	t.Parallel()
	long := `"` + strings.Repeat("é", 5000) + `"`
	tests := []struct {
		place, value, want string // want is a part of the error, or "" if there is none
	}{
		{"customer.created", `1`, ""},
		{"customer.created", `"1"`, "must be an integer, not a string"},
		{"customer.created", `1.5`, "must be an integer, not a number"},
		{"customer.created", `null`, "must be an integer, not null"},
		{"customer.livemode", `false`, ""},
		{"customer.livemode", `0`, "must be a boolean, not an integer"},
		{"customer.description", `null`, ""},
		{"customer.description", long, ""},
		{"customer.description", long[:len(long)-1] + `x"`, "must have at most 5000 characters, not 5001"},
		{"customer.description", `{}`, "must be a string, not an object"},
		{"customer.tax_exempt", `"none"`, ""},
		{"customer.tax_exempt", `null`, ""},
		{"customer.tax_exempt", `"some"`, `must be one of exempt, none, reverse, not "some"`},
		{"customer.object", `"customer"`, ""},
		{"customer.object", `"product"`, `must be one of customer`},
		{"deleted_customer.deleted", `true`, ""},
		{"deleted_customer.deleted", `false`, `must be one of true, not "false"`},
		{"customer.metadata", `{"a":"b"}`, ""},
		{"customer.metadata", `{"a":1}`, "a: must be a string, not an integer"},
		{"customer.metadata", `{"a":"` + strings.Repeat("x", 501) + `"}`, "a: must have at most 500 characters"},
		{"customer.preferred_locales", `["de"]`, ""},
		{"customer.preferred_locales", `["de",1]`, "[1]: must be a string, not an integer"},
		{"customer.preferred_locales", `{}`, "must be an array, not an object"},
		{"customer.invoice_credit_balance", `{"usd":-5}`, ""},
		{"customer.invoice_credit_balance", `{"usd":"5"}`, "usd: must be an integer"},
		// an anyOf of one $ref that may be null
		{"customer.address", `null`, ""},
		{"customer.address", `{"city":null,"country":null,"line1":null,"line2":null,"postal_code":null,"state":null}`, ""},
		{"customer.address", `{"city":"Bonn","country":null,"line1":null,"line2":null,"postal_code":null,"state":null,"town":null}`, "town: address has no such property"},
		{"customer.address", `{"city":7}`, "city: must be a string, not an integer"},
		{"customer.address", `"Bonn"`, "must not be a string"},
		{"customer.address", `[]`, "must not be an array"},
		// an expandable field
		{"charge.customer", `"cus_1"`, ""},
		{"charge.customer", `null`, ""},
		{"charge.customer", `{"id":"cus_1","object":"customer","deleted":true}`, ""},
		{"charge.customer", `{"id":"cus_1","object":"customer","created":1}`, "livemode: customer requires this property"},
		{"charge.customer", `{"id":"cus_1","object":"customer"}`, "customer requires this property"},
		{"charge.customer", `{"id":"cus_1","object":"charge"}`, `object: must be one of customer, not "charge"`},
		{"charge.customer", `7`, "must not be an integer"},
		{"refund.charge", `["ch_1"]`, "must not be an array"},
		{"refund.charge", `{"id":"ch_1"}`, "charge requires this property"},
		{"invoice.customer", `"` + strings.Repeat("x", 5001) + `"`, "must have at most 5000 characters"},
		// a union of resources: the one that the value says it is
		{"customer.default_source", `{"id":"card_1","object":"card"}`, "card requires this property"},
		{"customer.default_source", `{"id":"ba_1","object":"bank_account"}`, "bank_account requires this property"},
		{"tax_rate.percentage", `7`, ""},
		{"tax_rate.percentage", `7.25`, ""},
		{"tax_rate.percentage", `"7.25"`, "must be a number, not a string"},
		{"event.data", `{"object":{"anything":[1,{"x":null}]},"previous_attributes":{"y":1}}`, ""},
		{"event.data", `{"objects":{}}`, "no such property"},
		{"price.currency_options", `{"eur":{"tax_behavior":"inclusive","unit_amount":1,"unit_amount_decimal":"1","custom_unit_amount":null}}`, ""},
		{"price.currency_options", `{"eur":{"tax_behavior":"perhaps"}}`, `eur.tax_behavior: must be one of exclusive, inclusive, unspecified, not "perhaps"`},
	}
	for _, test := range tests {
		v, err := ParseValue([]byte(test.value))
		if err != nil {
			t.Fatalf("%s: %v", test.value, err)
		}
		dot := strings.LastIndex(test.place, ".")
		got := Check(prop(t, test.place[:dot], test.place[dot+1:]), v)
		if (got == nil) != (test.want == "") || got != nil && !strings.Contains(got.Error(), test.want) {
			t.Errorf("%s = %.60s: error %v, want %q", test.place, test.value, got, test.want)
		}
	}
	if err := Check(nil, "anything"); err != nil {
		t.Errorf("without a schema: %v", err)
	}
}

func TestCheckNamesThePath(t *testing.T) {
	t.Parallel()
	o, err := Parse([]byte(spec.Fixture("subscription")), spec.Component("subscription"))
	if err != nil {
		t.Fatal(err)
	}
	o.Prune()
	if err := Check(o.Schema(), o); err != nil {
		t.Fatal(err)
	}
	item := o.Object("items").Array("data")[0].(*Object)
	item.Object("price").Set("unit_amount", "free")
	want := "items.data[0].price.unit_amount: must be an integer, not a string"
	if got := Check(o.Schema(), o); got == nil || got.Error() != want {
		t.Errorf("got %v, want %s", got, want)
	}
	o.Object("items").Set("data", []any{"x"})
	want = "items.data[0]: must be an object, not a string"
	if got := Check(o.Schema(), o); got == nil || got.Error() != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestCheckOpenEnum(t *testing.T) {
	t.Parallel()
	open := prop(t, "checkout.session", "mode")
	if !open.Open || len(open.Enum) == 0 {
		t.Fatal("checkout.session's mode is no open enum any more: take another example")
	}
	if err := Check(open, "tomorrow's value"); err != nil {
		t.Errorf("an open enum refused a new value: %v", err)
	}
}
