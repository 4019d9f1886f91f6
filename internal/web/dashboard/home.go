package dashboard

import (
	"net/url"
	"strconv"
	"strings"

	"sharesmart/internal/people"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/store"
)

func init() {
	register(Page{Pattern: "GET /{$}", Role: people.Viewer, Handler: showHome})
}

// homeRows is how many events and requests the start shows.
const homeRows = 5

// homeView is what one wants to know first.
type homeView struct {
	Hints   []hint
	Numbers []homeNumber
	Events  []eventRow
	Failed  []*logRow
}

// homeNumber is a figure of the last 30 days, and where it is explained.
type homeNumber struct{ Label, Value, Href string }

// showHome shows how the business does, what happened last, and where the person can go from here.
func showHome(v *Visit) error {
	h := &homeView{}
	var err error
	if h.Hints, err = v.hints(); err != nil {
		return err
	}
	if err := v.addNumbers(h); err != nil {
		return err
	}
	events := &eventsView{}
	if err := v.fillEvents(events, url.Values{"limit": {strconv.Itoa(homeRows)}}); err != nil {
		return err
	}
	h.Events = events.Rows
	page, err := v.Store.Logs(store.LogQuery{NS: v.Namespace.NS, Limit: homeRows, Effort: logsEffort, Where: []store.Cond{{Field: requestlog.Status, Values: []string{"4xx", "5xx"}}}})
	if err != nil {
		return err
	}
	for _, e := range page.Entries {
		h.Failed = append(h.Failed, v.logRow(e))
	}
	return v.Show("home", "Home", h)
}

func (v *Visit) addNumbers(h *homeView) error {
	days, err := v.survey().Figures()
	if len(days) == 0 || err != nil {
		return err
	}
	until, _ := v.ends(days)
	l := newLedger(days, spans[0].periods(until))
	currency := v.currency(l, &businessView{})
	f := &figures{Visit: v, ledger: l, currency: currency}
	for _, figure := range []*figureView{f.mrr(), f.volume(), f.members(), f.failed()} {
		title, _, _ := strings.Cut(figure.Title, " by ")
		h.Numbers = append(h.Numbers, homeNumber{title, figure.Value, v.Path("/business?span=30d&currency=" + strings.ToLower(currency) + "#" + figure.ID + "-title")})
	}
	return nil
}
