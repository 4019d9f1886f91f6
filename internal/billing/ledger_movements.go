package billing

import (
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// movement is what the ledger knows of a type of balance transaction.
type movement struct {
	category string // reporting_category
	book     string // stands against the account's balance in the double entry
	waits    bool   // the money is pending first, or as long as that of its charge
	// source and charge lead to the charge whose money it is: the kind of what moves it, and its field. Without a charge,
	// nothing waits.
	source, charge string
}

var movements = map[string]movement{
	"charge":                 {category: "charge", book: "payments", waits: true},
	"payment":                {category: "charge", book: "payments", waits: true},
	"payment_failure_refund": {category: "charge_failure", book: "payments"},
	"payment_reversal":       {category: "charge_failure", book: "payments"},
	"refund":                 {category: "refund", book: "refunds", waits: true, source: "refund", charge: "charge"},
	"payment_refund":         {category: "refund", book: "refunds", waits: true, source: "refund", charge: "charge"},
	"refund_failure":         {category: "refund_failure", book: "refunds", waits: true, source: "refund", charge: "charge"},
	"adjustment":             {category: "other_adjustment", book: "adjustments", source: "dispute", charge: "charge"},
	"payout":                 {category: "payout", book: "payouts"},
	"payout_failure":         {category: "payout_reversal", book: "payouts"},
	"payout_cancel":          {category: "payout_reversal", book: "payouts"},
	"transfer":               {category: "transfer", book: "transfers", waits: true, source: "transfer", charge: "source_transaction"},
	"transfer_refund":        {category: "transfer_reversal", book: "transfers"},
	"transfer_cancel":        {category: "transfer_reversal", book: "transfers"},
	"transfer_failure":       {category: "transfer_reversal", book: "transfers"},
	"application_fee":        {category: "platform_earning", book: "application_fees", waits: true},
	"application_fee_refund": {category: "platform_earning_refund", book: "application_fees"},
	"topup":                  {category: "topup", book: "topups"},
	"topup_reversal":         {category: "topup_reversal", book: "topups"},
	"stripe_fee":             {category: "fee", book: "stripe_fees"},
	"stripe_fx_fee":          {category: "fee", book: "stripe_fees"},
	"tax_fee":                {category: "tax", book: "taxes"},
	"contribution":           {category: "contribution", book: "contributions"},
	"climate_order_purchase": {category: "climate_order_purchase", book: "contributions"},
	"climate_order_refund":   {category: "climate_order_refund", book: "contributions"},
	"reserve_transaction":    {category: "risk_reserved_funds", book: "reserves"},
	"reserved_funds":         {category: "connect_reserved_funds", book: "reserves"},
}

// chargeOf is the charge whose money is moved; nil if it is none of this account.
func (m movement) chargeOf(op *resource.Op, source string) (*object.Object, error) {
	if m.source == "" {
		return nil, nil
	}
	mover, err := op.Find(m.source, source)
	if mover == nil || err != nil {
		return nil, err
	}
	return op.Find("charge", mover.Ref(m.charge))
}

// categoryOf is the reporting category. An adjustment is most often a dispute.
func (m movement) categoryOf(p posting) string {
	switch {
	case p.kind != "adjustment" || !isDisputeID(p.source):
		return m.category
	case p.amount < 0:
		return "dispute"
	}
	return "dispute_reversal"
}

func isDisputeID(id string) bool { return strings.HasPrefix(id, "dp_") || strings.HasPrefix(id, "du_") }

// feeBooks are the books of what is kept, by the type of the fee.
var feeBooks = map[string]string{
	"stripe_fee": "stripe_fees", "application_fee": "application_fees", "tax": "taxes",
	"payment_method_passthrough_fee": "stripe_fees", "withheld_tax": "taxes",
}
