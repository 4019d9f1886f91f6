package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An invoice payment links an invoice to what pays for it: a payment intent, or a payment that was made elsewhere. A final
// invoice has one by itself, its default.
//
//	open --payment succeeds--> paid
//	     --invoice ends otherwise--> canceled
//
// Emits invoice_payment.paid.
func init() {
	register(resource.Rules{
		Object: "invoice_payment",
		States: resource.States{"open": {"paid", "canceled"}}, StateCode: "status_transition_invalid",
		Index: map[string]func(*object.Object) []string{"paid by": func(o *object.Object) []string {
			return []string{o.Object("payment").Ref("payment_intent")}
		}},
	})
}

// attachIntent links a payment intent to an invoice.
func attachIntent(op *resource.Op, in, pi *object.Object, standard bool) (*object.Object, error) {
	return linkPayment(op, in, newParams("type", "payment_intent", "payment_intent", pi.ID()), pi.Int("amount"), standard)
}

func linkPayment(op *resource.Op, in, by *object.Object, amount int64, standard bool) (*object.Object, error) {
	payment, err := op.Make("invoice_payment", "", newParams("invoice", in.ID(), "amount_requested", amount, "currency", in.String("currency"),
		"is_default", standard, "status", "open", "payment", by), func(op *resource.Op) error {
		op.Object.Set("amount_paid", nil)
		return nil
	})
	if err != nil {
		return nil, err
	}
	private, err := op.Private(in)
	if err != nil {
		return nil, err
	}
	private.Set("payment_ids", append([]any{payment.ID()}, private.Array("payment_ids")...))
	if err := op.SetPrivate(in, private); err != nil {
		return nil, err
	}
	return payment, showPayments(op, in)
}

// paymentsOf are an invoice's payments, newest first. The invoice knows them, which spares looking for them.
func paymentsOf(op *resource.Op, in *object.Object) ([]*object.Object, error) {
	private, err := op.Private(in)
	if err != nil {
		return nil, err
	}
	ids := private.Array("payment_ids")
	payments := make([]*object.Object, len(ids))
	for i, v := range ids {
		id, _ := v.(string)
		if payments[i], err = op.Get("invoice_payment", id, ""); err != nil {
			return nil, err
		}
	}
	return payments, nil
}

// showPayments keeps what the invoice shows of its payments when it is asked.
func showPayments(op *resource.Op, in *object.Object) error {
	payments, err := paymentsOf(op, in)
	if err != nil {
		return err
	}
	data := make([]any, 0, embedded)
	for _, payment := range payments[:min(len(payments), embedded)] {
		data = append(data, payment.Clone())
	}
	private, err := op.Private(in)
	if err != nil {
		return err
	}
	private.Set("payments", resource.NewList("/v1/invoice_payments?invoice="+in.ID(), data, len(payments) > embedded))
	return op.SetPrivate(in, private)
}

// paymentBy is the invoice payment that a payment intent is for, or nil.
func paymentBy(op *resource.Op, pi *object.Object) (*object.Object, error) {
	if op.Requested(pi) { // spares the most frequent payments a look-up
		return nil, nil
	}
	payments, err := op.Lookup("invoice_payment", "paid by", pi.ID())
	if err != nil || len(payments) == 0 {
		return nil, err
	}
	return payments[0], nil
}

// defaultPayment is an invoice's own open payment, with its intent; nil if there is none.
func defaultPayment(op *resource.Op, in *object.Object) (payment, pi *object.Object, err error) {
	payments, err := paymentsOf(op, in)
	if err != nil {
		return nil, nil, err
	}
	for _, payment := range payments {
		if id := payment.Object("payment").Ref("payment_intent"); id != "" && payment.Bool("is_default") && payment.String("status") == "open" {
			pi, err := op.Get("payment_intent", id, "")
			return payment, pi, err
		}
	}
	return nil, nil, nil
}

// settleInvoice counts a payment intent that succeeded on the invoice that it is for, if it is for one.
func settleInvoice(op *resource.Op, pi *object.Object) error {
	payment, err := paymentBy(op, pi)
	if payment == nil || err != nil {
		return err
	}
	in, err := op.Get("invoice", payment.Ref("invoice"), "")
	if err != nil {
		return err
	}
	return settlePayment(op, in, payment, pi.Int("amount_received"))
}

