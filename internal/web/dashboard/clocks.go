package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/dashboard/explorer"
	"sharesmart/internal/web/dashboard/view"
)

func init() {
	register(Page{Pattern: "GET /clocks/{id}", Role: people.Viewer, Handler: showClock})
	register(Page{Pattern: "POST /clocks/{id}/advance", Role: people.Developer, Handler: advanceClock})
	register(Page{Pattern: "POST /clocks/{id}/step", Role: people.Developer, Handler: stepClock})
	register(Page{Pattern: "POST /clocks/{id}/snapshot", Role: people.Developer, Handler: snapshotClock})
}

const (
	clockKind = "test_helpers.test_clock"
	// clockPast is how many events are shown of a clock, clockDue how many timers are looked at, and clockAlike how many of those
	// are shown that do the same on the same day.
	clockPast  = 200
	clockDue   = 20_000
	clockAlike = 5
	// clockHorizon is how far the slider goes, in days, and renewalsShown how many renewals are foretold of a subscription.
	clockHorizon  = 400
	renewalsShown = 13
	renewingMost  = 5
)

// clockView is a test clock with what happened on it and what will.
type clockView struct {
	ID, Heading string
	Status      view.Cell
	Moving      bool
	Now         time.Time
	Ends        *view.Moment
	Object      string // where the object's own page is
	Past        []*clockDay
	Future      []*clockDay
	Older       string
	Sampled     bool         // not all renewals are foretold
	Until       *view.Moment // what is due after it is not shown, as there is too much before
	Max         int          // of the slider, in days
	Next        string       // when something is due next, as fields take it
	Fault       string
	Log         string
	Snapshots   []snapshotRow
	May         bool
}

// clockDay is what happened, or will, on a day.
type clockDay struct {
	Day   time.Time
	Items []clockItem
}

// Key is the day for machines.
func (d *clockDay) Key() string { return d.Day.Format(time.DateOnly) }

// clockItem is one thing that happens.
type clockItem struct {
	At     time.Time
	Text   string
	Href   string // of the event
	Object view.Cell
	Likely bool // nothing is set for it yet: it follows from how the subscription is
	Others int  // how many more there are like it, on the same day
}

// snapshotRow is a moment to which one can go back.
type snapshotRow struct {
	ID, Name string
	At       *view.Moment
	Restore  string
}

// dues are what timers do, in words.
var dues = map[string]string{
	"subscription.period": "Next period begins", "subscription.cancel_at": "Subscription ends", "subscription.incomplete": "Unpaid first invoice expires",
	"subscription.trial_will_end": "Trial is about to end", "subscription.pause_collection": "Collection goes on", "subscription.pending_update": "Pending change expires",
	"subscription.threshold": "Threshold is looked at", "subscription.upcoming": "Notice of the next invoice", "invoice.finalize": "Invoice is finalized",
	"invoice.collect": "Payment is tried", "invoice.will_be_due": "Notice before the invoice is due", "invoice.overdue": "Invoice is overdue",
	"schedule.phase": "Next phase of the schedule", "schedule.expiring": "Schedule is about to end", "discount.end": "Discount ends", "test_clock.deletes_after": "Clock is deleted",
	"billing.credit_grant.expires_at": "Credits expire", "quote.expires_at": "Quote expires", "charge.settle": "Money becomes available", "checkout.session.expires_at": "Session expires",
}

func showClock(v *Visit) error {
	c, err := v.clock(v.R.PathValue("id"))
	if err != nil {
		return err
	}
	return v.Show("clock", c.Heading, c)
}

