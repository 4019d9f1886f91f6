package stripe

import (
	"context"
	"errors"
	"net/http"

	stripe "github.com/stripe/stripe-go/v85"

	"sharesmart/internal/processor"
)

// shown is what has to be there to say how a payment stands.
var shown = []string{"payment_method", "latest_charge.balance_transaction"}

// Pay makes an intent and confirms it in one request. A decline leaves the intent, and comes as an error that has it.
func (p *Processor) Pay(ctx context.Context, key string, r processor.RemotePayment) (processor.Progress, error) {
	if r.Setup {
		return p.setUp(ctx, key, r)
	}
	capture := "automatic" // at once, so that the fee is known
	if !r.Capture {
		capture = "manual"
	}
	params := &stripe.PaymentIntentCreateParams{
		Params: keyed(ctx, key), Amount: &r.Amount, Currency: &r.Currency, Customer: some(r.Customer), PaymentMethod: &r.Method, Confirm: stripe.Bool(true),
		CaptureMethod: &capture, PaymentMethodTypes: []*string{stripe.String("card")}, Description: some(r.Description), StatementDescriptorSuffix: some(r.Suffix),
		ReceiptEmail: some(r.Email), Metadata: map[string]string{processor.OurIntent: r.ID}, Expand: expanding(shown...),
	}
	if r.OffSession {
		params.OffSession = stripe.Bool(true)
	} else {
		params.ReturnURL, params.SetupFutureUsage = some(r.ReturnURL), some(r.FutureUsage)
	}
	if r.Request3DS != "" && r.Request3DS != "automatic" {
		params.PaymentMethodOptions = &stripe.PaymentIntentCreatePaymentMethodOptionsParams{Card: &stripe.PaymentIntentCreatePaymentMethodOptionsCardParams{RequestThreeDSecure: &r.Request3DS}}
	}
	pi, err := p.client.V1PaymentIntents.Create(ctx, params)
	if err != nil {
		return p.declined(ctx, r, err)
	}
	return payment(pi), nil
}

func (p *Processor) setUp(ctx context.Context, key string, r processor.RemotePayment) (processor.Progress, error) {
	params := &stripe.SetupIntentCreateParams{
		Params: keyed(ctx, key), Customer: some(r.Customer), PaymentMethod: &r.Method, Confirm: stripe.Bool(true), ReturnURL: some(r.ReturnURL), Usage: some(r.FutureUsage),
		PaymentMethodTypes: []*string{stripe.String("card")}, Description: some(r.Description), Metadata: map[string]string{processor.OurIntent: r.ID}, Expand: expanding("payment_method"),
	}
	si, err := p.client.V1SetupIntents.Create(ctx, params)
	if err != nil {
		return p.declined(ctx, r, err)
	}
	return setup(si), nil
}

// declined is what became of a request that failed: a decline, which is an answer, or an error.
func (p *Processor) declined(ctx context.Context, r processor.RemotePayment, err error) (processor.Progress, error) {
	var api *stripe.Error
	if !errors.As(err, &api) || api.HTTPStatusCode != http.StatusPaymentRequired && api.Type != stripe.ErrorTypeCard {
		return processor.Progress{}, failure("take a payment", err)
	}
	got := processor.Progress{Ours: r.ID}
	switch {
	case api.PaymentIntent != nil: // without its charge, which says more
		if whole, err := p.Payment(ctx, api.PaymentIntent.ID, false); err == nil {
			got = whole
		}
		got.ID = api.PaymentIntent.ID
	case api.SetupIntent != nil:
		got.ID = api.SetupIntent.ID
	}
	if api.PaymentMethod != nil && got.Method.ID == "" {
		got.Method = method(api.PaymentMethod)
	}
	refuse(&got, api)
	return got, nil
}

// Payment is how an intent stands.
func (p *Processor) Payment(ctx context.Context, id string, isSetup bool) (processor.Progress, error) {
	if isSetup {
		si, err := p.client.V1SetupIntents.Retrieve(ctx, id, &stripe.SetupIntentRetrieveParams{Expand: expanding("payment_method")})
		if err != nil {
			return processor.Progress{}, failure("show a setup", err)
		}
		return setup(si), nil
	}
	pi, err := p.client.V1PaymentIntents.Retrieve(ctx, id, &stripe.PaymentIntentRetrieveParams{Expand: expanding(shown...)})
	if err != nil {
		return processor.Progress{}, failure("show a payment", err)
	}
	return payment(pi), nil
}

// Capture takes what was authorized.
func (p *Processor) Capture(ctx context.Context, key, id string, amount int64) (processor.Progress, error) {
	pi, err := p.client.V1PaymentIntents.Capture(ctx, id, &stripe.PaymentIntentCaptureParams{Params: keyed(ctx, key), AmountToCapture: &amount, Expand: expanding(shown...)})
	if err != nil {
		return processor.Progress{}, failure("capture a payment", err)
	}
	return payment(pi), nil
}

// Cancel gives up an intent.
func (p *Processor) Cancel(ctx context.Context, key, id string, isSetup bool) error {
	var err error
	if isSetup {
		_, err = p.client.V1SetupIntents.Cancel(ctx, id, &stripe.SetupIntentCancelParams{Params: keyed(ctx, key)})
	} else {
		_, err = p.client.V1PaymentIntents.Cancel(ctx, id, &stripe.PaymentIntentCancelParams{Params: keyed(ctx, key)})
	}
	if err != nil {
		return failure("cancel a payment", err)
	}
	return nil
}

// Method is a payment method of that account.
func (p *Processor) Method(ctx context.Context, id string) (processor.RemoteMethod, error) {
	pm, err := p.client.V1PaymentMethods.Retrieve(ctx, id, nil)
	if err != nil {
		return processor.RemoteMethod{}, failure("show a payment method", err)
	}
	return method(pm), nil
}
