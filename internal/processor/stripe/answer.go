package stripe

import (
	"cmp"
	"math"

	stripe "github.com/stripe/stripe-go/v85"

	"sharesmart/internal/processor"
)

// What Stripe's answers mean.

// intent is what payment and setup intents have in common.
type intent struct {
	id, status string
	metadata   map[string]string
	method     *stripe.PaymentMethod
	redirect   string // where the customer has to go; empty for nowhere
	failed     *stripe.Error
	charge     *stripe.Charge // of a payment that was tried
}

// payment is how a payment intent stands.
func payment(pi *stripe.PaymentIntent) processor.Progress {
	i := intent{id: pi.ID, status: string(pi.Status), metadata: pi.Metadata, method: pi.PaymentMethod, failed: pi.LastPaymentError, charge: pi.LatestCharge}
	if a := pi.NextAction; a != nil && a.RedirectToURL != nil {
		i.redirect = a.RedirectToURL.URL
	}
	got := i.progress()
	if pi.Status == stripe.PaymentIntentStatusSucceeded {
		got.Captured = pi.AmountReceived
	}
	return got
}

// setup is how a setup intent stands.
func setup(si *stripe.SetupIntent) processor.Progress {
	i := intent{id: si.ID, status: string(si.Status), metadata: si.Metadata, method: si.PaymentMethod, failed: si.LastSetupError}
	if a := si.NextAction; a != nil && a.RedirectToURL != nil {
		i.redirect = a.RedirectToURL.URL
	}
	return i.progress()
}

// progress is how an intent stands. The statuses of both kinds have the same names.
func (i *intent) progress() processor.Progress {
	got := processor.Progress{ID: i.id, Ours: i.metadata[processor.OurIntent]}
	if i.method != nil {
		got.Method = method(i.method)
	}
	if i.charge != nil {
		charged(&got, i.charge)
	}
	if i.status != string(stripe.PaymentIntentStatusRequiresPaymentMethod) {
		got.Outcome.Decline = nil
	}
	switch stripe.PaymentIntentStatus(i.status) {
	case stripe.PaymentIntentStatusSucceeded, stripe.PaymentIntentStatusRequiresCapture:
		got.Step = processor.Approved
	case stripe.PaymentIntentStatusProcessing:
		got.Step = processor.Processing
	case stripe.PaymentIntentStatusRequiresAction:
		got.Step, got.URL = processor.Authenticate, i.redirect
	case stripe.PaymentIntentStatusCanceled:
		got.Canceled = true
	default:
		got.Waiting = i.failed == nil
		refuse(&got, i.failed)
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
