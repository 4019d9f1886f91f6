package billing_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// fundedPlatform is a server whose platform has money at once, and an account that can be paid.
func fundedPlatform(t *testing.T) (s *servertest.Server, account string) {
	t.Helper()
	s = servertest.New(t)
	s.Post("/v1/charges", "amount", "10000", "currency", "usd", "source", "tok_bypassPending").OK()
	return s, s.Post("/v1/accounts", ready...).OK().ID()
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	s, account := fundedPlatform(t)
	before := worth(s, s.Account.ID)
	var id string
	wantEvents(t, s, []string{"transfer.created"}, func() {
		transfer := s.Post("/v1/transfers", "amount", "1000", "currency", "usd", "destination", account, "transfer_group", "ORDER1", "description", "Share", "metadata[k]", "v").OK()
		wantFields(t, transfer, map[string]any{
			"amount": 1000, "amount_reversed": 0, "currency": "usd", "destination": account, "reversed": false, "transfer_group": "ORDER1", "source_type": "card",
			"source_transaction": nil, "description": "Share", "metadata.k": "v", "reversals.data": []any{},
		})
		id = transfer.ID()
	})
	transfer := s.Get("/v1/transfers/"+id, "expand[]", "balance_transaction").OK()
	wantFields(t, transfer, map[string]any{"balance_transaction.amount": -1000, "balance_transaction.type": "transfer", "balance_transaction.source": id, "balance_transaction.status": "available"})
	payment := as(s, account, "GET", "/v1/charges/"+transfer.String("destination_payment"), "expand[]", "balance_transaction").OK()
	wantFields(t, payment, map[string]any{
		"amount": 1000, "amount_captured": 1000, "paid": true, "status": "succeeded", "source_transfer": id, "application_fee": nil,
		"payment_method_details.type": "stripe_account", "balance_transaction.type": "payment", "balance_transaction.amount": 1000, "balance_transaction.fee": 0,
		"balance_transaction.status": "available",
	})
	if got := []int64{before - worth(s, s.Account.ID), worth(s, account)}; !slices.Equal(got, []int64{1000, 1000}) {
		t.Errorf("moved %v, want 1000 on each side", got)
	}
	s.Get("/v1/charges/"+payment.ID()).Fails(404, "resource_missing")
	if got := s.Get("/v1/transfers", "destination", account, "transfer_group", "ORDER1").IDs(); !slices.Equal(got, []string{id}) {
		t.Errorf("found %q, want %q", got, id)
	}
	wantEvents(t, s, []string{"transfer.updated"}, func() { s.Post("/v1/transfers/"+id, "metadata[k]", "w").OK() })
}

func TestTransferRefused(t *testing.T) {
	t.Parallel()
	s, account := fundedPlatform(t)
	poor := s.Post("/v1/accounts", "type", "custom", "capabilities[transfers][requested]", "true").OK().ID()
	pending := s.Post("/v1/charges", "amount", "500", "currency", "usd", "source", "tok_visa").OK().ID()
	held := s.Post("/v1/charges", "amount", "500", "currency", "usd", "source", "tok_visa", "capture", "false").OK().ID()
	for _, c := range []struct {
		name, form, code, param string
	}{
		{"no amount", "currency=usd destination=" + account, "parameter_missing", "amount"},
		{"nothing", "amount=0 currency=usd destination=" + account, "parameter_invalid_integer", "amount"},
		{"too much", "amount=1000000 currency=usd destination=" + account, "balance_insufficient", ""},
		{"none of that currency", "amount=100 currency=eur destination=" + account, "balance_insufficient", ""},
		{"no currency", "amount=100 currency=xyz destination=" + account, "", "currency"},
		{"nobody", "amount=100 currency=usd destination=acct_none", "resource_missing", "destination"},
		{"itself", "amount=100 currency=usd destination=" + s.Account.ID, "", "destination"},
		{"who cannot be paid", "amount=100 currency=usd destination=" + poor, "insufficient_capabilities_for_transfer", "destination"},
		{"no such charge", "amount=100 currency=usd source_transaction=ch_none destination=" + account, "resource_missing", "source_transaction"},
		{"more than the charge", "amount=501 currency=usd source_transaction=" + pending + " destination=" + account, "", "amount"},
		{"a charge that brought nothing", "amount=100 currency=usd source_transaction=" + held + " destination=" + account, "", "source_transaction"},
		{"another currency", "amount=100 currency=eur source_transaction=" + pending + " destination=" + account, "", "currency"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := s.Post("/v1/transfers", formOf(c.form)...).Fails(400, c.code)
			if got := e.String("param"); got != c.param {
				t.Errorf("param %q, want %q", got, c.param)
			}
		})
	}
}

