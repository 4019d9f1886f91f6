package billing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// movements are the balance transactions of an account, the oldest first: type, amount, fee, net.
func movements(s *servertest.Server, account string) []string {
	var out []string
	for _, v := range as(s, account, "GET", "/v1/balance_transactions", "limit", "100").OK().Array("data") {
		t := v.(*object.Object)
		line := fmt.Sprintf("%s %d", t.String("type"), t.Int("amount"))
		if t.Int("fee") != 0 {
			line += fmt.Sprintf(" fee %d", t.Int("fee"))
		}
		out = append(out, line)
	}
	slices.Reverse(out)
	return out
}

// worth is what an account has, available and pending together.
func worth(s *servertest.Server, account string) int64 {
	var sum int64
	balance := as(s, account, "GET", "/v1/balance").OK()
	for _, name := range []string{"available", "pending"} {
		for _, v := range balance.Array(name) {
			sum += v.(*object.Object).Int("amount")
		}
	}
	return sum
}

// TestSharedCharges pays in each of the ways to share a charge, refunds in each way, and looks at both sides.
func TestSharedCharges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name               string
		direct             bool     // with Stripe-Account
		form               []string // of the charge; acct stands for the connected account
		refund             []string // nil leaves it out
		platform, account  []string // balance transactions
		here, there, fees  int      // charges on both sides, and application fees of the platform
		charge             map[string]any
		platEvents, events []string // on both sides
	}{
		{
			name: "direct", direct: true, form: []string{"application_fee_amount", "100"},
			platform: []string{"application_fee 100"}, account: []string{"charge 1000 fee 159"}, there: 1, fees: 1,
			charge:     map[string]any{"application_fee_amount": 100, "transfer": nil},
			platEvents: []string{"application_fee.created"}, events: []string{"charge.succeeded"},
		},
		{
			name: "direct without a fee", direct: true,
			account: []string{"charge 1000 fee 59"}, there: 1, charge: map[string]any{"application_fee": nil}, events: []string{"charge.succeeded"},
		},
		{
			name: "direct, by the older name", direct: true, form: []string{"application_fee", "100"},
			platform: []string{"application_fee 100"}, account: []string{"charge 1000 fee 159"}, there: 1, fees: 1,
		},
		{
			name: "direct, refunded in part without the fee", direct: true, form: []string{"application_fee_amount", "100"}, refund: []string{"amount", "400"},
			platform: []string{"application_fee 100"}, account: []string{"charge 1000 fee 159", "refund -400"}, there: 1, fees: 1,
		},
		{
			name: "direct, refunded in part with the fee", direct: true, form: []string{"application_fee_amount", "100"}, refund: []string{"amount", "400", "refund_application_fee", "true"},
			platform: []string{"application_fee 100", "application_fee_refund -40"}, account: []string{"charge 1000 fee 159", "refund -400", "application_fee_refund 40"}, there: 1, fees: 1,
		},
		{
			name: "destination", form: []string{"transfer_data[destination]", "acct"},
			platform: []string{"charge 1000 fee 59", "transfer -1000"}, account: []string{"payment 1000"}, here: 1, there: 1,
			charge:     map[string]any{"application": nil, "application_fee": nil, "transfer_data.amount": nil},
			platEvents: []string{"charge.succeeded", "transfer.created"}, events: []string{"payment.created"},
		},
		{
			name: "destination, by the older name", form: []string{"destination[account]", "acct", "destination[amount]", "800"},
			platform: []string{"charge 1000 fee 59", "transfer -800"}, account: []string{"payment 800"}, here: 1, there: 1, charge: map[string]any{"transfer_data.amount": 800},
		},
		{
			name: "destination with a fee", form: []string{"transfer_data[destination]", "acct", "application_fee_amount", "123", "on_behalf_of", "acct"},
			platform: []string{"charge 1000 fee 59", "transfer -1000", "application_fee 123"}, account: []string{"payment 1000 fee 123"}, here: 1, there: 1, fees: 1,
			charge:     map[string]any{"application_fee_amount": 123},
			platEvents: []string{"application_fee.created", "charge.succeeded", "transfer.created"}, events: []string{"payment.created"},
		},
		{
			name: "destination with an amount", form: []string{"transfer_data[destination]", "acct", "transfer_data[amount]", "877"},
			platform: []string{"charge 1000 fee 59", "transfer -877"}, account: []string{"payment 877"}, here: 1, there: 1,
		},
		{
			name: "destination, refunded by the platform", form: []string{"transfer_data[destination]", "acct", "application_fee_amount", "123"}, refund: []string{},
			platform: []string{"charge 1000 fee 59", "transfer -1000", "application_fee 123", "refund -1000"}, account: []string{"payment 1000 fee 123"}, here: 1, there: 1, fees: 1,
		},
		{
			name: "destination, refunded with all", form: []string{"transfer_data[destination]", "acct", "application_fee_amount", "123"},
			refund:   []string{"reverse_transfer", "true", "refund_application_fee", "true"},
			platform: []string{"charge 1000 fee 59", "transfer -1000", "application_fee 123", "refund -1000", "transfer_refund 1000", "application_fee_refund -123"},
			account:  []string{"payment 1000 fee 123", "payment_refund -1000", "application_fee_refund 123"}, here: 1, there: 1, fees: 1,
		},
		{
			name: "destination, a third refunded with all", form: []string{"transfer_data[destination]", "acct", "transfer_data[amount]", "500"},
			refund:   []string{"amount", "333", "reverse_transfer", "true"},
			platform: []string{"charge 1000 fee 59", "transfer -500", "refund -333", "transfer_refund 167"},
			account:  []string{"payment 500", "payment_refund -167"}, here: 1, there: 1,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			account := s.Post("/v1/accounts", ready...).OK().ID()
			for i := range c.form {
				c.form[i] = strings.ReplaceAll(c.form[i], "acct", account)
			}
			actor := s.Account.ID
			if c.direct {
				actor = account
			}
			var charge *object.Object
			all := eventsOf(s, func() {
				charge = as(s, actor, "POST", "/v1/charges", append([]string{"amount", "1000", "currency", "usd", "source", "tok_visa"}, c.form...)...).OK()
			})
			wantFields(t, charge, c.charge)
			wantSides(t, s, account, c.platEvents, c.events, all)
			if c.refund != nil {
				as(s, actor, "POST", "/v1/refunds", append([]string{"charge", charge.ID()}, c.refund...)...).OK()
			}
			sound(t, s)
			for side, want := range map[string][]string{s.Account.ID: c.platform, account: c.account} {
				if diff := cmp.Diff(sorted(want), sorted(movements(s, side))); diff != "" {
					t.Errorf("balance transactions of %s (-want +got):\n%s", side, diff)
				}
				if got := worth(s, side); got != sum(want) {
					t.Errorf("%s has %d, want %d", side, got, sum(want))
				}
			}
			for path, want := range map[[2]string]int{
				{s.Account.ID, "/v1/charges"}: c.here, {account, "/v1/charges"}: c.there, {s.Account.ID, "/v1/application_fees"}: c.fees, {account, "/v1/application_fees"}: 0,
			} {
				if got := len(as(s, path[0], "GET", path[1]).IDs()); got != want {
					t.Errorf("%s has %d of %s, want %d", path[0], got, path[1], want)
				}
			}
		})
	}
}

