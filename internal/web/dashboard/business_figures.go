package dashboard

import (
	"fmt"
	"net/url"
	"slices"

	"sharesmart/internal/resource"
	"sharesmart/internal/web/dashboard/chart"
)

// whoPays ends the definitions of what is counted by subscriptions that pay.
const whoPays = " A subscription pays if it is active or past due, costs more than nothing, and was not given away."

// The definitions below are what package billing counts (figures.go there); both must say the same.

func (f *figures) mrr() *figureView {
	stock := f.stock("mrr", f.currency)
	now := stock[len(stock)-1]
	v := &figureView{
		ID: "mrr", Title: "Monthly recurring revenue", Value: f.money(now), Note: "was " + f.money(f.before["mrr|"+f.currency]) + " before this span",
		Definition: "What all active and past-due subscriptions bring in a month: quantity times price, a year's as a twelfth, a week's and a day's by the mean month. Before discounts, credits and taxes. Trials, plans given away, metered and tiered prices do not count.",
	}
	return f.fill(v, true, true, []chart.Series{{Name: "MRR", Values: stock, Class: "line-1"}}, func(int, period) string { return f.Path("/objects/subscription?status=active") })
}

func (f *figures) movements() *figureView {
	series := []chart.Series{
		{Name: "New", Values: f.moved("mrr", f.currency, resource.FigureNew), Class: "bar-good"}, {Name: "Expansion", Values: f.moved("mrr", f.currency, resource.FigureMore), Class: "bar-info"},
		{Name: "Contraction", Values: f.moved("mrr", f.currency, resource.FigureLess), Class: "bar-warn"}, {Name: "Churn", Values: f.moved("mrr", f.currency, resource.FigureLost), Class: "bar-bad"},
	}
	v := &figureView{
		ID: "movements", Title: "What moved it", Value: f.money(sum(f.all("mrr", f.currency))), Note: "in this span",
		Definition: "New: of subscriptions that began to pay, or pay again. Expansion and contraction: of those that went on for more or less. Churn: of those that ended, or are paid no more.",
	}
	return f.fill(v, true, false, series, func(column int, p period) string {
		switch column {
		case 0:
			return f.rows("subscription", p, "status", "all")
		case 3:
			return f.found("subscription", "canceled_at", p)
		}
		return f.happened("customer.subscription.updated", p, f.rows("subscription", p, "status", "all"))
	})
}

func (f *figures) volume() *figureView {
	charged, refunded := f.all("volume", f.currency), f.all("refunded", f.currency)
	back := minus(make([]int64, len(refunded)), refunded)
	v := &figureView{
		ID: "volume", Title: "Net volume", Value: f.money(sum(charged) - sum(refunded)), Note: f.money(sum(charged)) + " charged, " + f.money(sum(refunded)) + " refunded",
		Definition: "What charges captured, less what was refunded of it, each on its own day. Before fees. Disputes do not count.",
	}
	return f.fill(v, true, false, []chart.Series{{Name: "Charged", Values: charged, Class: "bar-good"}, {Name: "Refunded", Values: back, Class: "bar-bad"}}, func(column int, p period) string {
		if column == 1 {
			return f.rows("refund", p)
		}
		return f.found("charge", "created", p, `status:"succeeded"`, `currency:"`+f.currency+`"`)
	})
}

func (f *figures) failed() *figureView {
	failed := f.all("failed", f.currency)
	v := &figureView{ID: "failed", Title: "Failed payments", Value: count(sum(failed)), Note: "in this span", Definition: "Charges that were declined or failed later, each try by itself."}
	return f.fill(v, false, false, []chart.Series{{Name: "Failed", Values: failed, Class: "bar-bad"}}, func(_ int, p period) string {
		return f.found("charge", "created", p, `status:"failed"`, `currency:"`+f.currency+`"`)
	})
}

// mostPlans is how many plans have a line of their own.
const mostPlans = 5

func (f *figures) members() *figureView {
	prices := slices.Clone(f.ofs["members"])
	last := func(price string) int64 { s := f.stock("members", price); return s[len(s)-1] }
	slices.SortStableFunc(prices, func(a, b string) int { return int(last(b) - last(a)) })
	var total int64
	for _, p := range prices {
		total += last(p)
	}
	var series []chart.Series
	shown := prices[:min(len(prices), mostPlans)]
	for i, id := range shown {
		series = append(series, chart.Series{Name: f.priceName(id), Values: f.stock("members", id), Class: fmt.Sprintf("line-%d", i+1)})
	}
	v := &figureView{
		ID: "members", Title: "Active members by plan", Value: count(total), Note: "subscriptions at the end", Href: f.Path("/objects/subscription"),
		Definition: "Subscriptions that are active, past due or in trial, at the end of each period, by the price that they have. One with two prices counts for both.",
	}
	return f.fill(v, false, true, series, func(column int, _ period) string {
		return f.Path("/objects/subscription") + "?" + url.Values{"price": {shown[column]}}.Encode()
	})
}

// priceName is what a price is of: "Pro, $5.00 USD every month".
func (f *figures) priceName(id string) string {
	price, err := f.survey().Find("price", id)
	if err != nil || price == nil {
		return id
	}
	return f.productName(price) + ", " + priceText(price)
}

