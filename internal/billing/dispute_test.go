package billing_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

var (
	disputeOpened = []string{"charge.succeeded", "charge.dispute.created", "charge.dispute.funds_withdrawn"}
	inquiryOpened = []string{"charge.succeeded", "charge.dispute.created"}
)

// disputed charges a test card and returns the charge and its newest dispute.
func disputed(t *testing.T, s *servertest.Server, token string) (charge string, dispute *object.Object) {
	t.Helper()
	charge = s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", token).OK().ID()
	return charge, s.Get("/v1/charges/" + charge + "/dispute").OK()
}

func TestDisputeOpens(t *testing.T) {
	t.Parallel()
	const due = 1789948799 // the end of 2026-09-20
	for _, c := range []struct {
		card   string
		events []string
		want   map[string]any
		number int // of disputes
		net    int // of what became pending and available
	}{
		{
			"createDispute", disputeOpened, map[string]any{
				"object": "dispute", "amount": 2000, "currency": "usd", "reason": "fraudulent", "status": "needs_response", "is_charge_refundable": false, "metadata": object.New(nil),
				"evidence_details.due_by": due, "evidence_details.has_evidence": false, "evidence_details.past_due": false, "evidence_details.submission_count": 0,
				"evidence.uncategorized_text": nil, "balance_transactions.0.amount": -2000, "balance_transactions.0.fee": 1500, "balance_transactions.0.net": -3500,
				"balance_transactions.0.type": "adjustment", "balance_transactions.0.reporting_category": "dispute", "balance_transactions.1": nil,
				"payment_method_details.type": "card", "payment_method_details.card.brand": "visa", "payment_method_details.card.case_type": "chargeback",
				"payment_method_details.card.network_reason_code": "10.4", "enhanced_eligibility_types.0": "visa_compelling_evidence_3",
				"evidence_details.enhanced_eligibility.visa_compelling_evidence_3.status": "requires_action",
			}, 1, 1912 - 3500,
		},
		{
			"createDisputeProductNotReceived", disputeOpened, map[string]any{
				"reason": "product_not_received", "status": "needs_response", "enhanced_eligibility_types": []any{}, "payment_method_details.card.network_reason_code": "13.1",
			}, 1, 1912 - 3500,
		},
		{
			"createDisputeInquiry", inquiryOpened, map[string]any{
				"status": "warning_needs_response", "balance_transactions": []any{}, "is_charge_refundable": true, "payment_method_details.card.case_type": "inquiry", "evidence_details.due_by": due,
			}, 1, 1912,
		},
		{
			"createMultipleDisputes", append(disputeOpened[:3:3], disputeOpened[1:]...), map[string]any{"reason": "product_not_received"}, 2, 1912 - 7000,
		},
		{
			"createComplianceDispute", disputeOpened, map[string]any{
				"reason": "noncompliant", "payment_method_details.card.case_type": "compliance", "enhanced_eligibility_types.0": "visa_compliance",
				"evidence_details.enhanced_eligibility.visa_compliance.status": "requires_fee_acknowledgement",
			}, 1, 1912 - 3500,
		},
		{
			"createMastercardComplianceDispute", disputeOpened, map[string]any{"payment_method_details.card.brand": "mastercard", "enhanced_eligibility_types.0": "mastercard_compliance"}, 1, 1912 - 3500,
		},
	} {
		t.Run(c.card, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			var charge string
			events := wantEvents(t, s, c.events, func() {
				charge = s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_"+c.card).OK().ID()
			})
			all := s.Get("/v1/disputes", "charge", charge).OK().Array("data")
			if len(all) != c.number {
				t.Fatalf("%d disputes, want %d", len(all), c.number)
			}
			wantFields(t, all[0].(*object.Object), c.want)
			wantFields(t, events[len(events)-1].Object("data").Object("object"), c.want)
			wantFields(t, s.Get("/v1/charges/"+charge+"/dispute").OK(), map[string]any{"id": all[0].(*object.Object).ID(), "charge": charge})
			if id := all[0].(*object.Object).ID(); !strings.HasPrefix(id, "du_") {
				t.Errorf("the dispute is %s", id)
			}
			wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"disputed": true, "refunded": false})
			balance := s.Get("/v1/balance").OK()
			if got := field(balance, "pending.0.amount").(int64) + field(balance, "available.0.amount").(int64); got != int64(c.net) {
				t.Errorf("the balance is %d, want %d", got, c.net)
			}
			sound(t, s)
		})
	}
}

