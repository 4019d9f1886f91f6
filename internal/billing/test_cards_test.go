package billing_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// testCard is a row of Stripe's testing page: what confirming a payment with it comes to.
type testCard struct {
	name    string // after pm_card_
	number  string // typed instead of the name, if not empty
	form    []string
	status  string // of the intent
	code    string // of the error that the request ends with, if it does
	decline string
	events  []string // after payment_intent.created
	outcome map[string]any
}

var (
	paidEvents     = []string{"charge.succeeded", "payment_intent.succeeded"}
	declinedEvents = []string{"charge.failed", "payment_intent.payment_failed"}
	actionEvents   = []string{"payment_intent.requires_action"}
	disputedEvents = append(slices.Clone(paidEvents), "charge.updated", "charge.dispute.created", "charge.dispute.funds_withdrawn")
	inquiryEvents  = append(slices.Clone(paidEvents), "charge.updated", "charge.dispute.created")
)

// worksAlike are cards that are taken without any ado: brands, co-brands, countries.
var worksAlike = []string{
	"visa", "us", "visa_debit", "mastercard", "mastercard_debit", "mastercard_prepaid", "amex", "discover", "diners", "jcb", "unionpay",
	"visa_cartesBancaires", "mastercard_cartesBancaires", "visa_debit_eftposAuCoBranded", "mastercard_debit_eftposAuCoBranded",
	"debit_visaFsaProductCode", "debit_visaHsaProductCode", "mastercard_debit_mastercardFsaProductCode", "amex_threeDSecureNotSupported",
	"ar", "br", "ca", "cl", "co", "cr", "ec", "mx", "pa", "py", "pe", "uy", "ae", "ae_mastercard", "at", "be", "bg", "by", "hr", "cy", "cz", "dk", "ee", "fi", "fr", "de",
	"gi", "gr", "hu", "ie", "it", "lv", "li", "lt", "lu", "mt", "nl", "no", "pl", "pt", "ro", "si", "sk", "es", "se", "ch", "gb", "gb_debit", "gb_mastercard",
	"au", "cn", "hk", "in", "jp", "my", "nz", "sg", "tw", "th_credit", "th_debit",
	"cvcCheckFail", "avsZipFail", "avsLine1Fail", "avsFail", "avsUnchecked", "bypassPending", "bypassPendingInternational", "pendingRefund", "refundFail",
	"threeDSecureOptional",
}

