package docs_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// testRow is a row of a page's table: the number, names, and what it says. Numbers of cards have blanks.
type testRow struct {
	number string
	names  []string
	says   []string
}

var (
	tableRow = regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \| (.*) \|$`)
	ticked   = regexp.MustCompile("`([^`]+)`")
)

// rowsOf are the rows of the table below a heading of a page, whose columns are a number, names, and the rest.
func rowsOf(t *testing.T, slug, heading string) (rows []testRow) {
	t.Helper()
	for _, p := range pages(t) {
		if p.Slug != slug {
			continue
		}
		_, text, _ := strings.Cut(p.Markdown, "## "+heading+"\n")
		text, _, _ = strings.Cut(text, "\n## ")
		for _, m := range tableRow.FindAllStringSubmatch(text, -1) {
			r := testRow{number: strings.Trim(m[1], "`"), says: strings.Split(m[3], "; ")}
			for _, name := range ticked.FindAllStringSubmatch(m[2], -1) {
				r.names = append(r.names, name[1])
			}
			if r.number == "–" || strings.ContainsAny(r.number, "0123456789") {
				rows = append(rows, r)
			}
		}
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no table below %q", slug, heading)
	}
	return rows
}

// trial is a payment with a card or an account of the pages, and what became of it.
type trial struct {
	*servertest.Server
	method func() string // its name, or a new payment method of its number
	typed  bool          // with an address
	with   []string      // the parameters that every payment has
	code   string        // what the claim that is looked at has between backticks
	answer *servertest.Answer
	intent *object.Object // also after a decline
	charge *object.Object // its latest one
}

// pay takes a payment, with more parameters in pairs.
func (p *trial) pay(more ...string) *trial {
	next := *p
	next.answer = p.Post("/v1/payment_intents", slices.Concat([]string{"amount", "2000", "confirm", "true", "payment_method", p.method()}, p.with, more)...)
	next.intent = next.answer.Object
	if e := next.answer.Object.Object("error"); e != nil {
		next.intent = e.Object("payment_intent")
	}
	next.look()
	return &next
}

func (p *trial) look() {
	if id := p.intent.Ref("latest_charge"); id != "" {
		p.charge = p.Get("/v1/charges/" + id).OK()
	}
}

// authenticated is the payment after its customer has passed.
func (p *trial) authenticated() *trial {
	if p.intent.String("status") != "requires_action" {
		return p
	}
	next := *p
	next.answer = p.Post("/v1/test_helpers/payment_intents/" + p.intent.ID() + "/authenticate")
	next.intent = p.Get("/v1/payment_intents/" + p.intent.ID()).OK()
	next.look()
	return &next
}

func (p *trial) status(want string) bool { return p.intent.String("status") == want }
func (p *trial) paid() bool              { return p.authenticated().status("succeeded") }

// refused reports whether the payment was declined with the code of the claim.
func (p *trial) refused() bool {
	p = p.authenticated()
	e := p.answer.Object.Object("error")
	if e == nil {
		e = p.intent.Object("last_payment_error")
	}
	return p.status("requires_payment_method") && slices.Contains([]string{e.String("code"), e.String("decline_code")}, p.code)
}

func (p *trial) away() *trial { return p.pay("off_session", "true") }

// asked pays and asks for 3D Secure.
func (p *trial) asked() *trial {
	return p.pay("payment_method_options[card][request_three_d_secure]", "any")
}

func (p *trial) check(name string) string {
	return p.charge.Object("payment_method_details").Object("card").Object("checks").String(name)
}

func (p *trial) first(path string) *object.Object {
	list := p.Get(path, "charge", p.charge.ID()).OK().Array("data")
	if len(list) == 0 {
		return nil
	}
	return list[0].(*object.Object)
}

// later lets time pass.
func (p *trial) later(t *testing.T, d time.Duration) {
	t.Helper()
	p.Clock.Advance(d)
	if err := p.Engine.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// cardClaims are how to see whether what a page says of a card is so, by the words without their code.
var cardClaims = map[string]func(t *testing.T, p *trial) bool{
	"paid":                                   func(_ *testing.T, p *trial) bool { return p.paid() },
	"declined":                               func(_ *testing.T, p *trial) bool { return p.refused() },
	"declined, if a security code was typed": func(_ *testing.T, p *trial) bool { return p.refused() },
	"then declined":                          func(_ *testing.T, p *trial) bool { return p.refused() },
	"can be kept with a customer, and is declined when charged": func(_ *testing.T, p *trial) bool {
		kept := p.Post("/v1/payment_methods/"+p.method()+"/attach", "customer", p.Post("/v1/customers").OK().ID())
		return kept.Status == http.StatusOK && p.refused()
	},
	"blocked, as too risky":       func(_ *testing.T, p *trial) bool { return p.charge.Object("outcome").String("type") == "blocked" },
	"paid, and put up for review": func(_ *testing.T, p *trial) bool { return p.paid() && p.charge.Ref("review") != "" },
	"authenticated, or declined without the customer": func(_ *testing.T, p *trial) bool {
		return p.status("requires_action") && p.away().status("requires_payment_method")
	},
	"authenticated, or declined without the customer, unless it was set up for that": func(_ *testing.T, p *trial) bool {
		setup := p.Post("/v1/setup_intents", "payment_method", p.method(), "payment_method_types[]", "card", "confirm", "true", "customer", p.Post("/v1/customers").OK().ID()).OK()
		p.Post("/v1/test_helpers/setup_intents/" + setup.ID() + "/authenticate").OK()
		ready := *p
		ready.method = func() string { return setup.Ref("payment_method") }
		ready.with = append([]string{"customer", setup.Ref("customer")}, p.with...)
		again := ready.away().answer.Object.Object("error").String("code")
		return p.status("requires_action") && p.away().status("requires_payment_method") && again != "authentication_required"
	},
	"authenticated":                                       func(_ *testing.T, p *trial) bool { return p.status("requires_action") && p.paid() },
	"pays without the customer":                           func(_ *testing.T, p *trial) bool { return p.away().status("succeeded") },
	"must be authenticated, which fails: declined":        func(_ *testing.T, p *trial) bool { return p.status("requires_payment_method") },
	"authenticated only if you ask for it":                func(_ *testing.T, p *trial) bool { return p.status("succeeded") && p.asked().status("requires_action") },
	"paid, though authentication fails if you ask for it": func(_ *testing.T, p *trial) bool { return p.status("succeeded") && p.asked().status("succeeded") },
	"has no 3D Secure":                                    func(_ *testing.T, p *trial) bool { return p.asked().status("succeeded") },
	"authenticated without a prompt, or declined without the customer": func(_ *testing.T, p *trial) bool {
		return p.status("succeeded") && p.away().status("requires_payment_method")
	},
	"the check of the security code fails":   func(_ *testing.T, p *trial) bool { return p.check("cvc_check") == "fail" },
	"the check of the postal code fails":     func(_ *testing.T, p *trial) bool { return !p.typed || p.check("address_postal_code_check") == "fail" },
	"the check of the street fails":          func(_ *testing.T, p *trial) bool { return !p.typed || p.check("address_line1_check") == "fail" },
	"postal code and street are not checked": func(_ *testing.T, p *trial) bool { return !p.typed || p.check("address_line1_check") == "unavailable" },
	"disputed":                               disputed("needs_response"),
	"an inquiry follows":                     disputed("warning_needs_response"),
	"an early fraud warning follows": func(_ *testing.T, p *trial) bool {
		return p.first("/v1/radar/early_fraud_warnings").String("fraud_type") == p.code
	},
	"the money is available at once": func(t *testing.T, p *trial) bool {
		p.later(t, 0)
		p.look()
		return p.Get("/v1/balance_transactions/"+p.charge.Ref("balance_transaction")).OK().String("status") == "available"
	},
	"a refund is pending first": func(_ *testing.T, p *trial) bool { return p.refund().String("status") == "pending" },
	"a refund fails some time after it succeeded": func(t *testing.T, p *trial) bool {
		r := p.refund()
		p.later(t, 24*time.Hour)
		return r.String("status") == "succeeded" && p.Get("/v1/refunds/"+r.ID()).OK().String("failure_reason") == p.code
	},
	"also on": func(_ *testing.T, p *trial) bool {
		card := p.Get("/v1/payment_methods/" + p.charge.Ref("payment_method")).OK().Object("card")
		return slices.Contains(card.Object("networks").Array("available"), any(p.code))
	},
}

func (p *trial) refund() *object.Object { return p.Post("/v1/refunds", "charge", p.charge.ID()).OK() }

// disputed looks for a dispute in a status, with the reason of the claim.
func disputed(status string) func(t *testing.T, p *trial) bool {
	return func(t *testing.T, p *trial) bool {
		p.later(t, 0)
		return slices.ContainsFunc(p.Get("/v1/disputes", "charge", p.charge.ID()).OK().Array("data"), func(v any) bool {
			d := v.(*object.Object)
			return d.String("status") == status && d.String("reason") == p.code
		})
	}
}

// holds tries what a row says, with claims by their words.
func (r testRow) holds(t *testing.T, p *trial, claims map[string]func(*testing.T, *trial) bool) {
	t.Helper()
	for _, says := range r.says {
		words, code, _ := strings.Cut(says, ": `")
		if words == says {
			if plain, inline, ok := strings.Cut(says, " `"); ok {
				words, code = plain, inline
			}
		}
		claim := claims[words]
		if claim == nil {
			t.Fatalf("nobody knows how to see whether this is so: %q", says)
		}
		p.code = strings.Trim(code, "`")
		if !claim(t, p) {
			t.Errorf("%s: it is not so that it is %q: %s", r.number, says, p.answer.Body)
		}
	}
}

// TestCards pays with every card that the page has, and sees whether what the page says of it is so.
func TestCards(t *testing.T) {
	t.Parallel()
	for _, heading := range []string{"They pay", "They are declined", "They ask for the customer", "What comes later", "Radar and checks", "Cards of other countries"} {
		t.Run(heading, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			for _, r := range cardRows(t, heading) {
				if r.number != "–" {
					tryCard(t, s, r, typedCard(s, r.number), true)
				}
				for _, name := range r.names {
					tryCard(t, s, r, func() string { return name }, false)
				}
			}
		})
	}
}

// typedCard makes payment methods of a number.
func typedCard(s *servertest.Server, number string) func() string {
	return func() string {
		return s.Post("/v1/payment_methods", "type", "card", "card[number]", strings.ReplaceAll(number, " ", ""), "card[exp_month]", "12", "card[exp_year]", "2034", "card[cvc]", "123",
			"billing_details[address][line1]", "1 Main Street", "billing_details[address][postal_code]", "94103").OK().ID()
	}
}

func tryCard(t *testing.T, s *servertest.Server, r testRow, method func() string, typed bool) {
	t.Helper()
	p := (&trial{Server: s.For(t), method: method, typed: typed, with: []string{"currency", "usd", "payment_method_types[]", "card"}}).pay()
	if p.charge != nil && r.number != "–" {
		last4 := p.charge.Object("payment_method_details").Object("card").String("last4")
		if !strings.HasSuffix(strings.ReplaceAll(r.number, " ", ""), last4) {
			t.Errorf("%v is the card %s, the page says %s", r.names, last4, r.number)
		}
	}
	r.holds(t, p, cardClaims)
}

// cardRows are the rows below a heading. Where a row says what a card is, it pays; where it says what happens, that is it.
func cardRows(t *testing.T, heading string) []testRow {
	t.Helper()
	rows := rowsOf(t, "test-cards", heading)
	for i, r := range rows {
		switch heading {
		case "They pay":
			r.says[0] = "paid" // in the place of the network
			rows[i].says = slices.DeleteFunc(r.says, func(says string) bool { return strings.HasPrefix(says, "of ") })
		case "Cards of other countries":
			rows[i].says = []string{"paid"}
		}
	}
	return rows
}
