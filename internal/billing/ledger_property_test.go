package billing_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

// ledgerWorld moves money about at random and keeps its own simple account of it.
type ledgerWorld struct {
	*servertest.Server
	t     *testing.T
	rand  *rand.Rand
	spent []string // payouts
	loans []string // top-ups
	total map[string]int64
	log   []string
}

// steps are what can happen, each as likely as the others.
var steps = []func(w *ledgerWorld) string{
	(*ledgerWorld).pay, (*ledgerWorld).pay, (*ledgerWorld).capture, (*ledgerWorld).payOut, (*ledgerWorld).cancel, (*ledgerWorld).reverse,
	(*ledgerWorld).topUp, (*ledgerWorld).move, (*ledgerWorld).schedule, (*ledgerWorld).wait, (*ledgerWorld).wait,
}

// Whatever is done in whatever order, the books are sound after each step, and what the account has is what came in less
// what went out.
func TestLedgerHolds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := &ledgerWorld{Server: servertest.New(t), t: t, rand: rand.New(rand.NewPCG(seed, 1)), total: map[string]int64{}}
			for range 40 {
				w.log = append(w.log, steps[w.rand.IntN(len(steps))](w))
				w.check()
				if t.Failed() {
					t.Fatalf("seed %d:\n%s", seed, strings.Join(w.log, "\n"))
				}
			}
		})
	}
}

// check proves the database and compares the balance with the transactions as they are listed.
func (w *ledgerWorld) check() {
	w.t.Helper()
	sound(w.t, w.Server)
	sums := map[string]int64{}
	last := []string{}
	for {
		page := w.Get("/v1/balance_transactions", append([]string{"limit", "100"}, last...)...).OK().Array("data")
		for _, v := range page {
			o := v.(*object.Object)
			sums[o.String("status")+" "+o.String("currency")] += o.Int("net")
		}
		if len(page) < 100 {
			break
		}
		last = []string{"starting_after", idOf(page[len(page)-1])}
	}
	balance := w.Get("/v1/balance").OK()
	for _, status := range []string{"available", "pending"} {
		for _, v := range balance.Array(status) {
			o := v.(*object.Object)
			if got, want := o.Int("amount"), sums[status+" "+o.String("currency")]; got != want {
				w.t.Errorf("%s are %d %s, but the transactions sum to %d", status, got, o.String("currency"), want)
			}
		}
	}
	for currency, want := range w.total {
		if got := sums["available "+currency] + sums["pending "+currency]; got != want {
			w.t.Errorf("the account has %d %s, want %d", got, currency, want)
		}
	}
}

func (w *ledgerWorld) currency() string { return []string{"usd", "eur", "jpy"}[w.rand.IntN(3)] }

// amount is any amount, most often a small one.
func (w *ledgerWorld) amount(least int64) int64 {
	return least + w.rand.Int64N([]int64{10, 1000, 100_000}[w.rand.IntN(3)])
}

// cardFee is 2.9 % + 30 in other words than the ledger's.
func cardFee(amount int64) int64 { return (amount*29+500)/1000 + 30 }

func (w *ledgerWorld) pay() string {
	amount, currency := w.amount(50), w.currency()
	w.Post("/v1/charges", "amount", fmt.Sprint(amount), "currency", currency, "source", "tok_visa").OK()
	w.total[currency] += amount - cardFee(amount)
	return fmt.Sprintf("pay %d %s", amount, currency)
}

func (w *ledgerWorld) capture() string {
	amount, currency := w.amount(100), w.currency()
	id := w.Post("/v1/charges", "amount", fmt.Sprint(amount), "currency", currency, "source", "tok_visa", "capture", "false").OK().ID()
	part := 50 + w.rand.Int64N(amount-49)
	w.Post("/v1/charges/"+id+"/capture", "amount", fmt.Sprint(part)).OK()
	w.total[currency] += part - cardFee(part)
	return fmt.Sprintf("capture %d of %d %s", part, amount, currency)
}

func (w *ledgerWorld) payOut() string {
	amount, currency := w.amount(1), w.currency()
	method := []string{"standard", "instant"}[w.rand.IntN(2)]
	a := w.Do(servertest.Request{Method: "POST", Path: "/v1/payouts", Form: []string{"amount", fmt.Sprint(amount), "currency", currency, "method", method}})
	if a.Status == 200 {
		w.spent = append(w.spent, a.Object.ID())
		w.total[currency] -= amount
	}
	return fmt.Sprintf("pay out %d %s: %d", amount, currency, a.Status)
}

// change does something to one of the payouts and puts its money back where that works.
func (w *ledgerWorld) change(action string) string {
	if len(w.spent) == 0 {
		return action + " nothing"
	}
	id := w.spent[w.rand.IntN(len(w.spent))]
	payout := w.Get("/v1/payouts/" + id).OK()
	a := w.Do(servertest.Request{Method: "POST", Path: "/v1/payouts/" + id + "/" + action})
	if a.Status == 200 {
		w.total[payout.String("currency")] += payout.Int("amount")
	}
	return fmt.Sprintf("%s %s: %d", action, id, a.Status)
}

