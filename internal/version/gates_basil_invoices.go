package version

import (
	"strings"

	"sharesmart/internal/object"
)

var basilInvoices = []Gate{
	{
		Since: basilStart, Name: "invoice-payments", Objects: []string{"invoice"},
		Newer:    "What pays for an invoice is listed in its `payments`.",
		Older:    "`payment_intent`, `charge`, `paid`, `paid_out_of_band`, `application_fee_amount` and `transfer_data` tell of its one payment.",
		restores: map[string][]string{"invoice": {"charge", "payment_intent"}},
		answers:  map[string]turn{"invoice": showPayment},
	},
	{
		Since: basilStart, Name: "invoice-parent", Objects: []string{"invoice"},
		Newer:    "What made an invoice is its `parent`.",
		Older:    "`subscription`, `subscription_details`, `subscription_proration_date` and `quote` name it.",
		restores: map[string][]string{"invoice": {"quote", "subscription"}},
		answers: map[string]turn{"invoice": func(r *rendering, in *object.Object) error {
			of, quoted := in.Object("parent").Object("subscription_details"), in.Object("parent").Object("quote_details")
			in.Delete("parent")
			if at := of.Get("subscription_proration_date"); at != nil {
				in.Set("subscription_proration_date", at)
			}
			details := object.New(nil)
			details.Set("metadata", nil)
			if of != nil {
				details.Set("metadata", cloned(of.Get("metadata")))
			}
			in.Set("subscription_details", details)
			if err := r.refer(in, "quote", "quote", quoted.Ref("quote")); err != nil {
				return err
			}
			return r.refer(in, "subscription", "subscription", of.Ref("subscription"))
		}},
	},
	{
		Since: basilStart, Name: "invoice-taxes", Objects: []string{"invoice", "line_item", "credit_note", "credit_note_line_item"},
		Newer: "Taxes are in `taxes` and `total_taxes`, each with its behavior and its rate's id.",
		Older: "They are in `tax_amounts` and `total_tax_amounts`; an invoice has their sum in `tax`, a line the rates in `tax_rates` and what it costs without in `amount_excluding_tax`.",
		restores: map[string][]string{
			"invoice": {"total_tax_amounts"}, "line_item": {"tax_amounts"}, "credit_note": {"tax_amounts"}, "credit_note_line_item": {"tax_amounts"},
		},
		answers: map[string]turn{
			"invoice": func(r *rendering, in *object.Object) error {
				in.Set("tax", taxSum(in.Array("total_taxes")))
				return r.taxes(in, "total_taxes", "total_tax_amounts")
			},
			"credit_note":           func(r *rendering, n *object.Object) error { return r.taxes(n, "total_taxes", "tax_amounts") },
			"credit_note_line_item": taxedLine,
			"line_item": func(r *rendering, line *object.Object) error {
				rates := []any{}
				for _, v := range line.Array("taxes") {
					rate, err := r.get("tax_rate", taxRate(v), nil)
					if err != nil {
						return err
					}
					if rate != nil {
						rates = append(rates, rate)
					}
				}
				line.Set("tax_rates", rates)
				return taxedLine(r, line)
			},
		},
	},
}

// showPayment tells of an invoice's own payment, or else of the first one.
func showPayment(r *rendering, in *object.Object) error {
	status := in.String("status")
	in.Set("paid", status == "paid")
	in.Set("paid_out_of_band", status == "paid" && in.Int("amount_paid_off_stripe") > 0)
	for _, name := range []string{"application_fee_amount", "charge", "payment_intent", "transfer_data"} {
		in.Set(name, nil)
	}
	if status == "draft" || in.ID() == "" || strings.HasPrefix(in.ID(), "upcoming_") {
		return nil
	}
	payments, err := r.look("/v1/invoice_payments?limit=10&invoice="+in.ID(), nil)
	if err != nil {
		return err
	}
	payment := shownPayment(payments.Array("data"))
	id, charge := payment.Ref("payment_intent"), payment.Ref("charge")
	if id != "" {
		intent, err := r.get("payment_intent", id, nil)
		if err != nil {
			return err
		}
		charge = intent.Ref("latest_charge")
		in.Set("application_fee_amount", intent.Get("application_fee_amount"))
		in.Set("transfer_data", cloned(intent.Get("transfer_data")))
	}
	if err := r.refer(in, "charge", "charge", charge); err != nil {
		return err
	}
	return r.refer(in, "payment_intent", "payment_intent", id)
}

// shownPayment is what the payment says of how it was made: of the one that was made, or of the invoice's own.
func shownPayment(payments []any) *object.Object {
	var shown *object.Object
	for _, v := range payments {
		p := v.(*object.Object)
		if shown == nil || p.String("status") == "paid" || shown.String("status") != "paid" && p.Bool("is_default") {
			shown = p
		}
	}
	return shown.Object("payment")
}

func taxRate(tax any) string {
	o, _ := tax.(*object.Object)
	return o.Object("tax_rate_details").Ref("tax_rate")
}

func taxSum(taxes []any) any {
	if len(taxes) == 0 {
		return nil
	}
	sum := int64(0)
	for _, v := range taxes {
		sum += v.(*object.Object).Int("amount")
	}
	return sum
}

// taxes calls the taxes of an object by their older names.
func (r *rendering) taxes(o *object.Object, name, older string) error {
	amounts := []any{}
	err := r.inside(older, func() error {
		for _, v := range o.Array(name) {
			tax := v.(*object.Object)
			amount := object.New(nil)
			amount.Set("amount", tax.Int("amount"))
			amount.Set("inclusive", tax.String("tax_behavior") == "inclusive")
			if err := r.refer(amount, "tax_rate", "tax_rate", taxRate(tax)); err != nil {
				return err
			}
			amount.Set("taxability_reason", tax.Get("taxability_reason"))
			amount.Set("taxable_amount", tax.Get("taxable_amount"))
			amounts = append(amounts, amount)
		}
		return nil
	})
	o.Delete(name)
	o.Set(older, amounts)
	return err
}

// taxedLine tells of the taxes of a line, and what it costs without those that it includes.
func taxedLine(r *rendering, line *object.Object) error {
	without := line.Int("amount")
	for _, v := range line.Array("taxes") {
		if tax := v.(*object.Object); tax.String("tax_behavior") == "inclusive" {
			without -= tax.Int("amount")
		}
	}
	line.Set("amount_excluding_tax", without)
	line.Set("unit_amount_excluding_tax", perUnit(without, line.Int("quantity")))
	return r.taxes(line, "taxes", "tax_amounts")
}
