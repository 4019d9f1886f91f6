package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a destination charge and a transfer have in common: money leaves the platform, and a payment appears in the
// connected account.
//
// Emits transfer.created, and payment.created in the destination.

// sendDestination transfers what a destination charge took. The platform's fee is taken from the payment that arrives.
func sendDestination(op *resource.Op, charge, data *object.Object) error {
	amount := charge.Int("amount_captured")
	if data.Has("amount") && data.Get("amount") != nil {
		amount = min(amount, data.Int("amount"))
	}
	available, err := isAvailable(op, charge)
	if err != nil {
		return err
	}
	shareGroup(charge)
	s := sending{charge: charge.ID(), fee: charge.Int("application_fee_amount"), available: available}
	op.Choose("transfer", op.KinID("tr_", charge.ID()))
	transfer, err := op.Make("transfer", "", newParams("amount", amount, "currency", charge.String("currency"), "description", data.Get("description")), func(op *resource.Op) error {
		t := op.Object
		t.Set("destination", data.Ref("destination"))
		t.Set("source_transaction", charge.ID())
		t.Set("source_type", fundOfMethod(charge.Object("payment_method_details").String("type")))
		t.Set("transfer_group", charge.Get("transfer_group"))
		return s.send(op)
	})
	if err != nil {
		return err
	}
	charge.Set("transfer", transfer.ID())
	if s.feeID != "" {
		charge.Set("application_fee", s.feeID)
	}
	return nil
}

// shareGroup gives a payment intent or a charge the group that its transfers are found by.
func shareGroup(payment *object.Object) {
	if payment.String("transfer_group") != "" {
		return
	}
	id := payment.ID()
	if intent := payment.Ref("payment_intent"); intent != "" {
		id = intent
	}
	payment.Set("transfer_group", "group_"+id)
}

// sending is one transfer on its way.
type sending struct {
	charge    string // that the money comes from, if it is a destination charge
	fee       int64  // that the platform takes from what arrives
	feeID     string // set by send
	available bool
}

// send fills op.Object, a transfer with its amount and destination: it takes the money from the platform and pays it
// into the destination.
func (s *sending) send(op *resource.Op) error {
	t := op.Object
	t.Set("amount_reversed", 0)
	t.Set("reversed", false)
	taken, err := post(op, posting{kind: "transfer", source: t.ID(), amount: -t.Int("amount"), currency: t.String("currency"), available: s.available, description: t.String("description"), fund: t.String("source_type")})
	if err != nil {
		return err
	}
	t.Set("balance_transaction", taken.ID())
	there, err := op.In(t.Ref("destination"))
	if err != nil {
		return err
	}
	id := idLike(there, "charge", "py_")
	if s.fee > 0 {
		f, err := collectFee(op, feeDue{account: there.Account(), charge: id, originating: s.charge, amount: s.fee, currency: t.String("currency"), available: s.available})
		if err != nil {
			return err
		}
		s.feeID = f.ID()
	}
	t.Set("destination_payment", id)
	return s.arrive(there, id, t)
}

// arrive makes the payment in the destination.
func (s *sending) arrive(there *resource.Op, id string, transfer *object.Object) error {
	there.Choose("charge", id)
	amount, currency := transfer.Int("amount"), transfer.String("currency")
	payment, err := there.Make("charge", "", newParams("amount", amount, "currency", currency, "description", transfer.Get("description")), func(op *resource.Op) error {
		p := op.Object
		t, err := post(op, posting{kind: "payment", source: id, amount: amount, currency: currency, available: s.available, fees: platformFee(op, s.fee)})
		if err != nil {
			return err
		}
		p.Set("amount_captured", amount)
		p.Set("captured", true)
		p.Set("paid", true)
		p.Set("status", "succeeded")
		p.Set("application", applicationID(op.Namespace(), op.Platform()))
		if s.fee > 0 {
			p.Set("application_fee", s.feeID)
			p.Set("application_fee_amount", s.fee)
		}
		p.Set("balance_transaction", t.ID())
		p.Set("billing_details", cardBillingDetails(nil))
		p.Set("outcome", nil)
		p.Set("payment_method", nil)
		p.Set("payment_method_details", newParams("stripe_account", object.New(nil), "type", "stripe_account"))
		p.Set("receipt_url", nil)
		p.Set("source_transfer", transfer.ID())
		p.Delete("refunds")
		return nil
	})
	if err != nil {
		return err
	}
	return there.Emit("payment.created", payment)
}
