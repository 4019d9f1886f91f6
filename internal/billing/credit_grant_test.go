package billing_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// creditor is a server whose customer has credits and a metered price.
type creditor struct {
	*metered
	price string
}

func newCreditor(t *testing.T) *creditor {
	c := &creditor{metered: &metered{newBiller(t)}}
	c.price = c.meteredPrice("calls")
	return c
}

func (c *creditor) meteredPrice(event string) string {
	return c.Post("/v1/prices", form("currency=usd unit_amount=100 product_data[name]=Calls recurring[interval]=month recurring[usage_type]=metered recurring[meter]="+c.meter(event, "sum", ""))...).OK().ID()
}

const anyMetered = "applicability_config[scope][price_type]=metered "

func (c *creditor) grant(value int64, more string) string {
	c.t.Helper()
	return c.Post("/v1/billing/credit_grants", form("customer="+c.customer+" amount[type]=monetary amount[monetary][currency]=usd amount[monetary][value]="+strconv.FormatInt(value, 10)+" "+more)...).OK().ID()
}

// wantBalance compares what the summary says of the customer's metered credits.
func (c *creditor) wantBalance(available, ledger int64) {
	c.t.Helper()
	wantFields(c.t, c.Get("/v1/billing/credit_balance_summary", form("customer="+c.customer+" filter[type]=applicability_scope filter[applicability_scope][price_type]=metered")...).OK(), map[string]any{
		"customer": c.customer, "balances.0.available_balance.monetary.value": available, "balances.0.ledger_balance.monetary.value": ledger,
		"balances.0.ledger_balance.monetary.currency": "usd", "balances.0.ledger_balance.type": "monetary", "balances.1": nil,
	})
}

// wantMoves compares the types of the transactions of a grant, the newest first.
func (c *creditor) wantMoves(grant string, want ...string) {
	c.t.Helper()
	list := c.Get("/v1/billing/credit_balance_transactions", "customer", c.customer, "credit_grant", grant).OK()
	if got := len(list.Array("data")); got != len(want) {
		c.t.Fatalf("there are %d transactions, want %q", got, want)
	}
	for i, kind := range want {
		at := "data." + strconv.Itoa(i) + "."
		side := field(list, at+"type").(string)
		wantFields(c.t, list, map[string]any{at + side + ".type": kind, at + "credit_grant": grant})
		other := map[string]string{"credit": "debit", "debit": "credit"}[side]
		wantFields(c.t, list, map[string]any{at + other: nil})
	}
}

const (
	grantCreated = "billing.credit_grant.created"
	grantUpdated = "billing.credit_grant.updated"
	creditMoved  = "billing.credit_balance_transaction.created"
)

