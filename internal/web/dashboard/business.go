package dashboard

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/money"
	"sharesmart/internal/people"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/dashboard/chart"
	"sharesmart/internal/web/dashboard/view"
)

func init() {
	register(Page{Pattern: "GET /business", Role: people.Viewer, Handler: showBusiness})
}

// businessView is how the business does: figures of one currency, and those that are of none.
type businessView struct {
	Span       string
	Spans      []choice
	Ends       []choice
	Currencies []choice
	Figures    []*figureView
	Empty      bool
}

// choice is one of a few ways to see the page.
type choice struct {
	Name, Href string
	Current    bool
}

// figureView is a figure with its chart and the numbers behind it.
type figureView struct {
	ID, Title  string
	Value      string // what it is now, or came to in all
	Href       string // where its rows are
	Note       string // what it is to be compared with
	Definition string
	Chart      *chart.Chart
	Legend     []chart.Series
	Heads      []string
	Rows       [][]view.Cell
}

// span is how far back the page looks, and in what steps.
type span struct {
	Key, Name string
	months    bool
	points    int
}

var spans = []span{{"30d", "30 days", false, 30}, {"90d", "90 days", false, 90}, {"12m", "12 months", true, 12}, {"36m", "3 years", true, 36}}

// period is a day or a month.
type period struct {
	From, To time.Time // To is the first moment behind it
	Label    string
}

// periods are the points of a span that ends with the period that a moment is in.
func (s span) periods(until time.Time) []period {
	out := make([]period, s.points)
	for i := range out {
		back := s.points - 1 - i
		if s.months {
			from := time.Date(until.Year(), until.Month()-time.Month(back), 1, 0, 0, 0, 0, time.UTC)
			out[i] = period{from, from.AddDate(0, 1, 0), from.Format("Jan 2006")}
			continue
		}
		from := until.Truncate(24*time.Hour).AddDate(0, 0, -back)
		out[i] = period{from, from.AddDate(0, 0, 1), from.Format("2 Jan")}
	}
	return out
}

// ledger is the figures of the business, by period.
type ledger struct {
	periods []period
	before  map[string]int64   // what was there before the first period, by name and what it is of
	changes map[string][]int64 // by name, what it is of, and how it came about
	ofs     map[string][]string
}

func newLedger(days []resource.FiguresDay, periods []period) *ledger {
	l := &ledger{periods: periods, before: map[string]int64{}, changes: map[string][]int64{}, ofs: map[string][]string{}}
	for _, day := range days {
		at := slices.IndexFunc(periods, func(p period) bool { return !day.Day.Before(p.From) && day.Day.Before(p.To) })
		for _, c := range day.Changes {
			if !slices.Contains(l.ofs[c.Name], c.Of) {
				l.ofs[c.Name] = append(l.ofs[c.Name], c.Of)
			}
			switch {
			case at >= 0:
				key := c.Name + "|" + c.Of + "|" + c.Movement
				if l.changes[key] == nil {
					l.changes[key] = make([]int64, len(periods))
				}
				l.changes[key][at] += c.Amount
			case day.Day.Before(periods[0].From):
				l.before[c.Name+"|"+c.Of] += c.Amount
			}
		}
	}
	return l
}

// moved is what came about in a way, in each period.
func (l *ledger) moved(name, of string, movements ...string) []int64 {
	out := make([]int64, len(l.periods))
	for _, m := range movements {
		for i, v := range l.changes[name+"|"+of+"|"+m] {
			out[i] += v
		}
	}
	return out
}

// all is what was added in each period, in whatever way.
func (l *ledger) all(name, of string) []int64 {
	return l.moved(name, of, resource.FigureNew, resource.FigureMore, resource.FigureLess, resource.FigureLost)
}

// stock is what there was at the end of each period.
func (l *ledger) stock(name, of string) []int64 {
	sum, out := l.before[name+"|"+of], l.all(name, of)
	for i, v := range out {
		sum += v
		out[i] = sum
	}
	return out
}

// movedOfAll is moved of all that the name is of.
func (l *ledger) movedOfAll(name string, movements ...string) []int64 {
	out := make([]int64, len(l.periods))
	for _, of := range l.ofs[name] {
		out = plus(out, l.moved(name, of, movements...))
	}
	return out
}

func plus(a, b []int64) []int64 {
	out := slices.Clone(a)
	for i := range b {
		out[i] += b[i]
	}
	return out
}

func sum(values []int64) (total int64) {
	for _, v := range values {
		total += v
	}
	return total
}

func minus(a, b []int64) []int64 {
	out := slices.Clone(a)
	for i := range b {
		out[i] -= b[i]
	}
	return out
}

func showBusiness(v *Visit) error {
	days, err := v.survey().Figures()
	if err != nil {
		return err
	}
	b := &businessView{Empty: len(days) == 0}
	chosen, choices := v.spans(spans[2])
	b.Span, b.Spans = chosen.Name, choices
	until, ends := v.ends(days)
	b.Ends = ends
	l := newLedger(days, chosen.periods(until))
	currency := v.currency(l, b)
	f := &figures{Visit: v, ledger: l, currency: currency}
	b.Figures = []*figureView{f.mrr(), f.movements(), f.volume(), f.failed(), f.members(), f.trials(), f.churn(), f.funnel()}
	return v.Show("business", "Business", b)
}

