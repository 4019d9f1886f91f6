package billing

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The page of an invoice: who has its address may read it and, in test mode, pay it by card. Methods that the customer
// saved are not offered there, for the address does not tell who it is.

// InvoiceIntent is the payment intent by which a final invoice is paid, as it is stored; nil if none is open.
func InvoiceIntent(s *resource.Survey, in *object.Object) (*object.Object, error) {
	private, err := s.Private("invoice", in.ID())
	if err != nil {
		return nil, err
	}
	for _, v := range private.Array("payment_ids") {
		id, _ := v.(string)
		payment, err := s.Find("invoice_payment", id)
		if err != nil {
			return nil, err
		}
		if intent := payment.Object("payment").Ref("payment_intent"); intent != "" && payment.Bool("is_default") && payment.String("status") == "open" {
			return s.Find("payment_intent", intent)
		}
	}
	return nil, nil
}

// PayableByCard reports whether the page of an invoice offers to pay it.
func PayableByCard(in, intent *object.Object) bool {
	named := in.Object("payment_settings").Array("payment_method_types")
	return !in.Bool("livemode") && owed(in) && intent.String("status") != processing && (len(named) == 0 || slices.Contains(named, any("card")))
}

// SeenInvoice marks what a customer sees of an invoice before they pay: what is left to pay, a hyphen, and a mark of how
// the last try ended.
func SeenInvoice(in, intent *object.Object) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %v", in.String("status"), intent.String("status"), intent.Ref("latest_charge"),
		intent.At("next_action", "redirect_to_url", "url")))
	return strconv.FormatInt(in.Int("amount_remaining"), 10) + "-" + hex.EncodeToString(sum[:8])
}

// PayOnPage takes what is left to pay of an invoice, as `pay` does, with the customer there: a bank that wants to see them
// sends them back to the page. card are the parameters of a payment method. A form that shows what was true before
// something else happened, as when it is sent twice, does nothing: paid is false then.
//
// A decline and an action that is needed are no errors here: the intent says so.
func PayOnPage(op *resource.Op, id, seen string, card *object.Object) (intent *object.Object, tried bool, err error) {
	in, err := op.Get("invoice", id, "invoice")
	if err != nil {
		return nil, false, err
	}
	if err := op.KeepTimeOf(in); err != nil {
		return nil, false, err
	}
	_, intent, err = defaultPayment(op, in)
	if err != nil || !PayableByCard(in, intent) || SeenInvoice(in, intent) != seen {
		return intent, false, err
	}
	pm, err := op.Create("payment_method", card)
	if err != nil {
		return nil, false, err
	}
	err = collectWith(op, in, pm, newParams("off_session", false, "return_url", in.String("hosted_invoice_url")), false)
	var kept resource.ErrKept
	if err != nil && !errors.As(err, &kept) {
		return nil, false, err
	}
	if _, open, err := defaultPayment(op, in); open != nil || err != nil {
		intent = open
		return intent, true, err
	}
	return intent, true, nil
}
