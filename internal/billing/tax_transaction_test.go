package billing_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

const (
	fromCalculation = "/v1/tax/transactions/create_from_calculation"
	taxReversals    = "/v1/tax/transactions/create_reversal"
)

// sold is a transaction of 100.00 and 19.00 tax, 50.00 with 7.98 tax within, and 10.00 shipping with 1.90 tax.
func sold(t *testing.T, s *servertest.Server, reference string) (transaction string, lines []string) {
	t.Helper()
	c := s.Post("/v1/tax/calculations", form("currency=eur line_items[0][amount]=10000 line_items[0][metadata][k]=v line_items[1][amount]=5000 line_items[1][tax_behavior]=inclusive shipping_cost[amount]=1000 "+from("DE"))...).OK()
	wantFields(t, c, map[string]any{"amount_total": 10000 + 1900 + 5000 + 1000 + 190, "tax_amount_inclusive": 798})
	tx := s.Post(fromCalculation, "calculation", c.ID(), "reference", reference, "metadata[order]", "7", "expand[]", "line_items").OK()
	wantFields(t, tx, map[string]any{
		"type": "transaction", "reversal": nil, "reference": reference, "currency": "eur", "metadata.order": "7", "tax_date": c.Int("tax_date"), "posted_at": c.Int("tax_date"),
		"customer_details.address.country": "DE", "shipping_cost.amount": 1000, "shipping_cost.amount_tax": 190, "shipping_cost.tax_behavior": "exclusive", "shipping_cost.tax_code": "txcd_92010001",
		"shipping_cost.tax_breakdown": nil,
		"line_items.data.0.amount":    10000, "line_items.data.0.amount_tax": 1900, "line_items.data.0.reference": "L1", "line_items.data.0.metadata.k": "v", "line_items.data.0.type": "transaction", "line_items.data.0.reversal": nil,
		"line_items.data.1.amount": 5000, "line_items.data.1.amount_tax": 798, "line_items.data.2": nil,
	})
	return tx.ID(), s.Get("/v1/tax/transactions/" + tx.ID() + "/line_items").IDs()
}

func TestTaxTransaction(t *testing.T) {
	t.Parallel()
	s := taxed(t, "DE", inGermany)
	wantEvents(t, s, nil, func() { sold(t, s, "order_1") })
	c := s.Post("/v1/tax/calculations", form("currency=eur line_items[0][amount]=100 "+from("DE"))...).OK().ID()
	wantFields(t, s.Post(fromCalculation, "calculation", c, "reference", "old", "posted_at", "1600000000").OK(), map[string]any{"posted_at": 1600000000})
	refuse(t, s, []refusal{
		{"the same reference", fromCalculation, "reference=order_1 calculation=" + c, "resource_already_exists", "reference", "order_1"},
		{"no calculation", fromCalculation, "reference=order_2 calculation=taxcalc_none", "resource_missing", "calculation", "taxcalc_none"},
	})
	s.Get("/v1/tax/transactions/tax_none").Fails(404, "resource_missing")
	s.Clock.Advance(90 * 24 * time.Hour)
	refuse(t, s, []refusal{{"expired", fromCalculation, "reference=order_3 calculation=" + c, "", "calculation", "expired"}})
}

