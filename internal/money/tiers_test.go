package money_test

import (
	"math/big"
	"testing"

	"sharesmart/internal/money"
)

// The first tiers are those of Stripe's Pricing models page.
func TestTiers(t *testing.T) {
	t.Parallel()
	seats := []money.Tier{{UpTo: 5, Unit: "700"}, {UpTo: 10, Unit: "650"}, {Unit: "600"}}
	flat := []money.Tier{{UpTo: 10, Unit: "100", Flat: "1000"}, {Unit: "50", Flat: "500"}}
	package1 := []money.Tier{{UpTo: 1000, Flat: "2000"}, {Unit: "0.5"}}
	for _, c := range []struct {
		name     string
		tiers    []money.Tier
		volume   bool
		quantity string
		want     []int64
	}{
		{"graduated, three tiers", seats, false, "12", []int64{3500, 3250, 1200}},
		{"graduated, the end of a tier", seats, false, "5", []int64{3500}},
		{"graduated, one more", seats, false, "6", []int64{3500, 650}},
		{"graduated, nothing", seats, false, "0", []int64{0}},
		{"volume, the last tier", seats, true, "12", []int64{7200}},
		{"volume, the end of a tier", seats, true, "10", []int64{6500}},
		{"volume, nothing", seats, true, "0", []int64{0}},
		{"flat amounts of both tiers", flat, false, "11", []int64{1000, 1000, 50, 500}},
		{"flat amount of the one tier", flat, true, "11", []int64{550, 500}},
		{"flat amount for nothing", flat, false, "0", []int64{0, 1000}},
		{"a package and its overage", package1, false, "1003", []int64{2000, 2}},
		{"half a unit", seats, false, "0.5", []int64{350}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			quantity, _ := new(big.Rat).SetString(c.quantity)
			price := money.Graduated
			if c.volume {
				price = money.Volume
			}
			parts, err := price(c.tiers, quantity)
			if err != nil || len(parts) != len(c.want) {
				t.Fatalf("%d parts, %v; want %v", len(parts), err, c.want)
			}
			for i, p := range parts {
				if p.Amount != c.want[i] {
					t.Errorf("part %d is %d, want %d", i, p.Amount, c.want[i])
				}
			}
		})
	}
}

func TestBundles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		quantity, size int64
		up             bool
		want           int64
	}{{10, 5, true, 2}, {11, 5, true, 3}, {11, 5, false, 2}, {0, 5, true, 0}, {4, 5, false, 0}} {
		if got := money.Bundles(new(big.Rat).SetInt64(c.quantity), c.size, c.up); got.Cmp(new(big.Rat).SetInt64(c.want)) != 0 {
			t.Errorf("%d in bundles of %d, up %t: %s, want %d", c.quantity, c.size, c.up, got, c.want)
		}
	}
}

func TestFormatUnit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ unit, currency, want string }{
		{"1000", "usd", "$10.00"}, {"0.5", "usd", "$0.005"}, {"123456", "usd", "$1,234.56"}, {"1.25", "jpy", "¥1.25"}, {"7", "kwd", "0.007 kwd"},
	} {
		if got := money.FormatUnit(c.unit, c.currency); got != c.want {
			t.Errorf("%s %s is %q, want %q", c.unit, c.currency, got, c.want)
		}
	}
}