func testCards() []testCard {
	rows := []testCard{
		{name: "visa_chargeDeclined", status: "requires_payment_method", code: "card_declined", decline: "generic_decline", events: declinedEvents},
		{name: "chargeDeclined", status: "requires_payment_method", code: "card_declined", decline: "generic_decline", events: declinedEvents},
		{name: "visa_chargeDeclinedInsufficientFunds", status: "requires_payment_method", code: "card_declined", decline: "insufficient_funds", events: declinedEvents},
		{name: "visa_chargeDeclinedLostCard", status: "requires_payment_method", code: "card_declined", decline: "lost_card", events: declinedEvents},
		{name: "visa_chargeDeclinedStolenCard", status: "requires_payment_method", code: "card_declined", decline: "stolen_card", events: declinedEvents},
		{name: "chargeDeclinedExpiredCard", status: "requires_payment_method", code: "expired_card", events: declinedEvents},
		{name: "chargeDeclinedIncorrectCvc", status: "requires_payment_method", code: "incorrect_cvc", events: declinedEvents},
		{name: "chargeDeclinedProcessingError", status: "requires_payment_method", code: "processing_error", events: declinedEvents},
		{name: "visa_chargeDeclinedVelocityLimitExceeded", status: "requires_payment_method", code: "card_declined", decline: "card_velocity_exceeded", events: declinedEvents},
		{name: "chargeCustomerFail", status: "requires_payment_method", code: "card_declined", decline: "generic_decline", events: declinedEvents},
		{name: "radarBlock", status: "requires_payment_method", code: "card_declined", decline: "fraudulent", events: declinedEvents, outcome: map[string]any{"outcome.type": "blocked", "outcome.risk_level": "highest", "status": "failed"}},
		{name: "riskLevelHighest", status: "requires_payment_method", code: "card_declined", decline: "fraudulent", events: declinedEvents, outcome: map[string]any{"outcome.risk_level": "highest"}},
		{name: "riskLevelElevated", status: "succeeded", events: append(slices.Clone(paidEvents), "review.opened"), outcome: map[string]any{"outcome.risk_level": "elevated"}},
		{name: "authenticationRequired", status: "requires_action", events: actionEvents},
		{name: "authenticationRequired", form: []string{"off_session", "true"}, status: "requires_payment_method", code: "authentication_required", decline: "authentication_required", events: declinedEvents},
		{name: "authenticationRequiredOnSetup", status: "requires_action", events: actionEvents},
		{name: "authenticationRequiredOnSetup", form: []string{"off_session", "true"}, status: "requires_payment_method", code: "authentication_required", decline: "authentication_required", events: declinedEvents},
		{name: "authenticationRequiredSetupForOffSession", form: []string{"off_session", "true"}, status: "succeeded", events: paidEvents},
		{name: "authenticationRequiredSetupForOffSession", status: "requires_action", events: actionEvents},
		{name: "authenticationRequiredChargeDeclinedInsufficientFunds", status: "requires_action", events: actionEvents},
		{name: "threeDSecure2Required", status: "requires_action", events: actionEvents},
		{number: "4000008400000027", status: "requires_action", events: actionEvents},
		{name: "threeDSecureRequiredChargeDeclined", status: "requires_action", events: actionEvents},
		{name: "threeDSecureRequiredProcessingError", status: "requires_payment_method", code: "card_declined", events: declinedEvents},
		{name: "threeDSecureOptional", form: []string{"payment_method_options[card][request_three_d_secure]", "any"}, status: "requires_action", events: actionEvents},
		{name: "amex_threeDSecureNotSupported", form: []string{"payment_method_options[card][request_three_d_secure]", "any"}, status: "succeeded", events: paidEvents},
		{name: "visa", form: []string{"payment_method_options[card][request_three_d_secure]", "any"}, status: "succeeded", events: paidEvents},
		{name: "createDispute", status: "succeeded", events: disputedEvents, outcome: map[string]any{"disputed": true}},
		{name: "createDisputeProductNotReceived", status: "succeeded", events: disputedEvents, outcome: map[string]any{"disputed": true}},
		{name: "createDisputeInquiry", status: "succeeded", events: inquiryEvents},
		{name: "createIssuerFraudRecord", status: "succeeded", events: append(slices.Clone(paidEvents), "radar.early_fraud_warning.created")},
	}
	for _, name := range worksAlike {
		rows = append(rows, testCard{name: name, status: "succeeded", events: paidEvents})
	}
	for _, number := range []string{"2223003122003222", "371449635398431", "6011000990139424", "6011981111111113", "36227206271667", "6555900000604105", "6200000000000047", "6205500000000000004"} {
		rows = append(rows, testCard{number: number, status: "succeeded", events: paidEvents})
	}
	return rows
}

// Every card of the testing page does what the page says.
func TestTestCards(t *testing.T) {
	t.Parallel()
	for _, c := range testCards() {
		t.Run(c.name+c.number, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			form := []string{"amount", "2000", "currency", "usd", "confirm", "true", "payment_method_types[]", "card"}
			if c.number == "" {
				form = append(form, "payment_method", "pm_card_"+c.name)
			} else {
				form = append(form, "payment_method_data[type]", "card", "payment_method_data[card][number]", c.number, "payment_method_data[card][exp_month]", "12", "payment_method_data[card][exp_year]", "2030")
			}
			wantEvents(t, s, append([]string{"payment_intent.created"}, c.events...), func() {
				a := s.Post("/v1/payment_intents", append(form, c.form...)...)
				if c.code == "" {
					a.OK()
					return
				}
				want := map[string]any{"decline_code": nil}
				if c.decline != "" {
					want["decline_code"] = c.decline
				}
				if c.name == "threeDSecureRequiredProcessingError" {
					delete(want, "decline_code")
				}
				wantFields(t, a.Fails(http.StatusPaymentRequired, c.code), want)
			})
			intent := s.Get("/v1/payment_intents/" + s.Get("/v1/payment_intents").IDs()[0]).OK()
			wantFields(t, intent, map[string]any{"status": c.status})
			if c.outcome != nil {
				wantFields(t, s.Get("/v1/charges/"+intent.String("latest_charge")).OK(), c.outcome)
			}
			sound(t, s)
		})
	}
}