func (w *ledgerWorld) cancel() string  { return w.change("cancel") }
func (w *ledgerWorld) reverse() string { return w.change("reverse") }

func (w *ledgerWorld) topUp() string {
	amount, currency := w.amount(1), w.currency()
	source := []string{"btok_us_verified", "btok_us_verified_noAccount"}[w.rand.IntN(2)]
	w.loans = append(w.loans, w.Post("/v1/topups", "amount", fmt.Sprint(amount), "currency", currency, "source", source).OK().ID())
	return fmt.Sprintf("top up %d %s from %s", amount, currency, source)
}

// move posts what other kinds of objects bring about.
func (w *ledgerWorld) move() string {
	kinds := []string{"refund_failure", "adjustment", "transfer", "application_fee", "stripe_fee", "payment"}
	in, out := w.amount(0), w.amount(0)
	p := billing.Posting{
		Kind: kinds[w.rand.IntN(len(kinds))], Amount: in - out, Fee: w.rand.Int64N(100) - 50, Currency: w.currency(),
		Fund: []string{"card", "bank_account", "fpx"}[w.rand.IntN(3)], Available: w.rand.IntN(3) == 0,
	}
	ns, err := w.Registry.Namespace(w.Account.ID, access.Test)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Engine.Call(w.t.Context(), ns, func(op *resource.Op) error {
		_, err := billing.Post(op, p)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	w.total[p.Currency] += p.Amount - p.Fee
	return fmt.Sprintf("move %+v", p)
}

func (w *ledgerWorld) schedule() string {
	forms := [][]string{
		{"interval", "manual"}, {"interval", "daily"}, {"interval", "weekly", "weekly_payout_days][", "monday", "weekly_payout_days][", "thursday"},
		{"interval", "monthly", "monthly_payout_days][", "15", "monthly_payout_days][", "31"},
	}
	form := forms[w.rand.IntN(len(forms))]
	sent := []string{"payments[settlement_timing][delay_days_override]", fmt.Sprint(w.rand.IntN(5))}
	for i := 0; i < len(form); i += 2 {
		sent = append(sent, "payments[payouts][schedule]["+form[i]+"]", form[i+1])
	}
	w.Post("/v1/balance_settings", sent...).OK()
	return fmt.Sprint(sent)
}

// wait lets time pass. What arrives, fails or is swept meanwhile is read from the objects themselves.
func (w *ledgerWorld) wait() string {
	hours := 1 + w.rand.IntN(100)
	advance(w.t, w.Server, w.Clock.Now().Add(time.Duration(hours)*time.Hour).Unix())
	var open []string
	for _, id := range w.loans {
		switch topup := w.Get("/v1/topups/" + id).OK(); topup.String("status") {
		case "pending":
			open = append(open, id)
		case "succeeded":
			w.total[topup.String("currency")] += topup.Int("amount")
		}
	}
	w.loans = open
	known := map[string]bool{}
	for _, id := range w.spent {
		known[id] = true
	}
	for _, v := range w.Get("/v1/payouts", "limit", "100").OK().Array("data") {
		if o := v.(*object.Object); o.Bool("automatic") && !known[o.ID()] {
			w.spent = append(w.spent, o.ID())
			w.total[o.String("currency")] -= o.Int("amount")
		}
	}
	return fmt.Sprintf("wait %d hours", hours)
}

// An audit that says nothing proves nothing unless it speaks when something is wrong.
func TestAuditFinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, field string
		by                int64
		want              string
	}{
		{"a fee that its details do not have", "balance_transaction", "fee", 1, "its details sum to 88"},
		{"a net that is not the rest", "balance_transaction", "net", -1, "but amount less fee is 1912"},
		{"books that hold something else", "balance_transaction", "net", -1, "the book available.card holds 912 usd, but its transactions sum to 911"},
		{"a payout of something else", "payout", "amount", 1, "pays out 1001, but its transaction moved -1000"},
		{"a captured amount that was not posted", "charge", "amount_captured", 1, "captured 2001, but its transaction"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			s.Post("/v1/balance_settings", "payments[settlement_timing][delay_days_override]", "0").OK()
			charge := s.Post("/v1/charges", "amount", "2000", "currency", "usd", "source", "tok_visa").OK()
			payout := s.Post("/v1/payouts", "amount", "1000", "currency", "usd").OK()
			sound(t, s)
			ns, err := s.Registry.Namespace(s.Account.ID, access.Test)
			if err != nil {
				t.Fatal(err)
			}
			id := map[string]string{"charge": charge.ID(), "balance_transaction": charge.Ref("balance_transaction"), "payout": payout.ID()}[c.kind]
			if _, err := s.Engine.Call(t.Context(), ns, func(op *resource.Op) error {
				o, err := op.Get(c.kind, id, "")
				if err != nil {
					return err
				}
				o.Set(c.field, o.Int(c.field)+c.by)
				op.Save(o)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			problems, err := s.Engine.Verify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(problems, "\n"); !strings.Contains(all, c.want) {
				t.Errorf("the audit says\n%s\nand not %q", all, c.want)
			}
		})
	}
}
