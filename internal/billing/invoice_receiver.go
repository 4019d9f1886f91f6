package billing

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How an invoice is paid with what was sent to a source before: a transfer of the customer's. It may have come to a little
// less than the invoice, which `forgive` lets go.

// receiverOf is the source that a request to pay names, if it is one that money is sent to; else nil.
func receiverOf(op *resource.Op, p *object.Object) (*object.Object, error) {
	id := p.String("source")
	if !strings.HasPrefix(id, legacyPrefixes["source"]) {
		return nil, nil
	}
	src, err := op.Find("source", id)
	if err != nil || src.Object("receiver") == nil {
		return nil, err
	}
	return src, nil
}

// payFromReceiver takes what is left to pay from a source, or what is there if the rest is forgiven: that counts as paid
// elsewhere.
//
// Emits charge.succeeded, then what countPayment does.
func payFromReceiver(op *resource.Op, in, src *object.Object) error {
	if src.Ref("customer") != in.Ref("customer") {
		return apierr.Invalid("resource_missing", "source", "The customer does not have a source with the ID %s. The source must be attached to the customer.", src.ID())
	}
	due, receiver := in.Int("amount_remaining"), src.Object("receiver")
	amount := due
	if there := receiver.Int("amount_received") - receiver.Int("amount_charged"); op.Params.Bool("forgive") && there > 0 {
		amount = min(due, there)
	}
	charge, err := op.Create("charge", newParams("amount", amount, "currency", in.String("currency"), "customer", in.Ref("customer"), "source", src.ID()))
	if err != nil {
		return err
	}
	payment, err := linkPayment(op, in, newParams("type", "charge", "charge", charge.ID()), amount, false)
	if err != nil {
		return err
	}
	in.Set("attempted", true)
	in.Set("attempt_count", max(in.Int("attempt_count"), 1))
	in.Set("amount_paid", in.Int("amount_paid")+due-amount)
	in.Set("amount_paid_off_stripe", in.Int("amount_paid_off_stripe")+due-amount)
	in.Set("amount_remaining", amount)
	return settlePayment(op, in, payment, amount)
}