// ends are where the span can end: today, or on the last day of a test clock that is ahead. It is today, unless something else
// was asked for or there is nothing before.
func (v *Visit) ends(days []resource.FiguresDay) (until time.Time, all []choice) {
	today := v.Clock.Now().UTC()
	if len(days) == 0 || !days[len(days)-1].Day.After(today) {
		return today, nil
	}
	last, ahead := days[len(days)-1].Day, v.Query("until") == "clocks" || days[0].Day.After(today)
	all = []choice{{"Until today", v.asked("until", "today"), !ahead}, {"Until " + last.Format("2 Jan 2006") + ", on test clocks", v.asked("until", "clocks"), ahead}}
	if ahead {
		return last, all
	}
	return today, all
}

// spans are those that can be chosen, and the one that is, or the usual one.
func (v *Visit) spans(usual span) (chosen span, all []choice) {
	chosen = usual
	for _, s := range spans {
		if s.Key == v.Query("span") {
			chosen = s
		}
	}
	for _, s := range spans {
		all = append(all, choice{s.Name, v.asked("span", s.Key), s.Key == chosen.Key})
	}
	return chosen, all
}

// currency chooses the one that is shown: the one that was asked for, or the one in which most is charged.
func (v *Visit) currency(l *ledger, b *businessView) string {
	volume := map[string]int64{}
	for _, name := range []string{"mrr", "volume", "failed"} {
		for _, of := range l.ofs[name] {
			stock := l.stock("volume", of)
			volume[of] = stock[len(stock)-1]
		}
	}
	all := slices.SortedFunc(maps.Keys(volume), func(x, y string) int {
		return int(max(min(volume[y]-volume[x], 1), -1))*2 + strings.Compare(x, y)
	})
	if len(all) == 0 {
		return "usd"
	}
	chosen := all[0]
	if asked := v.Query("currency"); slices.Contains(all, asked) {
		chosen = asked
	}
	for _, c := range all {
		b.Currencies = append(b.Currencies, choice{strings.ToUpper(c), v.asked("currency", c), c == chosen})
	}
	return chosen
}

// figures makes the parts of the page.
type figures struct {
	*Visit
	*ledger
	currency string
}

func (f *figures) money(amount int64) string { return view.Money(amount, f.currency) }

// brief is an amount beside an axis: "$1,200".
func (f *figures) brief(amount int64) string {
	text := money.Format(amount, f.currency)
	if whole, cents, found := strings.Cut(text, "."); found && strings.Trim(cents, "0") == "" {
		return whole
	}
	return text
}

func count(n int64) string { return strconv.FormatInt(n, 10) }

// whole is the span as one period.
func (f *figures) whole() period {
	return period{From: f.periods[0].From, To: f.periods[len(f.periods)-1].To}
}

// eventsKept is how far back events go, in days.
const eventsKept = 30

// happened is where the events of a type are in a period, or what says nearly the same of one of which they are not kept any more.
func (f *figures) happened(kind string, p period, instead string) string {
	if f.Clock.Now().Sub(p.From) > eventsKept*dayLong {
		return instead
	}
	return f.Path("/events") + "?" + url.Values{"type": {kind}, "created.from": {p.From.Format(time.DateOnly)}, "created.to": {p.To.AddDate(0, 0, -1).Format(time.DateOnly)}}.Encode()
}

// rows is where the objects of a kind are that were made in a period, newest first.
func (f *figures) rows(kind string, p period, more ...string) string {
	q := url.Values{"created.from": {p.From.Format(time.DateOnly)}, "created.to": {p.To.AddDate(0, 0, -1).Format(time.DateOnly)}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return f.Path("/objects/"+kind) + "?" + q.Encode()
}

// found is where the objects of a kind are that a search finds in a period of a field.
func (f *figures) found(kind, field string, p period, terms ...string) string {
	terms = append(terms, fmt.Sprintf("%s>=%d", field, p.From.Unix()), fmt.Sprintf("%s<%d", field, p.To.Unix()))
	return f.Path("/objects/"+kind) + "?" + url.Values{"q": {strings.Join(terms, " AND ")}}.Encode()
}

// fill makes the chart and the table of a figure: a row for each period, the latest first. to is where a value leads.
func (f *figures) fill(v *figureView, inMoney, lines bool, series []chart.Series, to func(column int, p period) string) *figureView {
	labels, axis := make([]string, len(f.periods)), count
	if inMoney {
		axis = f.brief
	}
	format := count
	if inMoney {
		format = f.money
	}
	v.Heads = []string{"Period"}
	for _, s := range series {
		v.Heads = append(v.Heads, s.Name)
	}
	for i := range f.periods {
		p := f.periods[len(f.periods)-1-i]
		labels[len(f.periods)-1-i] = p.Label
		row := []view.Cell{{Text: p.Label}}
		for column, s := range series {
			cell := view.Cell{Text: format(s.Values[len(f.periods)-1-i]), End: true}
			if s.Values[len(f.periods)-1-i] != 0 {
				cell.Href = to(column, p)
			}
			row = append(row, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	if v.Href == "" {
		v.Href = to(0, f.whole())
	}
	if !slices.ContainsFunc(series, func(s chart.Series) bool { return slices.ContainsFunc(s.Values, func(n int64) bool { return n != 0 }) }) {
		v.Href = "" // there are no rows
	}
	v.Chart = &chart.Chart{Title: v.Title + ", by period", Labels: labels, Series: series, Lines: lines, Format: format, Axis: axis}
	if len(series) > 1 {
		v.Legend = series
	}
	return v
}