// clock reads a test clock with its days.
func (v *Visit) clock(id string) (*clockView, error) {
	o, err := v.Engine.Do(v.R.Context(), v.Namespace, "GET /v1/test_helpers/test_clocks/"+url.PathEscape(id), nil)
	if err != nil {
		return nil, err
	}
	c := &clockView{
		ID: id, Heading: o.String("name"), Now: time.Unix(o.Int("frozen_time"), 0).UTC(), Ends: view.At(o.Int("deletes_after")), Max: clockHorizon,
		Object: v.objectPath(clockKind, id), Moving: o.String("status") == "advancing", May: v.may(people.Developer) && !v.Namespace.Live,
	}
	if c.Heading == "" {
		c.Heading = "Test clock"
	}
	c.Status = view.Cell{Text: explorer.Label(o.String("status")), Tone: view.Tone(o.String("status"))}
	if c.Moving {
		v.W.Header().Set("Refresh", "2") // until it is there
	}
	if err := v.addPast(c); err != nil {
		return nil, err
	}
	if err := v.addFuture(c); err != nil {
		return nil, err
	}
	return c, v.addSnapshots(c)
}

// addPast lists what happened, the latest day first.
func (v *Visit) addPast(c *clockView) error {
	all, more, err := v.survey().HappenedOn(c.ID, v.trimmedQuery("after"), clockPast)
	if err != nil {
		return err
	}
	var items []clockItem
	for _, h := range all {
		items = append(items, clockItem{At: h.Time.UTC(), Text: h.Type, Href: v.Path("/events/" + url.PathEscape(h.ID)), Object: view.Cell{Text: h.Object, Href: v.links().Object(h.Kind, h.Object), Code: true}})
	}
	c.Past = daysOf(items)
	slices.Reverse(c.Past)
	if more {
		c.Older = v.turned("after", all[len(all)-1].ID)
	}
	return nil
}

// addFuture lists what is due, and the renewals that follow from it.
func (v *Visit) addFuture(c *clockView) error {
	horizon := c.Now.AddDate(0, 0, clockHorizon)
	all, more, err := v.survey().Due(c.ID, horizon, clockDue, clockAlike)
	if err != nil {
		return err
	}
	if more && len(all) > 0 {
		c.Until = view.At(all[len(all)-1].Time.Unix())
	}
	var items []clockItem
	periods := map[string]bool{}
	for _, d := range all {
		text := dues[d.Timer]
		if text == "" {
			text = explorer.Label(d.Timer)
		}
		items = append(items, clockItem{At: d.Time.UTC(), Text: text, Object: view.Cell{Text: d.Object, Href: v.links().Object(d.Kind, d.Object), Code: true}, Others: d.Others})
		if d.Timer == "subscription.period" && (d.Others > 0 || len(periods) >= renewingMost && !periods[d.Object]) {
			c.Sampled = true
		}
		if d.Timer == "subscription.period" && len(periods) < renewingMost && !periods[d.Object] {
			periods[d.Object] = true
			likely, err := v.renewals(d.Object, horizon)
			if err != nil {
				return err
			}
			items = append(items, likely...)
		}
	}
	if len(all) > 0 {
		c.Next = all[0].Time.UTC().Format("2006-01-02T15:04:05")
	}
	c.Future = daysOf(items)
	return nil
}

// renewals are the periods of a subscription beyond the one that is set already, if it goes on as it is.
func (v *Visit) renewals(id string, horizon time.Time) (items []clockItem, err error) {
	s, err := v.survey().Find("subscription", id)
	if err != nil || s == nil || s.Int("cancel_at") != 0 || s.Bool("cancel_at_period_end") {
		return nil, err
	}
	lines := s.Object("items").Array("data")
	if len(lines) == 0 {
		return nil, nil
	}
	item, _ := lines[0].(*object.Object)
	recurring := item.Object("price").Object("recurring")
	interval := money.Interval{Unit: recurring.String("interval"), Count: int(recurring.Int("interval_count"))}
	if !interval.Valid() {
		return nil, nil
	}
	end, anchor := time.Unix(item.Int("current_period_end"), 0).UTC(), time.Unix(s.Int("billing_cycle_anchor"), 0).UTC()
	_, at := interval.Around(anchor, end)
	for range renewalsShown {
		if at.After(horizon) {
			break
		}
		items = append(items, clockItem{At: at, Text: "Renews, " + priceText(item.Object("price")), Object: view.Cell{Text: id, Href: v.links().Object("subscription", id), Code: true}, Likely: true})
		_, at = interval.Around(anchor, at)
	}
	return items, nil
}

