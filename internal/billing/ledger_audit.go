package billing

import (
	"fmt"
	"maps"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// auditLedger proves that an account's money adds up: each balance transaction in itself, the books as the sum of all
// transactions, and what charges, refunds, payouts and top-ups say of themselves.
func auditLedger(s *resource.Survey) ([]string, error) {
	a := &audit{survey: s, totals: map[string]map[string]int64{}, moved: map[string]int64{}, bySource: map[cause]int64{}, due: map[int64]bool{}, converted: map[string]bool{}}
	for _, look := range []func() error{a.transactions, a.books, a.charges, a.refunds, a.payouts, a.topups} {
		if err := look(); err != nil {
			return a.problems, err
		}
	}
	return a.problems, nil
}

// audit is what has been seen so far.
type audit struct {
	survey   *resource.Survey
	totals   map[string]map[string]int64 // by currency and book
	moved    map[string]int64            // amounts by transaction
	bySource map[cause]int64
	due      map[int64]bool
	// converted are transactions, and what caused them, in another currency than what they moved: as only the history of
	// another account has them, and without a rate to the cent.
	converted map[string]bool
	problems  []string
}

// cause is what moved amounts: an object, by transactions of a type.
type cause struct{ source, kind string }

func (a *audit) wrong(format string, args ...any) {
	a.problems = append(a.problems, fmt.Sprintf(format, args...))
}

func (a *audit) transactions() error {
	return a.survey.Each("balance_transaction", func(t *object.Object) error {
		var fees int64
		for _, v := range t.Array("fee_details") {
			fees += v.(*object.Object).Int("amount")
		}
		id := t.ID()
		if fee := t.Int("fee"); fee != fees {
			a.wrong("the fee of %s is %d, but its details sum to %d", id, fee, fees)
		}
		if net := t.Int("amount") - t.Int("fee"); t.Int("net") != net {
			a.wrong("the net of %s is %d, but amount less fee is %d", id, t.Int("net"), net)
		}
		private, err := a.survey.Private("balance_transaction", id)
		if err != nil {
			return err
		}
		var sum int64
		for _, e := range entriesOf(t, fundOf(private)) {
			a.add(t.String("currency"), e.book, e.amount)
			sum += e.amount
		}
		if sum != 0 {
			a.wrong("the entries of %s sum to %d and not to zero", id, sum)
		}
		if t.String("status") == "pending" {
			a.due[t.Int("available_on")] = true
		}
		a.moved[id] = t.Int("amount")
		if t.Get("exchange_rate") != nil {
			a.converted[id], a.converted[t.Ref("source")] = true, true
		}
		if source := t.Ref("source"); source != "" {
			a.bySource[cause{source, t.String("type")}] += t.Int("amount")
		}
		return nil
	})
}

// by is how much the transactions of a source with one of the types moved together.
func (a *audit) by(source string, kinds ...string) int64 {
	var sum int64
	for _, kind := range kinds {
		sum += a.bySource[cause{source, kind}]
	}
	return sum
}

func (a *audit) add(currency, book string, amount int64) {
	if a.totals[currency] == nil {
		a.totals[currency] = map[string]int64{}
	}
	a.totals[currency][book] += amount
}

// books compares the running totals with the sums of the transactions.
func (a *audit) books() error {
	private, err := a.survey.Private("balance", "")
	if err != nil {
		return err
	}
	b := &books{private: private}
	for currency, v := range private.Object("totals").All() {
		var sum int64
		for book := range v.(*object.Object).All() {
			held := b.holds(currency, book)
			sum += held
			if want := a.totals[currency][book]; held != want {
				a.wrong("the book %s holds %d %s, but its transactions sum to %d", book, held, currency, want)
			}
			delete(a.totals[currency], book)
		}
		if sum != 0 {
			a.wrong("the books of %s sum to %d and not to zero", currency, sum)
		}
	}
	for _, currency := range slices.Sorted(maps.Keys(a.totals)) {
		for _, book := range slices.Sorted(maps.Keys(a.totals[currency])) {
			if sum := a.totals[currency][book]; sum != 0 {
				a.wrong("there is no book %s of %s, but its transactions sum to %d", book, currency, sum)
			}
		}
	}
	for _, on := range slices.Sorted(maps.Keys(a.due)) {
		if !slices.Contains(b.due(), on) {
			a.wrong("nothing makes available what is pending until %d", on)
		}
	}
	return nil
}

// charges have one transaction, of the captured amount.
func (a *audit) charges() error {
	return a.survey.Each("charge", func(charge *object.Object) error {
		if a.converted[charge.ID()] {
			return nil
		}
		by, paid := charge.Ref("balance_transaction"), a.by(charge.ID(), "charge", "payment")
		if by != "" && a.moved[by] != charge.Int("amount_captured") || by == "" && paid != 0 {
			a.wrong("%s captured %d, but its transaction %q moved %d", charge.ID(), charge.Int("amount_captured"), by, paid)
		}
		return nil
	})
}

// refunds are the negative of their transactions; one that failed moves nothing. Only the release of an authorization
// needs no transaction. What they sum to is no matter of the ledger.
func (a *audit) refunds() error {
	unposted := map[string]string{}
	err := a.survey.Each("refund", func(refund *object.Object) error {
		id, status := refund.ID(), refund.String("status")
		moved, want := a.by(id, "refund", "payment_refund", "refund_failure"), -refund.Int("amount")
		switch {
		case status == "failed" || status == "canceled":
			want = 0
		case a.converted[id]:
			want = moved
		case refund.Ref("balance_transaction") == "":
			if status == "succeeded" {
				unposted[refund.Ref("charge")] = id
			}
			want = 0
		}
		if moved != want {
			a.wrong("%s is %s and gives back %d, but its transactions moved %d", id, status, refund.Int("amount"), moved)
		}
		return nil
	})
	if err != nil || len(unposted) == 0 {
		return err
	}
	return a.survey.Each("charge", func(charge *object.Object) error {
		if id := unposted[charge.ID()]; id != "" && charge.Bool("captured") {
			a.wrong("%s of %s succeeded, but has no transaction", id, charge.ID())
		}
		return nil
	})
}

func (a *audit) payouts() error {
	return a.survey.Each("payout", func(payout *object.Object) error {
		out := payout.Int("amount")
		if moved := a.by(payout.ID(), "payout"); moved != -out {
			a.wrong("%s pays out %d, but its transaction moved %d", payout.ID(), out, moved)
		}
		var back int64
		if status := payout.String("status"); status == "failed" || status == "canceled" {
			back = out
		}
		if got := a.by(payout.ID(), "payout_failure", "payout_cancel"); got != back {
			a.wrong("%s is %s, but %d came back of %d", payout.ID(), payout.String("status"), got, out)
		}
		return nil
	})
}

func (a *audit) topups() error {
	return a.survey.Each("topup", func(topup *object.Object) error {
		var in int64
		if topup.String("status") == "succeeded" {
			in = topup.Int("amount")
		}
		if got := a.by(topup.ID(), "topup"); got != in {
			a.wrong("%s is %s and brings %d, but its transaction moved %d", topup.ID(), topup.String("status"), in, got)
		}
		return nil
	})
}