// countPayment takes an amount into an invoice. What is more than is left to pay goes to the customer's balance.
//
// Emits customer.updated if there is more, invoice_payment.paid, invoice.updated, invoice.overpaid, and invoice.paid and
// invoice.payment_succeeded if nothing is left to pay.
func countPayment(op *resource.Op, in, payment *object.Object, amount int64) error {
	if err := op.Move(payment, "paid"); err != nil {
		return err
	}
	payment.Set("amount_paid", amount)
	payment.Sub("status_transitions").Set("paid_at", op.Now().Unix())
	if err := op.Emit("invoice_payment.paid", payment); err != nil {
		return err
	}
	if err := showPayments(op, in); err != nil {
		return err
	}
	counts := min(amount, in.Int("amount_remaining"))
	in.Set("amount_paid", in.Int("amount_paid")+counts)
	in.Set("amount_remaining", in.Int("amount_remaining")-counts)
	in.Set("amount_overpaid", in.Int("amount_overpaid")+amount-counts)
	if err := moveToBalance(op, in, counts-amount, "invoice_overpaid"); err != nil {
		return err
	}
	if in.Int("amount_remaining") == 0 && in.String("status") != "paid" {
		if err := closePaid(op, in); err != nil {
			return err
		}
	} else if err := op.EmitUpdated(in); err != nil {
		return err
	}
	if amount > counts {
		return op.Emit("invoice.overpaid", in)
	}
	return nil
}

// closePaid ends an invoice on which nothing is left to pay. Its own payment is canceled if it was not what paid.
// Emits payment_intent.canceled if so, invoice.updated, invoice.paid, invoice.payment_succeeded.
func closePaid(op *resource.Op, in *object.Object) error {
	if err := endPayment(op, in, "automatic"); err != nil {
		return err
	}
	if err := op.Move(in, "paid"); err != nil {
		return err
	}
	in.Sub("status_transitions").Set("paid_at", op.Now().Unix())
	if err := stopAdvance(op, in); err != nil {
		return err
	}
	if err := op.EmitUpdated(in); err != nil {
		return err
	}
	if err := op.Emit("invoice.paid", in); err != nil {
		return err
	}
	if err := op.Emit("invoice.payment_succeeded", in); err != nil {
		return err
	}
	if err := followInvoice(op, in); err != nil {
		return err
	}
	return followManually(op, in)
}

// endPayment cancels an invoice's own payment, unless its bank is about to answer.
func endPayment(op *resource.Op, in *object.Object, reason string) error {
	payment, pi, err := defaultPayment(op, in)
	if payment == nil || err != nil || pi.String("status") == processing {
		return err
	}
	if pi.String("status") != canceled {
		if err := endIntent(op, pi, reason, op.Now()); err != nil {
			return err
		}
	}
	return cancelPayment(op, in, payment)
}

func cancelPayment(op *resource.Op, in, payment *object.Object) error {
	if err := op.Move(payment, "canceled"); err != nil {
		return err
	}
	payment.Sub("status_transitions").Set("canceled_at", op.Now().Unix())
	return showPayments(op, in)
}

// dropIntent cancels an invoice's payment by an intent that was attached and is canceled now. The invoice's own payment
// ends with the invoice.
func dropIntent(op *resource.Op, pi *object.Object) error {
	payment, err := paymentBy(op, pi)
	if payment == nil || err != nil || payment.Bool("is_default") || payment.String("status") != "open" {
		return err
	}
	in, err := op.Get("invoice", payment.Ref("invoice"), "")
	if err != nil {
		return err
	}
	return cancelPayment(op, in, payment)
}

// checkPayments refuses to end an invoice for which something else than its own payment is open, or, unless parts are
// allowed, for which something was paid. Source: Stripe, Accept partial payments.
func checkPayments(op *resource.Op, in *object.Object, parts bool) error {
	if in.Int("amount_paid") > 0 && !parts {
		return errPaidFor()
	}
	payments, err := paymentsOf(op, in)
	if err != nil {
		return err
	}
	for _, payment := range payments {
		if payment.String("status") == "open" && !payment.Bool("is_default") {
			return apierr.Invalid("status_transition_invalid", "", "The invoice %s has the open payment %s. Cancel its PaymentIntent first.", in.ID(), payment.ID())
		}
	}
	return nil
}

