package billing

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What an invoice says beside its amounts: who sends it to whom, how and when it is collected, what it looks like.

// copyCustomer writes down who the invoice is for. It follows the customer as long as it is a draft.
func copyCustomer(in, customer *object.Object) {
	for _, name := range []string{"email", "name", "phone", "tax_exempt"} {
		in.Set("customer_"+name, customer.Get(name))
	}
	for _, name := range []string{"address", "shipping"} {
		if known := customer.Object(name); known != nil {
			in.Set("customer_"+name, known.Clone())
		}
	}
}

// setTerms reads how and when the invoice is collected.
func setTerms(op *resource.Op, in *object.Object) error {
	p, sent := op.Params, in.String("collection_method") == "send_invoice"
	switch {
	case p.Get("days_until_due") != nil && p.Get("due_date") != nil:
		return onlyOne("days_until_due", "due_date")
	case !sent && p.Get("days_until_due") != nil:
		return errDueCharged("days_until_due")
	case !sent && p.Get("due_date") != nil:
		return errDueCharged("due_date")
	case p.Get("due_date") != nil && p.Int("due_date") <= op.Now().Unix():
		return apierr.Invalid("", "due_date", "`due_date` must be in the future.")
	}
	if err := checkAppearance(op, in); err != nil {
		return err
	}
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	if p.Get("days_until_due") != nil {
		private.Set("days_until_due", p.Int("days_until_due"))
		in.Set("due_date", op.Now().AddDate(0, 0, int(p.Int("days_until_due"))).Unix())
	} else if p.Get("due_date") != nil {
		private.Delete("days_until_due")
	}
	keepSplit(private, p)
	if err := op.SetPrivate(in, private); err != nil {
		return err
	}
	if sent && in.Get("due_date") == nil {
		return apierr.Invalid("parameter_missing", "days_until_due", "If invoice collection method is 'send_invoice', you must specify 'due_date' or 'days_until_due'.")
	}
	return scheduleAdvance(op, in)
}

// errDueCharged is for a date on an invoice that is charged at once.
func errDueCharged(param string) error {
	return apierr.Invalid("", param, "You can only specify 'due_date' or 'days_until_due' if invoice collection method is 'send_invoice'.")
}

// keepSplit keeps what a connected account gets of the payment, which only the payment shows. Those of a subscription are
// percentages.
func keepSplit(private, p *object.Object) {
	for _, name := range []string{"application_fee_amount", "application_fee_percent", "transfer_data"} {
		if p.Has(name) {
			private.Delete(name)
			if v := p.Get(name); v != "" {
				private.Set(name, v)
			}
		}
	}
}

// scheduleAdvance lets a draft with auto_advance be finalized by itself.
func scheduleAdvance(op *resource.Op, in *object.Object) error {
	at := op.Params.Int("automatically_finalizes_at")
	switch {
	case at != 0 && at <= op.Now().Unix():
		return apierr.Invalid("", "automatically_finalizes_at", "`automatically_finalizes_at` must be in the future.")
	case at > op.Now().AddDate(maxDraftYears, 0, 0).Unix():
		return apierr.Invalid("", "automatically_finalizes_at", "`automatically_finalizes_at` can be at most %d years in the future.", maxDraftYears)
	case at == 0 && op.Before == nil:
		at = op.Now().Add(draftTime).Unix()
	case at == 0:
		at = max(in.Int("automatically_finalizes_at"), in.Int("created")+int64(draftTime.Seconds()))
	}
	if op.Params.Int("automatically_finalizes_at") != 0 {
		in.Set("auto_advance", true)
	}
	in.Set("next_payment_attempt", nil)
	if !in.Bool("auto_advance") {
		in.Set("automatically_finalizes_at", nil)
		return op.SetTimer(invoiceAdvance, in, time.Time{})
	}
	in.Set("automatically_finalizes_at", at)
	if in.String("collection_method") == "charge_automatically" {
		in.Set("next_payment_attempt", at)
	}
	return op.SetTimer(invoiceAdvance, in, unix(at))
}

const (
	// maxDraftYears is how far ahead the moment may be when a draft is finalized by itself.
	maxDraftYears     = 5
	maxCustomFields   = 4
	maxDefaultTaxes   = 10
	forbiddenOnStatus = "<>\\\"'*" // in what is shown on statements of cards
)