func percent(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

func (f *figures) trials() *figureView {
	started, converted := f.moved("trialing", "", resource.FigureNew), f.moved("converted", "", resource.FigureNew)
	ended := -sum(f.moved("trialing", "", resource.FigureLost))
	v := &figureView{
		ID: "trials", Title: "Trial conversion", Value: percent(sum(converted), ended), Note: fmt.Sprintf("%d of %d trials that ended", sum(converted), ended),
		Definition: "Of the trials that ended in this span, those after which the subscription pays." + whoPays,
	}
	return f.fill(v, false, false, []chart.Series{{Name: "Started", Values: started, Class: "bar-info"}, {Name: "Converted", Values: converted, Class: "bar-good"}}, func(column int, p period) string {
		if column == 0 {
			return f.rows("subscription", p, "status", "all")
		}
		return f.happened("customer.subscription.updated", p, f.Path("/objects/subscription?status=active"))
	})
}

func (f *figures) churn() *figureView {
	lost := minus(make([]int64, len(f.periods)), f.moved("paying", "", resource.FigureLost))
	paying := f.stock("paying", "")
	began := f.before["paying|"]
	v := &figureView{
		ID: "churn", Title: "Churn", Value: percent(sum(lost), began+sum(f.moved("paying", "", resource.FigureNew))), Note: fmt.Sprintf("%d ended, %d pay now", sum(lost), paying[len(paying)-1]),
		Definition: "Subscriptions that paid and stopped, in parts of those that paid at the beginning of the span or began to in it. One that goes over to a free plan has stopped." + whoPays,
	}
	return f.fill(v, false, false, []chart.Series{{Name: "Stopped", Values: lost, Class: "bar-bad"}}, func(_ int, p period) string { return f.found("subscription", "canceled_at", p) })
}

// step is one of a funnel: how many came so far in each period, and where they are.
type step struct {
	name   string
	values []int64
	rows   func(p period) string
}

// funnel shows how many come how far.
func (f *figures) funnel() *figureView {
	steps := []step{
		{"Signed up", f.moved("customers", "", resource.FigureNew), func(p period) string { return f.rows("customer", p) }},
		{"Installed", f.movedOfAll("installs", resource.FigureNew), func(p period) string { return f.rows("install", p) }},
		{"Paired", f.movedOfAll("paired", resource.FigureNew), func(p period) string {
			return f.happened("install.paired", p, f.rows("install", p, "status", "paired"))
		}},
		{"Began to pay", f.moved("paying", "", resource.FigureNew), func(p period) string { return f.rows("subscription", p, "status", "all") }},
	}
	v := &figureView{
		ID: "funnel", Title: "From sign-up to paying", Value: percent(sum(steps[3].values), sum(steps[0].values)), Note: "of those who signed up in this span began to pay in it",
		Definition: "Signed up: customers that were made. Installed: browsers with the extension. Paired: those of them that a member is signed in with. Began to pay: subscriptions that became ones that pay. Each counts on its own day; one member may have several browsers." + whoPays,
	}
	return f.steps(v, steps)
}

// mostSteps is how many lines a funnel has: as many as there are colours.
const mostSteps = 5

// extensionFunnel shows how far those come who install one extension. Its free price may be empty. Of more paid plans than
// there are lines, the last share one.
func (f *figures) extensionFunnel(id, free string, paid []string) *figureView {
	steps := []step{
		{"Installed", f.moved("installs", id, resource.FigureNew), func(p period) string { return f.rows("install", p, "extension", id) }},
		{"Paired", f.moved("paired", id, resource.FigureNew), func(p period) string { return f.rows("install", p, "extension", id, "status", "paired") }},
	}
	if free != "" {
		steps = append(steps, f.began("the free plan", free))
	}
	room, began := mostSteps-len(steps), int64(0)
	for i, price := range paid {
		began += sum(f.moved("members", price, resource.FigureNew))
		switch {
		case i < room-1 || i < room && len(paid) == room:
			steps = append(steps, f.began(f.priceName(price), price))
		case i == room-1:
			steps = append(steps, f.began("another plan", paid[i:]...))
		}
	}
	v := &figureView{
		ID: "funnel", Title: "From installing to paying", Value: count(sum(steps[0].values)), Note: fmt.Sprintf("installed, %d began a paid plan", began),
		Definition: "Installed: browsers with this extension that were seen for the first time. Paired: those of them that a member signed in with. Began a plan: subscriptions of its price that began, trials and plans given away included. Each counts on its own day; one member may have several browsers.",
	}
	return f.steps(v, steps)
}

// began is the step of those who began a plan, which may have several prices.
func (f *figures) began(name string, prices ...string) step {
	s := step{"Began " + name, make([]int64, len(f.periods)), func(p period) string {
		if len(prices) > 1 {
			return f.rows("subscription", p, "status", "all")
		}
		return f.rows("subscription", p, "price", prices[0], "status", "all")
	}}
	for _, price := range prices {
		s.values = plus(s.values, f.moved("members", price, resource.FigureNew))
	}
	return s
}

// steps makes a funnel of its steps.
func (f *figures) steps(v *figureView, steps []step) *figureView {
	var series []chart.Series
	for i, s := range steps {
		series = append(series, chart.Series{Name: s.name, Values: s.values, Class: fmt.Sprintf("line-%d", i+1)})
	}
	return f.fill(v, false, true, series, func(column int, p period) string { return steps[column].rows(p) })
}