// fitPayment lets an invoice's own payment ask for what is left to pay.
func fitPayment(op *resource.Op, in *object.Object) error {
	payment, pi, err := defaultPayment(op, in)
	left := in.Int("amount_remaining")
	if payment == nil || err != nil || left == 0 || !isOpen(pi.String("status")) {
		return err
	}
	pi.Set("amount", left)
	op.Save(pi)
	payment.Set("amount_requested", left)
	op.Save(payment)
	return showPayments(op, in)
}

// attachPayment lets another payment pay for an invoice, or a part of it.
// Emits what countPayment does if it succeeded already.
func attachPayment(op *resource.Op) error {
	in, p := op.Object, op.Params
	intent, record := p.String("payment_intent"), p.String("payment_record")
	switch {
	case intent != "" && record != "":
		return onlyOne("payment_intent", "payment_record")
	case intent == "" && record == "":
		return apierr.Invalid("parameter_missing", "payment_intent", "You must specify one of these parameters: payment_intent, payment_record.")
	case in.String("status") != "open":
		return apierr.Invalid("status_transition_invalid", "", "Payments can only be attached to open invoices; this one is %s.", in.String("status"))
	case record != "":
		return attachRecord(op, in, record)
	}
	pi, err := op.Get("payment_intent", intent, "payment_intent")
	if err != nil {
		return err
	}
	used, err := paymentBy(op, pi)
	switch {
	case err != nil:
		return err
	case used != nil:
		return apierr.Invalid("", "payment_intent", "The PaymentIntent %s is attached to the invoice %s already.", intent, used.Ref("invoice"))
	case pi.String("currency") != in.String("currency"):
		return apierr.Invalid("", "payment_intent", "The PaymentIntent %s is in %s, but the invoice is in %s.", intent, pi.String("currency"), in.String("currency"))
	case pi.Ref("customer") != in.Ref("customer"):
		return apierr.Invalid("", "payment_intent", "The PaymentIntent %s is not of the invoice's customer.", intent)
	case pi.String("status") == canceled:
		return apierr.Invalid("", "payment_intent", "The PaymentIntent %s is canceled.", intent)
	}
	payment, err := attachIntent(op, in, pi, false)
	if err != nil || pi.String("status") != succeeded {
		return err
	}
	return settlePayment(op, in, payment, pi.Int("amount_received"))
}

func attachRecord(op *resource.Op, in *object.Object, id string) error {
	record, err := op.Get("payment_record", id, "payment_record")
	if err != nil {
		return err
	}
	amount := record.Object("amount_guaranteed")
	if amount.String("currency") != in.String("currency") {
		return apierr.Invalid("", "payment_record", "The payment record %s is not in the invoice's currency.", id)
	}
	payment, err := linkPayment(op, in, newParams("type", "payment_record", "payment_record", id), amount.Int("value"), false)
	if err != nil || amount.Int("value") == 0 {
		return err
	}
	in.Set("amount_paid_off_stripe", in.Int("amount_paid_off_stripe")+min(amount.Int("value"), in.Int("amount_remaining")))
	return settlePayment(op, in, payment, amount.Int("value"))
}

// settlePayment counts a payment; the invoice's own then asks for the rest.
func settlePayment(op *resource.Op, in, payment *object.Object, amount int64) error {
	if err := countPayment(op, in, payment, amount); err != nil {
		return err
	}
	return fitPayment(op, in)
}

// invoiceCharge is the newest charge that paid for an invoice, or nil.
func invoiceCharge(op *resource.Op, in *object.Object) (*object.Object, error) {
	charges, err := invoiceCharges(op, in)
	if err != nil || len(charges) == 0 {
		return nil, err
	}
	return charges[0], nil
}

// invoiceCharges are the charges that paid for an invoice, newest first.
func invoiceCharges(op *resource.Op, in *object.Object) ([]*object.Object, error) {
	payments, err := paymentsOf(op, in)
	if err != nil {
		return nil, err
	}
	var charges []*object.Object
	for _, payment := range payments {
		intent, id := payment.Object("payment").Ref("payment_intent"), payment.Object("payment").Ref("charge")
		if payment.String("status") != "paid" {
			continue
		}
		if intent != "" {
			paid, err := op.Find("payment_intent", intent)
			if err != nil {
				return nil, err
			}
			id = paid.Ref("latest_charge")
		}
		if id != "" {
			charge, err := op.Get("charge", id, "")
			if err != nil {
				return nil, err
			}
			charges = append(charges, charge)
		}
	}
	return charges, nil
}
