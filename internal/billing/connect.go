package billing

import (
	"crypto/sha256"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How a platform and the accounts connected to it share the money of a charge.
//
//	direct charge       the charge is in the connected account (Stripe-Account), the fee in the platform
//	destination charge  the charge is in the platform, and a transfer brings the money to the connected account
//	separate transfer   the same, but asked for with POST /v1/transfers
//
// What belongs to the platform is in its namespace and counts in its balance, and so for the connected account.

// sharedCharge reads the older names of what a charge shares, and checks it.
func sharedCharge(op *resource.Op) error {
	params := op.Params
	if fee := params.Get("application_fee"); fee != nil {
		params.Set("application_fee_amount", fee)
		params.Delete("application_fee")
	}
	if d := params.Get("destination"); d != nil {
		if params.Has("transfer_data") {
			return exclusive("destination", "transfer_data")
		}
		if account, ok := d.(*object.Object); ok {
			params.Set("transfer_data", newParams("destination", account.String("account"), "amount", account.Get("amount")))
		} else {
			params.Set("transfer_data", newParams("destination", d))
		}
		params.Delete("destination")
	}
	return checkConnect(op, params)
}

func exclusive(a, b string) error {
	return apierr.Validation("parameters_exclusive", a, "You may only specify one of these parameters: %s, %s.", a, b)
}

// checkIntentShare checks what a payment intent is to share as it is now, whichever request said so.
func checkIntentShare(op *resource.Op, pi *object.Object) error {
	asked := newParams("amount", pi.Int("amount"), "currency", pi.String("currency"), "on_behalf_of", pi.Ref("on_behalf_of"), "application_fee_amount", pi.Get("application_fee_amount"))
	if data := pi.Object("transfer_data"); data != nil {
		asked.Set("transfer_data", newParams("destination", data.Ref("destination"), "amount", data.Get("amount")))
	}
	return checkConnect(op, asked)
}

// checkConnect checks what a payment is to share, before anything is paid.
func checkConnect(op *resource.Op, params *object.Object) error {
	data := params.Object("transfer_data")
	if data != nil && data.Has("destination") {
		account, err := checkDestination(op, data.String("destination"), "transfer_data[destination]")
		if err != nil {
			return err
		}
		if err := checkSettlement(op, account, params.String("on_behalf_of")); err != nil {
			return err
		}
		if err := checkTransferAmount(params, data); err != nil {
			return err
		}
	}
	if id := params.String("on_behalf_of"); id != "" {
		if _, err := op.Get("account", id, "on_behalf_of"); err != nil {
			return err
		}
	}
	fee := params.Int("application_fee_amount")
	switch {
	case !params.Has("application_fee_amount"):
		return nil
	case fee < 0:
		return apierr.Invalid("parameter_invalid_integer", "application_fee_amount", "This value must be greater than or equal to 0.")
	case data == nil && op.Account() == op.Platform():
		return apierr.Invalid("", "application_fee_amount", "Can only apply an application_fee_amount when the request is made on behalf of another account (using an OAuth key, the Stripe-Account header, or the transfer_data[destination] parameter).")
	case fee > params.Int("amount"):
		return apierr.Invalid("", "application_fee_amount", "Application fee amount cannot be greater than the amount of the charge (%s).", money.Format(params.Int("amount"), params.String("currency")))
	}
	return nil
}

func checkTransferAmount(params, data *object.Object) error {
	amount := data.Int("amount")
	switch {
	case !data.Has("amount"):
		return nil
	case params.Has("application_fee_amount"):
		return exclusive("application_fee_amount", "transfer_data[amount]")
	case amount < 1:
		return apierr.Invalid("parameter_invalid_integer", "transfer_data[amount]", "This value must be greater than or equal to 1.")
	case amount > params.Int("amount"):
		return apierr.Invalid("", "transfer_data[amount]", "The transfer amount cannot be greater than the amount of the charge (%s).", money.Format(params.Int("amount"), params.String("currency")))
	}
	return nil
}

// checkDestination is the account that money is to be sent to, if it can take that; nil for one that a mock makes up.
func checkDestination(op *resource.Op, id, param string) (*object.Object, error) {
	if id == op.Account() {
		return nil, apierr.Invalid("", param, "The '%s' param cannot be set to your own account.", param)
	}
	account, err := op.Find("account", id)
	switch {
	case err != nil:
		return nil, err
	case op.Mocks():
		return nil, nil
	case account == nil:
		return nil, apierr.MissingRef("destination", id, param)
	}
	for _, name := range []string{"transfers", "crypto_transfers", "legacy_payments"} {
		if account.Object("capabilities").String(name) == "active" {
			return account, nil
		}
	}
	return nil, apierr.Invalid("insufficient_capabilities_for_transfer", param,
		"Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments")
}

// settleConnect shares the money of a charge that was posted: the fee of a direct charge goes to the platform, the money
// of a destination charge to its destination.
func settleConnect(op *resource.Op, charge *object.Object) error {
	if data := charge.Object("transfer_data"); data != nil && charge.Ref("transfer") == "" {
		return sendDestination(op, charge, data)
	}
	if directFee(op, charge) == 0 {
		return nil
	}
	home, err := op.In(op.Platform())
	if err != nil {
		return err
	}
	available, err := isAvailable(op, charge)
	if err != nil {
		return err
	}
	fee, err := collectFee(home, feeDue{account: op.Account(), charge: charge.ID(), amount: directFee(op, charge), currency: charge.String("currency"), available: available})
	if err != nil {
		return err
	}
	charge.Set("application_fee", fee.ID())
	return nil
}

// directFee is what the platform takes of a charge in a connected account.
func directFee(op *resource.Op, charge *object.Object) int64 {
	if op.Account() == op.Platform() {
		return 0
	}
	return charge.Int("application_fee_amount")
}

// platformFee is the fee in the balance transaction of a payment that a platform takes a part of.
func platformFee(op *resource.Op, amount int64) []fee {
	if amount == 0 {
		return nil
	}
	return []fee{{kind: "application_fee", amount: amount, description: "application fee", application: applicationID(op.Namespace(), op.Platform())}}
}

// actingApplication is the application that makes a payment in a connected account; nothing in an account of its own.
func actingApplication(op *resource.Op) any {
	if op.Account() == op.Platform() {
		return nil
	}
	return applicationID(op.Namespace(), op.Platform())
}

// applicationID is the id of the application that a platform acts as, in the environment of a namespace: always the same for
// the same platform, and another in each of its sandboxes.
func applicationID(in *access.Namespace, platform string) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	if in.IsSandbox() {
		platform += "\x00" + in.Env
	}
	sum := sha256.Sum256([]byte("application\x00" + platform))
	id := []byte("ca_")
	for _, b := range sum {
		id = append(id, digits[int(b)%len(digits)])
	}
	return string(id)
}

