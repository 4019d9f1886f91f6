package billing

import (
	"cmp"
	"math"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A creditable is a line of an invoice that credits may pay for: one of a price with a meter.
type creditable struct {
	invoice string
	line    string // id of the invoice line item
	price   string
	amount  int64 // what the line costs after discounts and before tax; nothing is applied to less than 1
}

// An appliedCredit is what one grant pays of one line: an entry of its pretax_credit_amounts.
type appliedCredit struct {
	line        string
	grant       string
	transaction string // id of the credit balance transaction; empty in a preview
	amount      int64
}

// applyCredits pays for lines with the credits that a customer has in a currency, and writes the transactions. It is for
// the moment when an invoice is finalized. Grants are taken in this order: lower priority number, earlier expiry,
// promotional before paid, earlier effect, older. Each pays for the lines in the order in which they are given.
func applyCredits(op *resource.Op, customer, currency string, lines []creditable) ([]appliedCredit, error) {
	applied, err := previewCredits(op, customer, currency, lines)
	if err != nil {
		return nil, err
	}
	for i := range applied {
		a := &applied[i]
		grant, err := op.Get("billing.credit_grant", a.grant, "")
		if err != nil {
			return nil, err
		}
		line := lines[slices.IndexFunc(lines, func(l creditable) bool { return l.line == a.line })]
		t, err := moveCredits(op, grant, creditMove{kind: "credits_applied", amount: a.amount, invoice: line.invoice, line: a.line})
		if err != nil {
			return nil, err
		}
		a.transaction = t.ID()
	}
	return applied, nil
}

// previewCredits is what applyCredits would apply. It changes nothing.
func previewCredits(op *resource.Op, customer, currency string, lines []creditable) ([]appliedCredit, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	grants, err := usableGrants(op, customer)
	if err != nil {
		return nil, err
	}
	var funds []creditFund
	for _, g := range grants {
		if creditCurrency(g) != currency || creditState(g, op.Now().Unix()) != "granted" {
			continue
		}
		left, err := creditsLeft(op, g)
		if err != nil {
			return nil, err
		}
		funds = append(funds, creditFund{grant: g, left: left})
	}
	return allotCredits(funds, lines), nil
}

// usableGrants are the grants of a customer that are neither voided nor expired, and of which something is left, the
// newest first.
func usableGrants(op *resource.Op, customer string) ([]*object.Object, error) {
	grants, err := op.Lookup("billing.credit_grant", "customer", customer)
	if err != nil {
		return nil, err
	}
	var usable []*object.Object
	for _, g := range grants {
		if state := creditState(g, op.Now().Unix()); state == "voided" || state == "expired" {
			continue
		}
		left, err := creditsLeft(op, g)
		if err != nil {
			return nil, err
		}
		if left > 0 {
			usable = append(usable, g)
		}
	}
	return usable, nil
}

// creditFund is a grant and what is left of it.
type creditFund struct {
	grant *object.Object
	left  int64
}

// allotCredits says what each of some grants, the newest first, pays of which line.
func allotCredits(funds []creditFund, lines []creditable) []appliedCredit {
	slices.Reverse(funds)
	slices.SortStableFunc(funds, func(a, b creditFund) int { return compareGrants(a.grant, b.grant) })
	due := make([]int64, len(lines))
	for i, line := range lines {
		due[i] = line.amount
	}
	var out []appliedCredit
	for _, f := range funds {
		for i, line := range lines {
			if amount := min(f.left, due[i]); amount > 0 && coversPrice(f.grant, line.price) {
				f.left -= amount
				due[i] -= amount
				out = append(out, appliedCredit{line: line.line, grant: f.grant.ID(), amount: amount})
			}
		}
	}
	return out
}

// compareGrants is the order in which grants are used.
func compareGrants(a, b *object.Object) int {
	return cmp.Or(
		cmp.Compare(a.Int("priority"), b.Int("priority")),
		cmp.Compare(lastSecond(a), lastSecond(b)),
		-cmp.Compare(a.String("category"), b.String("category")), // "promotional" before "paid"
		cmp.Compare(a.Int("effective_at"), b.Int("effective_at")),
		cmp.Compare(a.Int("created"), b.Int("created")),
	)
}

// lastSecond is when a grant expires.
func lastSecond(grant *object.Object) int64 {
	if at := grant.Int("expires_at"); at > 0 {
		return at
	}
	return math.MaxInt64
}

// coversPrice reports whether a grant pays for what a metered price asks.
func coversPrice(grant *object.Object, price string) bool {
	scope := grant.Object("applicability_config").Object("scope")
	return scope.String("price_type") == "metered" || slices.ContainsFunc(scope.Array("prices"), func(v any) bool {
		return v.(*object.Object).String("id") == price
	})
}

// returnCredits gives back what was applied to an invoice that is voided. What goes back to a grant that has expired
// since expires at once. It must be called once for an invoice.
func returnCredits(op *resource.Op, invoice string) error {
	applied, err := op.Lookup("billing.credit_balance_transaction", "applied_to", invoice)
	if err != nil {
		return err
	}
	for _, t := range slices.Backward(applied) {
		grant, err := op.Get("billing.credit_grant", t.Ref("credit_grant"), "")
		if err != nil {
			return err
		}
		debit := t.Object("debit")
		back := creditMove{
			kind: "credits_application_invoice_voided", amount: debit.Object("amount").Object("monetary").Int("value"),
			invoice: invoice, line: debit.Object("credits_applied").String("invoice_line_item"),
		}
		if _, err := moveCredits(op, grant, back); err != nil {
			return err
		}
		if creditState(grant, op.Now().Unix()) == "expired" {
			if err := takeAllCredits(op, grant, "credits_expired"); err != nil {
				return err
			}
		}
	}
	return nil
}