func TestTaxReversal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		form string         // $1 and $2 are the lines
		want map[string]any // of the reversal
	}{
		{"full", "mode=full", map[string]any{
			"line_items.data.0.amount": -10000, "line_items.data.0.amount_tax": -1900, "line_items.data.0.type": "reversal", "line_items.data.0.reversal.original_line_item": "$1", "line_items.data.0.reference": "L1",
			"line_items.data.1.amount": -5000, "line_items.data.1.amount_tax": -798, "shipping_cost.amount": -1000, "shipping_cost.amount_tax": -190,
		}},
		{"a line", "mode=partial line_items[0][original_line_item]=$2 line_items[0][amount]=-2500 line_items[0][amount_tax]=-399 line_items[0][reference]=back line_items[0][quantity]=1 line_items[0][metadata][a]=b", map[string]any{
			"line_items.data.0.amount": -2500, "line_items.data.0.amount_tax": -399, "line_items.data.0.reference": "back", "line_items.data.0.metadata.a": "b", "line_items.data.1": nil, "shipping_cost": nil,
		}},
		{"shipping", "mode=partial shipping_cost[amount]=-1000 shipping_cost[amount_tax]=-190", map[string]any{"line_items.data.0": nil, "shipping_cost.amount": -1000, "shipping_cost.tax_code": "txcd_92010001"}},
		{"flat", "mode=partial flat_amount=-1809", map[string]any{ // a tenth of 18,090
			"line_items.data.0.amount": -1000, "line_items.data.0.amount_tax": -190, "line_items.data.1.amount": -500, "line_items.data.1.amount_tax": -80, "shipping_cost.amount": -100, "shipping_cost.amount_tax": -19,
		}},
		{"flat, to the end", "mode=partial flat_amount=-18090", map[string]any{"line_items.data.0.amount_tax": -1900, "line_items.data.1.amount": -5000, "shipping_cost.amount_tax": -190}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := taxed(t, "DE", inGermany)
			id, lines := sold(t, s, "order")
			got := s.Post(taxReversals, append(form(forLines(c.form, lines)), "original_transaction", id, "reference", "refund", "expand[]", "line_items", "metadata[why]", "broken")...).OK()
			for path, v := range c.want {
				if text, ok := v.(string); ok {
					c.want[path] = forLines(text, lines)
				}
			}
			wantFields(t, got, c.want)
			wantFields(t, got, map[string]any{"type": "reversal", "reversal.original_transaction": id, "reference": "refund", "metadata.why": "broken", "currency": "eur"})
			stored := s.Get("/v1/tax/transactions/" + got.ID()).OK()
			wantFields(t, stored, map[string]any{"type": "reversal", "reversal.original_transaction": id, "shipping_cost": got.Get("shipping_cost")})
		})
	}
}

// forLines puts the ids of lines in the place of $1 and $2.
func forLines(text string, ids []string) string {
	return strings.NewReplacer("$1", ids[0], "$2", ids[1]).Replace(text)
}

