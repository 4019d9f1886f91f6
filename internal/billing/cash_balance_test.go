package billing_test

import (
	"context"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

func TestFundCashBalance(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers", "name", "Jenny").OK().ID()
	cash, fund := "/v1/customers/"+customer+"/cash_balance", "/v1/test_helpers/customers/"+customer+"/fund_cash_balance"
	wantFields(t, s.Get(cash).OK(), map[string]any{"object": "cash_balance", "available": nil, "customer": customer, "livemode": false,
		"settings.reconciliation_mode": "automatic", "settings.using_merchant_default": true})
	for _, c := range []struct {
		form    string
		network string
		want    map[string]any
	}{
		{"amount=1000 currency=usd reference=Invoice+7", "us_bank_transfer", map[string]any{"net_amount": 1000, "ending_balance": 1000, "funded.bank_transfer.reference": "Invoice 7",
			"funded.bank_transfer.us_bank_transfer.network": "ach", "funded.bank_transfer.us_bank_transfer.sender_name": "Jenny"}},
		{"amount=500 currency=usd", "us_bank_transfer", map[string]any{"net_amount": 500, "ending_balance": 1500, "funded.bank_transfer.reference": nil}},
		{"amount=700 currency=eur", "eu_bank_transfer", map[string]any{"ending_balance": 700, "funded.bank_transfer.eu_bank_transfer.iban_last4": "7089"}},
		{"amount=800 currency=gbp", "gb_bank_transfer", map[string]any{"ending_balance": 800, "funded.bank_transfer.gb_bank_transfer.sort_code": "108800"}},
		{"amount=900 currency=jpy", "jp_bank_transfer", map[string]any{"ending_balance": 900, "funded.bank_transfer.jp_bank_transfer.sender_bank": "STRIPE TEST BANK"}},
		{"amount=9000 currency=mxn", "mx_bank_transfer", map[string]any{"ending_balance": 9000}},
	} {
		events := wantEvents(t, s, []string{"customer_cash_balance_transaction.created", "cash_balance.funds_available"}, func() {
			made := s.Post(fund, form(c.form)...).OK()
			wantFields(t, made, c.want)
			wantFields(t, made, map[string]any{"type": "funded", "customer": customer, "funded.bank_transfer.type": c.network})
		})
		wantFields(t, events[1].Object("data").Object("object"), map[string]any{"object": "cash_balance", "customer": customer})
	}
	wantFields(t, s.Get(cash).OK(), map[string]any{"available.usd": 1500, "available.eur": 700, "available.gbp": 800, "available.jpy": 900, "available.mxn": 9000})
	listed := s.Get(cash + "_transactions").IDs()
	if len(listed) != 6 {
		t.Fatalf("%d transactions are listed, want 6", len(listed))
	}
	wantFields(t, s.Get(cash+"_transactions/"+listed[5]).OK(), map[string]any{"id": listed[5], "ending_balance": 1000, "currency": "usd"})
	stranger := s.Post("/v1/customers").OK().ID()
	s.Get("/v1/customers/"+stranger+"/cash_balance_transactions/"+listed[0]).Fails(404, "resource_missing")
	refuse(t, s, []refusal{
		{"nothing", fund, "amount=0 currency=usd", "parameter_invalid_integer", "amount", "greater"},
		{"too much", fund, "amount=100000000 currency=usd", "amount_too_large", "amount", "$999,999.99"},
		{"a currency without transfers", fund, "amount=1 currency=dkk", "", "currency", "not available in dkk"},
		{"no currency", fund, "amount=1 currency=xxx", "", "currency", "Invalid currency"},
	})
	s.Post("/v1/test_helpers/customers/cus_none/fund_cash_balance", form("amount=1 currency=usd")...).Fails(404, "resource_missing")
	live := s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Key: s.Account.LiveSecret.Secret}).OK().ID()
	s.Do(servertest.Request{Method: "POST", Path: "/v1/test_helpers/customers/" + live + "/fund_cash_balance", Key: s.Account.LiveSecret.Secret, Form: form("amount=1 currency=usd")}).Fails(400, "")
	sound(t, s)
}

func TestCashBalanceSettings(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	cash := "/v1/customers/" + s.Post("/v1/customers").OK().ID() + "/cash_balance"
	for _, c := range []struct {
		mode, want string
		standard   bool
	}{{"manual", "manual", false}, {"automatic", "automatic", false}, {"manual", "manual", false}, {"merchant_default", "automatic", true}} {
		want := map[string]any{"settings.reconciliation_mode": c.want, "settings.using_merchant_default": c.standard}
		wantFields(t, s.Post(cash, "settings[reconciliation_mode]", c.mode).OK(), want)
		wantFields(t, s.Get(cash).OK(), want)
	}
	refuse(t, s, []refusal{{"unknown mode", cash, "settings[reconciliation_mode]=slow", "", "settings[reconciliation_mode]", "must be one of"}})
	s.Post("/v1/customers/cus_none/cash_balance").Fails(404, "resource_missing")
}