// bankRow is a test account of a bank: what becomes of a payment from it.
type bankRow struct {
	method, kind, currency string
	wait                   time.Duration
	status                 string // after it
	failure                string // code of the charge
}

func TestTestBanks(t *testing.T) {
	t.Parallel()
	ach := func(name, status, failure string) bankRow {
		return bankRow{method: "pm_usBankAccount_" + name, kind: "us_bank_account", currency: "usd", status: status, failure: failure}
	}
	sepa := func(name string, wait time.Duration, status, failure string) bankRow {
		return bankRow{method: "pm_sepaDebit_" + name, kind: "sepa_debit", currency: "eur", wait: wait, status: status, failure: failure}
	}
	for _, c := range []bankRow{
		ach("success", "succeeded", ""), ach("accountClosed", "requires_payment_method", "account_closed"), ach("noAccount", "requires_payment_method", "no_account"),
		ach("insufficientFunds", "requires_payment_method", "insufficient_funds"), ach("debitNotAuthorized", "requires_payment_method", "debit_not_authorized"),
		ach("invalidCurrency", "requires_payment_method", "invalid_currency"), ach("processing", "processing", ""), ach("dispute", "succeeded", ""),
		sepa("success_de", 0, "succeeded", ""), sepa("successDelayed_de", 4*time.Minute, "succeeded", ""), sepa("failed_fr", 0, "requires_payment_method", "*"),
		sepa("failedDelayed_at", 4*time.Minute, "requires_payment_method", "*"), sepa("disputed_nl", 0, "succeeded", ""), sepa("insufficientFunds_es", 0, "requires_payment_method", "insufficient_funds"),
		{method: "pm_bacsDebit_success", kind: "bacs_debit", currency: "gbp", status: "succeeded"},
		{method: "pm_bacsDebit_insufficientFunds", kind: "bacs_debit", currency: "gbp", status: "requires_payment_method", failure: "insufficient_funds"},
		{method: "pm_auBecsDebit_success", kind: "au_becs_debit", currency: "aud", status: "succeeded"},
		{method: "pm_auBecsDebit_accountClosed", kind: "au_becs_debit", currency: "aud", status: "requires_payment_method", failure: "account_closed"},
	} {
		t.Run(c.method, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			var id string
			wantEvents(t, s, []string{"payment_intent.created", "charge.pending", "payment_intent.processing"}, func() {
				intent := s.Post("/v1/payment_intents", "amount", "2000", "currency", c.currency, "payment_method", c.method, "confirm", "true", "payment_method_types[]", c.kind,
					"mandate_data[customer_acceptance][type]", "offline").OK()
				wantFields(t, intent, map[string]any{"status": "processing", "amount_received": 0})
				id = intent.ID()
			})
			if c.wait > 0 {
				s.Clock.Advance(time.Minute)
				if err := s.Engine.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
				wantFields(t, s.Get("/v1/payment_intents/"+id).OK(), map[string]any{"status": "processing"})
			}
			s.Clock.Advance(c.wait + time.Second)
			if err := s.Engine.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			intent := s.Get("/v1/payment_intents/" + id).OK()
			wantFields(t, intent, map[string]any{"status": c.status})
			charge := s.Get("/v1/charges/" + intent.String("latest_charge")).OK()
			if charge.Object("payment_method_details").Object(c.kind).Ref("mandate") == "" {
				t.Error("the charge names no mandate")
			}
			code := charge.String("failure_code")
			if c.failure == "*" && code == "" || c.failure != "*" && code != c.failure {
				t.Errorf("the charge failed with %q, want %q", code, c.failure)
			}
			sound(t, s)
		})
	}
}
