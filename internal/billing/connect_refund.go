package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// reverseForRefund brings back, for a refund of a charge, what the charge gave away: its transfer (reverse_transfer), and
// the platform's fee (refund_application_fee). A refund of a part brings back as large a part of each.
func reverseForRefund(op *resource.Op, charge, refund *object.Object, reverseTransfer, refundFee bool) error {
	if !reverseTransfer && !refundFee {
		return nil
	}
	refunded, err := refundedSoFar(op, charge, refund)
	if err != nil {
		return err
	}
	if reverseTransfer {
		if err := reverseShare(op, charge, refund, refunded); err != nil {
			return err
		}
	}
	if !refundFee {
		return nil
	}
	home, err := op.In(op.Platform())
	if err != nil {
		return err
	}
	return refundShare(home, charge, "refund_application_fee", refunded)
}

// refundedSoFar is how much of a charge went back, this refund included.
func refundedSoFar(op *resource.Op, charge, refund *object.Object) (int64, error) {
	all, err := op.Lookup("refund", "charge", charge.ID())
	if err != nil {
		return 0, err
	}
	sum := refund.Int("amount")
	for _, other := range all {
		if status := other.String("status"); other.ID() != refund.ID() && status != "failed" && status != "canceled" {
			sum += other.Int("amount")
		}
	}
	return min(sum, charge.Int("amount_captured")), nil
}

// reverseShare brings the part of the transfer back that refunded is of the charge.
func reverseShare(op *resource.Op, charge, refund *object.Object, refunded int64) error {
	id := charge.Ref("transfer")
	if id == "" {
		return apierr.Invalid("", "reverse_transfer", "Cannot reverse transfer on charge %s because it does not have an associated transfer.", charge.ID())
	}
	transfer, err := op.Get("transfer", id, "reverse_transfer")
	if err != nil {
		return err
	}
	due := money.Share(transfer.Int("amount"), refunded, charge.Int("amount_captured")) - transfer.Int("amount_reversed")
	if due < 1 {
		return nil
	}
	reversal, err := op.CreateBelow("transfer_reversal", transfer.ID(), newParams("amount", due, "source_refund", refund.ID()))
	if err != nil {
		return err
	}
	refund.Set("transfer_reversal", reversal.ID())
	return nil
}

// refundShare gives the part of the platform's fee back that refunded is of the payment it was taken from. home is the
// platform.
func refundShare(home *resource.Op, payment *object.Object, param string, refunded int64) error {
	id := payment.Ref("application_fee")
	if id == "" {
		return apierr.Invalid("", param, "Charge %s does not have an application fee that could be refunded.", payment.ID())
	}
	fee, err := home.Get("application_fee", id, param)
	if err != nil {
		return err
	}
	due := money.Share(fee.Int("amount"), refunded, payment.Int("amount_captured")) - fee.Int("amount_refunded")
	if due < 1 {
		return nil
	}
	_, err = home.CreateBelow("fee_refund", fee.ID(), newParams("amount", due))
	return err
}