// daysOf sorts what happens into days, the first first.
func daysOf(items []clockItem) (days []*clockDay) {
	slices.SortStableFunc(items, func(a, b clockItem) int { return a.At.Compare(b.At) })
	for _, item := range items {
		day := item.At.Truncate(24 * time.Hour)
		if len(days) == 0 || !days[len(days)-1].Day.Equal(day) {
			days = append(days, &clockDay{Day: day})
		}
		last := days[len(days)-1]
		last.Items = append(last.Items, item)
	}
	return days
}

// addSnapshots lists the moments to which test mode, or the sandbox, can go back.
func (v *Visit) addSnapshots(c *clockView) error {
	page, err := v.Engine.Do(v.R.Context(), v.Namespace, "GET /v1/test_helpers/snapshots", url.Values{"limit": {"20"}})
	if apierr.As(err) != nil {
		return nil // there are none in live mode
	}
	if err != nil {
		return err
	}
	for _, item := range page.Array("data") {
		if s, ok := item.(*object.Object); ok {
			row := snapshotRow{ID: s.ID(), Name: s.String("name"), At: view.At(s.Int("created"))}
			row.Restore = v.links().Object("snapshot", s.ID()) + "/actions/PostTestHelpersSnapshotsSnapshotRestore"
			c.Snapshots = append(c.Snapshots, row)
		}
	}
	return nil
}

// advanceClock moves a clock to a time.
func advanceClock(v *Visit) error {
	to, err := parseTime(v.trimmed("to"))
	if err != nil {
		return v.clockFault("Write times as 2026-11-30 or 2026-11-30T09:41.", "")
	}
	form := url.Values{"frozen_time": {strconv.FormatInt(to.Unix(), 10)}, "wait": {"true"}}
	return v.moveClock("PostTestHelpersTestClocksTestClockAdvance", form)
}

// stepClock moves a clock to what is due next.
func stepClock(v *Visit) error { return v.moveClock("PostTestHelpersTestClocksTestClockStep", nil) }

func (v *Visit) moveClock(operation string, form url.Values) error {
	id := v.R.PathValue("id")
	op := spec.OperationByID(operation)
	a, err := v.send(v.Namespace, &call{Method: op.Method, Path: pathOf(op, id), Body: form.Encode(), IdempotencyKey: clock.Secret(v.Clock, 24)})
	if err != nil {
		return err
	}
	return v.clockDone(a)
}

// snapshotClock keeps test mode, or the sandbox, as it is now.
func snapshotClock(v *Visit) error {
	form := url.Values{}
	if name := v.trimmed("name"); name != "" {
		form.Set("name", name)
	}
	a, err := v.send(v.Namespace, &call{Method: http.MethodPost, Path: "/v1/test_helpers/snapshots", Body: form.Encode()})
	if err != nil {
		return err
	}
	return v.clockDone(a)
}

// clockDone leads back to the clock, or says there what is wrong.
func (v *Visit) clockDone(a *answer) error {
	if a.Status < http.StatusBadRequest {
		return v.Lead(v.Path("/clocks/" + url.PathEscape(v.R.PathValue("id"))))
	}
	failed, err := object.Parse(a.Body, nil)
	if err != nil {
		return err
	}
	return v.clockFault(failed.Object("error").String("message"), v.Path("/logs/"+url.PathEscape(a.Request)))
}

func (v *Visit) clockFault(text, log string) error {
	c, err := v.clock(v.R.PathValue("id"))
	if err != nil {
		return err
	}
	c.Fault, c.Log = text, log
	return v.Render(http.StatusUnprocessableEntity, "clock", &View{Title: c.Heading, Data: c, Faults: map[string]string{"to": text}})
}