func TestCreditGrant(t *testing.T) {
	t.Parallel()
	c := newCreditor(t)
	now := servertest.Start.Unix()
	var id string
	events := wantEvents(t, c.Server, []string{grantCreated, creditMoved}, func() { id = c.grant(1000, anyMetered+"name=Hello metadata[a]=b") })
	wantFields(t, events[1], map[string]any{
		"data.object.credit.amount.monetary.value": 1000, "data.object.credit.amount.monetary.currency": "usd", "data.object.effective_at": now,
		"data.object.credit.type": "credits_granted", "data.object.type": "credit", "data.object.debit": nil,
	})
	at := "/v1/billing/credit_grants/" + id
	wantFields(t, c.Get(at).OK(), map[string]any{
		"category": "paid", "priority": 50, "effective_at": now, "expires_at": nil, "voided_at": nil, "name": "Hello", "customer": c.customer,
		"test_clock": nil, "metadata.a": "b", "applicability_config.scope.price_type": "metered", "applicability_config.scope.prices": nil,
	})
	c.wantBalance(1000, 1000)
	wantEvents(t, c.Server, []string{grantUpdated}, func() { c.Post(at, "expires_at", strconv.FormatInt(now+100, 10)).OK() })
	wantEvents(t, c.Server, []string{grantUpdated}, func() { wantFields(t, c.Post(at, "expires_at", "").OK(), map[string]any{"expires_at": nil}) })
	c.Clock.Advance(200 * time.Second)
	wantEvents(t, c.Server, nil, func() { c.due() })

	later := c.grant(300, anyMetered+"category=promotional effective_at="+strconv.FormatInt(now+1000, 10)+" expires_at="+strconv.FormatInt(now+2000, 10))
	c.wantBalance(1000, 1300)
	c.Post("/v1/billing/credit_grants/"+later+"/expire").Fails(400, "")
	c.Clock.Advance(1000 * time.Second)
	c.wantBalance(1300, 1300)
	c.Clock.Advance(1000 * time.Second)
	wantEvents(t, c.Server, []string{creditMoved}, func() { c.due() })
	c.wantMoves(later, "credits_expired", "credits_granted")
	c.wantBalance(1000, 1000)
	for _, action := range []string{"/expire", "/void"} {
		c.Post("/v1/billing/credit_grants/"+later+action).Fails(400, "")
	}
	c.Post("/v1/billing/credit_grants/"+later, "expires_at", "").Fails(400, "")
	c.Post("/v1/billing/credit_grants/"+later, "metadata[a]", "c").OK()

	wantEvents(t, c.Server, []string{creditMoved, grantUpdated}, func() {
		wantFields(t, c.Post(at+"/expire").OK(), map[string]any{"expires_at": now + 2200, "voided_at": nil})
	})
	c.wantMoves(id, "credits_expired", "credits_granted")
	void := c.grant(50, anyMetered)
	wantEvents(t, c.Server, []string{creditMoved, grantUpdated}, func() {
		wantFields(t, c.Post("/v1/billing/credit_grants/"+void+"/void").OK(), map[string]any{"voided_at": now + 2200, "expires_at": nil})
	})
	c.wantMoves(void, "credits_voided", "credits_granted")
	c.wantBalance(0, 0)
	move := c.Get("/v1/billing/credit_balance_transactions", "customer", c.customer, "credit_grant", void).IDs()[0]
	wantFields(t, c.Get("/v1/billing/credit_balance_transactions/"+move).OK(), map[string]any{"debit.amount.monetary.value": 50, "debit.credits_applied": nil})
	if got := c.Get("/v1/billing/credit_grants", "customer", c.customer).IDs(); len(got) != 3 {
		t.Errorf("the customer has the grants %q", got)
	}
}

