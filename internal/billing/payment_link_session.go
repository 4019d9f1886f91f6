package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What comes of a visit of a payment link.

// lastPart is what follows the last slash of an address.
func lastPart(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

// PaymentLinkBy finds a payment link by the token of its address; nil if there is none.
func PaymentLinkBy(op *resource.Op, token string) (*object.Object, error) {
	found, err := op.Lookup("payment_link", "token", token)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// beginByLink begins a session as the page of the link does.
func beginByLink(op *resource.Op) error {
	s, err := SessionByLink(op, op.Object, op.Params)
	op.Object = s
	return err
}

// SessionByLink begins a session for a visitor of a payment link. visitor is what came with the address:
// client_reference_id, locale, prefilled_email, prefilled_promo_code.
func SessionByLink(op *resource.Op, link, visitor *object.Object) (*object.Object, error) {
	if !link.Bool("active") || isUsedUp(link) {
		message := "This payment link is not active any more."
		if own := link.String("inactive_message"); own != "" {
			message = own
		}
		return nil, apierr.Invalid("", "", "%s", message)
	}
	params, err := linkSession(op, link)
	if err != nil {
		return nil, err
	}
	for name, from := range map[string]string{"client_reference_id": "client_reference_id", "locale": "locale", "customer_email": "prefilled_email"} {
		if text := visitor.String(from); text != "" {
			params.Set(name, text)
		}
	}
	s, err := op.Create("checkout.session", params)
	if err != nil {
		return nil, err
	}
	code := visitor.String("prefilled_promo_code")
	if code == "" || !s.Bool("allow_promotion_codes") {
		return s, nil
	}
	if err := typePromotion(op, s, code); err != nil {
		if apierr.As(err) != nil { // a code that does not work keeps nobody from paying
			return s, nil
		}
		return nil, err
	}
	return s, sumSession(op, s)
}

// isUsedUp reports whether as many sessions of a link are complete as may be.
func isUsedUp(link *object.Object) bool {
	sessions := link.Object("restrictions").Object("completed_sessions")
	return sessions != nil && sessions.Int("count") >= sessions.Int("limit")
}

// linkSame are the fields of a link that its sessions take over as they are.
var linkSame = []string{"automatic_tax", "billing_address_collection", "consent_collection", "custom_fields", "custom_text", "name_collection", "optional_items",
	"payment_method_types", "phone_number_collection", "shipping_address_collection", "submit_type", "tax_id_collection"}

// linkSession are the parameters of a session of a link.
func linkSession(op *resource.Op, link *object.Object) (*object.Object, error) {
	items, err := lineItems(op, link)
	if err != nil {
		return nil, err
	}
	lines, err := itemParams(op, items)
	if err != nil {
		return nil, err
	}
	p := newParams("payment_link", link.ID(), "mode", modePayment, "currency", link.String("currency"), "line_items", lines, "metadata", link.Object("metadata").Clone(),
		"success_url", op.BaseURL()+"/c/pay/{CHECKOUT_SESSION_ID}")
	takeOver(p, link, linkSame)
	if link.Bool("allow_promotion_codes") {
		p.Set("allow_promotion_codes", true)
	}
	if url := link.Object("after_completion").Object("redirect").String("url"); url != "" {
		p.Set("success_url", url)
	}
	var options []any
	for _, v := range link.Array("shipping_options") {
		options = append(options, newParams("shipping_rate", v.(*object.Object).Ref("shipping_rate")))
	}
	if len(options) > 0 {
		p.Set("shipping_options", options)
	}
	if slices.ContainsFunc(items, recurs) {
		p.Set("mode", modeSubscription)
		p.Set("payment_method_collection", link.String("payment_method_collection"))
		p.Set("subscription_data", linkSubscriptionData(link))
		return p, nil
	}
	p.Set("customer_creation", link.String("customer_creation"))
	p.Set("payment_intent_data", linkPaymentData(link))
	if invoices := link.Object("invoice_creation"); invoices != nil {
		p.Set("invoice_creation", invoices.Clone())
	}
	return p, nil
}

func cloneAll(values []any) []any {
	out := slices.Clone(values)
	for i, v := range out {
		if o, ok := v.(*object.Object); ok {
			out[i] = o.Clone()
		}
	}
	return out
}

// linkPaymentData is what a link says of the payments to come.
func linkPaymentData(link *object.Object) *object.Object {
	data := object.New(nil)
	for name, v := range link.Object("payment_intent_data").All() {
		if part, ok := v.(*object.Object); ok {
			data.Set(name, part.Clone())
		} else if v != nil {
			data.Set(name, v)
		}
	}
	shareOf(link, data, "application_fee_amount", "amount")
	return data
}

// linkSubscriptionData is what a link says of the subscriptions to come.
func linkSubscriptionData(link *object.Object) *object.Object {
	data, given := object.New(nil), link.Object("subscription_data")
	for _, name := range []string{"description", "trial_period_days"} {
		if v := given.Get(name); v != nil {
			data.Set(name, v)
		}
	}
	for _, name := range []string{"invoice_settings", "metadata", "trial_settings"} {
		if part := given.Object(name); part.Len() > 0 {
			data.Set(name, withoutNulls(part))
		}
	}
	shareOf(link, data, "application_fee_percent", "")
	return data
}

// shareOf adds what connected accounts get. amount is the name of the part of a transfer, if there can be one.
func shareOf(link, data *object.Object, fee, amount string) {
	if v := link.Get(fee); v != nil {
		data.Set(fee, v)
	}
	if id := link.Ref("on_behalf_of"); id != "" {
		data.Set("on_behalf_of", id)
	}
	transfer := link.Object("transfer_data")
	if transfer == nil {
		return
	}
	sent := newParams("destination", transfer.Ref("destination"))
	if v := transfer.Get("amount"); v != nil && amount != "" {
		sent.Set(amount, v)
	}
	data.Set("transfer_data", sent)
}

// checkLinkLimit refuses to pay at a session of a link that has had as many customers as it may have.
func checkLinkLimit(op *resource.Op, s *object.Object) error {
	link, err := op.Find("payment_link", s.Ref("payment_link"))
	if err != nil || !isUsedUp(link) {
		return err
	}
	return apierr.Invalid("checkout_not_active_session", "", "This Checkout Session is no longer active: its payment link has been used as often as it may be.")
}

// countCompleted counts a session of a link that is complete. The last one that may be takes the link out of use.
// Emits payment_link.updated.
func countCompleted(op *resource.Op, s *object.Object) error {
	link, err := op.Find("payment_link", s.Ref("payment_link"))
	if err != nil {
		return err
	}
	sessions := link.Object("restrictions").Object("completed_sessions")
	if sessions == nil {
		return nil
	}
	sessions.Set("count", sessions.Int("count")+1)
	if isUsedUp(link) {
		link.Set("active", false)
	}
	return op.EmitUpdated(link)
}