// call runs a rule in the test mode of the server's account.
func call(t *testing.T, s *servertest.Server, rule func(op *resource.Op) error) error {
	t.Helper()
	ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Engine.Call(context.Background(), ns, rule)
	return err
}

func TestCashPaysAndComesBack(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	s.Post("/v1/test_helpers/customers/"+customer+"/fund_cash_balance", form("amount=1000 currency=usd")...).OK()
	refund := s.Post("/v1/refunds", "charge", s.Post("/v1/charges", form("amount=250 currency=usd source=tok_visa")...).OK().ID()).OK().ID()
	for _, c := range []struct {
		name string
		rule func(op *resource.Op) error
		kind string
		link string
		net  int
		left int
	}{
		{"pays a part", func(op *resource.Op) error { return taken(op, customer, 400, 400) }, "applied_to_payment", "payment_intent", -400, 600},
		{"pays what it can", func(op *resource.Op) error { return taken(op, customer, 700, 600) }, "applied_to_payment", "payment_intent", -600, 0},
		{"has nothing to pay with", func(op *resource.Op) error { return taken(op, customer, 1, 0) }, "", "", 0, 0},
		{"comes back", func(op *resource.Op) error { return billing.ReturnCash(op, customer, "usd", 600, "pi_1") }, "unapplied_from_payment", "payment_intent", 600, 600},
		{"is refunded", func(op *resource.Op) error {
			o, err := op.Get("refund", refund, "refund")
			if err != nil {
				return err
			}
			return billing.RefundToCash(op, customer, o)
		}, "refunded_from_payment", "refund", 250, 850},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := []string{"customer_cash_balance_transaction.created"}
			if c.kind == "" {
				want = nil
			}
			events := wantEvents(t, s, want, func() {
				if err := call(t, s, c.rule); err != nil {
					t.Fatal(err)
				}
			})
			wantFields(t, s.Get("/v1/customers/"+customer+"/cash_balance").OK(), map[string]any{"available.usd": c.left})
			if c.kind != "" {
				newest := events[0].Object("data").Object("object")
				wantFields(t, newest, map[string]any{"type": c.kind, "net_amount": c.net, "ending_balance": c.left})
				if id := newest.Object(c.kind).String(c.link); id == "" {
					t.Errorf("%s is not named", c.link)
				}
			}
		})
	}
	sound(t, s)
}

func taken(op *resource.Op, customer string, ask, want int64) error {
	got, err := billing.TakeCash(op, customer, "usd", ask, "pi_1")
	if err == nil && got != want {
		return fmt.Errorf("%d were taken, want %d", got, want)
	}
	return err
}

func TestRefundCash(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	s.Post("/v1/test_helpers/customers/"+customer+"/fund_cash_balance", form("amount=1000 currency=eur")...).OK()
	charge := s.Post("/v1/charges", form("amount=250 currency=usd source=tok_visa")...).OK().ID()
	base := "origin=customer_balance customer=" + customer + " currency=eur "
	events := wantEvents(t, s, []string{"customer_cash_balance_transaction.created", "refund.created"}, func() {
		wantFields(t, s.Post("/v1/refunds", form(base+"amount=400")...).OK(), map[string]any{
			"amount": 400, "currency": "eur", "status": "succeeded", "charge": nil, "payment_intent": nil, "destination_details.type": "eu_bank_transfer"})
	})
	wantFields(t, events[0].Object("data").Object("object"), map[string]any{"type": "return_initiated", "net_amount": -400, "ending_balance": 600})
	refuse(t, s, []refusal{
		{"more than there is", "/v1/refunds", base + "amount=601", "balance_insufficient", "amount", "€6.00 eur"},
		{"another currency", "/v1/refunds", strings.Replace(base, "eur", "usd", 1) + "amount=1", "balance_insufficient", "amount", "$0.00 usd"},
		{"no amount", "/v1/refunds", base, "parameter_missing", "amount", "amount"},
		{"nothing", "/v1/refunds", base + "amount=0", "parameter_invalid_integer", "amount", "greater"},
		{"nobody", "/v1/refunds", "origin=customer_balance currency=eur amount=1", "parameter_missing", "customer", "customer"},
		{"a charge as well", "/v1/refunds", base + "amount=1 charge=" + charge, "", "charge", "origin"},
	})
	wantFields(t, s.Get("/v1/customers/"+customer+"/cash_balance").OK(), map[string]any{"available.eur": 600})
	sound(t, s)
}

