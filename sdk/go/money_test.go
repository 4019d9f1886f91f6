package sdk

import (
	"slices"
	"strings"
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// take takes a payment whose money is in the books at once.
func (s *seller) take(method string) *stripe.PaymentIntent {
	s.t.Helper()
	p := s.payment(method, 2000)
	p.CaptureMethod = stripe.String("automatic")
	return s.pay(p)
}

func (s *seller) refund(p *stripe.RefundCreateParams) *stripe.Refund {
	s.t.Helper()
	r, err := s.V1Refunds.Create(s.t.Context(), p)
	must(s.t, err)
	return r
}

// refunded waits until a refund has come to a status.
func (s *seller) refunded(r *stripe.Refund, status stripe.RefundStatus) *stripe.Refund {
	s.t.Helper()
	return eventually(s.t, string(status), func() *stripe.Refund {
		now, err := s.V1Refunds.Retrieve(s.t.Context(), r.ID, nil)
		must(s.t, err)
		return now
	}, func(now *stripe.Refund) bool { return now.Status == status })
}

func TestPartialRefunds(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	paid := s.take("pm_card_visa")
	charge := stripe.String(paid.LatestCharge.ID)
	first := s.refund(&stripe.RefundCreateParams{PaymentIntent: stripe.String(paid.ID), Amount: stripe.Int64(500), Reason: stripe.String("requested_by_customer")})
	same(t, "first", []any{stripe.RefundStatusSucceeded, int64(500), *charge, stripe.RefundReasonRequestedByCustomer}, []any{first.Status, first.Amount, first.Charge.ID, first.Reason})
	_, err := s.V1Refunds.Create(t.Context(), &stripe.RefundCreateParams{Charge: charge, Amount: stripe.Int64(1501)})
	e := refusal(t, err)
	same(t, "too much", failure{400, stripe.ErrorTypeInvalidRequest, "", "amount"}, failure{e.HTTPStatusCode, e.Type, e.Code, e.Param})
	if !strings.Contains(e.Msg, "$15.01") || !strings.Contains(e.Msg, "$15.00") {
		t.Errorf("the amounts are not in %q", e.Msg)
	}
	half := s.charge(*charge)
	same(t, "charge", []any{int64(500), false}, []any{half.AmountRefunded, half.Refunded})

	rest := s.refund(&stripe.RefundCreateParams{Charge: charge})
	same(t, "rest", int64(1500), rest.Amount)
	whole := s.charge(*charge, "refunds")
	same(t, "charge", []any{int64(2000), true, stripe.ChargeStatusSucceeded}, []any{whole.AmountRefunded, whole.Refunded, whole.Status})
	same(t, "its refunds", []string{rest.ID, first.ID}, []string{whole.Refunds.Data[0].ID, whole.Refunds.Data[1].ID})
	_, err = s.V1Refunds.Create(t.Context(), &stripe.RefundCreateParams{Charge: charge})
	same(t, "once more", stripe.ErrorCodeChargeAlreadyRefunded, refusal(t, err).Code)

	// The fee is not given back.
	s.moved(row{"charge", 2000, 88, 1912}, row{"refund", -500, 0, -500}, row{"refund", -1500, 0, -1500})
	s.holds(0, -88)
	var previous []map[string]any
	for e, err := range s.V1Events.List(t.Context(), &stripe.EventListParams{Type: stripe.String("charge.refunded")}).All(t.Context()) {
		must(t, err)
		previous = append(previous, e.Data.PreviousAttributes)
	}
	same(t, "previous attributes", []map[string]any{{"amount_refunded": 500.0, "refunded": false}, {"amount_refunded": 0.0}}, previous)
}

func TestRefundThatIsPendingFirst(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	paid := s.take("pm_card_pendingRefund")
	r := s.refund(&stripe.RefundCreateParams{PaymentIntent: stripe.String(paid.ID), Amount: stripe.Int64(700)})
	same(t, "refund", stripe.RefundStatusPending, r.Status)
	s.refunded(r, stripe.RefundStatusSucceeded)
	same(t, "charge", int64(700), s.charge(paid.LatestCharge.ID).AmountRefunded)
}

func TestRefundThatComesBack(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	paid := s.take("pm_card_refundFail")
	r := s.refund(&stripe.RefundCreateParams{PaymentIntent: stripe.String(paid.ID)})
	same(t, "refund", stripe.RefundStatusSucceeded, r.Status)
	same(t, "reason", stripe.RefundFailureReason("expired_or_canceled_card"), s.refunded(r, stripe.RefundStatusFailed).FailureReason)
	ch := s.charge(paid.LatestCharge.ID)
	same(t, "charge", []any{int64(0), false}, []any{ch.AmountRefunded, ch.Refunded})
	s.moved(row{"charge", 2000, 88, 1912}, row{"refund", -2000, 0, -2000}, row{"refund_failure", 2000, 0, 2000})
	s.happened("payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "refund.created", "charge.refunded",
		"refund.failed", "refund.updated", "charge.refund.updated")
}

func TestDispute(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		evidence string
		status   stripe.DisputeStatus
		total    int64
		back     []row
		events   []string
	}{
		{"winning_evidence", stripe.DisputeStatusWon, 1912, []row{{"adjustment", 2000, -1500, 3500}}, []string{"charge.dispute.closed", "charge.dispute.funds_reinstated"}},
		{"losing_evidence", stripe.DisputeStatusLost, -1588, nil, []string{"charge.dispute.closed"}},
	} {
		t.Run(string(c.status), func(t *testing.T) {
			t.Parallel()
			s := newSeller(t)
			paid := s.take("pm_card_createDispute")
			d := s.disputed(paid)
			same(t, "dispute", []any{stripe.DisputeStatusNeedsResponse, stripe.DisputeReasonFraudulent, int64(2000), false}, []any{d.Status, d.Reason, d.Amount, d.IsChargeRefundable})
			taken := row{"adjustment", -2000, 1500, -3500}
			same(t, "what it took", []row{taken}, rowsOf(d))
			same(t, "disputed", true, s.charge(paid.LatestCharge.ID).Disputed)
			_, err := s.V1Refunds.Create(t.Context(), &stripe.RefundCreateParams{PaymentIntent: stripe.String(paid.ID)})
			same(t, "refund", stripe.ErrorCodeChargeDisputed, refusal(t, err).Code)
			same(t, "total", int64(1912-3500), s.total())

			answered, err := s.V1Disputes.Update(t.Context(), d.ID, &stripe.DisputeUpdateParams{Evidence: &stripe.DisputeUpdateEvidenceParams{UncategorizedText: stripe.String(c.evidence)}})
			must(t, err)
			details := answered.EvidenceDetails
			same(t, "answered", []any{stripe.DisputeStatusUnderReview, true, int64(1)}, []any{answered.Status, details.HasEvidence, details.SubmissionCount})
			closed := eventually(t, string(c.status), func() *stripe.Dispute {
				now, err := s.V1Disputes.Retrieve(t.Context(), d.ID, nil)
				must(t, err)
				return now
			}, func(now *stripe.Dispute) bool { return now.Status == c.status })
			same(t, "what it took and gave", append([]row{taken}, c.back...), rowsOf(closed))
			s.moved(append([]row{{"charge", 2000, 88, 1912}, taken}, c.back...)...)
			same(t, "total", c.total, s.total())
			s.happened(append([]string{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.dispute.created",
				"charge.dispute.funds_withdrawn", "charge.dispute.updated"}, c.events...)...)
		})
	}
}

