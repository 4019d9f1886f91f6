package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An application fee is what a platform takes of a payment in a connected account. It belongs to the platform.
//
//	(new) --refund--> amount_refunded grows --> refunded
//
// Emits application_fee.created, and application_fee.refunded with each refund.
func init() {
	register(resource.Rules{
		Object: "application_fee", Audit: auditFees, Actions: resource.Actions{"POST /v1/application_fees/{id}/refund": refundWholeFee},
		// The charge is in the connected account, where the platform's list cannot look for it.
		Filters: map[string]func(o *object.Object) []string{"charge": func(o *object.Object) []string { return []string{o.Ref("charge")} }},
	})
}

// feeDue is a fee to be.
type feeDue struct {
	account     string // that it is taken from
	charge      string // there
	originating string // the charge in the platform that the money comes from
	amount      int64
	currency    string
	available   bool
}

// collectFee makes a fee and counts it. home is the platform.
func collectFee(home *resource.Op, c feeDue) (*object.Object, error) {
	return home.Make("application_fee", "", object.New(nil), func(op *resource.Op) error {
		f := op.Object
		t, err := post(op, posting{kind: "application_fee", source: f.ID(), amount: c.amount, currency: c.currency, available: c.available})
		if err != nil {
			return err
		}
		f.Set("account", c.account)
		f.Set("amount", c.amount)
		f.Set("amount_refunded", 0)
		f.Set("application", applicationID(op.Namespace(), op.Account()))
		f.Set("balance_transaction", t.ID())
		f.Set("charge", c.charge)
		f.Set("currency", c.currency)
		f.Set("fee_source", newParams("charge", c.charge, "type", "charge"))
		f.Set("originating_transaction", textOrNull(c.originating))
		f.Set("refunded", false)
		return nil
	})
}

// refundWholeFee is the older way to refund a fee: it answers the fee.
func refundWholeFee(op *resource.Op) error {
	_, err := op.CreateBelow("fee_refund", op.Object.ID(), newParams("amount", op.Params.Get("amount")))
	return err
}

// partLeft is how much of an amount is asked back: all that is left, unless something less was asked for. what names the
// amount in an error.
func partLeft(params *object.Object, whole, gone int64, currency, what string) (int64, error) {
	left := whole - gone
	amount := params.Int("amount")
	switch {
	case left == 0:
		return 0, apierr.Invalid("", "", "This %s has already been given back in full.", what)
	case !params.Has("amount"):
		return left, nil
	case amount < 1:
		return 0, apierr.Invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case amount > left:
		return 0, apierr.Invalid("", "amount", "Amount (%s) is greater than what is left of the %s (%s)", money.Format(amount, currency), what, money.Format(left, currency))
	}
	return amount, nil
}

// listedFirst puts an object on top of a list that another one shows, which has up to ten.
func listedFirst(list, o *object.Object) {
	data := append([]any{o.Clone()}, list.Array("data")...)
	if len(data) > 10 {
		data = data[:10]
		list.Set("has_more", true)
	}
	list.Set("data", data)
}
