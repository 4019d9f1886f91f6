package docs_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// debit says how a type of payment methods names an account, and in which currency it is debited.
type debit struct {
	currency string
	number   func(number string) []string
}

var debits = map[string]debit{
	"us_bank_account": {"usd", func(n string) []string {
		return []string{"routing_number", "110000000", "account_number", n, "account_holder_type", "individual"}
	}},
	"sepa_debit":    {"eur", func(n string) []string { return []string{"iban", n} }},
	"bacs_debit":    {"gbp", func(n string) []string { return []string{"sort_code", "108800", "account_number", n} }},
	"au_becs_debit": {"aud", func(n string) []string { return []string{"bsb_number", "000000", "account_number", n} }},
	"acss_debit": {"cad", func(n string) []string {
		return []string{"institution_number", "000", "transit_number", "11000", "account_number", n}
	}},
	"nz_bank_account": {"nzd", func(n string) []string {
		return []string{"bank_code", "11", "branch_code", "0000", "account_number", n[:7], "suffix", n[7:]}
	}},
}

// bankClaims are how to see whether what a page says of an account is so.
var bankClaims = map[string]func(t *testing.T, p *trial) bool{
	"paid":                         settles(0, "succeeded"),
	"paid after three minutes":     settles(3*time.Minute, "succeeded"),
	"fails":                        settles(0, "requires_payment_method"),
	"fails after three minutes":    settles(3*time.Minute, "requires_payment_method"),
	"cannot be verified":           settles(0, "requires_payment_method"),
	"the bank refuses the mandate": settles(0, "requires_payment_method"),
	"refused at once":              func(_ *testing.T, p *trial) bool { return p.refused() },
	"refused when it is typed":     func(_ *testing.T, p *trial) bool { return p.answer.Object.Object("error").String("code") == p.code },
	"blocked, as too risky":        func(_ *testing.T, p *trial) bool { return p.charge.Object("outcome").String("type") == "blocked" },
	"stays":                        settles(0, "processing"),
	"disputed":                     disputed("needs_response"),
	"payouts to it fail":           func(*testing.T, *trial) bool { return true }, // TestPayoutAccounts sees to it
}

// settles sees what the bank answers after a time, and that it does not before.
func settles(after time.Duration, status string) func(t *testing.T, p *trial) bool {
	return func(t *testing.T, p *trial) bool {
		rest := after
		if rest > 0 {
			p.later(t, rest-time.Second)
			if p.now().String("status") != "processing" {
				return false
			}
			rest = time.Second
		}
		p.later(t, rest)
		now := p.now()
		return now.String("status") == status && (status != "requires_payment_method" || now.Object("last_payment_error").String("code") == p.code)
	}
}

// now is the payment as it is.
func (p *trial) now() *object.Object { return p.Get("/v1/payment_intents/" + p.intent.ID()).OK() }

var bankHeadings = map[string]string{
	"us_bank_account": "ACH Direct Debit: us_bank_account", "sepa_debit": "SEPA Direct Debit: sepa_debit", "bacs_debit": "Bacs Direct Debit: bacs_debit",
	"au_becs_debit": "BECS Direct Debit: au_becs_debit", "acss_debit": "Pre-authorised debit: acss_debit", "nz_bank_account": "New Zealand: nz_bank_account",
}

// TestBankAccounts debits every account that the page has, and sees whether what the page says of it is so.
func TestBankAccounts(t *testing.T) {
	t.Parallel()
	for kind, d := range debits {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			for _, r := range rowsOf(t, "test-bank-accounts", bankHeadings[kind]) {
				made := s.For(t).Post("/v1/payment_methods", d.typed(kind, r.number)...)
				methods := slices.DeleteFunc(slices.Clone(r.names), func(name string) bool { return strings.HasPrefix(name, "btok_") })
				if made.Status == http.StatusOK {
					methods = append(methods, made.Object.ID())
				} else {
					r.holds(t, &trial{Server: s.For(t), answer: made}, bankClaims)
				}
				for _, method := range methods {
					p := (&trial{Server: s.For(t), method: func() string { return method }, with: []string{
						"currency", d.currency, "payment_method_types[]", kind, "mandate_data[customer_acceptance][type]", "offline",
					}}).pay()
					r.holds(t, p.verified(), bankClaims)
				}
			}
		})
	}
}