// TestTransferRegion is where a platform in the United States can send money to, by transfer and by destination charge.
func TestTransferRegion(t *testing.T) {
	t.Parallel()
	s, _ := fundedPlatform(t)
	for _, c := range []struct {
		country, agreement string
		refused            string // what the message says
	}{
		{"US", "full", ""}, {"DE", "full", ""}, {"GB", "full", ""}, {"CA", "full", ""}, {"CH", "full", ""},
		{"JP", "full", "located in JP when the account is under the `full` service agreement"},
		{"MX", "full", "located in MX when the account is under the `full` service agreement"},
		{"MX", "recipient", ""}, {"JP", "recipient", ""},
		{"BR", "recipient", "located in BR when the account is under the `recipient` service agreement"},
	} {
		t.Run(c.country+" "+c.agreement, func(t *testing.T) {
			t.Parallel()
			form := without(ready, "country", "capabilities[card_payments][requested]")
			account := s.Post("/v1/accounts", append(form, "country", c.country, "tos_acceptance[service_agreement]", c.agreement)...).OK().ID()
			transfer := []string{"amount", "10", "currency", "usd", "destination", account}
			charge := []string{"amount", "100", "currency", "usd", "source", "tok_visa", "transfer_data[destination]", account}
			if c.refused == "" {
				s.Post("/v1/transfers", transfer...).OK()
				s.Post("/v1/charges", charge...).OK()
				return
			}
			e := s.Post("/v1/transfers", transfer...).Fails(400, "transfers_not_allowed")
			if !strings.Contains(e.String("message"), c.refused) || e.String("param") != "destination" {
				t.Errorf("refused with %s", e.JSON())
			}
			e = s.Post("/v1/charges", charge...).Fails(400, "transfers_not_allowed")
			if !strings.Contains(e.String("message"), "accounts in "+c.country) || e.String("param") != "transfer_data[destination]" {
				t.Errorf("refused with %s", e.JSON())
			}
			s.Post("/v1/charges", append(charge, "on_behalf_of", account)...).OK()
		})
	}
}

// formOf reads "a=1 b=2".
func formOf(text string) []string {
	var form []string
	for _, pair := range strings.Fields(text) {
		name, value, _ := strings.Cut(pair, "=")
		form = append(form, name, value)
	}
	return form
}

// TestTransferFromCharge sends what a charge will bring before it is there.
func TestTransferFromCharge(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", ready...).OK().ID()
	charge := s.Post("/v1/charges", "amount", "1000", "currency", "usd", "source", "tok_visa").OK().ID()
	transfer := s.Post("/v1/transfers", "amount", "600", "currency", "usd", "destination", account, "source_transaction", charge, "expand[]", "balance_transaction").OK()
	wantFields(t, transfer, map[string]any{"source_transaction": charge, "transfer_group": "group_" + charge, "balance_transaction.status": "pending"})
	wantFields(t, s.Get("/v1/charges/"+charge).OK(), map[string]any{"transfer_group": "group_" + charge, "transfer": nil})
	e := s.Post("/v1/transfers", "amount", "401", "currency", "usd", "destination", account, "source_transaction", charge).Fails(400, "")
	wantFields(t, e, map[string]any{"param": "amount"})
	s.Post("/v1/transfers", "amount", "400", "currency", "usd", "destination", account, "source_transaction", charge).OK()
	if diff := cmp.Diff([]string{"payment 600", "payment 400"}, movements(s, account)); diff != "" {
		t.Errorf("balance transactions (-want +got):\n%s", diff)
	}
}

