package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A mandate is a customer's permission to debit an account.
//
//	(new) active, or pending where the bank must agree --agrees--> active
//	active or pending --the bank or the holder takes it back--> inactive
//
// Mandates come with payments and setups; nobody creates them by themselves.
//
// Emits mandate.updated.
func init() {
	register(resource.Rules{Object: "mandate", Timers: map[string]resource.Hook{mandateAnswer: answerMandate}})
}

// mandateAnswer is the timer that lets the bank answer a mandate that it must agree to.
const mandateAnswer = "mandate.answer"

// makeMandate keeps the permission to debit a payment method: once, a given amount, or again and again. acceptance is the
// customer_acceptance of mandate_data; nil stands for a customer who gave it elsewhere.
func makeMandate(op *resource.Op, pm, acceptance *object.Object, multiUse bool, amount int64, currency string) (*object.Object, error) {
	return op.Make("mandate", "", object.New(nil), func(op *resource.Op) error {
		mandate, kind := op.Object, pm.String("type")
		mandate.Set("payment_method", pm.ID())
		mandate.Set("customer_acceptance", keptAcceptance(acceptance, op.Now().Unix()))
		mandate.Set("payment_method_details", mandateDetails(op, kind, pm))
		mandate.Set("status", "active")
		mandate.Delete("single_use")
		mandate.Delete("multi_use")
		if multiUse {
			mandate.Set("type", "multi_use")
			mandate.Set("multi_use", object.New(nil))
		} else {
			mandate.Set("type", "single_use")
			mandate.Set("single_use", newParams("amount", amount, "currency", currency))
		}
		if kind != "bacs_debit" {
			return nil
		}
		mandate.Set("status", "pending")
		if err := op.EmitCreated(); err != nil {
			return err
		}
		return op.SetTimer(mandateAnswer, mandate, op.Now())
	})
}

func keptAcceptance(given *object.Object, now int64) *object.Object {
	kind := given.String("type")
	if kind == "" {
		kind = "offline"
	}
	out := newParams("accepted_at", now, "type", kind)
	if at := given.Int("accepted_at"); at != 0 {
		out.Set("accepted_at", at)
	}
	part := object.New(nil)
	if kind == "online" {
		online := given.Object("online")
		part.Set("ip_address", textOrNull(online.String("ip_address")))
		part.Set("user_agent", textOrNull(online.String("user_agent")))
	}
	out.Set(kind, part)
	return out
}

// mandateDetails is what a mandate says of its type.
func mandateDetails(op *resource.Op, kind string, pm *object.Object) *object.Object {
	details := newParams("type", kind)
	p := spec.Component("mandate_payment_method_details").Prop(kind)
	if p == nil {
		return details
	}
	facts := newParams("url", op.BaseURL()+"/mandates/"+op.Object.ID())
	switch kind {
	case "acss_debit":
		facts.Set("payment_schedule", "sporadic")
		facts.Set("transaction_type", "personal")
	case "bacs_debit":
		facts.Set("network_status", "pending")
		facts.Set("reference", op.Code(16))
	case "payto":
		facts.Set("amount_type", "maximum")
		facts.Set("payment_schedule", "adhoc")
	case "paypal":
		facts.Set("payer_id", pm.Object("paypal").Get("payer_id"))
	case "sepa_debit":
		facts.Set("reference", op.Code(16))
	}
	details.Set(kind, shaped(p.Schema(), facts))
	return details
}

// answerMandate lets the bank agree to a mandate, or refuse it.
// Emits mandate.updated.
func answerMandate(op *resource.Op) error {
	mandate := op.Object
	if mandate.String("status") != "pending" {
		return nil
	}
	refused, err := mandateRefused(op, mandate)
	if err != nil {
		return err
	}
	if refused {
		return endMandate(op, mandate, "refused", "")
	}
	mandate.Set("status", "active")
	setNetworkStatus(mandate, "accepted", "")
	return op.EmitUpdated(mandate)
}

// endMandate notes that a mandate cannot be used any more: the bank refused it, or it was revoked for a reason.
// Emits mandate.updated.
func endMandate(op *resource.Op, mandate *object.Object, networkStatus, reason string) error {
	mandate.Set("status", "inactive")
	setNetworkStatus(mandate, networkStatus, reason)
	return op.EmitUpdated(mandate)
}

func setNetworkStatus(mandate *object.Object, status, reason string) {
	if bacs := mandate.Object("payment_method_details").Object("bacs_debit"); bacs != nil {
		bacs.Set("network_status", status)
		bacs.Set("revocation_reason", textOrNull(reason))
	}
}

// mandateRefused reports whether the bank refuses to have the account debited.
func mandateRefused(op *resource.Op, mandate *object.Object) (bool, error) {
	pm, err := op.Find("payment_method", mandate.Ref("payment_method"))
	if err != nil || pm == nil {
		return false, err
	}
	return bank.Pay(keptMethod(op, pm), processor.Attempt{Setup: true, Authenticated: true}).Settlement.EndsMandate, nil
}
