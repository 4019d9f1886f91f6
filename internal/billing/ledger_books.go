package billing

import (
	"slices"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// books are the running totals of an account: what each book holds of each currency. They are the private part of the
// account's balance, so that a payment changes one small document and no list is read.
//
// Money of the account is in the books available.<fund> and pending.<fund>. All others stand against them: a payment of
// 2000 with a fee of 88 puts 1912 into pending.card, 88 into stripe_fees and takes 2000 from payments. The books of a
// currency always sum to zero.
//
//	{"totals": {"usd": {"pending.card": 1912, "stripe_fees": 88, "payments": -2000}}, "due": [1788393600], "delay": 2, "swept": true, "fresh": true}
//
// Due are the times at which pending money becomes available; delay, if it is set, after how many business days. Swept says
// that automatic payouts take what is available, fresh that some was available at once and nobody was told yet.
type books struct {
	balance *object.Object
	private *object.Object
}

// entry moves an amount into a book; those of a transaction sum to zero.
type entry struct {
	book   string
	amount int64
}

func available(fund string) string { return "available." + fund }
func pending(fund string) string   { return "pending." + fund }

// entriesOf is the double entry of a balance transaction as it is now.
func entriesOf(t *object.Object, fund string) []entry {
	holding := available(fund)
	if t.String("status") == "pending" {
		holding = pending(fund)
	}
	out := []entry{{holding, t.Int("net")}, {movements[t.String("type")].book, -t.Int("amount")}}
	for _, v := range t.Array("fee_details") {
		d := v.(*object.Object)
		out = append(out, entry{feeBooks[d.String("type")], d.Int("amount")})
	}
	return out
}

func openBooks(op *resource.Op) (*books, error) {
	balance, err := op.Singleton("balance")
	if err != nil {
		return nil, err
	}
	return booksOf(op, balance)
}

func booksOf(op *resource.Op, balance *object.Object) (*books, error) {
	private, err := op.Private(balance)
	return &books{balance, private}, err
}

// close writes the books. The balance itself is stored once, for the timer and events to hang on.
func (b *books) close(op *resource.Op) error {
	if b.keep() {
		op.Save(b.balance)
	}
	return op.SetPrivate(b.balance, b.private)
}

// keep notes that the balance is stored; it reports whether it was not yet.
func (b *books) keep() bool {
	if b.private.Bool("kept") {
		return false
	}
	b.private.Set("kept", true)
	return true
}

func (b *books) add(currency, book string, amount int64) {
	totals := b.private.Sub("totals").Sub(currency)
	totals.Set(book, totals.Int(book)+amount)
}

// holds is what is in a book.
func (b *books) holds(currency, book string) int64 {
	return b.private.Object("totals").Object(currency).Int(book)
}

// terms are what each movement has to heed of the books' settings. They hardly ever change, while the totals always do.
type terms struct {
	kept, swept bool
	delay       int64
}

func termsOf(private *object.Object) terms {
	t := terms{kept: private.Bool("kept"), swept: private.Bool("swept"), delay: standardDelay}
	if private.Has("delay") {
		t.delay = private.Int("delay")
	}
	return t
}

// place is where a transaction lives: below the fund whose next automatic payout it waits for, if there are such.
func (t terms) place(p posting) string {
	if p.below == "" && t.swept {
		return unpaid(p.fund)
	}
	return p.below
}

// unpaid is where the transactions of a fund live that were in no automatic payout yet.
func unpaid(fund string) string { return "balance:" + fund }

// standardDelay is how many business days money is pending.
const standardDelay = 2

// availableOn is when the money of a posting is there. What comes of a charge waits as long as the charge does.
func (t terms) availableOn(op *resource.Op, m movement, p posting, charge *object.Object) (time.Time, error) {
	now := op.Now().UTC()
	if p.available || !m.waits || m.source != "" && charge == nil {
		return now, nil
	}
	if charge != nil {
		paid, err := op.Find("balance_transaction", charge.Ref("balance_transaction"))
		switch {
		case err != nil:
			return now, err
		case paid != nil && paid.String("status") == "pending":
			return time.Unix(paid.Int("available_on"), 0).UTC(), nil
		case paid != nil:
			return now, nil
		}
	}
	return businessDay(now, int(t.delay)), nil
}

// businessDay is midnight of the n-th day from Monday to Friday after t; t itself where n is zero.
func businessDay(t time.Time, n int) time.Time {
	if n == 0 {
		return t
	}
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if isBusinessDay(day) {
			n--
		}
	}
	return day
}

func isBusinessDay(t time.Time) bool {
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// due are the times at which pending money becomes available, soonest first.
func (b *books) due() []int64 {
	var out []int64
	for _, v := range b.private.Array("due") {
		out = append(out, v.(int64))
	}
	return out
}

func (b *books) setDue(times []int64) {
	list := make([]any, len(times))
	for i, t := range times {
		list[i] = t
	}
	b.private.Set("due", list)
}

// expect notes that pending money becomes available at a time; it reports whether that is the soonest.
func (b *books) expect(on int64) bool {
	due := b.due()
	i, known := slices.BinarySearch(due, on)
	if !known {
		b.setDue(slices.Insert(due, i, on))
	}
	return !known && i == 0
}