// disputed is the dispute that the bank of a payment opens.
func (s *seller) disputed(pi *stripe.PaymentIntent) *stripe.Dispute {
	s.t.Helper()
	return eventually(s.t, "a dispute", func() *stripe.Dispute {
		for d, err := range s.V1Disputes.List(s.t.Context(), &stripe.DisputeListParams{PaymentIntent: stripe.String(pi.ID)}).All(s.t.Context()) {
			must(s.t, err)
			return d
		}
		return nil
	}, func(d *stripe.Dispute) bool { return d != nil })
}

func rowsOf(d *stripe.Dispute) []row {
	var rows []row
	for _, bt := range d.BalanceTransactions {
		rows = append(rows, rowOf(bt))
	}
	return rows
}

// connected makes an account that may charge and be paid, with a bank account.
func (s *seller) connected(number string) *stripe.Account {
	s.t.Helper()
	email, yes := stripe.String("jenny.rosen@example.com"), stripe.Bool(true)
	made, err := s.V1Accounts.Create(s.t.Context(), &stripe.AccountCreateParams{
		Type: stripe.String("custom"), Country: stripe.String("US"), Email: email, BusinessType: stripe.String("individual"),
		BusinessProfile: &stripe.AccountCreateBusinessProfileParams{MCC: stripe.String("5734"), URL: stripe.String("https://example.com")},
		Individual: &stripe.PersonParams{
			FirstName: stripe.String("Jenny"), LastName: stripe.String("Rosen"), Email: email, Phone: stripe.String("0000000000"), IDNumber: stripe.String("000000000"),
			DOB:     &stripe.PersonDOBParams{Day: stripe.Int64(1), Month: stripe.Int64(1), Year: stripe.Int64(1901)},
			Address: &stripe.AddressParams{Line1: stripe.String("address_full_match"), City: stripe.String("San Francisco"), State: stripe.String("CA"), PostalCode: stripe.String("94111")},
		},
		Capabilities: &stripe.AccountCreateCapabilitiesParams{
			CardPayments: &stripe.AccountCreateCapabilitiesCardPaymentsParams{Requested: yes}, Transfers: &stripe.AccountCreateCapabilitiesTransfersParams{Requested: yes},
		},
		TOSAcceptance: &stripe.AccountCreateTOSAcceptanceParams{Date: stripe.Int64(1609798905), IP: stripe.String("8.8.8.8")},
		Settings: &stripe.AccountCreateSettingsParams{Payouts: &stripe.AccountCreateSettingsPayoutsParams{
			Schedule: &stripe.AccountCreateSettingsPayoutsScheduleParams{Interval: stripe.String("manual")},
		}},
		ExternalAccount: &stripe.AccountExternalAccountParams{
			Country: stripe.String("US"), Currency: stripe.String("usd"), RoutingNumber: stripe.String("110000000"), AccountNumber: stripe.String(number),
		},
	})
	must(s.t, err)
	return eventually(s.t, "an account that is enabled", func() *stripe.Account {
		a, err := s.V1Accounts.GetByID(s.t.Context(), made.ID, nil)
		must(s.t, err)
		return a
	}, func(a *stripe.Account) bool { return a.ChargesEnabled && a.PayoutsEnabled })
}

