package dashboard

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/people"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

func init() {
	register(Page{Pattern: "GET /logs", Role: people.Viewer, Handler: showLogs})
	register(Page{Pattern: "GET /logs/{id}", Role: people.Viewer, Handler: showLog})
	register(Page{Pattern: "GET /logs/export", Role: people.Viewer, Handler: exportLogs})
	register(Page{Pattern: "GET /logs/tail", Role: people.Viewer, Stream: true, Handler: tailLogs})
}

const (
	logsPage = 50
	// logsEffort is how many entries are looked at for a page: as many as take some 40 ms.
	logsEffort = 30_000
)

// logFilter is one way in which the log can be narrowed.
type logFilter struct {
	Name, Label, Hint string
	Values            []string // to choose from; none for what is typed
	Value             string
	Minor             bool // shown when somebody asks for more
}

// logFilters are all of them, but the times.
func logFilters() []logFilter {
	versions := append([]string{spec.Version}, spec.Versions()...)
	slices.Sort(versions)
	slices.Reverse(versions)
	return []logFilter{
		{Name: requestlog.Status, Label: "Status", Values: []string{"2xx", "4xx", "5xx", "400", "401", "402", "403", "404", "409", "429"}},
		{Name: requestlog.Method, Label: "Method", Values: []string{"GET", "POST", "DELETE"}},
		{Name: requestlog.Path, Label: "Path", Hint: "/v1/customers"},
		{Name: requestlog.Object, Label: "Object or event", Hint: "cus_…"},
		{Name: requestlog.Operation, Label: "Operation", Hint: "PostCustomers", Minor: true},
		{Name: requestlog.Source, Label: "Source", Values: requestlog.Sources(), Minor: true},
		{Name: requestlog.Key, Label: "Key", Hint: "key_…", Minor: true},
		{Name: requestlog.IP, Label: "IP address", Minor: true},
		{Name: requestlog.Version, Label: "API version", Values: slices.Compact(versions), Minor: true},
		{Name: requestlog.Code, Label: "Error code", Hint: "card_declined", Minor: true},
		{Name: requestlog.Idempotency, Label: "Idempotency key", Minor: true},
	}
}

// logSearch is what somebody asked the log for.
type logSearch struct {
	Filters     []logFilter
	From, Until string // as typed: of the form of datetime-local, in UTC
	Chips       []chip
	Fault       string
	query       store.LogQuery
}

// chip is a filter that is set, and where the page is without it.
type chip struct{ Label, Value, Without string }

// Minor reports whether one of the filters is set that are not shown at first.
func (s *logSearch) Minor() bool {
	return s.From != "" || s.Until != "" || slices.ContainsFunc(s.Filters, func(f logFilter) bool { return f.Minor && f.Value != "" })
}

// logSearch reads the filters of the address.
func (v *Visit) logSearch() *logSearch {
	s := &logSearch{Filters: logFilters(), From: v.trimmedQuery("from"), Until: v.trimmedQuery("until"), query: store.LogQuery{NS: v.Namespace.NS}}
	for i := range s.Filters {
		f := &s.Filters[i]
		if f.Value = v.trimmedQuery(f.Name); f.Value == "" {
			continue
		}
		if len(f.Values) > 0 && !slices.Contains(f.Values, f.Value) {
			f.Values = append(f.Values, f.Value) // the address says what the list does not: "4xx,5xx"
		}
		value := f.Value
		if f.Name == requestlog.Path {
			value = strings.TrimRight(value, "/*")
		}
		s.query.Where = append(s.query.Where, store.Cond{Field: f.Name, Values: strings.Split(value, ",")})
		s.Chips = append(s.Chips, v.chip(f.Label, f.Name, f.Value))
	}
	s.query.From = s.time(v, "From", "from", s.From)
	s.query.Until = s.time(v, "Until", "until", s.Until)
	if before, err := strconv.ParseInt(v.Query("before"), 10, 64); err == nil {
		s.query.Before = before
	}
	return s
}

func (s *logSearch) time(v *Visit, label, name, typed string) int64 {
	if typed == "" {
		return 0
	}
	at, err := parseTime(typed)
	if err != nil {
		s.Fault = "Write times as 2026-11-30 or 2026-11-30T09:41."
		return 0
	}
	s.Chips = append(s.Chips, v.chip(label, name, at.Format("2 Jan 2006, 15:04")))
	return at.UnixMicro()
}

// timeInput is how an input of a time to the minute writes it.
const timeInput = "2006-01-02T15:04"

