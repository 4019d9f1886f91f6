package money

import "testing"

func TestFees(t *testing.T) {
	t.Parallel()
	own := Fees{Percent: 14_000, Fixed: 25}
	for _, c := range []struct {
		name                string
		fees                Fees
		amount              int64
		card, foreign, bank int64
	}{
		{"58 + 30; 88 + 30; 16", StandardFees, 2000, 88, 118, 16},
		{"43.5 goes up", StandardFees, 1500, 74, 96, 12},
		{"1.45 goes down, 2.2 goes down, 0.4 goes down", StandardFees, 50, 31, 32, 0},
		{"0.5 goes up", StandardFees, 63, 32, 33, 1},
		{"at the limit of debits", StandardFees, 62_500, 1843, 2780, 500},
		{"beyond it", StandardFees, 62_600, 1845, 2784, 500},
		{"the largest amount", StandardFees, Maximum, 2_900_030, 4_400_030, 500},
		{"1.4 % + 25", own, 1000, 39, 54, 8},
		{"nothing", Fees{}, 1000, 0, 0, 0},
	} {
		got := [3]int64{c.fees.Card(c.amount, false), c.fees.Card(c.amount, true), c.fees.BankDebit(c.amount)}
		if want := [3]int64{c.card, c.foreign, c.bank}; got != want {
			t.Errorf("%s: fees of %d are %v, want %v", c.name, c.amount, got, want)
		}
	}
	if got := StandardFees.Dispute(); got != 1500 {
		t.Errorf("a dispute costs %d, want 1500", got)
	}
	if got := (Fees{}).Dispute(); got != 0 {
		t.Errorf("a dispute costs %d where there are no fees, want 0", got)
	}
}