func TestTransferReversal(t *testing.T) {
	t.Parallel()
	s, account := fundedPlatform(t)
	transfer := s.Post("/v1/transfers", "amount", "1000", "currency", "usd", "destination", account).OK()
	path := "/v1/transfers/" + transfer.ID()
	var part string
	events := wantEvents(t, s, []string{"transfer.reversed"}, func() {
		r := s.Post(path+"/reversals", "amount", "300", "metadata[k]", "v").OK()
		wantFields(t, r, map[string]any{"amount": 300, "currency": "usd", "transfer": transfer.ID(), "metadata.k": "v", "source_refund": nil})
		part = r.ID()
		refund := as(s, account, "GET", "/v1/refunds/"+r.String("destination_payment_refund")).OK()
		wantFields(t, refund, map[string]any{"amount": 300, "charge": transfer.String("destination_payment"), "status": "succeeded", "source_transfer_reversal": part})
	})
	wantFields(t, events[0].Object("data"), map[string]any{"object.amount_reversed": 300, "previous_attributes.amount_reversed": 0})
	wantFields(t, s.Get(path).OK(), map[string]any{"amount_reversed": 300, "reversed": false, "reversals.data.0.id": part})
	wantFields(t, s.Post(path+"/reversals", "amount", "701").Fails(400, ""), map[string]any{"param": "amount"})
	wantFields(t, s.Post(path+"/reversals", "amount", "0").Fails(400, "parameter_invalid_integer"), map[string]any{"param": "amount"})
	rest := s.Post(path + "/reversals").OK()
	wantFields(t, rest, map[string]any{"amount": 700})
	s.Post(path+"/reversals").Fails(400, "")
	wantFields(t, s.Get(path).OK(), map[string]any{"amount_reversed": 1000, "reversed": true})
	if got := s.Get(path + "/reversals").IDs(); !slices.Equal(got, []string{rest.ID(), part}) {
		t.Errorf("reversals %q, want %q and %q", got, rest.ID(), part)
	}
	payment := as(s, account, "GET", "/v1/charges/"+transfer.String("destination_payment")).OK()
	wantFields(t, payment, map[string]any{"amount_refunded": 1000, "refunded": true})
	if diff := cmp.Diff([]string{"payment 1000", "payment_refund -300", "payment_refund -700"}, movements(s, account)); diff != "" {
		t.Errorf("balance transactions (-want +got):\n%s", diff)
	}
	if got := worth(s, account); got != 0 {
		t.Errorf("the account has %d left, want nothing", got)
	}
	sound(t, s)
}

// TestReversalWithFee gives the platform's fee back along with the part of the transfer.
func TestReversalWithFee(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", ready...).OK().ID()
	charge := s.Post("/v1/charges", "amount", "1000", "currency", "usd", "source", "tok_visa", "transfer_data[destination]", account, "application_fee_amount", "101").OK()
	s.Post("/v1/transfers/"+charge.String("transfer")+"/reversals", "amount", "500", "refund_application_fee", "true").OK()
	wantFields(t, s.Get("/v1/application_fees/"+charge.String("application_fee")).OK(), map[string]any{"amount_refunded": 51, "refunded": false})
}

