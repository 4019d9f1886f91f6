package billing

import (
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// How a source is charged, and how money comes in that somebody sends to one.

const (
	// sourceReceipt is the timer that lets money come in.
	sourceReceipt = "source.receive"
	// slowTransfer is how long money takes that was not asked to hurry.
	slowTransfer = 3 * time.Minute
)

// sourceInstrument is a source, ready to be charged. A source for one use is used up by that.
func sourceInstrument(op *resource.Op, src *object.Object) (instrument, error) {
	if err := checkChargeable(op, src); err != nil {
		return instrument{}, err
	}
	if err := useSource(op, src); err != nil {
		return instrument{}, err
	}
	kind := src.String("type")
	out := instrument{id: src.ID(), shown: src.Object(kind), billing: fullBillingDetails(src.Object("owner")), detailType: kind, authenticated: src.String("flow") != "none"}
	switch kind {
	case "card", "three_d_secure":
		out.detailType = "card"
		out.method = processor.Method{Type: "card", Card: keptCard(op, src.Object(kind)).card}
	default:
		out.method = processor.Method{Type: processorType(kind), Bank: sourceBank(op, src)}
	}
	return out, nil
}

// processorType is what the processor calls the type of a source.
func processorType(kind string) string {
	switch kind {
	case "ach_debit":
		return "bank_account"
	case "ach_credit_transfer", "multibanco": // what is charged has come in already
		return "customer_balance"
	case "wechat":
		return "wechat_pay"
	}
	return kind
}

// sourceBank is what the processor knows of a source's bank account.
func sourceBank(op *resource.Op, src *object.Object) processor.Bank {
	kind := src.String("type")
	print := src.Object(kind).String("fingerprint")
	if print == "" {
		return processor.Bank{}
	}
	m, _ := bank.Stored(op.Account(), processorType(kind), print, "")
	return m.Bank
}

func checkChargeable(op *resource.Op, src *object.Object) error {
	amount := op.Params.Int("amount")
	receiver := src.Object("receiver")
	switch status := src.String("status"); {
	case status != "chargeable":
		return apierr.Invalid("invalid_source_usage", "source", "The source you provided is in a %s state: only a source that is chargeable can be charged.", status)
	case src.String("usage") == "single_use" && src.Get("amount") != nil && src.Int("amount") != amount:
		return apierr.Invalid("invalid_charge_amount", "amount", "A source for one use must be charged the amount that it was made for: %d.", src.Int("amount"))
	case src.String("currency") != "" && src.String("currency") != op.Params.String("currency"):
		return apierr.Invalid("invalid_source_usage", "currency", "The source must be charged in its currency: %s.", src.String("currency"))
	case receiver != nil && amount > receiver.Int("amount_received")-receiver.Int("amount_charged"):
		return apierr.Invalid("invalid_charge_amount", "amount", "The source has not received enough money to be charged %d.", amount)
	}
	return nil
}

// useSource notes that a source is charged.
// Emits source.mandate_notification for a debit whose holder the seller wants to tell.
func useSource(op *resource.Op, src *object.Object) error {
	if receiver := src.Object("receiver"); receiver != nil {
		receiver.Set("amount_charged", receiver.Int("amount_charged")+op.Params.Int("amount"))
		if receiver.Int("amount_charged") == receiver.Int("amount_received") {
			src.Set("status", "pending")
		}
	}
	if src.String("usage") == "single_use" {
		src.Set("status", "consumed")
	}
	op.Save(src)
	private, err := op.Private(src)
	if err != nil {
		return err
	}
	switch private.String("notification_method") {
	case "email", "manual", "stripe_email":
		return notifyMandate(op, src)
	}
	return nil
}

// creditor is who debits bank accounts in this server's name.
const creditor = "TEST42ZZZ0000424242"

// notifyMandate tells that a bank account will be debited.
// Emits source.mandate_notification.
func notifyMandate(op *resource.Op, src *object.Object) error {
	kind := src.String("type")
	part := src.Object(kind)
	details := newParams("last4", part.String("last4"))
	if kind == "sepa_debit" {
		details.Set("creditor_identifier", creditor)
		details.Set("mandate_reference", part.String("mandate_reference"))
	}
	amount := op.Params.Int("amount")
	note, err := op.Make("source_mandate_notification", src.ID(), object.New(nil), func(op *resource.Op) error {
		note := op.Object
		note.Set("amount", amount)
		note.Set("reason", "debit_initiated")
		note.Set("source", src.Clone())
		note.Set("status", "submitted")
		note.Set("type", kind)
		note.Delete("sepa_debit")
		if note.Schema().Prop(kind) != nil {
			note.Set(kind, details)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return op.Emit("source.mandate_notification", note)
}

// keepMandate notes how the holder of a bank account wants to hear of debits.
func keepMandate(op *resource.Op, src *object.Object) error {
	method := op.Params.Object("mandate").String("notification_method")
	if method == "" {
		return nil
	}
	private, err := op.Private(src)
	if err != nil {
		return err
	}
	private.Set("notification_method", method)
	return op.SetPrivate(src, private)
}

// awaitMoney lets the money come in that the owner's address stands for: amount_1000@example.com sends 1000 at once,
// anything+fill_now@example.com the source's amount at once, and fill_never nothing.
func awaitMoney(op *resource.Op, src *object.Object) error {
	if src.String("flow") != "receiver" {
		return nil
	}
	email := src.Object("owner").String("email")
	switch {
	case sentAmount(src) == 0 || strings.Contains(email, "fill_never"):
		return nil
	case src.String("type") == "ach_credit_transfer" || strings.Contains(email, "fill_now"):
		return op.SetTimer(sourceReceipt, src, op.Now())
	}
	return op.SetTimer(sourceReceipt, src, op.Now().Add(slowTransfer))
}

// sentAmount is how much somebody sends to a source.
func sentAmount(src *object.Object) int64 {
	local, _, _ := strings.Cut(src.Object("owner").String("email"), "@")
	if digits, ok := strings.CutPrefix(local, "amount_"); ok {
		n, _ := strconv.ParseInt(digits, 10, 64) // not a number: nothing is sent
		return max(0, n)
	}
	return src.Int("amount")
}

// receiveMoney lets money come in at a source.
// Emits source.transaction.created, source.chargeable.
func receiveMoney(op *resource.Op) error {
	src := op.Object
	if src.String("status") != "pending" {
		return nil
	}
	kind, amount := src.String("type"), sentAmount(src)
	received, err := op.Make("source_transaction", src.ID(), object.New(nil), func(op *resource.Op) error {
		t := op.Object
		t.Set("amount", amount)
		t.Set("currency", src.String("currency"))
		t.Set("source", src.ID())
		t.Set("status", "succeeded")
		t.Set("type", kind)
		if kind == "ach_credit_transfer" {
			t.Set(kind, newParams("customer_data", "TEST", "fingerprint", processor.Fingerprint(op.Account(), src.ID()), "last4", "6789", "routing_number", "110000000"))
		}
		return nil
	})
	if err != nil {
		return err
	}
	receiver := src.Object("receiver")
	receiver.Set("amount_received", receiver.Int("amount_received")+amount)
	receiver.Set("address", textOrNull(src.Object(kind).String("account_number")))
	op.Save(src)
	if err := op.Emit("source.transaction.created", received); err != nil {
		return err
	}
	return makeChargeable(op, src)
}