func TestDisputeEvidence(t *testing.T) {
	t.Parallel()
	const dispute, inquiry = "tok_createDispute", "tok_createDisputeInquiry"
	updated := []string{"charge.dispute.updated"}
	closed := []string{"charge.dispute.closed"}
	for _, c := range []struct {
		name, card, text string
		at               map[string]any // as it is submitted
		events           []string       // of what the bank says later
		then             map[string]any
		net              int
	}{
		{
			"won", dispute, "winning_evidence", map[string]any{"status": "under_review"},
			[]string{"charge.dispute.closed", "charge.dispute.funds_reinstated"},
			map[string]any{"status": "won", "balance_transactions.1.amount": 2000, "balance_transactions.1.fee": -1500, "balance_transactions.1.net": 3500, "balance_transactions.1.reporting_category": "dispute_reversal", "is_charge_refundable": true},
			1912,
		},
		{"lost", dispute, "losing_evidence", map[string]any{"status": "under_review"}, closed, map[string]any{"status": "lost", "balance_transactions.1": nil, "is_charge_refundable": false}, 1912 - 3500},
		{"undecided", dispute, "We sent it.", map[string]any{"status": "under_review"}, nil, map[string]any{"status": "under_review", "balance_transactions.1": nil}, 1912 - 3500},
		{"nothing to escalate", dispute, "escalate_inquiry_evidence", map[string]any{"status": "under_review"}, nil, map[string]any{"status": "under_review"}, 1912 - 3500},
		{"inquiry won", inquiry, "winning_evidence", map[string]any{"status": "warning_under_review"}, closed, map[string]any{"status": "warning_closed", "balance_transactions": []any{}, "is_charge_refundable": true}, 1912},
		{"inquiry lost", inquiry, "losing_evidence", map[string]any{"status": "warning_under_review"}, closed, map[string]any{"status": "warning_closed", "balance_transactions": []any{}}, 1912},
		{"inquiry undecided", inquiry, "We sent it.", map[string]any{"status": "warning_under_review"}, nil, map[string]any{"status": "warning_under_review"}, 1912},
		{
			"inquiry escalated", inquiry, "escalate_inquiry_evidence", map[string]any{"status": "warning_under_review", "balance_transactions": []any{}},
			[]string{"charge.dispute.updated", "charge.dispute.funds_withdrawn"},
			map[string]any{"status": "needs_response", "balance_transactions.0.amount": -2000, "is_charge_refundable": false, "payment_method_details.card.case_type": "chargeback"}, 1912 - 3500,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			charge, d := disputed(t, s, c.card)
			path := "/v1/disputes/" + d.ID()
			events := wantEvents(t, s, updated, func() {
				got := s.Post(path, "evidence[uncategorized_text]", c.text, "evidence[customer_name]", "Jenny Rosen", "metadata[k]", "v").OK()
				wantFields(t, got, c.at)
				wantFields(t, got, map[string]any{
					"evidence.uncategorized_text": c.text, "evidence.customer_name": "Jenny Rosen", "metadata.k": "v",
					"evidence_details.submission_count": 1, "evidence_details.has_evidence": true, "evidence_details.past_due": false,
				})
			})
			wantFields(t, events[0].Object("data").Object("previous_attributes"), map[string]any{"status": d.String("status"), "evidence_details.submission_count": 0})
			s.Post(path, "evidence[uncategorized_text]", "more").Fails(400, "")
			s.Post(path+"/close").Fails(400, "")
			wantEvents(t, s, c.events, func() { later(t, s, bankAnswered) })
			wantFields(t, s.Get(path).OK(), c.then)
			wantEvents(t, s, nil, func() { later(t, s, time.Hour) })
			balance := s.Get("/v1/balance").OK()
			if got := field(balance, "pending.0.amount").(int64) + field(balance, "available.0.amount").(int64); got != int64(c.net) {
				t.Errorf("the balance is %d, want %d", got, c.net)
			}
			refund, code := s.Post("/v1/refunds", "charge", charge), ""
			if c.net == 1912 {
				refund.OK()
			} else {
				code = "charge_disputed"
				refund.Fails(400, code)
			}
			sound(t, s)
		})
	}
}

func TestDisputeEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, card string
		do         func(t *testing.T, s *servertest.Server, charge, dispute string)
		status     string
	}{
		{"closed", "tok_createDispute", func(_ *testing.T, s *servertest.Server, _, d string) {
			wantFields(t, s.Post("/v1/disputes/"+d+"/close").OK(), map[string]any{"id": d, "status": "lost"})
		}, "lost"},
		{"closed by its charge", "tok_createDispute", func(_ *testing.T, s *servertest.Server, charge, d string) {
			wantFields(t, s.Post("/v1/charges/"+charge+"/dispute/close").OK(), map[string]any{"id": d, "object": "dispute", "status": "lost"})
		}, "lost"},
		{"inquiry closed", "tok_createDisputeInquiry", func(_ *testing.T, s *servertest.Server, _, d string) { s.Post("/v1/disputes/" + d + "/close").OK() }, "warning_closed"},
		{"not answered", "tok_createDispute", func(t *testing.T, s *servertest.Server, _, _ string) { later(t, s, 20*24*time.Hour) }, "lost"},
		{"inquiry not answered", "tok_createDisputeInquiry", func(t *testing.T, s *servertest.Server, _, _ string) { later(t, s, 20*24*time.Hour) }, "warning_closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			charge, d := disputed(t, s, c.card)
			later(t, s, 4*24*time.Hour) // what the charge brought is available
			wantEvents(t, s, []string{"charge.dispute.closed"}, func() { c.do(t, s, charge, d.ID()) })
			wantFields(t, s.Get("/v1/disputes/"+d.ID()).OK(), map[string]any{"status": c.status})
			wantEvents(t, s, nil, func() {
				s.Post("/v1/disputes/"+d.ID()+"/close").Fails(400, "")
				s.Post("/v1/disputes/"+d.ID(), "evidence[receipt]", "file_nobody").Fails(400, "resource_missing")
				s.Post("/v1/disputes/"+d.ID(), "submit", "true").Fails(400, "")
			})
			wantEvents(t, s, nil, func() { later(t, s, 100*24*time.Hour) })
			wantFields(t, s.Post("/v1/disputes/"+d.ID(), "metadata[k]", "v").OK(), map[string]any{"metadata.k": "v", "status": c.status, "evidence_details.submission_count": 0})
			sound(t, s)
		})
	}
}

// An inquiry that was answered and that nothing came of ends by itself.
func TestInquiryEndsByItself(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	_, d := disputed(t, s, "tok_createDisputeInquiry")
	s.Post("/v1/disputes/"+d.ID(), "evidence[uncategorized_text]", "We sent it.").OK()
	later(t, s, 119*24*time.Hour)
	wantFields(t, s.Get("/v1/disputes/"+d.ID()).OK(), map[string]any{"status": "warning_under_review"})
	wantEvents(t, s, []string{"charge.dispute.closed"}, func() { later(t, s, 2*24*time.Hour) })
	wantFields(t, s.Get("/v1/disputes/"+d.ID()).OK(), map[string]any{"status": "warning_closed"})
}

func TestStagedEvidence(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	charge, d := disputed(t, s, "tok_createDispute")
	path := "/v1/disputes/" + d.ID()
	staged := map[string]any{"status": "needs_response", "evidence_details.has_evidence": true, "evidence_details.submission_count": 0}
	wantFields(t, s.Post(path, "evidence[product_description]", "A shirt", "submit", "false").OK(), staged)
	wantFields(t, s.Post("/v1/charges/"+charge+"/dispute", "evidence[uncategorized_text]", "winning_evidence", "submit", "false").OK(), staged)
	wantEvents(t, s, nil, func() { later(t, s, bankAnswered) })
	wantFields(t, s.Post(path, "evidence[uncategorized_text]", "", "submit", "false").OK(), map[string]any{"evidence.uncategorized_text": nil, "evidence.product_description": "A shirt"})
	wantFields(t, s.Post("/v1/charges/"+charge+"/dispute", "submit", "true").OK(), map[string]any{"object": "dispute", "status": "under_review", "evidence_details.submission_count": 1, "evidence.product_description": "A shirt"})
	s.Post("/v1/charges/"+s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK().ID()+"/dispute/close").Fails(404, "resource_missing")
}