func TestDestinationChargeWithFee(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	account := s.connected("000123456789")
	there := s.on(account.ID)
	p := s.payment("pm_card_visa", 5000)
	p.CaptureMethod, p.ApplicationFeeAmount = stripe.String("automatic"), stripe.Int64(600)
	p.TransferData = &stripe.PaymentIntentCreateTransferDataParams{Destination: stripe.String(account.ID)}
	ch := s.charge(s.pay(p).LatestCharge.ID, "transfer", "application_fee")
	transfer, fee := ch.Transfer, ch.ApplicationFee
	same(t, "transfer", []any{int64(5000), account.ID, ch.ID}, []any{transfer.Amount, transfer.Destination.ID, transfer.SourceTransaction.ID})
	same(t, "fee", []any{int64(600), account.ID, ch.ID}, []any{fee.Amount, fee.Account.ID, fee.OriginatingTransaction.ID})
	arrived := there.charge(transfer.DestinationPayment.ID)
	same(t, "there", []any{int64(5000), int64(600), transfer.ID}, []any{arrived.Amount, arrived.ApplicationFeeAmount, arrived.SourceTransfer.ID})

	// The platform pays for the card: 145 + 30 cents of its 6 dollars.
	same(t, "totals", []int64{600 - 175, 4400}, []int64{s.total(), there.total()})
	there.moved(row{"payment", 5000, 600, 4400})

	r := s.refund(&stripe.RefundCreateParams{Charge: stripe.String(ch.ID), Amount: stripe.Int64(2500), ReverseTransfer: stripe.Bool(true), RefundApplicationFee: stripe.Bool(true)})
	if r.TransferReversal == nil {
		t.Errorf("refund: %s", r.LastResponse.RawJSON)
	}
	reversed, err := s.V1Transfers.Retrieve(t.Context(), transfer.ID, nil)
	must(t, err)
	same(t, "reversed", []any{int64(2500), false}, []any{reversed.AmountReversed, reversed.Reversed})
	fee, err = s.V1ApplicationFees.Retrieve(t.Context(), fee.ID, nil)
	must(t, err)
	same(t, "fee given back", int64(300), fee.AmountRefunded)
	same(t, "totals", []int64{600 - 175 - 300, 2200}, []int64{s.total(), there.total()})
}

func TestPayoutThatFails(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	there := s.on(s.connected("000111111116").ID)
	there.settled(there.pay(there.payment("pm_card_bypassPending", 5000)))
	there.holds(4825, 0)
	send := func(amount int64) (*stripe.Payout, error) {
		return there.V1Payouts.Create(t.Context(), &stripe.PayoutCreateParams{Params: there.params(), Amount: stripe.Int64(amount), Currency: stripe.String("usd")})
	}
	_, err := send(4826)
	same(t, "too much", stripe.ErrorCodeBalanceInsufficient, refusal(t, err).Code)
	sent, err := send(4000)
	must(t, err)
	same(t, "sent", []any{stripe.PayoutStatusPending, stripe.PayoutTypeBank, false, stripe.PayoutFailureCode("")}, []any{sent.Status, sent.Type, sent.Automatic, sent.FailureCode})
	failed := eventually(t, "failed", func() *stripe.Payout {
		now, err := there.V1Payouts.Retrieve(t.Context(), sent.ID, &stripe.PayoutRetrieveParams{Params: there.params(), Expand: stripe.StringSlice([]string{"failure_balance_transaction"})})
		must(t, err)
		return now
	}, func(now *stripe.Payout) bool { return now.Status == stripe.PayoutStatusFailed })
	same(t, "failed", []any{stripe.PayoutFailureCodeNoAccount, row{"payout_failure", 4000, 0, 4000}}, []any{failed.FailureCode, rowOf(failed.FailureBalanceTransaction)})
	there.holds(4825, 0)
	there.moved(row{"charge", 5000, 175, 4825}, row{"payout", -4000, 0, -4000}, row{"payout_failure", 4000, 0, 4000})
	types := []string{"payout.created", "payout.updated", "payout.failed"}
	var got []string
	for e, err := range there.V1Events.List(t.Context(), &stripe.EventListParams{ListParams: there.listing(), Types: stripe.StringSlice(types)}).All(t.Context()) {
		must(t, err)
		got = append(got, string(e.Type))
		same(t, "object of an event", sent.ID, e.Data.Object["id"])
	}
	slices.Reverse(got)
	same(t, "events", types, got)
}
