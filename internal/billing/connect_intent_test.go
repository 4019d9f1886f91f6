package billing_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// payVia are the parameters of a payment intent that is confirmed at once with a card.
func payVia(account, card string, more []string) []string {
	if card == "" {
		card = "visa"
	}
	form := confirmed("pm_card_"+card, more...)
	for i := range form {
		if form[i] == "acct" {
			form[i] = account
		}
	}
	return form
}

// TestSharedIntents pays by payment intent in each of the ways to share, lets the bank's part happen later, and looks at
// both sides.
func TestSharedIntents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		direct            bool     // with Stripe-Account
		card              string   // visa if it is empty
		form              []string // of the intent; acct stands for the connected account
		capture           []string // nil leaves it out
		refund            []string // nil leaves it out
		platform, account []string // balance transactions
		intent, charge    map[string]any
	}{
		{
			name: "direct, settled later", direct: true, form: []string{"application_fee_amount", "100"},
			platform: []string{"application_fee 100"}, account: []string{"charge 2000 fee 188"},
			intent: map[string]any{"application_fee_amount": 100, "transfer_data": nil}, charge: map[string]any{"application_fee_amount": 100},
		},
		{
			name: "direct, settled at once", direct: true, form: []string{"application_fee_amount", "100", "capture_method", "automatic"},
			platform: []string{"application_fee 100"}, account: []string{"charge 2000 fee 188"},
		},
		{
			name: "direct, refunded before it is settled", direct: true, form: []string{"application_fee_amount", "100"}, refund: []string{"amount", "500", "refund_application_fee", "true"},
			platform: []string{"application_fee 100", "application_fee_refund -25"}, account: []string{"charge 2000 fee 188", "refund -500", "application_fee_refund 25"},
		},
		{
			name: "direct, captured in part with a smaller fee", direct: true, form: []string{"application_fee_amount", "100", "capture_method", "manual"},
			capture:  []string{"amount_to_capture", "1000", "application_fee_amount", "50"},
			platform: []string{"application_fee 50"}, account: []string{"charge 1000 fee 109"},
			intent: map[string]any{"application_fee_amount": 50, "amount_received": 1000}, charge: map[string]any{"application_fee_amount": 50},
		},
		{
			name: "direct, captured less than the fee", direct: true, form: []string{"application_fee_amount", "1500", "capture_method", "manual"},
			capture:  []string{"amount_to_capture", "1000"},
			platform: []string{"application_fee 1000"}, account: []string{"charge 1000 fee 1059"}, intent: map[string]any{"application_fee_amount": 1000},
		},
		{
			name: "destination", form: []string{"transfer_data[destination]", "acct", "application_fee_amount", "123", "on_behalf_of", "acct"},
			platform: []string{"charge 2000 fee 88", "transfer -2000", "application_fee 123"}, account: []string{"payment 2000 fee 123"},
			intent: map[string]any{"application": nil, "application_fee_amount": 123, "transfer_data.destination": "acct", "on_behalf_of": "acct", "transfer_group": "group_pi"},
			charge: map[string]any{"application": nil, "on_behalf_of": "acct", "transfer_group": "group_pi", "transfer_data.destination": "acct"},
		},
		{
			name: "destination with an amount, captured in part", form: []string{"transfer_data[destination]", "acct", "transfer_data[amount]", "1800", "capture_method", "manual"},
			capture:  []string{"amount_to_capture", "1000", "transfer_data[amount]", "900"},
			platform: []string{"charge 1000 fee 59", "transfer -900"}, account: []string{"payment 900"},
			intent: map[string]any{"transfer_data.amount": 900}, charge: map[string]any{"transfer_data.amount": 900},
		},
		{
			name: "destination, refunded with all", form: []string{"transfer_data[destination]", "acct", "application_fee_amount", "123"}, refund: []string{"reverse_transfer", "true", "refund_application_fee", "true"},
			platform: []string{"charge 2000 fee 88", "transfer -2000", "application_fee 123", "refund -2000", "transfer_refund 2000", "application_fee_refund -123"},
			account:  []string{"payment 2000 fee 123", "payment_refund -2000", "application_fee_refund 123"},
		},
		{
			name: "direct, disputed", direct: true, card: "createDispute", form: []string{"application_fee_amount", "100"},
			platform: []string{"application_fee 100"}, account: []string{"charge 2000 fee 188", "adjustment -2000 fee 1500"}, charge: map[string]any{"disputed": true},
		},
		{
			name: "destination, disputed", card: "createDispute", form: []string{"transfer_data[destination]", "acct", "application_fee_amount", "123"},
			platform: []string{"charge 2000 fee 88", "transfer -2000", "application_fee 123", "adjustment -2000 fee 1500"}, account: []string{"payment 2000 fee 123"}, charge: map[string]any{"disputed": true},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			account := s.Post("/v1/accounts", ready...).OK().ID()
			actor := s.Account.ID
			if c.direct {
				actor = account
			}
			intent := as(s, actor, "POST", "/v1/payment_intents", payVia(account, c.card, c.form)...).OK().ID()
			if c.capture != nil {
				as(s, actor, "POST", "/v1/payment_intents/"+intent+"/capture", c.capture...).OK()
			}
			if c.refund != nil {
				as(s, actor, "POST", "/v1/refunds", append([]string{"payment_intent", intent}, c.refund...)...).OK()
			}
			later(t, s, time.Minute)
			sound(t, s)
			shown := as(s, actor, "GET", "/v1/payment_intents/"+intent, "expand[]", "latest_charge").OK()
			charge := shown.Object("latest_charge")
			for o, want := range map[*object.Object]map[string]any{shown: c.intent, charge: c.charge} {
				for name, v := range want {
					text, _ := v.(string)
					want[name] = map[string]any{"acct": account, "group_pi": "group_" + intent}[text]
					if text == "" {
						want[name] = v
					}
				}
				wantFields(t, o, want)
			}
			if app := shown.Ref("application"); c.direct != (app != "") || app != charge.Ref("application") {
				t.Errorf("application of the intent is %q, of the charge %q", app, charge.Ref("application"))
			}
			for side, want := range map[string][]string{s.Account.ID: c.platform, account: c.account} {
				if diff := cmp.Diff(sorted(want), sorted(movements(s, side))); diff != "" {
					t.Errorf("balance transactions of %s (-want +got):\n%s", side, diff)
				}
				if got := worth(s, side); got != sum(want) {
					t.Errorf("%s has %d, want %d", side, got, sum(want))
				}
			}
		})
	}
}

