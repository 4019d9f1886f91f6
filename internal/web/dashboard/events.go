package dashboard

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/dashboard/explorer"
	"sharesmart/internal/web/dashboard/view"
)

func init() {
	register(Page{Pattern: "GET /events", Role: people.Viewer, Handler: showEvents})
	register(Page{Pattern: "GET /events/export", Role: people.Viewer, Handler: exportEvents})
	register(Page{Pattern: "GET /events/{id}", Role: people.Viewer, Handler: showEvent})
}

const eventsPage = 50

// eventsView is a page of events.
type eventsView struct {
	Type, From, To string
	Object         string
	Types          []string
	Chips          []chip
	Fault          string
	Rows           []eventRow
	Newer, Older   string
	Export         string
}

// eventRow is an event in a list.
type eventRow struct {
	ID, Type, Href string
	At             *view.Moment
	Object         view.Cell
	Kind           string
	Request        view.Cell
}

// eventsAsked is what the address asks for.
func (v *Visit) eventsAsked() *eventsView {
	return &eventsView{Type: v.trimmedQuery("type"), From: v.trimmedQuery("created.from"), To: v.trimmedQuery("created.to"), Object: v.trimmedQuery("object"), Types: spec.EventTypes()}
}

func showEvents(v *Visit) error {
	e := v.eventsAsked()
	e.Export = v.Path("/events/export") + "?" + v.query()
	if strings.HasPrefix(e.Object, "evt_") {
		return v.Lead(v.Path("/events/" + url.PathEscape(e.Object)))
	}
	if e.Object != "" {
		e.Chips = append(e.Chips, v.chip("Object", "object", e.Object))
		if err := v.eventsOf(e, v.trimmedQuery("after")); err != nil {
			return err
		}
		return v.Show("events", "Events", e)
	}
	form := v.eventFilters(e)
	form.Set("limit", strconv.Itoa(eventsPage))
	for param, name := range map[string]string{"starting_after": "after", "ending_before": "before"} {
		if id := v.trimmedQuery(name); id != "" {
			form.Set(param, id)
		}
	}
	if err := v.fillEvents(e, form); err != nil {
		return err
	}
	return v.Show("events", "Events", e)
}

// eventFilters makes the parameters of the list of events of what was asked for.
func (v *Visit) eventFilters(e *eventsView) url.Values {
	form := url.Values{}
	if e.Type != "" {
		form.Set("type", e.Type)
		e.Chips = append(e.Chips, v.chip("Type", "type", e.Type))
	}
	l := &listView{}
	created := &listFilter{From: e.From, To: e.To}
	created.Name, created.Label, created.Input = "created", "Created", explorer.Range
	v.addFilter(l, form, created)
	e.Chips, e.Fault = append(e.Chips, l.Chips...), l.Fault
	return form
}

// exportEvents writes the events that the filters find as CSV, newest first.
func exportEvents(v *Visit) error {
	e := v.eventsAsked()
	form := v.eventFilters(e)
	if e.Fault != "" {
		return v.Note(http.StatusUnprocessableEntity, "This cannot be exported", e.Fault)
	}
	w := v.download("events")
	if w.Write([]string{"id", "time", "type", "kind", "object", "request"}) != nil {
		return nil // nobody is there any more
	}
	form.Set("limit", "100")
	for written := 0; ; written += len(e.Rows) {
		e.Rows, e.Older = nil, ""
		if err := v.moreEvents(e, form); err != nil {
			return err
		}
		for _, r := range e.Rows {
			if w.Write([]string{r.ID, r.At.Stamp(), r.Type, r.Kind, cellText(r.Object.Text), r.Request.Text}) != nil {
				return nil
			}
		}
		if e.Older == "" || written >= exportMost || v.R.Context().Err() != nil {
			break
		}
		form.Set("starting_after", e.Rows[len(e.Rows)-1].ID)
	}
	w.Flush()
	return nil
}

// moreEvents reads on behind what a form says: the events of one object, or of all.
func (v *Visit) moreEvents(e *eventsView, form url.Values) error {
	if e.Object != "" {
		return v.eventsOf(e, form.Get("starting_after"))
	}
	return v.fillEvents(e, form)
}

