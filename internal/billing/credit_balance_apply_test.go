package billing

import (
	"slices"
	"testing"

	"sharesmart/internal/object"
)

func TestAllotCredits(t *testing.T) {
	t.Parallel()
	type grant struct {
		id, category                       string
		priority, expires, effective, left int64
		prices                             []string // all metered ones if empty
	}
	type paid struct {
		grant, line string
		amount      int64
	}
	one := []creditable{{line: "a", price: "p", amount: 1000}}
	for _, c := range []struct {
		name   string
		grants []grant // the oldest first
		lines  []creditable
		want   []paid
	}{
		{"no grants", nil, one, nil},
		{"one that suffices", []grant{{id: "g", left: 1500}}, one, []paid{{"g", "a", 1000}}},
		{"one that does not", []grant{{id: "g", left: 999}}, one, []paid{{"g", "a", 999}}},
		{"nothing left", []grant{{id: "g"}}, one, nil},
		{"lower priority number first", []grant{{id: "g", left: 900, priority: 50}, {id: "h", left: 300, priority: 49}}, one, []paid{{"h", "a", 300}, {"g", "a", 700}}},
		{"priority before expiry", []grant{{id: "g", left: 900, priority: 50, expires: 10}, {id: "h", left: 300, priority: 49}}, one, []paid{{"h", "a", 300}, {"g", "a", 700}}},
		{"earlier expiry first, never last", []grant{{id: "g", left: 100}, {id: "h", left: 100, expires: 20}, {id: "i", left: 100, expires: 10}}, one, []paid{{"i", "a", 100}, {"h", "a", 100}, {"g", "a", 100}}},
		{"expiry before category", []grant{{id: "g", left: 100, category: "promotional"}, {id: "h", left: 100, expires: 20, category: "paid"}}, one, []paid{{"h", "a", 100}, {"g", "a", 100}}},
		{"promotional before paid", []grant{{id: "g", left: 800, category: "paid", effective: 1}, {id: "h", left: 800, category: "promotional", effective: 2}}, one, []paid{{"h", "a", 800}, {"g", "a", 200}}},
		{"earlier effect first", []grant{{id: "g", left: 800, effective: 2}, {id: "h", left: 800, effective: 1}}, one, []paid{{"h", "a", 800}, {"g", "a", 200}}},
		{"older first", []grant{{id: "g", left: 800}, {id: "h", left: 800}}, one, []paid{{"g", "a", 800}, {"h", "a", 200}}},
		{
			"lines in their order", []grant{{id: "g", left: 1200}, {id: "h", left: 1000}},
			[]creditable{{line: "a", amount: 700}, {line: "b", amount: 0}, {line: "c", amount: -50}, {line: "d", amount: 900}},
			[]paid{{"g", "a", 700}, {"g", "d", 500}, {"h", "d", 400}},
		},
		{
			"scopes", []grant{{id: "g", left: 1000, prices: []string{"p", "q"}}, {id: "h", left: 1000}},
			[]creditable{{line: "a", price: "r", amount: 300}, {line: "b", price: "q", amount: 1300}},
			[]paid{{"g", "b", 1000}, {"h", "a", 300}, {"h", "b", 300}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var funds []creditFund
			for _, g := range c.grants {
				scope := newParams("price_type", "metered")
				if len(g.prices) > 0 {
					var prices []*object.Object
					for _, p := range g.prices {
						prices = append(prices, newParams("id", p))
					}
					scope = newParams("prices", prices)
				}
				o := newParams("id", g.id, "category", g.category, "priority", g.priority, "effective_at", g.effective, "applicability_config", newParams("scope", scope))
				if g.expires > 0 {
					o.Set("expires_at", g.expires)
				}
				funds = append([]creditFund{{grant: o, left: g.left}}, funds...)
			}
			var got []paid
			for _, a := range allotCredits(funds, c.lines) {
				got = append(got, paid{a.grant, a.line, a.amount})
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("applied %v, want %v", got, c.want)
			}
		})
	}
}
