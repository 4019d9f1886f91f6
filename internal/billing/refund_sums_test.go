package billing_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// refundSums are what the refunds of a charge that count sum to.
func refundSums(s *servertest.Server, charge string) (sum int64) {
	for _, v := range s.Get("/v1/refunds", "charge", charge, "limit", "100").OK().Array("data") {
		if r := v.(*object.Object); r.String("status") != "failed" && r.String("status") != "canceled" {
			sum += r.Int("amount")
		}
	}
	return sum
}

// Whatever is refunded in whatever order, refunds never sum over the charge, the charge says what its refunds say, and
// the balance is what was taken less the fee and the refunds.
func TestRefundsNeverSumOverTheCharge(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		card := []string{"tok_visa", "tok_pendingRefund", "tok_refundFail"}[seed%3]
		t.Run(card+" "+strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			r := rand.New(rand.NewPCG(seed, 1))
			amount := 50 + r.Int64N(5000)
			taken := amount
			form := []string{"amount", strconv.FormatInt(amount, 10), "currency", "usd", "source", card}
			if seed%2 == 1 {
				form = append(form, "capture", "false")
			}
			created := s.Post("/v1/charges", form...).OK()
			charge := created.ID()
			if seed%2 == 1 {
				taken = 50 + r.Int64N(amount-49)
				created = s.Post("/v1/charges/"+charge+"/capture", "amount", strconv.FormatInt(taken, 10)).OK()
			}
			fee := s.Get("/v1/balance_transactions/" + created.Ref("balance_transaction")).OK().Int("fee")
			for range 25 {
				if r.IntN(5) == 0 {
					later(t, s, bankAnswered)
				}
				left := taken - refundSums(s, charge)
				ask := 1 + r.Int64N(taken/3+1)
				a := s.Post("/v1/refunds", "charge", charge, "amount", strconv.FormatInt(ask, 10))
				switch {
				case left == 0:
					a.Fails(400, "charge_already_refunded")
				case ask > left:
					wantFields(t, a.Fails(400, ""), map[string]any{"param": "amount"})
				default:
					a.OK()
				}
				sum := refundSums(s, charge)
				got := s.Get("/v1/charges/" + charge).OK()
				if sum > taken || got.Int("amount_refunded") != sum+amount-taken || got.Bool("refunded") != (sum == taken) {
					t.Fatalf("of %d taken the refunds sum to %d, and the charge says %d, refunded %t", taken, sum, got.Int("amount_refunded"), got.Bool("refunded"))
				}
				wantFields(t, s.Get("/v1/balance").OK(), map[string]any{"pending.0.amount": int(taken - fee - sum)})
			}
			sound(t, s)
		})
	}
}

// Refunds at the same time do not take more than there is.
func TestRefundsAtOnce(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK().ID()
	var all sync.WaitGroup
	statuses := make([]int, 12)
	for i := range statuses {
		all.Go(func() { statuses[i] = s.Post("/v1/refunds", "charge", charge, "amount", "300").Status })
	}
	all.Wait()
	done := 0
	for _, status := range statuses {
		if status == 200 {
			done++
		}
	}
	if done != 6 {
		t.Errorf("%d refunds of 300 were made of 2000, want 6", done)
	}
	wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"amount_refunded": 1800})
	sound(t, s)
}

// The audit finds a charge that says something else than its refunds.
func TestAuditOfRefunds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		charge map[string]any // how the charge is changed behind the rules' back
		found  string
	}{
		{"as it is", nil, ""},
		{"too much", map[string]any{"amount_refunded": 600}, "amount_refunded is 600, its refunds sum to 500"},
		{"forgotten", map[string]any{"amount_refunded": 0}, "amount_refunded is 0, its refunds sum to 500"},
		{"more than there is", map[string]any{"amount_refunded": 2001}, "amount_refunded is 2001 of 2000"},
		{"not all", map[string]any{"refunded": true}, "refunded is true with 500 of 2000 refunded"},
		{"captured in part", map[string]any{"amount_captured": 1700, "amount_refunded": 800}, ""},
		{"captured in part, and forgotten", map[string]any{"amount_captured": 1700, "amount_refunded": 300}, "amount_refunded is 300, its refunds sum to 500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBiller(t)
			id := b.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK().ID()
			b.Post("/v1/refunds", "charge", id, "amount", "500").OK()
			b.do(func(op *resource.Op) error {
				charge, err := op.Get("charge", id, "")
				if err != nil {
					return err
				}
				for name, v := range c.charge {
					charge.Set(name, v)
				}
				op.Save(charge)
				return nil
			})
			problems, err := b.Engine.Verify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			found := ""
			for _, p := range problems {
				if strings.Contains(p, "charge "+id) {
					_, found, _ = strings.Cut(p, "charge "+id+": ")
				}
			}
			if found != c.found {
				t.Errorf("the audit says %q, want %q", found, c.found)
			}
		})
	}
}
