package billing_test

import (
	"net/http"
	"slices"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// as sends a request that acts for a connected account.
func as(s *servertest.Server, account, method, path string, form ...string) *servertest.Answer {
	return s.Do(servertest.Request{Method: method, Path: path, Form: form, Header: http.Header{"Stripe-Account": {account}}})
}

// ready is all that an individual's account must give to be enabled at once.
var ready = []string{
	"type", "custom", "country", "US", "capabilities[card_payments][requested]", "true", "capabilities[transfers][requested]", "true",
	"business_type", "individual", "business_profile[mcc]", "5734", "business_profile[url]", "https://example.com",
	"tos_acceptance[date]", "1788264000", "tos_acceptance[ip]", "127.0.0.1", "external_account", "btok_us_verified",
	"individual[first_name]", "Jenny", "individual[last_name]", "Rosen", "individual[email]", "jenny@example.com", "individual[phone]", "+15555550100",
	"individual[dob][day]", "1", "individual[dob][month]", "1", "individual[dob][year]", "1901", "individual[ssn_last_4]", "0000",
	"individual[address][line1]", "address_full_match", "individual[address][city]", "Columbus", "individual[address][state]", "OH", "individual[address][postal_code]", "43214",
}

// without leaves names out of a form, and with puts others in.
func without(form []string, names ...string) []string {
	var out []string
	for i := 0; i < len(form); i += 2 {
		if !slices.Contains(names, form[i]) {
			out = append(out, form[i], form[i+1])
		}
	}
	return out
}

func with(form []string, more ...string) []string {
	var names []string
	for i := 0; i < len(more); i += 2 {
		names = append(names, more[i])
	}
	return append(without(form, names...), more...)
}

func texts(v any) []string {
	out := []string{}
	list, _ := v.([]any)
	for _, t := range list {
		out = append(out, t.(string))
	}
	return out
}

func TestAccountRequirements(t *testing.T) {
	t.Parallel()
	enabled := map[string]any{
		"charges_enabled": true, "payouts_enabled": true, "details_submitted": true, "capabilities.card_payments": "active", "capabilities.transfers": "active",
		"requirements.currently_due": []any{}, "requirements.eventually_due": []any{}, "requirements.disabled_reason": nil, "individual.verification.status": "verified",
	}
	disabled := map[string]any{"charges_enabled": false, "payouts_enabled": false, "capabilities.card_payments": "inactive", "requirements.disabled_reason": "requirements.past_due"}
	for _, c := range []struct {
		name   string
		form   []string
		due    []string // that disabled adds to what is expected of the account
		want   map[string]any
		events []string
	}{
		{name: "ready", form: ready, want: enabled, events: []string{"account.external_account.created", "account.updated", "capability.updated", "capability.updated", "person.created"}},
		{name: "express", form: with(ready, "type", "express"), want: enabled},
		{name: "the least", form: without(ready, "capabilities[card_payments][requested]", "business_profile[mcc]", "business_profile[url]", "individual[email]", "individual[phone]"),
			want: map[string]any{"charges_enabled": true, "payouts_enabled": true, "capabilities.transfers": "active", "requirements.eventually_due": []any{}}},
		{name: "the least elsewhere", form: with(without(ready, "capabilities[card_payments][requested]", "business_profile[mcc]", "business_profile[url]", "individual[email]", "individual[phone]",
			"individual[ssn_last_4]", "individual[address][line1]", "individual[address][city]", "individual[address][state]", "individual[address][postal_code]"), "country", "DE"),
			want: map[string]any{"charges_enabled": true, "payouts_enabled": true, "capabilities.transfers": "active", "default_currency": "eur"}},
		{name: "nothing", form: []string{"type", "custom", "capabilities[transfers][requested]", "true"}, want: map[string]any{
			"charges_enabled": false, "details_submitted": false, "capabilities.transfers": "inactive", "country": "US", "default_currency": "usd",
			"requirements.disabled_reason": "requirements.past_due",
			"requirements.currently_due": []any{"business_type", "external_account", "individual.address.city", "individual.address.line1", "individual.address.postal_code",
				"individual.address.state", "individual.dob.day", "individual.dob.month", "individual.dob.year", "individual.first_name", "individual.last_name",
				"individual.ssn_last_4", "tos_acceptance.date", "tos_acceptance.ip"},
		}, events: nil},
		{name: "no terms", form: without(ready, "tos_acceptance[date]", "tos_acceptance[ip]"), due: []string{"tos_acceptance.date", "tos_acceptance.ip"}, want: disabled},
		{name: "no last name", form: without(ready, "individual[last_name]"), due: []string{"individual.last_name"}, want: disabled},
		{name: "transfers need less", form: without(ready, "business_profile[mcc]"), due: []string{"business_profile.mcc"}, want: map[string]any{
			"capabilities.transfers": "active", "capabilities.card_payments": "inactive", "charges_enabled": false,
		}},
		{name: "nowhere to be paid", form: without(ready, "external_account"), due: []string{"external_account"}, want: map[string]any{
			"charges_enabled": true, "payouts_enabled": false, "capabilities.card_payments": "active",
		}},
		{name: "nobody knows the person", form: with(ready, "individual[dob][year]", "1980", "individual[address][line1]", "1 Main St"), want: map[string]any{
			"charges_enabled": true, "payouts_enabled": true, "requirements.eventually_due": []any{"individual.verification.document"}, "individual.verification.status": "unverified",
		}},
		{name: "wrong number", form: with(without(ready, "individual[ssn_last_4]"), "individual[id_number]", "111-11-1111"), due: []string{"individual.verification.document"}, want: map[string]any{
			"charges_enabled": false, "requirements.errors.0.code": "verification_failed_keyed_identity", "individual.id_number_provided": true, "details_submitted": true,
		}},
		{name: "bad document", form: with(ready, "individual[verification][document][front]", "file_identity_document_failure"), due: []string{"individual.verification.document"}, want: map[string]any{
			"requirements.errors.0.code": "verification_document_failed_test_mode", "charges_enabled": false,
		}},
		{name: "good document", form: with(ready, "individual[address][line1]", "address_no_match", "individual[verification][document][front]", "file_identity_document_success"), want: enabled},
		{name: "on a list", form: with(ready, "individual[dob][year]", "1900"), want: map[string]any{
			"charges_enabled": false, "capabilities.transfers": "pending", "requirements.pending_verification": []any{"individual.verification.document"},
			"requirements.disabled_reason": "requirements.pending_verification",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			var a *object.Object
			events := eventsOf(s, func() { a = s.Post("/v1/accounts", c.form...).OK() })
			wantFields(t, a, c.want)
			if c.due != nil {
				if got := texts(a.At("requirements", "currently_due")); !slices.Equal(got, c.due) {
					t.Errorf("due are %q, want %q", got, c.due)
				}
			}
			if got := types(events); c.events != nil {
				slices.Sort(got)
				if !slices.Equal(got, c.events) {
					t.Errorf("events %q, want %q", got, c.events)
				}
			}
			for _, e := range events {
				if e.String("account") != a.ID() {
					t.Errorf("%s is of account %q, want %q", e.String("type"), e.String("account"), a.ID())
				}
			}
		})
	}
}
