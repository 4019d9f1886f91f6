package billing

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The page of an invoice: who has its address may read it and pay it, by card or by hand. Methods that the customer saved
// are not offered there, for the address does not tell who it is.

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

// PayableByCard reports whether an invoice can be paid by card, where somebody takes cards.
func PayableByCard(in, intent *object.Object) bool {
	named := in.Object("payment_settings").Array("payment_method_types")
	return owed(in) && intent.String("status") != processing && (len(named) == 0 || slices.Contains(named, any("card")))
}

// SeenInvoice marks what a customer sees of an invoice before they pay: what is left to pay, a hyphen, and a mark of how
// the last try ended.
func SeenInvoice(in, intent *object.Object) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %v", in.String("status"), intent.String("status"), intent.Ref("latest_charge"),
		intent.At("next_action", "redirect_to_url", "url")))
	return strconv.FormatInt(in.Int("amount_remaining"), 10) + "-" + hex.EncodeToString(sum[:8])
}

// PayOnPage takes what is left to pay of an invoice, as `pay` does, with the customer there: a bank that wants to see them
// sends them back to the page. card are the parameters of a payment method, or name one that the processor's own field has
// made (payment_method). A form that shows what was true before something else happened, as when it is sent twice, does
// nothing: tried is false then. Where a processor has to be asked, the operation's result is the intent once it has answered.
//
// A decline and an action that is needed are no errors here: the intent says so.
func PayOnPage(op *resource.Op, id, seen string, card *object.Object) (intent *object.Object, tried bool, err error) {
	in, err := visitedInvoice(op, id)
	if err != nil {
		return nil, false, err
	}
	_, intent, err = defaultPayment(op, in)
	if err != nil || !PayableByCard(in, intent) || SeenInvoice(in, intent) != seen {
		return intent, false, err
	}
	pm, err := methodOnPage(op, card)
	if err != nil {
		return nil, false, err
	}
	err = collectWith(op, in, pm, newParams("off_session", false, "return_url", in.String("hosted_invoice_url")), false)
	var kept resource.ErrKept
	if err != nil && !errors.As(err, &kept) {
		return nil, false, err
	}
	if _, open, err := defaultPayment(op, in); err != nil {
		return nil, true, err
	} else if open != nil {
		intent = open
	}
	answerIntent(op, intent)
	return intent, true, nil
}

// answerIntent lets the operation end with an intent as it is once the processor has answered, whatever it says.
func answerIntent(op *resource.Op, intent *object.Object) {
	kind, id := intent.String("object"), intent.ID()
	op.Then(func(op *resource.Op, _ *apierr.Error) (err error) {
		op.Result, err = op.Get(kind, id, "id")
		return err
	})
}

// methodOnPage is what a customer pays with: a card that they have typed here, or at the processor.
func methodOnPage(op *resource.Op, card *object.Object) (*object.Object, error) {
	switch id := card.String("payment_method"); {
	case op.Live() && op.Processor() == nil:
		return nil, noProcessor()
	case id != "":
		return getMethod(op, id, "payment_method")
	}
	return op.Create("payment_method", card)
}
