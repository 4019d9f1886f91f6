package sdk

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85"
)

// A scenario is the story of a customer, as an integration sees it that knows nothing but stripe-go: the objects, the
// amounts to the cent, and all events in their order, each with its time.

// story is a seller whose customer lives on a test clock.
type story struct {
	*seller
	clock string
	begun string // the newest event of what there was before the customer
}

// newStory is a sandbox with a clock that stands at a time.
func newStory(t *testing.T, start string) *story {
	t.Helper()
	s := &story{seller: newSeller(t)}
	clock, err := s.V1TestHelpersTestClocks.Create(t.Context(), &stripe.TestHelpersTestClockCreateParams{FrozenTime: stripe.Int64(at(start))})
	must(t, err)
	s.clock = clock.ID
	return s
}

// until moves the clock on to a time as integrations do: it asks for it, and looks until that is done.
func (s *story) until(text string) {
	s.t.Helper()
	_, err := s.V1TestHelpersTestClocks.Advance(s.t.Context(), s.clock, &stripe.TestHelpersTestClockAdvanceParams{FrozenTime: stripe.Int64(at(text))})
	must(s.t, err)
	clock := eventually(s.t, "the clock", func() *stripe.TestHelpersTestClock {
		clock, err := s.V1TestHelpersTestClocks.Retrieve(s.t.Context(), s.clock, nil)
		must(s.t, err)
		return clock
	}, func(clock *stripe.TestHelpersTestClock) bool {
		return clock.Status != stripe.TestHelpersTestClockStatusAdvancing
	})
	same(s.t, "the clock", []any{stripe.TestHelpersTestClockStatusReady, text}, []any{clock.Status, date(clock.FrozenTime)})
}

// minute is how times are written here, in UTC; a date alone is its midnight.
const minute = "2006-01-02 15:04"

func at(text string) int64 {
	if len(text) < len(minute) {
		text += " 00:00"
	}
	read, err := time.Parse(minute, text)
	if err != nil {
		panic(err)
	}
	return read.Unix()
}

func date(unix int64) string {
	if unix == 0 {
		return ""
	}
	return strings.TrimSuffix(time.Unix(unix, 0).UTC().Format(minute), " 00:00")
}

// feature is something that products unlock.
func (s *story) feature(key string) string {
	s.t.Helper()
	f, err := s.V1EntitlementsFeatures.Create(s.t.Context(), &stripe.EntitlementsFeatureCreateParams{LookupKey: stripe.String(key), Name: stripe.String(key)})
	must(s.t, err)
	return f.ID
}

// product is something to subscribe to.
func (s *story) product(name string, features ...string) string {
	s.t.Helper()
	p, err := s.V1Products.Create(s.t.Context(), &stripe.ProductCreateParams{Name: stripe.String(name)})
	must(s.t, err)
	for _, f := range features {
		_, err := s.V1ProductFeatures.Create(s.t.Context(), &stripe.ProductFeatureCreateParams{Product: stripe.String(p.ID), EntitlementFeature: stripe.String(f)})
		must(s.t, err)
	}
	return p.ID
}

// price is what a product costs each month or year, in cents.
func (s *story) price(product string, amount int64, interval string) string {
	s.t.Helper()
	p, err := s.V1Prices.Create(s.t.Context(), &stripe.PriceCreateParams{
		Product: stripe.String(product), Currency: stripe.String("usd"), UnitAmount: stripe.Int64(amount),
		Recurring: &stripe.PriceCreateRecurringParams{Interval: stripe.String(interval)},
	})
	must(s.t, err)
	return p.ID
}

// signUp makes the customer, with a card or without. The story begins with her.
func (s *story) signUp(card string) string {
	s.t.Helper()
	for e, err := range s.V1Events.List(s.t.Context(), &stripe.EventListParams{}).All(s.t.Context()) {
		must(s.t, err)
		s.begun = e.ID
		break
	}
	p := &stripe.CustomerCreateParams{
		Name: stripe.String("Jenny Rosen"), Email: stripe.String("jenny.rosen@example.com"), InvoicePrefix: stripe.String("JENNY"), TestClock: stripe.String(s.clock),
	}
	if card != "" {
		p.PaymentMethod = stripe.String(card)
		p.InvoiceSettings = &stripe.CustomerCreateInvoiceSettingsParams{DefaultPaymentMethod: stripe.String(card)}
	}
	c, err := s.V1Customers.Create(s.t.Context(), p)
	must(s.t, err)
	return c.ID
}

// pays lets a customer pay with another card from now on.
func (s *story) pays(customer, card string) string {
	s.t.Helper()
	kept, err := s.V1PaymentMethods.Attach(s.t.Context(), card, &stripe.PaymentMethodAttachParams{Customer: stripe.String(customer)})
	must(s.t, err)
	_, err = s.V1Customers.Update(s.t.Context(), customer, &stripe.CustomerUpdateParams{
		InvoiceSettings: &stripe.CustomerUpdateInvoiceSettingsParams{DefaultPaymentMethod: stripe.String(kept.ID)},
	})
	must(s.t, err)
	return kept.ID
}

// subscribe begins a subscription to a price, in the way that the rest of the parameters says.
func (s *story) subscribe(customer, price string, more ...func(p *stripe.SubscriptionCreateParams)) *stripe.Subscription {
	s.t.Helper()
	p := &stripe.SubscriptionCreateParams{Customer: stripe.String(customer), Items: []*stripe.SubscriptionCreateItemParams{{Price: stripe.String(price)}}}
	for _, m := range more {
		m(p)
	}
	p.AddExpand("latest_invoice")
	sub, err := s.V1Subscriptions.Create(s.t.Context(), p)
	must(s.t, err)
	return sub
}

