package billing_test

import (
	"errors"
	"testing"

	"sharesmart/internal/apierr"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// TestAutomaticTax bills amounts to a customer with automatic tax, in an account that collects it in Germany.
func TestAutomaticTax(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, settings, customer, behavior string
		status, code                       string
		want                               []string // of each line: amount taxable behavior reason
		percent                            string   // of the first line's tax rate
	}{
		{"on top", "", "address[country]=DE", "exclusive", "complete", "", []string{"19 100 exclusive standard_rated", "10 50 exclusive standard_rated"}, "19.0"},
		{"within", "", "address[country]=DE", "inclusive", "complete", "", []string{"16 84 inclusive standard_rated", "8 42 inclusive standard_rated"}, "19.0"},
		{"by the settings", "defaults[tax_behavior]=inclusive", "address[country]=DE", "unspecified", "complete", "", []string{"16 84 inclusive standard_rated", "8 42 inclusive standard_rated"}, "19.0"},
		{"by the currency", "defaults[tax_behavior]=inferred_by_currency", "address[country]=DE", "", "complete", "", []string{"16 84 inclusive standard_rated", "8 42 inclusive standard_rated"}, "19.0"},
		{"by nothing", "", "address[country]=DE", "unspecified", "", "", nil, ""},
		{"not collected there", "", "address[country]=FR", "exclusive", "complete", "", []string{"0 0 exclusive not_collecting", "0 0 exclusive not_collecting"}, "0.0"},
		{"exempt", "", "address[country]=DE tax_exempt=exempt", "exclusive", "complete", "", []string{"0 0 exclusive customer_exempt", "0 0 exclusive customer_exempt"}, "0.0"},
		{"nowhere", "", "name=Jenny", "exclusive", "requires_location_inputs", "customer_tax_location_invalid", nil, ""},
		{"no head office", "none", "address[country]=DE", "exclusive", "failed", "stripe_tax_inactive", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBiller(t)
			if c.settings != "none" {
				b.Post("/v1/tax/settings", form("head_office[address][country]=DE "+c.settings)...).OK()
			}
			b.Post("/v1/tax/registrations", form("active_from=now "+inGermany)...).OK()
			b.Post("/v1/customers/"+b.customer, form(c.customer)...).OK()
			first, again := b.bill(c.behavior, c.status, c.code), b.bill(c.behavior, c.status, c.code)
			if len(first) != len(c.want) || len(again) != len(c.want) {
				t.Fatalf("%d lines are taxed, then %d; want %d", len(first), len(again), len(c.want))
			}
			for i, line := range first {
				o := line[0].(*object.Object)
				if got := shown(o.Int("amount")) + " " + shown(o.Int("taxable_amount")) + " " + o.String("tax_behavior") + " " + o.String("taxability_reason"); got != c.want[i] {
					t.Errorf("line %d: %s, want %s", i, got, c.want[i])
				}
				if before, after := field(o, "tax_rate_details.tax_rate"), field(again[i][0].(*object.Object), "tax_rate_details.tax_rate"); before == nil || before != after {
					t.Errorf("the tax rate is %v, and then %v", before, after)
				}
			}
			if c.percent == "" {
				return
			}
			rate, _ := field(first[0][0].(*object.Object), "tax_rate_details.tax_rate").(string)
			wantFields(t, b.Get("/v1/tax_rates/"+rate).OK(), map[string]any{"active": false, "display_name": "VAT", "tax_type": "vat", "percentage": object.Number(c.percent), "effective_percentage": object.Number(c.percent)})
		})
	}
}

// bill works out the taxes of two amounts in euro, 1.00 and 0.50.
func (b *biller) bill(behavior, status, code string) (taxes [][]any) {
	b.t.Helper()
	b.do(func(op *resource.Op) error {
		customer, err := op.Get("customer", b.customer, "")
		if err != nil {
			return err
		}
		got := ""
		taxes, got, err = billing.BillTax(op, customer, "eur", behavior, 100, 50)
		if refused := (*apierr.Error)(nil); errors.As(err, &refused) && refused.Code != code || err == nil && code != "" {
			b.t.Errorf("the error is %v, want the code %q", err, code)
		}
		if got != status {
			b.t.Errorf("the status is %q, want %q", got, status)
		}
		return nil
	})
	return taxes
}

// A customer says whether tax is collected where they are.
func TestCustomerTax(t *testing.T) {
	t.Parallel()
	s := taxed(t, "DE", everywhere, inUtah)
	for address, want := range map[string][3]string{
		"name=Jenny": {"unrecognized_location", "", ""}, "address[country]=US": {"unrecognized_location", "", ""}, "address[country]=XX shipping[name]=J shipping[address][line1]=1": {"unrecognized_location", "", ""},
		"address[country]=FR": {"supported", "FR", ""}, "address[country]=CH": {"not_collecting", "CH", ""}, "address[country]=AQ": {"not_collecting", "AQ", ""},
		"address[country]=US address[postal_code]=84101": {"supported", "US", "UT"}, "address[country]=US address[postal_code]=97201": {"not_collecting", "US", "OR"},
	} {
		tax := s.Post("/v1/customers", append(form(address), "expand[]", "tax")...).OK().Object("tax")
		if got := [3]string{tax.String("automatic_tax"), tax.Object("location").String("country"), tax.Object("location").String("state")}; got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