// fillEvents asks the list of events.
func (v *Visit) fillEvents(e *eventsView, form url.Values) error {
	page, err := v.Engine.Do(v.R.Context(), v.Namespace, "GET /v1/events", form)
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError {
		e.Fault = api.Message
		return nil
	}
	if err != nil {
		return err
	}
	l := &listView{}
	for _, item := range page.Array("data") {
		if o, ok := item.(*object.Object); ok {
			about, _ := o.At("data", "object").(*object.Object)
			row := v.eventRow(o.ID(), o.String("type"), o.Int("created"), v.kindOf(about), about.ID(), o.Object("request").String("id"))
			if customer := about.String("customer"); about.ID() == "" && customer != "" { // as a summary of entitlements
				row.Object = view.Cell{Text: customer, Href: v.links().Object("customer", customer), Code: true}
			}
			e.Rows = append(e.Rows, row)
			l.Rows = append(l.Rows, objectRow{ID: o.ID()})
		}
	}
	v.turnPages(l, page)
	e.Newer, e.Older = l.Newer, l.Older
	return nil
}

// kindOf is the kind of an object that is not known by its schema.
func (v *Visit) kindOf(o *object.Object) string {
	if kind := v.Engine.KindOf(o.ID()); kind != "" {
		return kind
	}
	return o.String("object")
}

func (v *Visit) eventRow(id, kind string, created int64, about, object, request string) eventRow {
	row := eventRow{ID: id, Type: kind, Href: v.Path("/events/" + url.PathEscape(id)), At: view.At(created), Kind: v.kinds().NameOf(about),
		Object: view.Cell{Text: object, Href: v.links().Object(about, object), Code: true}}
	if request != "" {
		row.Request = view.Cell{Text: request, Href: v.Path("/logs/" + url.PathEscape(request)), Code: true}
	}
	return row
}

// eventsOf lists the events of one object, from beyond the one with an id if that is not empty.
func (v *Visit) eventsOf(e *eventsView, after string) error {
	kind := v.Engine.KindOf(e.Object)
	all, more, err := v.survey().Happened(kind, e.Object, after, eventsPage)
	if err != nil {
		return err
	}
	for _, h := range all {
		e.Rows = append(e.Rows, v.eventRow(h.ID, h.Type, h.Time.Unix(), h.Kind, h.Object, h.Request))
	}
	if more {
		e.Older = v.turned("after", all[len(all)-1].ID)
	}
	return nil
}

// eventView is an event with the object before and after.
type eventView struct {
	eventRow
	Docs    string
	Changes []view.Change
	Created bool // there was none before
	JSON    template.HTML
	After   template.HTML
	Before  template.HTML
	Caused  []view.Cell // the other events of the same request
}

func showEvent(v *Visit) error {
	id := v.R.PathValue("id")
	o, err := v.Engine.Do(v.R.Context(), v.Namespace, "GET /v1/events/"+url.PathEscape(id), nil)
	if apierr.As(err) != nil {
		return v.Note(http.StatusNotFound, "This event is not here", "Events are kept for 30 days. The id may be of another account or mode, or of a sandbox that is gone.")
	}
	if err != nil {
		return err
	}
	now, err := v.survey().Announced(id)
	if err != nil {
		return err
	}
	about, _ := o.At("data", "object").(*object.Object)
	kind := v.kindOf(about)
	if now != nil {
		kind = now.Kind
	}
	e := &eventView{eventRow: v.eventRow(id, o.String("type"), o.Int("created"), kind, about.ID(), o.Object("request").String("id")), Docs: v.kinds().DocsOf(kind), JSON: v.links().JSON(o)}
	if err := v.compare(e, now); err != nil {
		return err
	}
	if err := v.addCaused(e, o.Object("request").String("id")); err != nil {
		return err
	}
	return v.Show("event", e.Type, e)
}

// compare shows the object as it was before and after the event.
func (v *Visit) compare(e *eventView, now *resource.Document) error {
	if now == nil {
		return nil
	}
	e.After, e.Created = v.links().JSON(now.Object), now.Version == 1
	if now.Version < 2 {
		return nil
	}
	before, err := v.survey().At(now.Kind, now.ID(), now.Version-1)
	if before == nil || err != nil {
		return err
	}
	e.Before, e.Changes = v.links().JSON(before.Object), view.Diff(before.Object, now.Object)
	return nil
}

// addCaused lists what else the request caused.
func (v *Visit) addCaused(e *eventView, request string) error {
	if request == "" {
		return nil
	}
	entry, err := v.logEntry(v.Namespace.NS, request)
	if err != nil {
		return nil // it may be gone, or of another account
	}
	for _, id := range slices.DeleteFunc(slices.Clone(entry.Events), func(id string) bool { return id == e.ID }) {
		kind, err := v.survey().EventType(id)
		if err != nil {
			return err
		}
		e.Caused = append(e.Caused, view.Cell{Text: kind, Href: v.Path("/events/" + url.PathEscape(id))})
	}
	return nil
}