// due runs the timers that are due.
func (c *creditor) due() {
	c.t.Helper()
	if err := c.Engine.RunDue(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

func TestCreditGrantRefusals(t *testing.T) {
	t.Parallel()
	c := newCreditor(t)
	licensed := c.Post("/v1/prices", form("currency=usd unit_amount=100 product_data[name]=Seat recurring[interval]=month")...).OK().ID()
	const at, scope = "/v1/billing/credit_grants", "applicability_config[scope]"
	base := "amount[type]=monetary amount[monetary][currency]=usd amount[monetary][value]=100 "
	mine := base + "customer=" + c.customer + " "
	refuse(t, c.Server, []refusal{
		{"no customer", at, base + anyMetered, "parameter_missing", "customer", "customer"},
		{"unknown customer", at, base + anyMetered + "customer=cus_none", "resource_missing", "customer", "cus_none"},
		{"nothing", at, "customer=" + c.customer + " amount[type]=monetary amount[monetary][currency]=usd amount[monetary][value]=0 " + anyMetered, "parameter_invalid_integer", "amount[monetary][value]", "1"},
		{"no amount", at, "customer=" + c.customer + " amount[type]=monetary " + anyMetered, "parameter_missing", "amount[monetary]", "monetary"},
		{"no such currency", at, "customer=" + c.customer + " amount[type]=monetary amount[monetary][currency]=xxx amount[monetary][value]=1 " + anyMetered, "", "amount[monetary][currency]", "xxx"},
		{"two scopes", at, mine + anyMetered + scope + "[prices][0][id]=" + c.price, "parameters_exclusive", scope + "[price_type]", "prices"},
		{"no such price", at, mine + scope + "[prices][0][id]=price_none", "resource_missing", scope + "[prices]", "price_none"},
		{"licensed price", at, mine + scope + "[prices][0][id]=" + licensed, "", scope + "[prices]", "no meter"},
		{"priority", at, mine + anyMetered + "priority=101", "parameter_invalid_integer", "priority", "100"},
		{"past", at, mine + anyMetered + "expires_at=1788264000", "", "expires_at", "future"},
		{"expiry before effect", at, mine + anyMetered + "effective_at=1788265000 expires_at=1788264500", "", "expires_at", "after `effective_at`"},
	})
	c.Get("/v1/billing/credit_balance_summary", form("filter[type]=applicability_scope filter[applicability_scope][price_type]=metered")...).Fails(400, "parameter_missing")
	c.Get("/v1/billing/credit_balance_summary", form("customer="+c.customer+" filter[type]=applicability_scope")...).Fails(400, "parameter_missing")
	c.Get("/v1/billing/credit_balance_summary", form("customer="+c.customer+" filter[type]=credit_grant filter[credit_grant]=credgr_none")...).Fails(400, "resource_missing")
	for range 100 {
		c.grant(1, anyMetered)
	}
	refuse(t, c.Server, []refusal{{"too many", at, mine + anyMetered, "", "customer", "100"}})
}

// apply applies credits to lines of an invoice, and returns how much was applied to each.
func (c *creditor) apply(invoice string, lines ...billing.Creditable) (amounts []int64) {
	c.t.Helper()
	for i := range lines {
		lines[i].Invoice = invoice
	}
	c.do(func(op *resource.Op) error {
		applied, err := billing.ApplyCredits(op, c.customer, "usd", lines)
		for _, a := range applied {
			if a.Transaction == "" {
				c.t.Error("there is no transaction")
			}
			amounts = append(amounts, a.Amount)
		}
		return err
	})
	return amounts
}

func TestCreditsOfInvoice(t *testing.T) {
	t.Parallel()
	c := newCreditor(t)
	now := servertest.Start.Unix()
	other := c.meteredPrice("other")
	expiring := c.grant(300, anyMetered+"expires_at="+strconv.FormatInt(now+1000, 10))
	scoped := c.grant(500, "priority=10 applicability_config[scope][prices][0][id]="+c.price)
	later := c.grant(1000, anyMetered+"priority=0 effective_at="+strconv.FormatInt(now+5000, 10))
	lines := []billing.Creditable{{Line: "il_1", Price: c.price, Amount: 700}, {Line: "il_2", Price: other, Amount: 400}}
	var first []int64
	wantEvents(t, c.Server, []string{creditMoved, creditMoved, creditMoved}, func() { first = c.apply("in_1", lines...) })
	if want := []int64{500, 200, 100}; !slices.Equal(first, want) {
		t.Errorf("applied %v, want %v", first, want)
	}
	c.wantMoves(scoped, "credits_applied", "credits_granted")
	c.wantBalance(0, 1000)
	list := c.Get("/v1/billing/credit_balance_transactions", "credit_grant", scoped).OK()
	wantFields(t, list, map[string]any{
		"data.0.debit.credits_applied.invoice": "in_1", "data.0.debit.credits_applied.invoice_line_item": "il_1", "data.0.debit.amount.monetary.value": 500,
	})
	if again := c.apply("in_2", lines...); len(again) != 0 {
		t.Errorf("applied %v although nothing was left", again)
	}
	c.Post("/v1/billing/credit_grants/"+scoped+"/void").Fails(400, "")
	c.Clock.Advance(2000 * time.Second)
	c.due()
	wantEvents(t, c.Server, []string{creditMoved, creditMoved, creditMoved, creditMoved, creditMoved}, func() {
		c.do(func(op *resource.Op) error { return billing.ReturnCredits(op, "in_1") })
	})
	c.wantMoves(scoped, "credits_application_invoice_voided", "credits_applied", "credits_granted")
	c.wantMoves(expiring, "credits_expired", "credits_application_invoice_voided", "credits_expired", "credits_application_invoice_voided", "credits_applied", "credits_applied", "credits_granted")
	c.wantMoves(later, "credits_granted")
	c.Post("/v1/billing/credit_grants/" + scoped + "/void").OK()
	c.wantBalance(0, 1000)
	c.wantAudit(later, "")
	c.do(func(op *resource.Op) error {
		grant, err := op.Get("billing.credit_grant", later, "")
		if err != nil {
			return err
		}
		return op.SetPrivate(grant, object.New(nil))
	})
	c.wantAudit(later, "0 is left, its transactions sum to 1000")
}

// wantAudit compares what the audit says of a grant; it finds no other one wrong.
func (c *creditor) wantAudit(grant, want string) {
	c.t.Helper()
	problems, err := c.Engine.Verify(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	found := ""
	for _, p := range problems {
		if _, what, ok := strings.Cut(p, "credit grant "); ok {
			found += what
		}
	}
	if want != "" {
		want = grant + ": " + want
	}
	if found != want {
		c.t.Errorf("the audit says %q, want %q", found, want)
	}
}
