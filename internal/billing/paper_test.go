package billing_test

import (
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
)

// adds proves that what stands on a paper adds up from the top to the bottom.
func adds(t *testing.T, name string, d *paper.Document) {
	t.Helper()
	s := &d.Sums
	var lines int64
	for _, l := range d.Lines {
		lines += l.Amount
		for _, off := range l.Discounts {
			lines -= off.Amount
		}
	}
	total := s.Subtotal + s.Shipping
	for _, off := range s.Discounts {
		total -= off.Amount
	}
	without := total
	for _, tax := range s.Taxes {
		if tax.Inclusive {
			without -= tax.Amount
		} else {
			total += tax.Amount
		}
	}
	due := s.Total + s.Balance - s.Paid
	for _, note := range s.Credits {
		due -= note.Amount
	}
	for what, pair := range map[string][2]int64{"subtotal": {lines, s.Subtotal}, "total": {total, s.Total}, "total without tax": {without, s.TotalExcludingTax}, "due": {due, s.Due}} {
		if what == "due" && d.Kind == paper.CreditNote {
			pair[0] = s.Lowered + s.Refunded + s.Credited + s.Outside
			pair[1] = s.Total
		}
		if pair[0] != pair[1] {
			t.Errorf("%s: the %s comes to %d, but it says %d", name, what, pair[0], pair[1])
		}
	}
}

// TestPaperAddsUp has invoices and credit notes with all that changes what is owed.
func TestPaperAddsUp(t *testing.T) {
	t.Parallel()
	for name, form := range map[string][]string{
		"plain":     nil,
		"discounts": form("discounts[0][coupon]=half discounts[1][coupon]=ten"),
		"taxes":     form("default_tax_rates[0]=vat default_tax_rates[1]=city"),
		"within":    form("default_tax_rates[0]=within discounts[0][coupon]=ten"),
		"shipping":  form("shipping_cost[shipping_rate_data][display_name]=Post shipping_cost[shipping_rate_data][type]=fixed_amount shipping_cost[shipping_rate_data][fixed_amount][amount]=500 shipping_cost[shipping_rate_data][fixed_amount][currency]=usd default_tax_rates[0]=vat"),
		"automatic": form("automatic_tax[enabled]=true discounts[0][coupon]=ten"),
		"all":       form("discounts[0][coupon]=half default_tax_rates[0]=vat default_tax_rates[1]=within shipping_cost[shipping_rate_data][display_name]=Post shipping_cost[shipping_rate_data][type]=fixed_amount shipping_cost[shipping_rate_data][fixed_amount][amount]=500 shipping_cost[shipping_rate_data][fixed_amount][currency]=usd"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newInvoiced(t, "pm_card_visa")
			v.Post("/v1/customers/"+v.customer, "address[country]", "DE", "address[postal_code]", "10117").OK()
			v.Post("/v1/tax/settings", "head_office[address][country]", "DE", "head_office[address][postal_code]", "10115", "defaults[tax_code]", "txcd_10000000", "defaults[tax_behavior]", "exclusive").OK()
			v.Post("/v1/tax/registrations", "country", "DE", "active_from", "now", "country_options[de][type]", "standard", "country_options[de][standard][place_of_supply_scheme]", "standard").OK()
			v.Post("/v1/coupons", "id", "half", "percent_off", "50", "duration", "forever").OK()
			v.Post("/v1/coupons", "id", "ten", "amount_off", "1000", "currency", "usd", "duration", "forever").OK()
			rates := map[string]string{}
			for rate, inclusive := range map[string]string{"vat": "false", "city": "false", "within": "true"} {
				rates[rate] = v.Post("/v1/tax_rates", "display_name", rate, "percentage", "7.25", "inclusive", inclusive).OK().ID()
			}
			filled := append([]string(nil), form...)
			for i := range filled {
				if id := rates[filled[i]]; id != "" {
					filled[i] = id
				}
			}
			v.Post("/v1/customers/"+v.customer+"/balance_transactions", "amount", "-700", "currency", "usd").OK()
			v.item("amount", "3333", "tax_behavior", "exclusive")
			v.item("unit_amount_decimal", "1234.5", "quantity", "7", "discounts[0][coupon]", "half", "tax_behavior", "exclusive")
			path := v.invoice("999", filled...)
			in := v.Post(path + "/finalize").OK()
			v.paperAdds(t, name, in)
			line := v.Get(path + "/lines").IDs()[1]
			v.Post("/v1/credit_notes", "invoice", in.ID(), "lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", line, "lines[0][quantity]", "3").OK()
			v.paperAdds(t, name+", credited", v.Get(path).OK())
			v.Post(path + "/pay").OK()
			v.paperAdds(t, name+", paid", v.Get(path).OK())
			v.Post("/v1/credit_notes", "invoice", in.ID(), "amount", "600", "credit_amount", "300", "refund_amount", "200", "out_of_band_amount", "100").OK()
			v.paperAdds(t, name+", credited again", v.Get(path).OK())
			for _, note := range v.Get("/v1/credit_notes", "invoice", in.ID()).OK().Array("data") {
				v.noteAdds(t, name, note.(*object.Object))
			}
		})
	}
}

func (v *invoiced) paperAdds(t *testing.T, name string, in *object.Object) {
	t.Helper()
	grant, err := v.Registry.Authenticate(v.Key)
	if err != nil {
		t.Fatal(err)
	}
	d, err := billing.InvoicePaper(v.Engine.Survey(t.Context(), grant.Namespace), in)
	if err != nil {
		t.Fatal(err)
	}
	adds(t, name, d)
}

func (v *invoiced) noteAdds(t *testing.T, name string, note *object.Object) {
	t.Helper()
	grant, err := v.Registry.Authenticate(v.Key)
	if err != nil {
		t.Fatal(err)
	}
	d, err := billing.CreditNotePaper(v.Engine.Survey(t.Context(), grant.Namespace), note)
	if err != nil {
		t.Fatal(err)
	}
	adds(t, name+", "+note.String("number"), d)
}
