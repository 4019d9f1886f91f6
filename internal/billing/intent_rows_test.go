package billing_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// TestIntentRows takes payment and setup intents through what can become of them, and states the events of each step.
// A step is a path below the intent and a form; "wait" lets a day pass, "refused" at the end says that the status forbids
// it, and "declined" that it ends with 402.
func TestIntentRows(t *testing.T) {
	t.Parallel()
	const (
		card = "payment_method_types[]=card payment_method=pm_card_"
		ach  = "payment_method_types[]=us_bank_account payment_method=pm_usBankAccount_"
		sepa = "currency=eur payment_method_types[]=sepa_debit payment_method=pm_sepaDebit_"
		yes  = " mandate_data[customer_acceptance][type]=offline"
	)
	type step struct{ do, events, status string }
	paying := step{"confirm", "charge.pending payment_intent.processing", "processing"}
	for _, c := range []struct {
		name, form string // of the create
		steps      []step
	}{
		{"a method comes later", "payment_method_types[]=card", []step{
			{"", "", "requires_payment_method"}, {" payment_method=pm_card_visa", "", "requires_confirmation"}, {" payment_method=", "", "requires_payment_method"},
			{"confirm payment_method=pm_card_visa", "charge.succeeded payment_intent.succeeded", "succeeded"},
			{"cancel refused", "", "succeeded"}, {"confirm refused", "", "succeeded"}, {"capture refused", "", "succeeded"}, {" amount=300 refused", "", "succeeded"},
			{"wait", "charge.updated", "succeeded"},
		}},
		{"canceled", card + "visa", []step{
			{"cancel", "payment_intent.canceled", "canceled"}, {"cancel refused", "", "canceled"}, {"confirm refused", "", "canceled"}, {"capture refused", "", "canceled"}, {" amount=300 refused", "", "canceled"}, {"wait", "", "canceled"},
		}},
		{"declined, then another card", card + "visa_chargeDeclined", []step{
			{"confirm declined", "charge.failed payment_intent.payment_failed", "requires_payment_method"},
			{"confirm payment_method=pm_card_visa", "charge.succeeded payment_intent.succeeded", "succeeded"},
		}},
		{"blocked", card + "radarBlock", []step{{"confirm declined", "charge.failed payment_intent.payment_failed", "requires_payment_method"}}},
		{"canceled while the customer should act", card + "threeDSecure2Required", []step{
			{"confirm", "payment_intent.requires_action", "requires_action"}, {"capture refused", "", "requires_action"}, {"cancel", "payment_intent.canceled", "canceled"}, {"authenticate refused", "", "canceled"},
		}},
		{"authorized, captured in part", "capture_method=manual " + card + "visa", []step{
			{"confirm", "charge.succeeded payment_intent.amount_capturable_updated", "requires_capture"}, {" amount=300 refused", "", "requires_capture"},
			{"capture amount_to_capture=700", "charge.captured payment_intent.succeeded", "succeeded"}, {"capture refused", "", "succeeded"}, {"wait", "", "succeeded"},
		}},
		{"authorized, released", "capture_method=manual " + card + "visa", []step{
			{"confirm", "charge.succeeded payment_intent.amount_capturable_updated", "requires_capture"}, {"cancel", "charge.refunded payment_intent.canceled", "canceled"}, {"wait", "", "canceled"},
		}},
		{"a bank agrees", ach + "success", []step{{paying.do + yes, paying.events, paying.status}, {" amount=300 refused", "", "processing"}, {"wait", "charge.succeeded payment_intent.succeeded", "succeeded"}}},
		{"a bank refuses", ach + "insufficientFunds", []step{{paying.do + yes, paying.events, paying.status}, {"wait", "charge.failed payment_intent.payment_failed", "requires_payment_method"}}},
		{"stopped on the way to the bank", ach + "processing", []step{{paying.do + yes, paying.events, paying.status}, {"wait", "", "processing"}, {"cancel", "charge.failed payment_intent.canceled", "canceled"}, {"wait", "", "canceled"}}},
		{"cannot be stopped", sepa + "success_de", []step{{paying.do + yes, paying.events, paying.status}, {"cancel refused", "", "processing"}, {"wait", "charge.succeeded payment_intent.succeeded", "succeeded"}}},
		{"disputed", card + "createDispute", []step{{"confirm", "charge.succeeded payment_intent.succeeded charge.updated charge.dispute.created charge.dispute.funds_withdrawn", "succeeded"}}},
		{"warned of", card + "createIssuerFraudRecord", []step{{"confirm", "charge.succeeded payment_intent.succeeded radar.early_fraud_warning.created", "succeeded"}, {"wait", "charge.updated", "succeeded"}}},
		{"reviewed", card + "riskLevelElevated", []step{{"confirm", "charge.succeeded payment_intent.succeeded review.opened", "succeeded"}}},
		{"set up", "setup", []step{
			{" payment_method=pm_card_visa", "", "requires_confirmation"}, {"confirm", "setup_intent.succeeded", "succeeded"}, {"cancel refused", "", "succeeded"}, {"confirm refused", "", "succeeded"},
		}},
		{"set up, declined", "setup", []step{
			{"confirm payment_method=pm_card_visa_chargeDeclined declined", "setup_intent.setup_failed", "requires_payment_method"}, {"cancel", "setup_intent.canceled", "canceled"}, {"confirm refused", "", "canceled"}, {"cancel refused", "", "canceled"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			kind, create := "payment_intent", form("amount=2000 "+strings.TrimPrefix("currency=usd "+c.form, map[bool]string{true: "currency=usd "}[strings.HasPrefix(c.form, "currency=")]))
			if c.form == "setup" {
				kind, create = "setup_intent", form("payment_method_types[]=card")
			}
			path := "/v1/" + kind + "s/" + s.Post("/v1/"+kind+"s", create...).OK().ID()
			for _, st := range c.steps {
				events := eventsOf(s, func() { walk(t, s, path, st.do) })
				if diff := cmp.Diff(st.events, strings.Join(types(events), " ")); diff != "" {
					t.Errorf("events of %q (-want +got):\n%s", st.do, diff)
				}
				if got := s.Get(path).OK().String("status"); got != st.status {
					t.Fatalf("after %q the intent is %s, want %s", st.do, got, st.status)
				}
			}
			sound(t, s)
		})
	}
}

// walk takes one step of the table above.
func walk(t *testing.T, s *servertest.Server, path, do string) {
	t.Helper()
	if do == "wait" {
		later(t, s, 24*time.Hour)
		return
	}
	do, refused := strings.CutSuffix(do, " refused")
	do, declined := strings.CutSuffix(do, " declined")
	verb, params, _ := strings.Cut(do, " ")
	to := path
	switch verb {
	case "":
	case "authenticate":
		to = strings.Replace(path, "/v1/", "/v1/test_helpers/", 1) + "/" + verb
	default:
		to += "/" + verb
	}
	kind := strings.Split(path, "/")[2]
	kind = kind[:len(kind)-1]
	if verb == "" && params == "" {
		return
	}
	a := s.Post(to, form(params)...)
	switch {
	case refused:
		wantFields(t, a.Fails(http.StatusBadRequest, kind+"_unexpected_state"), map[string]any{kind + ".id": path[strings.LastIndex(path, "/")+1:], "type": "invalid_request_error"})
	case declined:
		wantFields(t, a.Fails(http.StatusPaymentRequired, "card_declined"), map[string]any{kind + ".status": "requires_payment_method", "payment_method.object": "payment_method"})
	default:
		a.OK()
	}
}

// A confirmation that is declined answers the same to the same key, and asks the bank once.
func TestDeclinedReplay(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"pm_card_visa_chargeDeclined", "pm_card_visa"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			intent := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "payment_method_types[]", "card").OK().ID()
			send := func() *servertest.Answer {
				return s.Do(servertest.Request{Method: "POST", Path: "/v1/payment_intents/" + intent + "/confirm", Form: []string{"payment_method", method}, Header: http.Header{"Idempotency-Key": {"once"}}})
			}
			first := send()
			wantEvents(t, s, nil, func() {
				again := send()
				if diff := cmp.Diff(string(first.Body), string(again.Body)); diff != "" || again.Status != first.Status || again.Header.Get("Idempotent-Replayed") != "true" {
					t.Errorf("the replay answers %d, replayed %q, not %d: %s", again.Status, again.Header.Get("Idempotent-Replayed"), first.Status, diff)
				}
			})
			if got := s.Get("/v1/charges", "payment_intent", intent).IDs(); len(got) != 1 {
				t.Errorf("the charges are %v, want one", got)
			}
		})
	}
}
