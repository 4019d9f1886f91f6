package stripe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	stripe "github.com/stripe/stripe-go/v85"

	"sharesmart/internal/processor"
)

// What follows a payment: refunds, disputes, and what Stripe tells of its own accord.

// Refund gives money back.
func (p *Processor) Refund(ctx context.Context, key, payment, ours string, amount int64) (processor.RemoteRefund, error) {
	r, err := p.client.V1Refunds.Create(ctx, &stripe.RefundCreateParams{
		Params: keyed(ctx, key), PaymentIntent: &payment, Amount: &amount, Metadata: map[string]string{processor.OurRefund: ours},
	})
	if err != nil {
		return processor.RemoteRefund{}, failure("refund a payment", err)
	}
	return refund(r), nil
}

func refund(r *stripe.Refund) processor.RemoteRefund {
	return processor.RemoteRefund{ID: r.ID, Ours: r.Metadata[processor.OurRefund], Amount: r.Amount, Status: string(r.Status), Failure: string(r.FailureReason), Reason: string(r.Reason)}
}

// Refunds are those of a payment.
func (p *Processor) Refunds(ctx context.Context, payment string) (all []processor.RemoteRefund, err error) {
	for r, err := range p.client.V1Refunds.List(ctx, &stripe.RefundListParams{PaymentIntent: &payment}).All(ctx) {
		if err != nil {
			return nil, failure("list refunds", err)
		}
		all = append(all, refund(r))
	}
	return all, nil
}

// Disputes are those of a payment.
func (p *Processor) Disputes(ctx context.Context, payment string) (all []processor.RemoteDispute, err error) {
	for d, err := range p.client.V1Disputes.List(ctx, &stripe.DisputeListParams{PaymentIntent: &payment}).All(ctx) {
		if err != nil {
			return nil, failure("list disputes", err)
		}
		got := processor.RemoteDispute{ID: d.ID, Amount: d.Amount, Status: string(d.Status), Created: d.Created}
		got.Reason, got.Inquiry, got.NetworkCode = string(d.Reason), strings.HasPrefix(string(d.Status), "warning_"), d.NetworkReasonCode
		if details := d.PaymentMethodDetails; details != nil && details.Card != nil && got.NetworkCode == "" {
			got.NetworkCode = details.Card.NetworkReasonCode
		}
		if d.EvidenceDetails != nil {
			got.DueBy = d.EvidenceDetails.DueBy
		}
		all = append(all, got)
	}
	return all, nil
}

// Dispute sends evidence, or gives in. Of the evidence, texts are sent; files are not.
func (p *Processor) Dispute(ctx context.Context, key, id string, e processor.Evidence) error {
	if e.GiveIn {
		if _, err := p.client.V1Disputes.Close(ctx, id, &stripe.DisputeCloseParams{Params: keyed(ctx, key)}); err != nil {
			return failure("close a dispute", err)
		}
		return nil
	}
	params := &stripe.DisputeUpdateParams{Params: keyed(ctx, key), Submit: &e.Submit}
	for name, text := range e.Texts {
		params.AddExtra("evidence["+name+"]", text)
	}
	if _, err := p.client.V1Disputes.Update(ctx, id, params); err != nil {
		return failure("send evidence", err)
	}
	return nil
}

// watched are the types of events that say that something has become of a payment.
var watched = []string{
	"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing", "payment_intent.canceled", "payment_intent.amount_capturable_updated",
	"setup_intent.succeeded", "setup_intent.setup_failed", "setup_intent.canceled",
	"charge.refunded", "refund.created", "refund.updated", "refund.failed",
	"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
}

// signatureHeader carries the signature of a webhook.
const signatureHeader = "Stripe-Signature"

var errNoWebhook = errors.New("no webhook secret is set up")

// Notice reads a webhook. Its signature must be right and no older than five minutes.
func (p *Processor) Notice(body []byte, h http.Header) (processor.Notice, error) {
	if p.options.Webhook == "" {
		return processor.Notice{}, errNoWebhook
	}
	e, err := p.client.ConstructEvent(body, h.Get(signatureHeader), p.options.Webhook, stripe.WithIgnoreAPIVersionMismatch())
	if err != nil {
		return processor.Notice{}, fmt.Errorf("read a webhook: %w", err)
	}
	return notice(&e)
}

// notice is what an event is about. Which type it has does not matter: what it is about is asked for.
func notice(e *stripe.Event) (processor.Notice, error) {
	var about struct {
		Object, ID    string
		Metadata      map[string]string
		PaymentIntent json.RawMessage `json:"payment_intent"`
	}
	if e.Data == nil || json.Unmarshal(e.Data.Raw, &about) != nil {
		return processor.Notice{}, errors.New("read a webhook: it is about nothing")
	}
	switch about.Object {
	case "payment_intent", "setup_intent":
		return processor.Notice{ID: about.ID, Ours: about.Metadata[processor.OurIntent], Setup: about.Object == "setup_intent"}, nil
	case "charge", "refund", "dispute":
		id, _ := stripe.ParseID(about.PaymentIntent)
		return processor.Notice{ID: id}, nil
	}
	return processor.Notice{}, nil
}

// Notices are the events since a time.
func (p *Processor) Notices(ctx context.Context, since time.Time) (all []processor.Notice, err error) {
	params := &stripe.EventListParams{CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: since.Unix()}, Types: expanding(watched...)}
	seen := map[string]bool{}
	for e, err := range p.client.V1Events.List(ctx, params).All(ctx) {
		if err != nil {
			return nil, failure("list events", err)
		}
		if n, err := notice(e); err == nil && n.ID != "" && !seen[n.ID] {
			seen[n.ID] = true
			all = append(all, n)
		}
	}
	return all, nil
}