func TestEvidenceIsChecked(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	_, d := disputed(t, s, "tok_createDispute")
	path := "/v1/disputes/" + d.ID()
	long := strings.Repeat("é", 20000)
	names := []string{"access_activity_log", "cancellation_policy_disclosure", "cancellation_rebuttal", "duplicate_charge_explanation", "product_description", "refund_policy_disclosure", "refund_refusal_explanation"}
	form := []string{"submit", "false"}
	for _, name := range names {
		form = append(form, "evidence["+name+"]", long)
	}
	s.Post(path, form...).OK() // 140,000
	e := s.Post(path, "submit", "false", "evidence[uncategorized_text]", long[:2*10001]).Fails(400, "")
	wantFields(t, e, map[string]any{"param": "evidence"})
	s.Post(path, "submit", "false", "evidence[uncategorized_text]", long[:2*10000]).OK()
	wantFields(t, s.Post(path, "evidence[receipt]", "file_nobody").Fails(400, "resource_missing"), map[string]any{"param": "evidence[receipt]"})
	wantFields(t, s.Get(path).OK(), map[string]any{"status": "needs_response", "evidence.receipt": nil})

	upload := func(purpose string) string {
		body, contentType := multipartBody([]string{"purpose", purpose, "file", "bytes"})
		return s.Do(servertest.Request{Method: "POST", Path: "/v1/files", Body: body, ContentType: contentType}).OK().ID()
	}
	wantFields(t, s.Post(path, "evidence[receipt]", upload("business_logo")).Fails(400, ""), map[string]any{"param": "evidence[receipt]"})
	receipt := upload("dispute_evidence")
	wantFields(t, s.Post(path, "evidence[receipt]", receipt).OK(), map[string]any{"status": "under_review", "evidence.receipt": receipt})
}

// What the dispute knows from the charge is no evidence that anybody gave.
func TestKnownEvidence(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "card[number]", "4000000000000259", "card[exp_month]", "12", "card[exp_year]", "2030", "card[name]", "Jenny Rosen").OK().ID()
	d := s.Get("/v1/charges/" + charge + "/dispute").OK()
	wantFields(t, d, map[string]any{"evidence.customer_name": "Jenny Rosen", "evidence.customer_email_address": nil, "evidence_details.has_evidence": false})
	path := "/v1/disputes/" + d.ID()
	wantFields(t, s.Post(path, "evidence[customer_name]", "Jenny Rosen", "submit", "false").OK(), map[string]any{"evidence_details.has_evidence": false})
	wantFields(t, s.Post(path, "evidence[customer_name]", "Jane Rosen", "submit", "false").OK(), map[string]any{"evidence_details.has_evidence": true})
}

// A breach of a network's rules can be answered by who accepts what that costs.
func TestComplianceFee(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	_, d := disputed(t, s, "tok_createComplianceDispute")
	const fee = "evidence[enhanced_evidence][visa_compliance][fee_acknowledged]"
	wantFields(t, s.Post("/v1/disputes/"+d.ID(), "evidence[uncategorized_text]", "winning_evidence").Fails(400, ""), map[string]any{"param": fee})
	wantFields(t, s.Post("/v1/disputes/"+d.ID(), "evidence[uncategorized_text]", "winning_evidence", fee, "true").OK(), map[string]any{
		"status": "under_review", "evidence_details.enhanced_eligibility.visa_compliance.status": "fee_acknowledged", "evidence.enhanced_evidence.visa_compliance.fee_acknowledged": true,
	})
	wantEvents(t, s, []string{"charge.dispute.closed", "charge.dispute.funds_reinstated"}, func() { later(t, s, bankAnswered) })
}

// What a failed refund brings back can be given back again, and says so.
func TestFailedRefundDuringInquiry(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	charge := b.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_refundFail").OK().ID()
	b.openDispute(charge, processor.DisputeCase{Reason: "general", Inquiry: true})
	path := "/v1/charges/" + charge + "/dispute"
	wantFields(t, b.Get(path).OK(), map[string]any{"is_charge_refundable": true, "status": "warning_needs_response"})
	b.Post("/v1/refunds", "charge", charge).OK()
	wantFields(t, b.Get(path).OK(), map[string]any{"is_charge_refundable": false})
	events := wantEvents(t, b.Server, []string{"refund.failed", "refund.updated", "charge.refund.updated", "charge.dispute.updated"}, func() { later(t, b.Server, bankAnswered) })
	wantFields(t, events[3].Object("data").Object("previous_attributes"), map[string]any{"is_charge_refundable": false})
	wantFields(t, b.Get(path).OK(), map[string]any{"is_charge_refundable": true})
	sound(t, b.Server)
}

