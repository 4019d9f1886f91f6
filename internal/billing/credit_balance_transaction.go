package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A credit balance transaction is one change of what is left of a credit grant. It never changes.
//
//	credit: credits_granted, credits_application_invoice_voided
//	debit:  credits_applied, credits_expired, credits_voided
//
// Emits billing.credit_balance_transaction.created.
func init() {
	register(resource.Rules{
		Object: "billing.credit_balance_transaction",
		Index:  filters{"applied_to": at("debit", "credits_applied", "invoice")},
	})
}

// A creditMove is what a transaction is about.
type creditMove struct {
	kind      string // the type of the credit or debit
	amount    int64
	effective int64 // when it takes effect; zero is now
	invoice   string
	line      string // of the invoice
}

// moveCredits changes what is left of a grant and writes the transaction.
func moveCredits(op *resource.Op, grant *object.Object, m creditMove) (*object.Object, error) {
	side, sign := "credit", int64(1)
	switch m.kind {
	case "credits_applied", "credits_expired", "credits_voided":
		side, sign = "debit", -1
	}
	private, err := op.Private(grant)
	if err != nil {
		return nil, err
	}
	private.Set("left", private.Int("left")+sign*m.amount)
	if err := op.SetPrivate(grant, private); err != nil {
		return nil, err
	}
	details := newParams("amount", creditAmount(m.amount, creditCurrency(grant)), "type", m.kind)
	if m.invoice != "" {
		details.Set(m.kind, newParams("invoice", m.invoice, "invoice_line_item", m.line))
	}
	return op.Make("billing.credit_balance_transaction", "", newParams(), func(op *resource.Op) error {
		t := op.Object
		t.Set("credit", nil)
		t.Set("debit", nil)
		t.Set("type", side)
		t.Set(side, details)
		t.Set("credit_grant", grant.ID())
		t.Set("effective_at", op.Now().Unix())
		if m.effective > 0 {
			t.Set("effective_at", m.effective)
		}
		t.Set("test_clock", grant.Get("test_clock"))
		return nil
	})
}

// takeAllCredits ends what is left of a grant, if anything is.
func takeAllCredits(op *resource.Op, grant *object.Object, kind string) error {
	left, err := creditsLeft(op, grant)
	if left == 0 || err != nil {
		return err
	}
	_, err = moveCredits(op, grant, creditMove{kind: kind, amount: left})
	return err
}

func creditsLeft(op *resource.Op, grant *object.Object) (int64, error) {
	private, err := op.Private(grant)
	return private.Int("left"), err
}

func creditCurrency(grant *object.Object) string {
	return grant.Object("amount").Object("monetary").String("currency")
}

// creditAmount is an amount of credits as objects show it.
func creditAmount(value int64, currency string) *object.Object {
	return newParams("monetary", newParams("currency", currency, "value", value), "type", "monetary")
}
