package billing

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What comes from a Stripe account keeps its id and what it says. Products, prices, coupons, customers and their cards are
// copied; a subscription is begun anew, so that its next bill comes from here, at the end of the period that is paid.
// Invoices, charges and refunds are of the books of that account and stay there.

// importedFields are what is copied of each kind.
var importedFields = map[string]string{
	"product":        "active created default_price description images marketing_features metadata name package_dimensions shippable statement_descriptor tax_code type unit_label updated url",
	"price":          "active billing_scheme created currency custom_unit_amount lookup_key metadata nickname product recurring tax_behavior tiers tiers_mode transform_quantity type unit_amount unit_amount_decimal",
	"coupon":         "amount_off created currency duration duration_in_months max_redemptions metadata name percent_off redeem_by times_redeemed valid",
	"customer":       "address created currency delinquent description email invoice_prefix invoice_settings metadata name next_invoice_sequence phone preferred_locales shipping tax_exempt",
	"payment_method": "allow_redisplay billing_details card created customer metadata type",
}

// errDry undoes what a trial of an import has written.
var errDry = errors.New("billing: nothing of a trial is kept")

// Import takes objects of a kind, each in a transaction of its own, and says why one cannot come. With dry nothing is kept.
func Import(ctx context.Context, e *resource.Engine, ns *access.Namespace, kind string, docs []json.RawMessage, dry bool) (made, known int, refused map[string]string, err error) {
	refused = map[string]string{}
	for _, raw := range docs {
		doc, err := object.Parse(raw, nil)
		if err != nil {
			return made, known, refused, err
		}
		isNew := false
		err = e.Note(ctx, ns, func(op *resource.Op) (err error) {
			if isNew, err = importOne(op, kind, doc); err == nil && dry {
				err = errDry
			}
			return err
		})
		api := apierr.As(err)
		switch {
		case api != nil:
			refused[doc.ID()] = api.Message
		case err != nil && !errors.Is(err, errDry):
			return made, known, refused, err
		case isNew:
			made++
		default:
			known++
		}
	}
	return made, known, refused, nil
}

func importOne(op *resource.Op, kind string, doc *object.Object) (isNew bool, err error) {
	there, err := op.Find(kind, doc.ID())
	if there != nil || err != nil {
		return false, err
	}
	if err := importable(op, kind, doc); err != nil {
		return false, err
	}
	op.Choose(kind, doc.ID())
	if kind == "subscription" {
		return true, importSubscription(op, doc)
	}
	fields := strings.Fields(importedFields[kind])
	o, err := op.Make(kind, "", object.New(nil), func(op *resource.Op) error {
		for name, v := range doc.All() {
			p := op.Object.Schema().Prop(name)
			if p != nil && slices.Contains(fields, name) && object.Check(p.Schema(), v) == nil {
				op.Object.Set(name, v)
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	switch kind {
	case "payment_method":
		return true, noteMethod(op, o, "ready", true)
	case "customer":
		return true, noteRemoteCustomer(op, o.ID(), o.ID())
	}
	return true, nil
}

// importable says why something cannot come.
func importable(op *resource.Op, kind string, doc *object.Object) error {
	refuse := func(why string) error { return apierr.Invalid("", "", "%s", why) }
	switch {
	case importedFields[kind] == "" && kind != "subscription":
		return refuse("objects of the kind " + kind + " are not carried over")
	case kind == "price" && doc.Object("recurring").String("usage_type") == "metered":
		return refuse("prices by use are not carried over")
	case kind == "payment_method" && doc.String("type") != "card":
		return refuse("live mode takes cards")
	case kind == "customer" && doc.Int("balance") != 0:
		return refuse("the customer has a balance: settle it first")
	case kind != "subscription":
		return nil
	}
	status := doc.String("status")
	switch {
	case status != "active" && status != "trialing":
		return refuse("the subscription is " + status)
	case len(doc.Array("discounts")) > 0 || doc.Ref("schedule") != "" || doc.Object("pause_collection") != nil:
		return refuse("it has discounts, a schedule or a pause: begin it by hand")
	}
	return nil
}

// importSubscription begins a subscription whose first bill comes when the period ends that was paid elsewhere.
func importSubscription(op *resource.Op, doc *object.Object) error {
	p := newParams("customer", doc.Ref("customer"), "currency", doc.String("currency"), "collection_method", doc.String("collection_method"),
		"cancel_at_period_end", doc.Bool("cancel_at_period_end"), "description", doc.String("description"), "proration_behavior", "none")
	var items []any
	end := doc.Int("current_period_end") // of older versions; now the items have it
	for _, v := range doc.Object("items").Array("data") {
		item, ok := v.(*object.Object)
		if !ok {
			continue
		}
		end = max(end, item.Int("current_period_end"))
		items = append(items, newParams("price", item.Ref("price"), "quantity", item.Get("quantity")))
	}
	p.Set("items", items)
	for _, name := range []string{"default_payment_method", "days_until_due"} {
		if v := doc.Get(name); v != nil {
			p.Set(name, doc.Get(name))
		}
	}
	if notes := doc.Object("metadata"); notes.Len() > 0 {
		p.Set("metadata", notes.Clone())
	}
	if doc.String("status") == "trialing" {
		p.Set("trial_end", doc.Int("trial_end"))
	} else {
		p.Set("billing_cycle_anchor", end)
	}
	s, err := op.Create("subscription", p)
	if err != nil {
		return err
	}
	in, err := op.Find("invoice", s.Ref("latest_invoice"))
	if err == nil && in.Int("amount_due") > 0 { // as in the very moment of a renewal
		err = apierr.Invalid("", "", "it would be billed at once: run the import again a little later")
	}
	return err
}