func TestApplicationFee(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", ready...).OK().ID()
	charge := as(s, account, "POST", "/v1/charges", "amount", "1000", "currency", "usd", "source", "tok_visa", "application_fee_amount", "100").OK()
	if !strings.HasPrefix(charge.String("application"), "ca_") {
		t.Errorf("application is %q", charge.String("application"))
	}
	path := "/v1/application_fees/" + charge.String("application_fee")
	wantFields(t, s.Get(path).OK(), map[string]any{
		"account": account, "amount": 100, "amount_refunded": 0, "application": charge.String("application"), "charge": charge.ID(), "currency": "usd", "refunded": false,
		"originating_transaction": nil, "fee_source.charge": charge.ID(),
	})
	var refund string
	wantEvents(t, s, []string{"application_fee.refunded"}, func() { refund = s.Post(path+"/refunds", "amount", "30").OK().ID() })
	wantFields(t, s.Get(path).OK(), map[string]any{"amount_refunded": 30, "refunded": false, "refunds.data.0.id": refund})
	wantEvents(t, s, []string{"application_fee.refund.updated"}, func() { s.Post(path+"/refunds/"+refund, "metadata[k]", "v").OK() })
	wantFields(t, s.Post(path+"/refunds", "amount", "71").Fails(400, ""), map[string]any{"param": "amount"})
	wantFields(t, s.Post(path+"/refund").OK(), map[string]any{"object": "application_fee", "amount_refunded": 100, "refunded": true})
	s.Post(path+"/refunds").Fails(400, "")
	if got := s.Get("/v1/application_fees", "charge", charge.ID()).IDs(); len(got) != 1 {
		t.Errorf("fees of the charge: %q, want one", got)
	}
	for side, want := range map[string][]string{
		s.Account.ID: {"application_fee 100", "application_fee_refund -30", "application_fee_refund -70"},
		account:      {"charge 1000 fee 159", "application_fee_refund 30", "application_fee_refund 70"},
	} {
		if diff := cmp.Diff(sorted(want), sorted(movements(s, side))); diff != "" {
			t.Errorf("balance transactions of %s (-want +got):\n%s", side, diff)
		}
	}
}

// TestCaptureShares takes less than was authorized, and says what of it is shared.
func TestCaptureShares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		form, capture    []string
		platform, shared []string
	}{
		{"as it was", []string{"application_fee_amount", "100"}, nil, []string{"application_fee 100", "charge 1000 fee 59", "transfer -1000"}, []string{"payment 1000 fee 100"}},
		{"less", nil, []string{"amount", "600", "application_fee_amount", "50"}, []string{"application_fee 50", "charge 600 fee 47", "transfer -600"}, []string{"payment 600 fee 50"}},
		{"another share", nil, []string{"transfer_data[amount]", "700"}, []string{"charge 1000 fee 59", "transfer -700"}, []string{"payment 700"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			account := s.Post("/v1/accounts", ready...).OK().ID()
			form := []string{"amount", "1000", "currency", "usd", "source", "tok_visa", "capture", "false", "transfer_data[destination]", account}
			charge := s.Post("/v1/charges", append(form, c.form...)...).OK()
			wantFields(t, charge, map[string]any{"transfer": nil, "application_fee": nil})
			if got := movements(s, account); len(got) != 0 {
				t.Fatalf("before the capture the account has %q", got)
			}
			s.Post("/v1/charges/"+charge.ID()+"/capture", c.capture...).OK()
			for side, want := range map[string][]string{s.Account.ID: c.platform, account: c.shared} {
				if diff := cmp.Diff(want, sorted(movements(s, side))); diff != "" {
					t.Errorf("balance transactions of %s (-want +got):\n%s", side, diff)
				}
			}
		})
	}
}

