package billing_test

import (
	"testing"

	"sharesmart/internal/servertest"
)

// What cannot be done is refused, in Stripe's words, and not passed over.
func TestRefusedParameters(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	account := v.Post("/v1/accounts", ready...).OK().ID()
	sub := v.subscribe("").OK().ID()
	const ahead = "billing_schedules[0][bill_until][type]=duration billing_schedules[0][bill_until][duration][interval]=month"
	const details = "subscription_details[billing_schedules][0][bill_until][type]=timestamp subscription_details[billing_schedules][0][bill_until][timestamp]=1900000000"
	refuse(t, v.Server, []refusal{
		{"an account for a customer", "/v1/invoices", "customer_account=" + account, "", "customer_account", "customer configuration"},
		{"an account that is not there", "/v1/subscriptions", "customer_account=acct_none items[0][price]=" + v.monthly, "resource_missing", "customer_account", "No such account: 'acct_none'"},
		{"an account at a session", "/v1/checkout/sessions", "mode=setup currency=usd success_url=https://shop.example customer_account=" + account, "", "customer_account", ""},
		{"an account for an intent", "/v1/payment_intents", "amount=100 currency=usd customer_account=" + account, "", "customer_account", ""},
		{"credits of an account", "/v1/billing/credit_grants", "amount[type]=monetary amount[monetary][value]=1 amount[monetary][currency]=usd applicability_config[scope][price_type]=metered customer_account=" + account, "", "customer_account", ""},
		{"billed ahead from the start", "/v1/subscriptions", "customer=" + v.customer + " items[0][price]=" + v.monthly + " " + ahead, "parameter_unknown", "billing_schedules", "Received unknown parameter: billing_schedules"},
		{"billed ahead from now on", "/v1/subscriptions/" + sub, ahead, "parameter_unknown", "billing_schedules", ""},
		{"a preview of that", "/v1/invoices/create_preview", "subscription=" + sub + " " + details, "parameter_unknown", "subscription_details[billing_schedules]", ""},
	})
	if got := v.Get("/v1/subscriptions", "customer", v.customer).IDs(); len(got) != 1 {
		t.Errorf("there are the subscriptions %q, want the first alone", got)
	}
	if got := v.Get("/v1/invoices", "customer_account", account).IDs(); len(got) != 0 {
		t.Errorf("the account was billed by %q", got)
	}
	v.Post("/v1/subscriptions/"+sub, "billing_schedules", "").OK()
}

// A subscription ends with what it is billed until.
func TestCancelAtBilledUntil(t *testing.T) {
	t.Parallel()
	v := newSubscribed(t, "pm_card_visa")
	for at, months := range map[string]int{"min_period_end": 1, "max_period_end": 12, "max_billed_until": 12} {
		sub := v.Post("/v1/subscriptions", form("customer="+v.customer+" billing_mode[type]=flexible items[0][price]="+v.monthly+" items[1][price]="+v.yearly)...).OK().ID()
		wantFields(t, v.Post("/v1/subscriptions/"+sub, "cancel_at", at, "proration_behavior", "none").OK(), map[string]any{"cancel_at": int(servertest.Start.AddDate(0, months, 0).Unix()), "cancel_at_period_end": false})
	}
}
