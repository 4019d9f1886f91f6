package stripe

import (
	"cmp"
	"math"

	stripe "github.com/stripe/stripe-go/v85"

	"sharesmart/internal/processor"
)

// What Stripe's answers mean.

// payment is how a payment intent stands.
func payment(pi *stripe.PaymentIntent) processor.Progress {
	got := processor.Progress{ID: pi.ID, Ours: pi.Metadata[ourIntent]}
	if pi.PaymentMethod != nil {
		got.Method = method(pi.PaymentMethod)
	}
	if pi.LatestCharge != nil {
		charged(&got, pi.LatestCharge)
	}
	if pi.Status != stripe.PaymentIntentStatusRequiresPaymentMethod {
		got.Outcome.Decline = nil
	}
	switch pi.Status {
	case stripe.PaymentIntentStatusSucceeded:
		got.Step, got.Captured = processor.Approved, pi.AmountReceived
	case stripe.PaymentIntentStatusRequiresCapture:
		got.Step = processor.Approved
	case stripe.PaymentIntentStatusProcessing:
		got.Step = processor.Processing
	case stripe.PaymentIntentStatusRequiresAction:
		got.Step = processor.Authenticate
		if a := pi.NextAction; a != nil && a.RedirectToURL != nil {
			got.URL = a.RedirectToURL.URL
		}
	case stripe.PaymentIntentStatusCanceled:
		got.Canceled = true
	default:
		got.Waiting = pi.LastPaymentError == nil
		refuse(&got, pi.LastPaymentError)
	}
	return got
}

// setup is how a setup intent stands.
func setup(si *stripe.SetupIntent) processor.Progress {
	got := processor.Progress{ID: si.ID, Ours: si.Metadata[ourIntent]}
	if si.PaymentMethod != nil {
		got.Method = method(si.PaymentMethod)
	}
	switch si.Status {
	case stripe.SetupIntentStatusSucceeded:
		got.Step = processor.Approved
	case stripe.SetupIntentStatusProcessing:
		got.Step = processor.Processing
	case stripe.SetupIntentStatusRequiresAction:
		got.Step = processor.Authenticate
		if a := si.NextAction; a != nil && a.RedirectToURL != nil {
			got.URL = a.RedirectToURL.URL
		}
	case stripe.SetupIntentStatusCanceled:
		got.Canceled = true
	default:
		got.Waiting = si.LastSetupError == nil
		refuse(&got, si.LastSetupError)
	}
	return got
}

// refuse says why a try was declined.
func refuse(got *processor.Progress, e *stripe.Error) {
	if e == nil {
		return
	}
	got.Step = processor.Declined
	if got.Method.ID == "" && e.PaymentMethod != nil {
		got.Method = method(e.PaymentMethod)
	}
	d := processor.Decline{Code: cmp.Or(string(e.Code), "card_declined"), DeclineCode: string(e.DeclineCode), Param: e.Param, Message: e.Msg}
	if network := got.Outcome.Decline; network != nil {
		d.AdviceCode, d.NetworkDeclineCode = network.AdviceCode, network.NetworkDeclineCode
	}
	got.Outcome.Decline = &d
	if got.Outcome.Type == "" { // nothing was charged
		got.Outcome.Type, got.Outcome.NetworkStatus, got.Outcome.RiskLevel = "issuer_declined", "declined_by_network", "not_assessed"
		got.Outcome.Reason, got.Outcome.SellerMessage = cmp.Or(string(e.DeclineCode), string(e.Code)), e.Msg
	}
}

// charged adds what a charge says.
func charged(got *processor.Progress, c *stripe.Charge) {
	if o := c.Outcome; o != nil {
		got.Outcome = processor.Outcome{Type: o.Type, NetworkStatus: o.NetworkStatus, Reason: o.Reason, RiskLevel: cmp.Or(o.RiskLevel, "not_assessed"), RiskScore: o.RiskScore,
			SellerMessage: o.SellerMessage}
		if o.NetworkDeclineCode != "" || o.AdviceCode != "" {
			got.Outcome.Decline = &processor.Decline{AdviceCode: string(o.AdviceCode), NetworkDeclineCode: o.NetworkDeclineCode}
		}
	}
	if d := c.PaymentMethodDetails; d != nil && d.Card != nil && d.Card.ThreeDSecure != nil {
		t := d.Card.ThreeDSecure
		got.ThreeDSecure = &processor.ThreeDSecure{Flow: string(t.AuthenticationFlow), Result: string(t.Result), ResultReason: string(t.ResultReason), Version: t.Version}
	}
	if t := c.BalanceTransaction; t != nil && t.Currency != "" {
		got.Fee, got.HasFee = t.Fee, true
		if t.ExchangeRate > 0 && t.Currency != c.Currency { // the books are kept in the currency of the payment
			got.Fee = int64(math.Round(float64(t.Fee) / t.ExchangeRate))
		}
	}
}

// method is a payment method. Its card has no number but the digits that may be shown.
func method(pm *stripe.PaymentMethod) processor.RemoteMethod {
	m := processor.RemoteMethod{ID: pm.ID, Type: string(pm.Type), Owned: pm.Customer != nil}
	if b := pm.BillingDetails; b != nil {
		m.Name, m.Email, m.Phone = b.Name, b.Email, b.Phone
		if b.Address != nil {
			m.PostalCode, m.Country = b.Address.PostalCode, b.Address.Country
		}
	}
	c := pm.Card
	if c == nil {
		return m
	}
	m.Card = processor.Card{
		Number: c.Last4, Brand: processor.Brand(c.Brand), Funding: string(c.Funding), Country: c.Country, ExpMonth: c.ExpMonth, ExpYear: c.ExpYear, Fingerprint: c.Fingerprint,
	}
	if k := c.Checks; k != nil {
		m.Card.CVCCheck, m.Card.ZipCheck, m.Card.Line1Check = string(k.CVCCheck), string(k.AddressPostalCodeCheck), string(k.AddressLine1Check)
	}
	if c.Wallet != nil {
		m.Wallet = string(c.Wallet.Type)
	}
	return m
}