// TestIntentShareRefusals asks payment intents to share what cannot be shared, on each of the ways there.
func TestIntentShareRefusals(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", ready...).OK().ID()
	open := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd").OK().ID()
	shared := s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "transfer_data[destination]", account, "application_fee_amount", "1500").OK().ID()
	held := s.Post("/v1/payment_intents", payVia(account, "", []string{"transfer_data[destination]", account, "capture_method", "manual"})...).OK().ID()
	base := []string{"amount", "2000", "currency", "usd"}
	for _, c := range []struct {
		path  string
		form  []string
		param string
		code  string
	}{
		{"", append(slices.Clone(base), "transfer_data[destination]", "acct_none"), "transfer_data[destination]", "resource_missing"},
		{"", append(slices.Clone(base), "transfer_data[destination]", account, "transfer_data[amount]", "2001"), "transfer_data[amount]", ""},
		{"", append(slices.Clone(base), "on_behalf_of", "acct_none"), "on_behalf_of", "resource_missing"},
		{"", append(slices.Clone(base), "application_fee_amount", "100"), "application_fee_amount", ""},
		{"", append(slices.Clone(base), "transfer_data[destination]", account, "application_fee_amount", "2001"), "application_fee_amount", ""},
		{"/" + open, []string{"application_fee_amount", "100"}, "application_fee_amount", ""},
		{"/" + shared, []string{"amount", "1000"}, "application_fee_amount", ""},
		{"/" + held + "/capture", []string{"amount_to_capture", "1000", "transfer_data[amount]", "1001"}, "transfer_data[amount]", ""},
		{"/" + held + "/capture", []string{"amount_to_capture", "1000", "application_fee_amount", "1001"}, "application_fee_amount", ""},
	} {
		t.Run(fmt.Sprint(c.path, c.form[len(c.form)-2:]), func(t *testing.T) {
			a := s.Post("/v1/payment_intents"+c.path, c.form...)
			if got := a.Fails(400, c.code).String("param"); got != c.param {
				t.Errorf("blames %q, want %q", got, c.param)
			}
		})
	}
}

// TestSetupIntentApplication sets a card up for a connected account.
func TestSetupIntentApplication(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", ready...).OK().ID()
	for actor, wanted := range map[string]bool{s.Account.ID: false, account: true} {
		si := as(s, actor, "POST", "/v1/setup_intents", "payment_method", "pm_card_visa", "payment_method_types[]", "card", "confirm", "true", "expand[]", "latest_attempt").OK()
		if app := si.Ref("application"); (app != "") != wanted || si.Object("latest_attempt").Ref("application") != app {
			t.Errorf("application is %q, of the attempt %q", app, si.Object("latest_attempt").Ref("application"))
		}
	}
}
