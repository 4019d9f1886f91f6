package billing

import (
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The payment intent by which a final invoice is paid.

// startPayment makes the payment intent by which a final invoice is paid.
func startPayment(op *resource.Op, in *object.Object) error {
	params, err := intentParams(op, in)
	if err != nil {
		return err
	}
	pi, err := op.Create("payment_intent", params)
	if err != nil {
		return err
	}
	if _, err := attachIntent(op, in, pi, true); err != nil {
		return err
	}
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	private.Set("confirmation_secret", newParams("client_secret", pi.String("client_secret"), "type", "payment_intent"))
	return op.SetPrivate(in, private)
}

// intentParams are what the payment intent of an invoice is made of.
func intentParams(op *resource.Op, in *object.Object) (*object.Object, error) {
	usage, err := savedUsage(op, in)
	if err != nil {
		return nil, err
	}
	p := newParams("setup_future_usage", usage, "amount", in.Int("amount_remaining"), "currency", in.String("currency"), "customer", in.Ref("customer"),
		"description", paymentDescription(in), "payment_method_types", paymentTypes(in), "statement_descriptor_suffix", in.String("statement_descriptor"),
		"on_behalf_of", in.Ref("on_behalf_of"))
	if options := withoutNulls(in.Object("payment_settings").Object("payment_method_options")); options.Len() > 0 {
		p.Set("payment_method_options", options)
	}
	return p, shareIntent(op, in, p)
}

// shareIntent says what of the payment is for whom: the amounts that were sent, or the percentages of a subscription.
func shareIntent(op *resource.Op, in, p *object.Object) error {
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	share := func(v any) (int64, error) {
		percent, err := percentage(v)
		return min(percent.Of(in.Int("total")), p.Int("amount")), err
	}
	switch amount, percent := private.Get("application_fee_amount"), private.Get("application_fee_percent"); {
	case amount != nil:
		p.Set("application_fee_amount", amount)
	case percent != nil:
		fee, err := share(percent)
		if err != nil {
			return err
		}
		p.Set("application_fee_amount", fee)
	}
	transfer := private.Object("transfer_data")
	if transfer == nil {
		return nil
	}
	data := newParams("destination", transfer.String("destination"), "amount", transfer.Get("amount"))
	if percent := transfer.Get("amount_percent"); percent != nil {
		amount, err := share(percent)
		if err != nil {
			return err
		}
		data.Set("amount", amount)
	}
	p.Set("transfer_data", data)
	return nil
}

// savedUsage says that what an invoice is paid with is to be kept, if its subscription wants it as its default.
func savedUsage(op *resource.Op, in *object.Object) (string, error) {
	s, err := invoiceSubscription(op, in)
	if s.Object("payment_settings").String("save_default_payment_method") == "on_subscription" {
		return "off_session", err
	}
	return "", err
}

func paymentDescription(in *object.Object) string {
	if text := in.String("description"); text != "" {
		return text
	}
	return "Payment for Invoice"
}

// paymentTypes are the types of methods that an invoice can be paid with: those that it names, or cards and the bank debit
// of its currency.
func paymentTypes(in *object.Object) []any {
	currency := in.String("currency")
	if named := in.Object("payment_settings").Array("payment_method_types"); len(named) > 0 {
		return named
	}
	types := []any{"card", "link"}
	for _, m := range methodCurrencies {
		if m.currencies == currency && (strings.HasSuffix(m.kind, "_debit") || m.kind == "us_bank_account") {
			types = append(types, m.kind)
		}
	}
	return types
}
