package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A transfer moves money from the platform to a connected account, where it appears as a payment.
//
//	(new) --reversal--> amount_reversed grows --> reversed
//
// It takes what is available, or with a source_transaction what that charge brings, once it brings it. See
// connect_destination.go for how the money moves.
//
// Emits transfer.created, transfer.updated for its description and metadata, transfer.reversed with each reversal.
func init() {
	register(resource.Rules{
		Object: "transfer", Prepare: prepareTransfer, Create: createTransfer, Audit: auditTransfers,
		Index: map[string]func(o *object.Object) []string{"source_transaction": func(o *object.Object) []string {
			if id := o.Ref("source_transaction"); id != "" {
				return []string{id}
			}
			return nil
		}},
	})
}

func prepareTransfer(op *resource.Op) error {
	p := op.Params
	if err := checkCurrency(p.String("currency")); err != nil {
		return err
	}
	switch amount := p.Int("amount"); {
	case !p.Has("amount"):
		return missingParam("amount")
	case amount < 1:
		return apierr.Invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case amount > money.Maximum:
		return apierr.Invalid("amount_too_large", "amount", "Amount must be no more than %s", money.Format(money.Maximum, p.String("currency")))
	}
	account, err := checkDestination(op, p.String("destination"), "destination")
	if account == nil || err != nil {
		return err
	}
	return checkRegion(op, account)
}

func createTransfer(op *resource.Op) error {
	t := op.Object
	if !op.Params.Has("source_type") {
		t.Set("source_type", cardFund)
	}
	s := sending{available: true}
	if id := t.Ref("source_transaction"); id != "" && !op.Mocks() {
		source, err := op.Get("charge", id, "source_transaction")
		if err != nil {
			return err
		}
		if s.available, err = drawOn(op, source); err != nil {
			return err
		}
	} else if err := needFunds(op, t); err != nil {
		return err
	}
	return s.send(op)
}

// drawOn checks that a charge brings what is to be transferred, puts both into one group, and says whether its money is
// there already.
func drawOn(op *resource.Op, source *object.Object) (available bool, err error) {
	t := op.Object
	switch {
	case source.String("status") == "failed" || !source.Bool("captured"):
		return false, apierr.Invalid("", "source_transaction", "Charge %s brought no money that could be transferred.", source.ID())
	case source.String("currency") != t.String("currency"):
		return false, apierr.Invalid("", "currency", "The currency of source_transaction's balance transaction (%s) must be the same as the transfer currency (%s)", source.String("currency"), t.String("currency"))
	}
	drawn, err := op.Lookup("transfer", "source_transaction", source.ID())
	if err != nil {
		return false, err
	}
	var sum int64
	for _, other := range drawn {
		if other.ID() != t.ID() {
			sum += other.Int("amount") - other.Int("amount_reversed")
		}
	}
	whole, currency := source.Int("amount_captured"), t.String("currency")
	if sum+t.Int("amount") > whole {
		return false, apierr.Invalid("", "amount", "Transfers using this transaction as a source must not exceed the source amount of %s. (Transfers using this source amount to %s already.)",
			money.Format(whole, currency), money.Format(sum, currency))
	}
	if t.String("transfer_group") == "" {
		if source.String("transfer_group") == "" {
			shareGroup(source)
			op.Save(source)
		}
		t.Set("transfer_group", source.Get("transfer_group"))
	}
	return isAvailable(op, source)
}

// needFunds refuses to move what is not there.
func needFunds(op *resource.Op, t *object.Object) error {
	b, err := openBooks(op)
	if err != nil {
		return err
	}
	if op.Mocks() || b.holds(t.String("currency"), available(t.String("source_type"))) >= t.Int("amount") {
		return nil
	}
	return apierr.Invalid("balance_insufficient", "", "You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance")
}
