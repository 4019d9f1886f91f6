package billing_test

import (
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"sharesmart/internal/object"
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