// checkAppearance checks what an invoice shows, and what it is paid with.
func checkAppearance(op *resource.Op, in *object.Object) error {
	p := op.Params
	switch text := p.String("statement_descriptor"); {
	case len(p.Array("custom_fields")) > maxCustomFields:
		return apierr.Invalid("", "custom_fields", "An invoice can have at most %d custom fields.", maxCustomFields)
	case len(p.Array("default_tax_rates")) > maxDefaultTaxes:
		return apierr.Invalid("", "default_tax_rates", "An invoice can have at most %d default tax rates.", maxDefaultTaxes)
	case text != "" && (strings.ContainsAny(text, forbiddenOnStatus) || !strings.ContainsAny(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz")):
		return apierr.Invalid("", "statement_descriptor", "The statement descriptor must contain at least one letter and none of %s", forbiddenOnStatus)
	}
	settleAutomaticTax(in)
	for _, check := range []func(*resource.Op, *object.Object) error{checkInvoiceMethods, checkAccountTaxIDs, useTemplate} {
		if err := check(op, in); err != nil {
			return err
		}
	}
	return nil
}

// checkInvoiceMethods wants the defaults of an invoice to belong to its customer.
func checkInvoiceMethods(op *resource.Op, in *object.Object) error {
	if err := takeDefaults(op, in); err != nil {
		return err
	}
	if id := op.Params.Object("payment_settings").String("default_mandate"); id != "" {
		_, err := op.Get("mandate", id, "payment_settings[default_mandate]")
		return err
	}
	return nil
}

// checkAccountTaxIDs wants the tax ids that the seller shows to be its own.
func checkAccountTaxIDs(op *resource.Op, _ *object.Object) error {
	for i, v := range op.Params.Array("account_tax_ids") {
		param := "account_tax_ids[" + strconv.Itoa(i) + "]"
		id, _ := v.(string)
		number, err := op.Get("tax_id", id, param)
		if err != nil {
			return err
		}
		if number.Object("owner").String("type") == "customer" {
			return apierr.Invalid("", param, "The tax ID %s belongs to a customer, not to the account.", id)
		}
	}
	return nil
}

// useTemplate checks the template that an invoice is to look like, in its newest version.
func useTemplate(op *resource.Op, in *object.Object) error {
	sent := op.Params.Object("rendering")
	id := sent.String("template")
	if id == "" {
		return nil
	}
	template, err := op.Get("invoice_rendering_template", id, "rendering[template]")
	switch version := sent.Int("template_version"); {
	case err != nil:
		return err
	case template.String("status") != "active":
		return apierr.Invalid("", "rendering[template]", "The invoice rendering template %s is archived.", id)
	case version > template.Int("version"):
		return apierr.Invalid("", "rendering[template_version]", "The invoice rendering template %s has no version %d.", id, version)
	case version == 0:
		in.Sub("rendering").Set("template_version", template.Int("version"))
	}
	return nil
}

// copySeller writes down who the invoice is from.
func copySeller(op *resource.Op, in *object.Object) error {
	seller, err := sellerOf(op)
	if err != nil {
		return err
	}
	in.Set("account_country", seller.Get("country"))
	in.Set("account_name", seller.Object("business_profile").Get("name"))
	if name := seller.Object("settings").Object("dashboard").String("display_name"); name != "" {
		in.Set("account_name", name)
	}
	return nil
}

// sellerOf is the account that an operation works in. A connected account's object is with its platform.
func sellerOf(op *resource.Op) (*object.Object, error) {
	home, err := op.In(op.Platform())
	if err != nil {
		return nil, err
	}
	return home.Find("account", op.Account())
}

// copyTaxIDs writes down the tax ids of the customer.
func copyTaxIDs(op *resource.Op, in, customer *object.Object) error {
	known, err := op.Below("tax_id", customer)
	if err != nil {
		return err
	}
	ids := make([]any, 0, len(known))
	for _, id := range slices.Backward(known) {
		ids = append(ids, newParams("type", id.String("type"), "value", id.String("value")))
	}
	in.Set("customer_tax_ids", ids)
	return nil
}
