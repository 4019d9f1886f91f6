package money

import (
	"slices"
	"testing"
)

func TestDiscountOff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		discount Discount
		amounts  []int64
		want     []int64
	}{
		{"an amount by weight, the rest to the last", Discount{Amount: 500}, []int64{1000, 2000}, []int64{166, 334}},
		{"the rest to the last that weighs", Discount{Amount: 100}, []int64{1000, 1000, 1000, 0}, []int64{33, 33, 34, 0}},
		{"not more than there is", Discount{Amount: 5000}, []int64{1000, 2000}, []int64{1000, 2000}},
		{"nothing off what is negative", Discount{Amount: 500}, []int64{1000, -400}, []int64{500, 0}},
		{"an amount off nothing", Discount{Amount: 500}, []int64{0, -1}, []int64{0, 0}},
		{"25 %, each rounded", Discount{Percent: 250_000}, []int64{1000, 10, -10}, []int64{250, 3, -3}},
		{"all", Discount{Percent: hundred}, []int64{999}, []int64{999}},
		{"amounts beyond 32 bits", Discount{Amount: 9_000_000_000_000}, []int64{6_000_000_000_000, 12_000_000_000_000}, []int64{3_000_000_000_000, 6_000_000_000_000}},
		{"no lines", Discount{Amount: 500}, nil, []int64{}},
	} {
		if got := c.discount.Off(c.amounts); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total, balance, minimum, due, ending int64
		why                                  Waiting
	}{
		{1000, 0, 50, 1000, 0, NotWaiting},
		{1000, -300, 50, 700, 0, NotWaiting},
		{1000, -1500, 50, 0, -500, NotWaiting},
		{1000, 200, 50, 1200, 0, NotWaiting},
		{-400, 0, 50, 0, -400, NotWaiting},
		{30, 0, 50, 0, 30, TooSmall},
		{50, 0, 50, 50, 0, NotWaiting},
		{1000, -960, 50, 0, 40, TooSmall},
		{0, 500, 50, 500, 0, NotWaiting},
		{0, 0, 50, 0, 0, NotWaiting},
		{99_999_999, 0, 50, 99_999_999, 0, NotWaiting},
		{99_999_999, 1, 50, 0, 100_000_000, TooLarge},
	} {
		due, ending, why := Due(c.total, c.balance, c.minimum)
		if due != c.due || ending != c.ending || why != c.why {
			t.Errorf("Due(%d, %d, %d) = %d, %d, %d; want %d, %d, %d", c.total, c.balance, c.minimum, due, ending, why, c.due, c.ending, c.why)
		}
	}
}