// Reversals take back no more than there was, all together.
func TestTaxReversalLimits(t *testing.T) {
	t.Parallel()
	s := taxed(t, "DE", inGermany)
	id, lines := sold(t, s, "order")
	back := func(text string) string { return "original_transaction=" + id + " " + forLines(text, lines) }
	first := s.Post(taxReversals, form(back("mode=partial reference=r1 line_items[0][original_line_item]=$1 line_items[0][amount]=-6000 line_items[0][amount_tax]=-1140 line_items[0][reference]=x"))...).OK().ID()
	const again = "mode=partial reference=r2 line_items[0][original_line_item]=$1 line_items[0][reference]=x "
	refuse(t, s, []refusal{
		{"more than is left", taxReversals, back(again + "line_items[0][amount]=-4001 line_items[0][amount_tax]=-760"), "amount_too_large", "line_items[0][amount]", "4000"},
		{"more tax than is left", taxReversals, back(again + "line_items[0][amount]=-4000 line_items[0][amount_tax]=-761"), "amount_too_large", "line_items[0][amount_tax]", "760"},
		{"above zero", taxReversals, back(again + "line_items[0][amount]=4000 line_items[0][amount_tax]=760"), "parameter_invalid_integer", "line_items[0][amount]", "0"},
		{"twice in one", taxReversals, back(again + "line_items[0][amount]=-1 line_items[0][amount_tax]=0 line_items[1][original_line_item]=$1 line_items[1][amount]=-1 line_items[1][amount_tax]=0 line_items[1][reference]=y"), "", "line_items[1][original_line_item]", "twice"},
		{"another line", taxReversals, back("mode=partial reference=r2 line_items[0][original_line_item]=tax_li_none line_items[0][amount]=-1 line_items[0][amount_tax]=0 line_items[0][reference]=x"), "resource_missing", "line_items[0][original_line_item]", "tax_li_none"},
		{"all after a part", taxReversals, back("mode=full reference=r2"), "", "mode", "partially"},
		{"flat above what is left", taxReversals, back("mode=partial reference=r2 flat_amount=-10951"), "amount_too_large", "flat_amount", "10950"},
		{"flat above zero", taxReversals, back("mode=partial reference=r2 flat_amount=1"), "parameter_invalid_integer", "flat_amount", "-1"},
		{"nothing said", taxReversals, back("mode=partial reference=r2"), "parameter_missing", "line_items", "flat_amount"},
		{"flat and shipping", taxReversals, back("mode=partial reference=r2 flat_amount=-1 shipping_cost[amount]=-1 shipping_cost[amount_tax]=0"), "parameters_exclusive", "flat_amount", "flat_amount"},
		{"all and a part", taxReversals, back("mode=full reference=r2 flat_amount=-1"), "", "mode", "full"},
		{"the same reference", taxReversals, back("mode=full reference=order"), "resource_already_exists", "reference", "order"},
		{"of a reversal", taxReversals, "mode=full reference=r2 original_transaction=" + first, "", "original_transaction", "reversal"},
		{"of nothing", taxReversals, "mode=full reference=r2 original_transaction=tax_none", "resource_missing", "original_transaction", "tax_none"},
	})
	s.Post(taxReversals, form(back("mode=partial reference=r2 flat_amount=-10950"))...).OK()
	refuse(t, s, []refusal{{"nothing is left", taxReversals, back("mode=partial reference=r3 flat_amount=-1"), "amount_too_large", "flat_amount", "(0)"}})
}

// A payment that is linked to a calculation records its tax once it succeeds.
func TestTaxAssociation(t *testing.T) {
	t.Parallel()
	s := taxed(t, "DE", inGermany)
	const find = "/v1/tax/associations/find"
	calculation := s.Post("/v1/tax/calculations", form("currency=eur line_items[0][amount]=10000 "+from("DE"))...).OK().ID()
	pay := func(currency string) string {
		return s.Post("/v1/payment_intents", "amount", "11900", "currency", currency, "payment_method", "pm_card_visa", "payment_method_types[]", "card", "hooks[inputs][tax][calculation]", calculation).OK().ID()
	}
	pi := pay("eur")
	wantFields(t, s.Get(find, "payment_intent", pi).OK(), map[string]any{"calculation": calculation, "payment_intent": pi, "tax_transaction_attempts": []any{}})
	s.Post("/v1/payment_intents/" + pi + "/confirm").OK()
	got := s.Get(find, "payment_intent", pi).OK()
	wantFields(t, got, map[string]any{"tax_transaction_attempts.0.source": pi, "tax_transaction_attempts.0.status": "committed", "tax_transaction_attempts.1": nil})
	transaction, _ := field(got, "tax_transaction_attempts.0.committed.transaction").(string)
	wantFields(t, s.Get("/v1/tax/transactions/"+transaction, "expand[]", "line_items").OK(), map[string]any{"reference": pi, "line_items.data.0.amount_tax": 1900})
	other := pay("usd")
	s.Post("/v1/payment_intents/" + other + "/confirm").OK()
	wantFields(t, s.Get(find, "payment_intent", other).OK(), map[string]any{"tax_transaction_attempts.0.status": "errored", "tax_transaction_attempts.0.errored.reason": "currency_mismatch"})
	plain := s.Post("/v1/payment_intents", "amount", "100", "currency", "eur").OK().ID()
	s.Get(find, "payment_intent", plain).Fails(404, "resource_missing")
}
