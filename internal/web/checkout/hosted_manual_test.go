package checkout_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/manual"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// offerTransfers lets the seller take bank transfers in a mode.
func (s *stall) offerTransfers(env string) (way string) {
	s.t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, env)
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = s.Engine.Call(s.t.Context(), ns, func(op *resource.Op) error {
		o, err := manual.For(op)
		if err == nil {
			err = o.Put(op, manual.Method{Name: "Bank transfer", Instructions: "IBAN DE89 3704"})
			way = o.Methods[0].ID
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return way
}

// events are the types of the events that fn causes, in their order.
func (s *stall) eventsOf(fn func()) []string {
	s.t.Helper()
	before := s.Get("/v1/events", "limit", "100").IDs()
	fn()
	var types []string
	for _, v := range s.Get("/v1/events", "limit", "100").OK().Array("data") {
		if e := v.(*object.Object); !slices.Contains(before, e.ID()) {
			types = append([]string{e.String("type")}, types...)
		}
	}
	return types
}

func (s *stall) wantEventsOf(want []string, fn func()) {
	s.t.Helper()
	if got := s.eventsOf(fn); !slices.Equal(got, want) {
		s.t.Errorf("the events are %v, want %v", got, want)
	}
}

const subscribing = "mode=subscription&line_items[0][price]=PRO&line_items[0][quantity]=1"

// TestHostedManual subscribes by bank transfer: the subscription waits, and begins when the seller has the money.
func TestHostedManual(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	way := s.offerTransfers(access.Test)
	o := s.session(subscribing)
	page := wantShown(t, s.get(s.path(o)), http.StatusOK, "Bank transfer", "You are told how to pay next", "!IBAN")
	form := s.filled(page, "method="+way+"&number=&expiry=&cvc=&name=")
	var answer string
	s.wantEventsOf([]string{
		"customer.created", "customer.updated", "customer.subscription.created", "invoice.created", "invoice.finalized", "payment_intent.created", "invoice.updated", "customer.subscription.updated", "invoice.sent", "checkout.session.completed",
	}, func() {
		w := s.post(s.path(o), form)
		if answer = w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.Contains(answer, "/invoices/") {
			t.Errorf("%d to %s", w.Code, answer)
		}
	})
	after := s.again(o)
	wantFields(t, after, map[string]any{"status": "complete", "payment_status": "unpaid"})
	sub, in := "/v1/subscriptions/"+after.Ref("subscription"), "/v1/invoices/"+after.Ref("invoice")
	wantFields(t, s.Get(sub).OK(), map[string]any{"status": "incomplete", "collection_method": "send_invoice", "days_until_due": 14})
	due := s.Get(in).OK()
	wantFields(t, due, map[string]any{"status": "open", "collection_method": "send_invoice", "due_date": int(s.Clock.Now().Unix()) + 14*86400})
	s.wantEventsOf(nil, func() { s.post(s.path(o), form) }) // the form is sent twice
	record := s.Post("/v1/payment_records/report_payment", "amount_requested[currency]", "usd", "amount_requested[value]", "900", "initiated_at", "1788264000", "payment_method_details[type]", "custom",
		"payment_method_details[custom][display_name]", "Bank transfer", "outcome", "guaranteed", "guaranteed[guaranteed_at]", "1788264000", "processor_details[type]", "custom", "processor_details[custom][payment_reference]", "TRF-1").OK().ID()
	s.wantEventsOf([]string{
		"invoice_payment.paid", "payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated", "checkout.session.async_payment_succeeded",
	}, func() { s.Post(in+"/attach_payment", "payment_record", record).OK() })
	wantFields(t, s.Get(sub).OK(), map[string]any{"status": "active"})
	wantFields(t, s.again(o), map[string]any{"payment_status": "paid"})
}

// TestHostedManualLapses lets the time pass in which somebody could have paid.
func TestHostedManualLapses(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	way := s.offerTransfers(access.Test)
	clock := s.make("CLOCK", "/v1/test_helpers/test_clocks", "frozen_time=1788264000").ID()
	customer := s.Post("/v1/customers", "email", "jenny@example.com", "test_clock", clock).OK().ID()
	o := s.session(subscribing + "&customer=" + customer)
	page := s.get(s.path(o)).Body.String()
	if w := s.post(s.path(o), s.filled(page, "method="+way+"&number=&expiry=&cvc=&name=")); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	advance := func(to string) {
		t.Helper()
		s.Post("/v1/test_helpers/test_clocks/"+clock+"/advance", "frozen_time", to).OK()
		if err := s.Engine.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sub := "/v1/subscriptions/" + s.again(o).Ref("subscription")
	advance("1789387200") // after 13 days
	wantFields(t, s.Get(sub).OK(), map[string]any{"status": "incomplete"})
	advance("1789473600") // and 14
	wantFields(t, s.Get(sub).OK(), map[string]any{"status": "incomplete_expired"})
	wantFields(t, s.Get("/v1/invoices/"+s.again(o).Ref("invoice")).OK(), map[string]any{"status": "void"})
	if types := s.Get("/v1/events", "type", "checkout.session.async_payment_failed").IDs(); len(types) != 1 {
		t.Errorf("%d events tell that it was not paid", len(types))
	}
}

// TestHostedManualOffers has sessions that offer to pay by hand and others that do not.
func TestHostedManualOffers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, env, begin string
		parts            []string
	}{
		{"a subscription", access.Test, subscribing, []string{"Bank transfer", `name="number"`}},
		{"a payment", access.Test, "", []string{"Bank transfer", `name="number"`}},
		{"a payment that is captured later", access.Test, "payment_intent_data[capture_method]=manual", []string{"!Bank transfer"}},
		{"cards alone", access.Test, subscribing + "&payment_method_types[0]=card", []string{"!Bank transfer"}},
		{"real money, without a processor", access.Live, subscribing, []string{"Bank transfer", `!name="number"`, `data-testid="pay"`, "!TEST"}},
		{"real money for a payment, without a processor", access.Live, "", []string{"Bank transfer", `!name="number"`, `data-testid="pay"`, "!TEST"}},
		{"real money that is captured later, without a processor", access.Live, "payment_intent_data[capture_method]=manual", []string{"Payments are not taken here yet", `!data-testid="pay"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStall(t)
			if c.env == access.Live {
				s.Key = s.Account.LiveSecret.Secret
				s.make("PRO", "/v1/prices", "currency=usd&unit_amount=900&recurring[interval]=month&product_data[name]=ShareSmart Pro")
				s.make("POT", "/v1/prices", "currency=usd&unit_amount=900&product_data[name]=Tea pot")
			}
			s.offerTransfers(c.env)
			o := s.session(c.begin)
			page := wantShown(t, s.get(s.path(o)), http.StatusOK, c.parts...)
			if c.env != access.Live || !strings.Contains(strings.Join(c.parts, " "), "Bank transfer") {
				return
			}
			if w := s.post(s.path(o), s.filled(page, "")); w.Code != http.StatusSeeOther {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			wantFields(t, s.again(o), map[string]any{"payment_status": "unpaid", "livemode": true})
		})
	}
}

// TestHostedManualPayment pays for goods by bank transfer, after a card that was declined: the session waits with an invoice
// over what it comes to, whatever balance the customer has.
func TestHostedManualPayment(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	way := s.offerTransfers(access.Test)
	coupon := s.Post("/v1/coupons", "amount_off", "100", "currency", "usd", "duration", "once").OK().ID()
	rate := s.Post("/v1/shipping_rates", "display_name", "Post", "type", "fixed_amount", "fixed_amount[amount]", "500", "fixed_amount[currency]", "usd").OK().ID()
	customer := s.Post("/v1/customers", "email", "jenny@example.com", "balance", "-300").OK().ID()
	o := s.session("customer=" + customer + "&discounts[0][coupon]=" + coupon + "&shipping_options[0][shipping_rate]=" + rate)
	declined := wantShown(t, s.post(s.path(o), s.filled(s.get(s.path(o)).Body.String(), "number=4000000000000002")), http.StatusPaymentRequired, "Bank transfer")
	tried := s.again(o).Ref("payment_intent")
	form := s.filled(declined, "method="+way+"&number=&expiry=&cvc=&name=")
	s.wantEventsOf([]string{
		"payment_intent.canceled", "invoice.created", "invoiceitem.created", "invoice.updated", "invoice.finalized", "payment_intent.created", "invoice.updated", "invoice.sent", "checkout.session.completed",
	}, func() {
		if w := s.post(s.path(o), form); w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "/invoices/") {
			t.Errorf("%d to %s", w.Code, w.Header().Get("Location"))
		}
	})
	after := s.again(o)
	wantFields(t, after, map[string]any{"status": "complete", "payment_status": "unpaid"})
	wantFields(t, s.Get("/v1/payment_intents/"+tried).OK(), map[string]any{"status": "canceled"})
	in := "/v1/invoices/" + after.Ref("invoice")
	due := s.Get(in).OK()
	wantFields(t, due, map[string]any{"status": "open", "collection_method": "send_invoice", "due_date": int(s.Clock.Now().Unix()) + 14*86400, "amount_due": int(after.Int("amount_total"))})
	s.wantEventsOf(nil, func() { s.post(s.path(o), form) }) // the form is sent twice
	s.wantEventsOf([]string{"payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded", "checkout.session.async_payment_succeeded"}, func() { s.Post(in+"/pay", "paid_out_of_band", "true").OK() })
	wantFields(t, s.again(o), map[string]any{"payment_status": "paid"})

	other := s.session("")
	s.post(s.path(other), s.filled(s.get(s.path(other)).Body.String(), "method="+way+"&number=&expiry=&cvc=&name="))
	s.wantEventsOf([]string{"payment_intent.canceled", "invoice.updated", "invoice.voided", "checkout.session.async_payment_failed"}, func() { s.Post("/v1/invoices/" + s.again(other).Ref("invoice") + "/void").OK() })
	wantFields(t, s.again(other), map[string]any{"payment_status": "unpaid"})
	if problems, err := s.Engine.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("the books: %v, %v", problems, err)
	}
}

// TestHostedManualTrial begins a trial whose bills are sent.
func TestHostedManualTrial(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	way := s.offerTransfers(access.Test)
	o := s.session(subscribing + "&subscription_data[trial_period_days]=7")
	page := s.get(s.path(o)).Body.String()
	s.post(s.path(o), s.filled(page, "method="+way+"&number=&expiry=&cvc=&name="))
	after := s.again(o)
	wantFields(t, after, map[string]any{"status": "complete", "payment_status": "no_payment_required"})
	wantFields(t, s.Get("/v1/subscriptions/"+after.Ref("subscription")).OK(), map[string]any{"status": "trialing", "collection_method": "send_invoice", "days_until_due": 14})
}