func TestFundingInstructions(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	one, other := s.Post("/v1/customers").OK().ID(), s.Post("/v1/customers").OK().ID()
	ask := func(customer, more string) *object.Object {
		return s.Post("/v1/customers/"+customer+"/funding_instructions", form("funding_type=bank_transfer "+more)...).OK()
	}
	for _, c := range []struct {
		form, country string
		kinds         []string
		number        string // path of what must be the customer's own
		pattern       string
	}{
		{"currency=usd bank_transfer[type]=us_bank_transfer", "US", []string{"aba", "swift"}, "aba.account_number", `^1111\d{10}$`},
		{"currency=gbp bank_transfer[type]=gb_bank_transfer", "GB", []string{"sort_code"}, "sort_code.account_number", `^\d{8}$`},
		{"currency=jpy bank_transfer[type]=jp_bank_transfer", "JP", []string{"zengin"}, "zengin.account_number", `^\d{7}$`},
		{"currency=mxn bank_transfer[type]=mx_bank_transfer", "MX", []string{"spei"}, "spei.clabe", `^999180\d{12}$`},
		{"currency=eur bank_transfer[type]=eu_bank_transfer bank_transfer[eu_bank_transfer][country]=DE", "DE", []string{"iban"}, "iban.iban", `^DE\d{20}$`},
		{"currency=eur bank_transfer[type]=eu_bank_transfer bank_transfer[eu_bank_transfer][country]=IE", "IE", []string{"iban"}, "iban.iban", `^IE\d\dTEST\d{14}$`},
		{"currency=eur bank_transfer[type]=eu_bank_transfer bank_transfer[eu_bank_transfer][country]=FR", "FR", []string{"iban"}, "iban.iban", `^FR\d{25}$`},
		{"currency=usd bank_transfer[type]=us_bank_transfer bank_transfer[requested_address_types][]=iban", "", nil, "", ""},
	} {
		if c.kinds == nil {
			s.Post("/v1/customers/"+one+"/funding_instructions", form("funding_type=bank_transfer "+c.form)...).Fails(400, "")
			continue
		}
		got := ask(one, c.form)
		wantFields(t, got, map[string]any{"object": "funding_instructions", "funding_type": "bank_transfer", "livemode": false, "bank_transfer.country": c.country})
		var kinds []string
		for _, a := range got.Object("bank_transfer").Array("financial_addresses") {
			kinds = append(kinds, a.(*object.Object).String("type"))
		}
		if d := cmp.Diff(c.kinds, kinds); d != "" {
			t.Errorf("%s: the addresses (-want +got):\n%s", c.form, d)
		}
		path := "bank_transfer.financial_addresses.0." + c.number
		mine, again, theirs := field(got, path).(string), field(ask(one, c.form), path), field(ask(other, c.form), path)
		if !regexp.MustCompile(c.pattern).MatchString(mine) || again != mine || theirs == mine {
			t.Errorf("%s: the account is %q, then %q, another customer's %q", c.form, mine, again, theirs)
		}
		if strings.HasPrefix(c.number, "iban") && !validIBAN(mine) {
			t.Errorf("%q is no IBAN", mine)
		}
	}
	path := "/v1/customers/" + one + "/funding_instructions"
	refuse(t, s, []refusal{
		{"another currency", path, "funding_type=bank_transfer currency=eur bank_transfer[type]=us_bank_transfer", "", "currency", "must be usd"},
		{"no country", path, "funding_type=bank_transfer currency=eur bank_transfer[type]=eu_bank_transfer", "parameter_missing", "bank_transfer[eu_bank_transfer][country]", "Missing"},
		{"a country without", path, "funding_type=bank_transfer currency=eur bank_transfer[type]=eu_bank_transfer bank_transfer[eu_bank_transfer][country]=IT", "country_unsupported", "bank_transfer[eu_bank_transfer][country]", "not in IT"},
	})
	live := s.Do(servertest.Request{Method: "POST", Path: "/v1/customers", Key: s.Account.LiveSecret.Secret}).OK().ID()
	s.Do(servertest.Request{Method: "POST", Path: "/v1/customers/" + live + "/funding_instructions", Key: s.Account.LiveSecret.Secret,
		Form: form("funding_type=bank_transfer currency=usd bank_transfer[type]=us_bank_transfer")}).Fails(400, "")
	s.Post("/v1/customers/cus_none/funding_instructions", form("funding_type=bank_transfer currency=usd bank_transfer[type]=us_bank_transfer")...).Fails(404, "resource_missing")
}

// validIBAN checks an IBAN the way that its standard words it: as one long number.
func validIBAN(iban string) bool {
	var digits strings.Builder
	for _, c := range iban[4:] + iban[:4] {
		if c >= 'A' {
			fmt.Fprint(&digits, int(c-'A')+10)
		} else {
			digits.WriteRune(c)
		}
	}
	n, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && new(big.Int).Mod(n, big.NewInt(97)).Int64() == 1
}