func (s *story) update(id string, p *stripe.SubscriptionUpdateParams) *stripe.Subscription {
	s.t.Helper()
	p.AddExpand("latest_invoice")
	sub, err := s.V1Subscriptions.Update(s.t.Context(), id, p)
	must(s.t, err)
	return sub
}

// stands compares how a subscription with one item stands: its status and the period that it is in.
func (s *story) stands(id string, status stripe.SubscriptionStatus, from, to string) *stripe.Subscription {
	s.t.Helper()
	p := &stripe.SubscriptionRetrieveParams{}
	p.AddExpand("latest_invoice")
	sub, err := s.V1Subscriptions.Retrieve(s.t.Context(), id, p)
	must(s.t, err)
	item := sub.Items.Data[0]
	same(s.t, "subscription", []string{string(status), from, to}, []string{string(sub.Status), date(item.CurrentPeriodStart), date(item.CurrentPeriodEnd)})
	return sub
}

// bill is what matters of an invoice.
type bill struct {
	Number                      string
	Reason                      stripe.InvoiceBillingReason
	Status                      stripe.InvoiceStatus
	Total, Due, Paid, Remaining int64
	Lines                       []line
}

// line is what matters of a line of an invoice.
type line struct {
	Amount   int64
	Text     string
	From, To string
}

func billOf(in *stripe.Invoice) bill {
	b := bill{in.Number, in.BillingReason, in.Status, in.Total, in.AmountDue, in.AmountPaid, in.AmountRemaining, nil}
	for _, l := range in.Lines.Data {
		b.Lines = append(b.Lines, line{l.Amount, l.Description, date(l.Period.Start), date(l.Period.End)})
	}
	return b
}

func (s *story) invoice(id string) *stripe.Invoice {
	s.t.Helper()
	in, err := s.V1Invoices.Retrieve(s.t.Context(), id, nil)
	must(s.t, err)
	return in
}

func (s *story) who(customer string) *stripe.Customer {
	s.t.Helper()
	c, err := s.V1Customers.Retrieve(s.t.Context(), customer, nil)
	must(s.t, err)
	return c
}

// entitled compares what a customer may use.
func (s *story) entitled(customer string, want ...string) {
	s.t.Helper()
	var got []string
	p := &stripe.EntitlementsActiveEntitlementListParams{Customer: stripe.String(customer)}
	for e, err := range s.V1EntitlementsActiveEntitlements.List(s.t.Context(), p).All(s.t.Context()) {
		must(s.t, err)
		got = append(got, e.LookupKey)
	}
	slices.Sort(got)
	same(s.t, "entitlements", want, got)
}

// What follows each other without anything between.
const (
	renewed    = "customer.subscription.updated invoice.created "
	collected  = "invoice.finalized payment_intent.created " + paid
	paid       = "charge.succeeded payment_intent.succeeded invoice_payment.paid invoice.updated invoice.paid invoice.payment_succeeded "
	nothingDue = "invoice.finalized invoice.paid invoice.payment_succeeded "
	refused    = "charge.failed payment_intent.payment_failed invoice.updated invoice.payment_failed "
	booked     = "charge.updated " // a moment after a charge its fees are known
	entitles   = "entitlements.active_entitlement_summary.updated "
)

// happened compares all events of the story: each line has a time, and what happened then in its order. What the clock
// says of itself is left out. Fees are booked before the clock moves on, so a story does not end with a payment.
func (s *story) happened(lines ...string) {
	s.t.Helper()
	var want []string
	for _, l := range lines {
		words := strings.Fields(l)
		for _, kind := range words[2:] {
			want = append(want, words[0]+" "+words[1]+" "+kind)
		}
	}
	same(s.t, "events", want, s.told())
}

func (s *story) told() (got []string) {
	s.t.Helper()
	for e, err := range s.V1Events.List(s.t.Context(), &stripe.EventListParams{ListParams: s.listing()}).All(s.t.Context()) {
		must(s.t, err)
		if e.ID == s.begun {
			break
		}
		if !strings.HasPrefix(string(e.Type), "test_helpers.") {
			got = append(got, time.Unix(e.Created, 0).UTC().Format(minute)+" "+string(e.Type))
		}
	}
	slices.Reverse(got)
	return got
}

// unlocked compares what the events of entitlements said: when, and all that the customer might use from then on.
func (s *story) unlocked(want ...string) {
	s.t.Helper()
	var got []string
	p := &stripe.EventListParams{Type: stripe.String("entitlements.active_entitlement_summary.updated")}
	for e, err := range s.V1Events.List(s.t.Context(), p).All(s.t.Context()) {
		must(s.t, err)
		var summary stripe.EntitlementsActiveEntitlementSummary
		must(s.t, json.Unmarshal(e.Data.Raw, &summary))
		var keys []string
		for _, one := range summary.Entitlements.Data {
			keys = append(keys, one.LookupKey)
		}
		slices.Sort(keys)
		got = append(got, date(e.Created)+": "+strings.Join(keys, " "))
	}
	slices.Reverse(got)
	same(s.t, "what was unlocked", want, got)
}

// foretold compares what the events of invoices to come said: when, and what will be due.
func (s *story) foretold(want ...string) {
	s.t.Helper()
	var got []string
	for e, err := range s.V1Events.List(s.t.Context(), &stripe.EventListParams{Type: stripe.String("invoice.upcoming")}).All(s.t.Context()) {
		must(s.t, err)
		var in stripe.Invoice
		must(s.t, json.Unmarshal(e.Data.Raw, &in))
		got = append(got, date(e.Created)+": "+strconv.FormatInt(in.AmountDue, 10))
	}
	slices.Reverse(got)
	same(s.t, "what was foretold", want, got)
}