func sorted(lines []string) []string {
	out := append([]string{}, lines...)
	slices.Sort(out)
	return out
}

// sum is the net of movements as they are written.
func sum(lines []string) int64 {
	var total int64
	for _, line := range lines {
		var kind string
		var amount, fee int64
		if strings.Contains(line, " fee ") {
			_, _ = fmt.Sscanf(line, "%s %d fee %d", &kind, &amount, &fee)
		} else {
			_, _ = fmt.Sscanf(line, "%s %d", &kind, &amount)
		}
		total += amount - fee
	}
	return total
}

// wantSides compares the events of both sides, in whatever order.
func wantSides(t *testing.T, s *servertest.Server, account string, platform, connected []string, all []*object.Object) {
	t.Helper()
	if platform == nil && connected == nil {
		return
	}
	if diff := cmp.Diff(sorted(platform), sorted(types(all))); diff != "" {
		t.Errorf("events of the platform (-want +got):\n%s", diff)
	}
	var there []string
	for _, v := range as(s, account, "GET", "/v1/events", "limit", "100").OK().Array("data") {
		e := v.(*object.Object)
		there = append(there, e.String("type"))
		if e.String("account") != account {
			t.Errorf("%s is of account %q, want %q", e.String("type"), e.String("account"), account)
		}
	}
	if diff := cmp.Diff(sorted(connected), sorted(there)); diff != "" {
		t.Errorf("events of the account (-want +got):\n%s", diff)
	}
}