// typed are the parameters of a payment method of an account.
func (d debit) typed(kind, number string) []string {
	form := []string{"type", kind, "billing_details[name]", "Jenny Rosen", "billing_details[email]", "jenny@example.com", "billing_details[address][line1]", "1 Main Street"}
	for i, v := range d.number(number) {
		if i%2 == 0 {
			v = kind + "[" + v + "]"
		}
		form = append(form, v)
	}
	return form
}

// verified is the payment after its customer has told the deposits, if the bank asks for them.
func (p *trial) verified() *trial {
	if p.status("requires_action") {
		p.Post("/v1/payment_intents/"+p.intent.ID()+"/verify_microdeposits", "amounts[]", "32", "amounts[]", "45")
		p.intent = p.now()
		p.look()
	}
	return p
}

// seller is a connected account with money to pay out.
type seller struct {
	*servertest.Server
	account string
}

func newSeller(t *testing.T) *seller {
	t.Helper()
	s := servertest.New(t)
	p := &seller{s, s.Post("/v1/accounts", "type", "custom", "country", "US").OK().ID()}
	p.as("/v1/charges", "amount", "999999", "currency", "usd", "source", "tok_bypassPending").OK()
	return p
}

func (p *seller) as(path string, form ...string) *servertest.Answer {
	return p.Do(servertest.Request{Method: http.MethodPost, Path: path, Form: form, Header: http.Header{"Stripe-Account": {p.account}}})
}

// payOut pays out to what is given as an external account, and returns it and the code of the failure.
func (p *seller) payOut(t *testing.T, external ...string) (to *object.Object, failure string) {
	t.Helper()
	to = p.Post("/v1/accounts/"+p.account+"/external_accounts", external...).OK()
	payout := p.as("/v1/payouts", "amount", "1000", "currency", "usd", "destination", to.ID()).OK()
	p.Clock.Advance(7 * 24 * time.Hour)
	if err := p.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := p.Do(servertest.Request{Path: "/v1/payouts/" + payout.ID(), Header: http.Header{"Stripe-Account": {p.account}}}).OK()
	if status := now.String("status"); status != "paid" && status != "failed" {
		t.Errorf("the payout to %v is %s", external, status)
	}
	return to, now.String("failure_code")
}

// TestPayoutAccounts pays out to every account that the page has, those for debits in the United States included.
func TestPayoutAccounts(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	try := func(r testRow, country, routing, says string) {
		_, want, _ := strings.Cut(says, "payouts to it fail: ")
		_, failure := s.payOut(t, "external_account[object]", "bank_account", "external_account[country]", country, "external_account[currency]", "usd",
			"external_account[account_number]", r.number, "external_account[routing_number]", routing)
		if failure != strings.Trim(want, "`") {
			t.Errorf("a payout to %s fails with %q; the page says: %s", r.number, failure, says)
		}
	}
	for _, r := range rowsOf(t, "test-bank-accounts", bankHeadings["us_bank_account"]) {
		try(r, "US", "110000000", strings.Join(r.says, "; "))
	}
	for _, r := range rowsOf(t, "test-bank-accounts", "Accounts to pay out to") {
		country, says, _ := strings.Cut(r.says[0], " | ")
		try(r, country, strings.Join(r.names, ""), says)
	}
}

var payoutCards = regexp.MustCompile(`(?m)^\| ([A-Z]{2}) \| ([0-9 ]+) \| ([0-9 ]+) \| ([0-9 ]+) \| ([0-9 ]+) \|$`)

// TestPayoutCards pays out to every card of the last table, by the name that the page gives it.
func TestPayoutCards(t *testing.T) {
	t.Parallel()
	s, found := newSeller(t), 0
	for _, p := range pages(t) {
		for _, row := range payoutCards.FindAllStringSubmatch(p.Markdown, -1) {
			found++
			for i, name := range []string{"visa_debit_%s_transferSuccess", "visa_debit_%s_transferFail", "visa_debit_%s_instantPayoutUnsupported", "mastercard_debit_%s_transferSuccess"} {
				name = "tok_" + fmt.Sprintf(name, strings.ToLower(row[1]))
				to, failure := s.payOut(t, "external_account", name)
				if number := strings.ReplaceAll(row[i+2], " ", ""); !strings.HasSuffix(number, to.String("last4")) || (failure != "") != strings.HasSuffix(name, "Fail") {
					t.Errorf("%s is a card that ends in %s and fails with %q; the page says %s", name, to.String("last4"), failure, number)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d countries were found", found)
	}
}