// isAvailable reports whether the money of an object can be used already: where it came from decides when it may go on.
func isAvailable(op *resource.Op, o *object.Object) (bool, error) {
	t, err := op.Find("balance_transaction", o.Ref("balance_transaction"))
	return t.String("status") == "available", err
}

// idLike is a new id of a kind with another prefix, such as that of a payment that is no charge of a card.
func idLike(op *resource.Op, kind, prefix string) string {
	_, rest, _ := strings.Cut(op.NewID(kind), "_")
	return prefix + rest
}

// shareCaptured takes what a capture says of how the money is shared. What is taken less of is shared less.
func shareCaptured(op *resource.Op, charge *object.Object, amount int64) error {
	sent := newParams("amount", amount, "currency", charge.String("currency"), "application_fee_amount", op.Params.Get("application_fee_amount"))
	if fee := op.Params.Get("application_fee"); fee != nil {
		sent.Set("application_fee_amount", fee)
	}
	data := charge.Object("transfer_data")
	if data != nil {
		sent.Set("transfer_data", newParams("amount", op.Params.Object("transfer_data").Get("amount")))
	}
	if data == nil && op.Params.Has("transfer_data") {
		return apierr.Invalid("", "transfer_data", "Charge %s has no destination that an amount could be transferred to.", charge.ID())
	}
	if data != nil && sent.Object("transfer_data").Has("amount") {
		if err := checkTransferAmount(sent, sent.Object("transfer_data")); err != nil {
			return err
		}
	}
	if err := checkConnect(op, sent); err != nil {
		return err
	}
	if fee := sent.Get("application_fee_amount"); fee != nil {
		charge.Set("application_fee_amount", fee)
	}
	if part := sent.Object("transfer_data").Get("amount"); part != nil {
		data.Set("amount", part)
	}
	return nil
}