func TestSharedChargeRefused(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", ready...).OK().ID()
	to := " transfer_data[destination]=" + account
	whole := s.Post("/v1/charges", "amount", "1000", "currency", "usd", "source", "tok_visa").OK().ID()
	for _, c := range []struct {
		name, path, form, code, param string
	}{
		{"fee without an account", "/v1/charges", "application_fee_amount=10", "", "application_fee_amount"},
		{"fee above the amount", "/v1/charges", "application_fee_amount=1001" + to, "", "application_fee_amount"},
		{"negative fee", "/v1/charges", "application_fee_amount=-1" + to, "parameter_invalid_integer", "application_fee_amount"},
		{"fee and amount", "/v1/charges", "application_fee_amount=10 transfer_data[amount]=10" + to, "parameters_exclusive", "application_fee_amount"},
		{"share above the amount", "/v1/charges", "transfer_data[amount]=1001" + to, "", "transfer_data[amount]"},
		{"share of nothing", "/v1/charges", "transfer_data[amount]=0" + to, "parameter_invalid_integer", "transfer_data[amount]"},
		{"both names", "/v1/charges", "destination=" + account + to, "parameters_exclusive", "destination"},
		{"nobody", "/v1/charges", "transfer_data[destination]=acct_none", "resource_missing", "transfer_data[destination]"},
		{"for nobody", "/v1/charges", "on_behalf_of=acct_none", "resource_missing", "on_behalf_of"},
		{"itself", "/v1/charges", "transfer_data[destination]=" + s.Account.ID, "", "transfer_data[destination]"},
		{"no transfer to reverse", "/v1/refunds", "reverse_transfer=true", "", "reverse_transfer"},
		{"no fee to refund", "/v1/refunds", "refund_application_fee=true", "", "refund_application_fee"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			form := []string{"amount", "1000", "currency", "usd", "source", "tok_visa"}
			if c.path == "/v1/refunds" {
				form = []string{"charge", whole}
			}
			e := s.Post(c.path, append(form, formOf(c.form)...)...).Fails(400, c.code)
			if got := e.String("param"); got != c.param {
				t.Errorf("param %q, want %q", got, c.param)
			}
		})
	}
}

// inAccount runs a rule in an account, as the server's own work does.
func inAccount(t *testing.T, s *servertest.Server, account string, rule func(op *resource.Op) error) {
	t.Helper()
	ns, err := s.Registry.Namespace(account, access.Test)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Engine.Call(context.Background(), ns, rule); err != nil {
		t.Fatal(err)
	}
}

// TestTransferAudit lets a transfer and a fee say more than what went back of them.
func TestTransferAudit(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", ready...).OK().ID()
	charge := s.Post("/v1/charges", "amount", "1000", "currency", "usd", "source", "tok_visa", "transfer_data[destination]", account, "application_fee_amount", "100").OK()
	s.Post("/v1/transfers/"+charge.String("transfer")+"/reversals", "amount", "10", "refund_application_fee", "true").OK()
	sound(t, s)
	for kind, field := range map[string]string{"transfer": "amount_reversed", "application_fee": "amount_refunded"} {
		inAccount(t, s, s.Account.ID, func(op *resource.Op) (err error) {
			op.Object, err = op.Get(kind, charge.String(kind), "id")
			if err != nil {
				return err
			}
			op.Object.Set(field, 5)
			op.Save(op.Object)
			return nil
		})
		problems, err := s.Engine.Verify(t.Context())
		if err != nil || !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, kind+" "+charge.String(kind)) }) {
			t.Errorf("%s: problems %q, %v", kind, problems, err)
		}
	}
}

// TestSettledLater makes the balance transaction of a direct charge a moment later, when there is no request any more
// that tells whose platform it is.
func TestSettledLater(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	account := s.Post("/v1/accounts", ready...).OK().ID()
	id := as(s, account, "POST", "/v1/charges", "amount", "1000", "currency", "usd", "source", "tok_visa", "application_fee_amount", "100", "capture", "false").OK().ID()
	inAccount(t, s, account, func(op *resource.Op) error {
		charge, err := op.Get("charge", id, "id")
		if err != nil {
			return err
		}
		charge.Set("captured", true)
		charge.Set("amount_captured", 1000)
		op.Object = charge
		op.Save(charge)
		return op.SetTimer("charge.settle", charge, op.Now())
	})
	if err := s.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	for side, want := range map[string][]string{s.Account.ID: {"application_fee 100"}, account: {"charge 1000 fee 159"}} {
		if diff := cmp.Diff(want, movements(s, side)); diff != "" {
			t.Errorf("balance transactions of %s (-want +got):\n%s", side, diff)
		}
	}
	var there *object.Object
	for _, v := range as(s, account, "GET", "/v1/events", "type", "charge.updated").OK().Array("data") {
		there = v.(*object.Object)
	}
	wantFields(t, there, map[string]any{"account": account, "request.id": nil})
}