// parseTime reads a time of a form, in UTC: a day, or a day and minutes.
func parseTime(typed string) (time.Time, error) {
	for _, form := range []string{timeInput, "2006-01-02T15:04:05", time.DateOnly, "2006-01-02 15:04"} {
		if at, err := time.Parse(form, typed); err == nil {
			return at, nil
		}
	}
	return time.Time{}, errors.New("not a time")
}

// chip makes one for a parameter of the address, which may have others behind it: where the page is without it does not go on
// from where this one is.
func (v *Visit) chip(label, name, value string) chip {
	q := maps.Clone(v.R.URL.Query())
	delete(q, name)
	return chip{label, value, v.with(q)}
}

// with is where this page is with other parameters, from the start.
func (v *Visit) with(q url.Values) string {
	q = maps.Clone(q)
	for name, values := range q {
		if name == "before" || name == "after" || name == "page" || len(values) == 0 || values[0] == "" {
			delete(q, name)
		}
	}
	to := v.Path(v.R.URL.Path)
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return to
}

// asked is where this page is with one parameter set.
func (v *Visit) asked(name, value string) string {
	q := v.R.URL.Query()
	q.Set(name, value)
	return v.Path(v.R.URL.Path) + "?" + q.Encode()
}

// logsView is a page of the log.
type logsView struct {
	*logSearch
	Rows []*logRow
	// Older is where the page goes on; Searched is how far back it looked, where it found less than it could show.
	Older    string
	Searched *time.Time
	Export   string
	Tail     string
	Newest   bool   // the page is the first
	First    string // where that is
	Saved    *savedViews
}

// logRow is a request in a list.
type logRow struct {
	store.LogEntry
	Href string
}

// At is when it began.
func (r *logRow) At() time.Time { return time.UnixMicro(r.LogEntry.Time).UTC() }

// Took is how long it took, in milliseconds.
func (r *logRow) Took() string {
	ms := float64(r.Duration) / 1000
	if ms >= 10 {
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
}

// Tone is the meaning of its status.
func (r *logRow) Tone() string {
	switch {
	case r.Status >= http.StatusInternalServerError:
		return "bad"
	case r.Status >= http.StatusBadRequest:
		return "warn"
	}
	return "good"
}

// Source is the kind of client that it came from.
func (r *logRow) Source() string { return requestlog.SourceOf(r.UserAgent) }

func (v *Visit) logRow(e store.LogEntry) *logRow {
	return &logRow{e, v.Path("/logs/" + url.PathEscape(e.ID))}
}

func showLogs(v *Visit) error {
	s := v.logSearch()
	if id := objectAsked(s); strings.HasPrefix(id, "req_") {
		return v.Lead(v.Path("/logs/" + url.PathEscape(id)))
	}
	view := &logsView{logSearch: s, Export: v.place.prefix() + "/logs/export?" + v.R.URL.RawQuery, Tail: v.place.prefix() + "/logs/tail?" + v.R.URL.RawQuery, Newest: s.query.Before == 0, First: v.with(v.R.URL.Query())}
	var err error
	if view.Saved, err = v.savedViews("/logs"); err != nil {
		return err
	}
	s.query.Limit, s.query.Effort = logsPage+1, logsEffort
	page, err := v.Store.Logs(s.query)
	if err != nil {
		return err
	}
	next := page.Next
	if len(page.Entries) > logsPage {
		page.Entries = page.Entries[:logsPage]
		next = page.Entries[logsPage-1].Seq
	}
	for _, e := range page.Entries {
		view.Rows = append(view.Rows, v.logRow(e))
	}
	if next > 0 {
		view.Older = v.asked("before", strconv.FormatInt(next, 10))
		if len(page.Entries) < logsPage {
			view.Searched = v.logTime(next)
		}
	}
	return v.Show("logs", "Request logs", view)
}

// objectAsked is the object that the filters name.
func objectAsked(s *logSearch) string {
	i := slices.IndexFunc(s.Filters, func(f logFilter) bool { return f.Name == requestlog.Object })
	return s.Filters[i].Value
}

// logTime is when the request before a place in the log began; nil if there is none.
func (v *Visit) logTime(before int64) *time.Time {
	page, err := v.Store.Logs(store.LogQuery{NS: v.Namespace.NS, Before: before, Limit: 1})
	if err != nil || len(page.Entries) == 0 {
		return nil
	}
	at := time.UnixMicro(page.Entries[0].Time).UTC()
	return &at
}
