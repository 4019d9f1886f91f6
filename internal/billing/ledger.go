package billing

import (
	"fmt"
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The ledger: each movement of an account's money is a balance transaction, which says what moved, and a double entry in
// the account's books (ledger_books.go), which say what there is. Nothing else moves money.

// posting is one movement of the account's money: a balance transaction to be.
type posting struct {
	kind        string // the transaction's type: charge, payment, refund, adjustment, payout ...
	source      string // the id of what moves the money
	amount      int64  // in the smallest unit; negative takes away
	currency    string
	fees        []fee
	available   bool // at once
	description string
	fund        string // card, bank_account, fpx: which of the account's balances; empty for that of the charge, or else card
	below       string // the id of the automatic payout that it belongs to from the start
}

// fee is what is kept of an amount.
type fee struct {
	kind        string // stripe_fee, application_fee, tax
	amount      int64
	description string
	application string
}

// cardFund is the balance that almost all money is in.
const cardFund = "card"

// longBody is how long an id is at least after its prefix that tells when it was made, so that others can begin alike.
const longBody = 24

// post writes a movement down and returns its balance transaction. It costs the transaction and one small document.
func post(op *resource.Op, p posting) (*object.Object, error) {
	m, known := movements[p.kind]
	if !known {
		return nil, fmt.Errorf("billing: %s is no movement of the ledger", p.kind)
	}
	charge, err := m.chargeOf(op, p.source)
	if err != nil {
		return nil, err
	}
	if p.fund == "" {
		p.fund = fundOfMethod(charge.Object("payment_method_details").String("type"))
	}
	balance, err := op.Singleton("balance")
	if err != nil {
		return nil, err
	}
	terms, err := resource.Consult(op, balance, termsOf)
	if err != nil {
		return nil, err
	}
	on, err := terms.availableOn(op, m, p, charge)
	if err != nil {
		return nil, err
	}
	if body := p.source[strings.LastIndexByte(p.source, '_')+1:]; len(body) >= longBody {
		op.Choose("balance_transaction", op.KinID("txn_", p.source))
	}
	t, err := op.Make("balance_transaction", terms.place(p), object.New(nil), func(op *resource.Op) error {
		return p.record(op, m, on)
	})
	if err != nil {
		return nil, err
	}
	if !terms.kept {
		op.Save(balance)
	}
	return t, op.Tally(balance, enter(t, p))
}

// enter puts a transaction into the books.
func enter(t *object.Object, p posting) func(part *object.Object, timer func(kind string, at time.Time)) {
	entries, waits, on := entriesOf(t, p.fund), t.String("status") == "pending", t.Int("available_on")
	return func(part *object.Object, timer func(kind string, at time.Time)) {
		b := &books{private: part}
		b.keep()
		for _, e := range entries {
			b.add(p.currency, e.book, e.amount)
		}
		switch {
		case waits && b.expect(on):
			timer(fundsRelease, time.Unix(on, 0))
		case p.available && p.kind == "charge": // which is told of as if it had waited
			part.Set("fresh", true)
			timer(fundsRelease, time.Unix(on, 0))
		}
	}
}

// record fills the balance transaction.
func (p posting) record(op *resource.Op, m movement, on time.Time) error {
	t := op.Object
	var total int64
	details := make([]any, 0, len(p.fees))
	for _, f := range p.fees {
		total += f.amount
		d := object.New(nil)
		d.Set("amount", f.amount)
		d.Set("application", textOrNull(f.application))
		d.Set("currency", p.currency)
		d.Set("description", textOrNull(f.description))
		d.Set("type", f.kind)
		details = append(details, d)
	}
	t.Set("amount", p.amount)
	t.Set("available_on", on.Unix())
	t.Set("balance_type", "payments")
	t.Set("currency", p.currency)
	t.Set("description", textOrNull(p.description))
	t.Set("exchange_rate", nil)
	t.Set("fee", total)
	t.Set("fee_details", details)
	t.Set("net", p.amount-total)
	t.Set("reporting_category", m.categoryOf(p))
	t.Set("source", textOrNull(p.source))
	t.Set("status", "available")
	if on.After(op.Now()) {
		t.Set("status", "pending")
	}
	t.Set("type", p.kind)
	if p.fund == cardFund {
		return nil
	}
	return op.SetPrivate(t, newParams("fund", p.fund))
}

// fundOf is which of the account's balances a transaction moves. All but card is noted beside the transaction.
func fundOf(private *object.Object) string {
	if fund := private.String("fund"); fund != "" {
		return fund
	}
	return cardFund
}
