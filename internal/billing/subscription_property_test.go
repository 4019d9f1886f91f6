package billing_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// used adds up what a customer had of a subscription: each second at the price of its item then.
type used struct {
	*prorated
	random *rand.Rand
	items  map[string]int64 // cents a month by item
	since  time.Time
	sum    *big.Rat
}

var monthly = money.Interval{Unit: "month", Count: 1}

// pass lets time go by.
func (u *used) pass(d time.Duration) {
	u.t.Helper()
	u.later(d)
	for at := u.since; at.Before(u.Clock.Now()); {
		start, end := monthly.Around(servertest.Start, at)
		until := end
		if u.Clock.Now().Before(end) {
			until = u.Clock.Now()
		}
		part := big.NewRat(until.Unix()-at.Unix(), end.Unix()-start.Unix())
		for _, cost := range u.items {
			u.sum.Add(u.sum, new(big.Rat).Mul(part, new(big.Rat).SetInt64(cost)))
		}
		at = until
	}
	u.since = u.Clock.Now()
}

// change makes a random change that is prorated.
func (u *used) change() {
	u.t.Helper()
	form := []string{"proration_behavior=create_prorations", "proration_behavior=always_invoice"}[u.random.IntN(2)]
	prices := []string{"{999}", "{1000}", "{2000}", "{3000}"}
	sub := u.Get("/v1/subscriptions/" + u.id).OK()
	free := map[string]bool{}
	for _, p := range prices {
		free[u.places[p]] = true
	}
	var ids []string
	for _, v := range sub.Object("items").Array("data") {
		item := v.(*object.Object)
		ids = append(ids, item.ID())
		delete(free, item.Ref("price"))
	}
	var other string
	for _, p := range prices {
		if free[u.places[p]] {
			other = u.places[p]
		}
	}
	item, n := ids[u.random.IntN(len(ids))], u.random.IntN(5)
	switch what := u.random.IntN(4); {
	case what == 0 && other != "":
		form += fmt.Sprintf(" items[0][id]=%s items[0][price]=%s items[0][quantity]=%d", item, other, n)
	case what == 1 && other != "":
		form += fmt.Sprintf(" items[0][price]=%s items[0][quantity]=%d", other, n)
	case what == 2 && len(ids) > 1:
		form += " items[0][deleted]=true items[0][id]=" + item
	default:
		form += fmt.Sprintf(" items[0][id]=%s items[0][quantity]=%d", item, n)
	}
	u.count(u.update(0, form).OK())
}

// count notes what the items cost from now on.
func (u *used) count(sub *object.Object) {
	u.items = map[string]int64{}
	for _, v := range sub.Object("items").Array("data") {
		item := v.(*object.Object)
		u.items[item.ID()] = item.Int("quantity") * item.Object("price").Int("unit_amount")
	}
}

// However often a subscription changes, what it bills until its end is what was had of it, but for half a cent a line.
func TestSubscriptionBillsWhatIsUsed(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		mode := []string{"classic", "flexible"}[seed%2]
		t.Run(fmt.Sprintf("%s %d", mode, seed), func(t *testing.T) {
			t.Parallel()
			u := &used{prorated: newProrated(t, "items[0][price]={1000} items[0][quantity]=2 billing_mode[type]="+mode), random: rand.New(rand.NewPCG(seed, 7)), since: servertest.Start, sum: new(big.Rat)}
			u.count(u.Get("/v1/subscriptions/" + u.id).OK())
			for range 25 {
				u.pass(time.Duration(u.random.Int64N(9*24*3600)) * time.Second)
				u.change()
			}
			u.pass(26 * time.Hour)
			u.Delete("/v1/subscriptions/"+u.id, "prorate", "true", "invoice_now", "true").OK()
			var billed, lines int64
			for _, v := range u.Get("/v1/invoices", "subscription", u.id, "limit", "100").OK().Array("data") {
				in := v.(*object.Object)
				billed += in.Int("total")
				lines += int64(len(u.Get("/v1/invoices/"+in.ID()+"/lines", "limit", "100").OK().Array("data")))
			}
			off := new(big.Rat).Sub(u.sum, new(big.Rat).SetInt64(billed))
			if off.Abs(off).Cmp(big.NewRat(lines, 2)) > 0 {
				t.Errorf("billed %d for what comes to %s, on %d lines", billed, u.sum.FloatString(2), lines)
			}
			if len(u.waiting()) > 0 {
				t.Errorf("there wait %q", u.waiting())
			}
		})
	}
}