// Who gives the money back while the bank only asks, has nothing taken.
func TestRefundDuringInquiry(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	charge, d := disputed(t, s, "tok_createDisputeInquiry")
	s.Post("/v1/refunds", "charge", charge, "amount", "500").OK()
	wantFields(t, s.Get("/v1/disputes/"+d.ID()).OK(), map[string]any{"is_charge_refundable": true})
	wantEvents(t, s, []string{"refund.created", "charge.refunded", "charge.dispute.updated"}, func() { s.Post("/v1/refunds", "charge", charge).OK() })
	wantFields(t, s.Get("/v1/disputes/"+d.ID()).OK(), map[string]any{"is_charge_refundable": false, "status": "warning_needs_response"})
	s.Post("/v1/disputes/"+d.ID(), "evidence[uncategorized_text]", "escalate_inquiry_evidence").OK()
	later(t, s, bankAnswered)
	wantFields(t, s.Get("/v1/disputes/"+d.ID()).OK(), map[string]any{"status": "warning_closed", "balance_transactions": []any{}})

	charge, d = disputed(t, s, "tok_createDisputeInquiry")
	s.Post("/v1/refunds", "charge", charge, "amount", "500").OK()
	s.Post("/v1/disputes/"+d.ID(), "evidence[uncategorized_text]", "escalate_inquiry_evidence").OK()
	later(t, s, bankAnswered)
	wantFields(t, s.Get("/v1/disputes/"+d.ID()).OK(), map[string]any{"status": "needs_response", "amount": 1500, "balance_transactions.0.amount": -1500})
	sound(t, s)
}

// openDispute lets a bank dispute a charge, whatever it was made with.
func (b *biller) openDispute(charge string, c processor.DisputeCase) {
	b.t.Helper()
	b.do(func(op *resource.Op) error {
		o, err := op.Get("charge", charge, "")
		if err != nil {
			return err
		}
		return billing.OpenDispute(op, o, c)
	})
}

// A refund that is on its way when the bank takes the payment back does not arrive.
func TestDisputeEndsPendingRefunds(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	charge := b.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_pendingRefund").OK().ID()
	refund := b.Post("/v1/refunds", "charge", charge).OK().ID()
	want := []string{"refund.failed", "refund.updated", "charge.refund.updated", "charge.dispute.created", "charge.dispute.funds_withdrawn"}
	wantEvents(t, b.Server, want, func() { b.openDispute(charge, processor.DisputeCase{Reason: "general"}) })
	wantFields(t, b.Get("/v1/refunds/"+refund).OK(), map[string]any{"status": "failed", "failure_reason": "charge_for_pending_refund_disputed", "pending_reason": nil})
	wantFields(t, b.Get("/v1/charges/"+charge+"/dispute").OK(), map[string]any{"amount": 2000, "status": "needs_response"})
	wantEvents(t, b.Server, nil, func() { later(t, b.Server, bankAnswered) })
	sound(t, b.Server)
}

// A dispute ends the review of a charge and the time to act on a warning; what was given back cannot be disputed.
func TestDisputeEndsSuspicion(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	opened := []string{"charge.dispute.created", "charge.dispute.funds_withdrawn"}
	for _, c := range []struct {
		card   string
		refund bool
		events []string
	}{
		{"tok_visa", false, opened},
		{"tok_riskLevelElevated", false, append(opened[:2:2], "review.closed")},
		{"tok_createIssuerFraudRecord", false, append(opened[:2:2], "radar.early_fraud_warning.updated")},
		{"tok_visa", true, nil},
	} {
		charge := b.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", c.card).OK().ID()
		if c.refund {
			b.Post("/v1/refunds", "charge", charge).OK()
		}
		wantEvents(t, b.Server, c.events, func() { b.openDispute(charge, processor.DisputeCase{Reason: "general"}) })
		if review := b.Get("/v1/charges/"+charge, "expand[]", "review").OK().Object("review"); review != nil {
			wantFields(t, review, map[string]any{"open": false, "closed_reason": "disputed"})
		}
	}
	for kind, want := range map[string]any{"klarna": "klarna", "paypal": "paypal", "amazon_pay": "amazon_pay", "sepa_debit": nil} {
		charge, intent := b.paidBy(kind, "succeeded", true)
		b.openDispute(charge, processor.DisputeCase{Reason: "general"})
		wantFields(t, b.Get("/v1/charges/"+charge+"/dispute").OK(), map[string]any{
			"currency": "jpy", "payment_method_details.type": want, "payment_intent": intent, "enhanced_eligibility_types": []any{},
		})
	}
	sound(t, b.Server)
}
