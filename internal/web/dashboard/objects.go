package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/dashboard/explorer"
	"sharesmart/internal/web/dashboard/view"
)

func init() {
	register(Page{Pattern: "GET /objects", Role: people.Viewer, Handler: showKinds})
	register(Page{Pattern: "GET /objects/{kind}", Role: people.Viewer, Handler: showObjects})
	register(Page{Pattern: "GET /export/{kind}", Role: people.Viewer, Handler: exportObjects})
}

const objectsPage = 25

// showKinds shows all kinds that have a list.
func showKinds(v *Visit) error { return v.Show("kinds", "All objects", v.kinds().Families) }

// listFilter is a filter of a list with what somebody chose.
type listFilter struct {
	explorer.Filter
	Value, From, To string
}

// listView is a page of a list.
type listView struct {
	*explorer.Resource
	Filters []listFilter
	Chips   []chip
	Words   string // what was searched for
	Missing string // the filter that the list cannot do without
	Fault   string
	Rows    []objectRow
	Newer   string
	Older   string
	Export  string
	Create  string
	Saved   *savedViews
	Minor   bool // more filters are open
}

// objectRow is an object in a list.
type objectRow struct {
	ID, Href string
	Cells    []view.Cell
}

// objectTable is what the template of a table of objects takes.
type objectTable struct {
	Title   string
	Columns []explorer.Column
	Rows    []objectRow
	TestID  string
}

// rows makes one. Columns in which there is nothing are left out.
func rows(title string, columns []explorer.Column, rows []objectRow, testID string) objectTable {
	t := objectTable{Title: title, TestID: testID, Rows: make([]objectRow, len(rows))}
	for i := range rows {
		t.Rows[i] = objectRow{ID: rows[i].ID, Href: rows[i].Href}
	}
	for i, c := range columns {
		if !slices.ContainsFunc(rows, func(r objectRow) bool { return !r.Cells[i].Empty() }) {
			continue
		}
		t.Columns = append(t.Columns, c)
		for j := range rows {
			t.Rows[j].Cells = append(t.Rows[j].Cells, rows[j].Cells[i])
		}
	}
	return t
}

// mainFilters is how many filters are shown at first.
const mainFilters = 4

// Main and More are the filters that are shown at first, and the others.
func (l *listView) Main() []listFilter { return l.Filters[:min(mainFilters, len(l.Filters))] }
func (l *listView) More() []listFilter { return l.Filters[min(mainFilters, len(l.Filters)):] }

func showObjects(v *Visit) error {
	r := v.kinds().Resource(v.R.PathValue("kind"))
	if r == nil {
		return notFound(v)
	}
	l := &listView{Resource: r, Words: v.trimmedQuery("q"), Export: v.place.prefix() + "/export/" + url.PathEscape(r.Kind) + "?" + v.R.URL.RawQuery}
	form := v.filters(l)
	if r.Create != nil && v.mayCall(r.Create) && !r.Create.Multipart {
		l.Create = v.Path("/create/" + url.PathEscape(r.Kind))
	}
	var err error
	if l.Saved, err = v.savedViews("/objects/" + r.Kind); err != nil {
		return err
	}
	if l.Missing == "" && l.Fault == "" {
		if err := v.fillList(l, form); err != nil {
			return err
		}
	}
	return v.Show("objects", r.Title, l)
}

// filters reads the filters of the address into the list, and makes the parameters that the operation is asked with.
func (v *Visit) filters(l *listView) url.Values {
	form := url.Values{}
	if l.Words != "" {
		l.Chips = append(l.Chips, v.chip("Search", "q", l.Words))
	}
	for _, f := range l.Resource.Filters {
		set := listFilter{Filter: f, Value: v.trimmedQuery(f.Name), From: v.trimmedQuery(f.Name + ".from"), To: v.trimmedQuery(f.Name + ".to")}
		if set.Value == "" && f.Required {
			l.Missing = f.Label
		}
		v.addFilter(l, form, &set)
		if (set.Value != "" || set.From != "" || set.To != "") && len(l.Filters) >= mainFilters {
			l.Minor = true
		}
		l.Filters = append(l.Filters, set)
	}
	return form
}

func (v *Visit) addFilter(l *listView, form url.Values, f *listFilter) {
	switch {
	case f.Input == explorer.Range:
		l.bound(v, form, f.Name+".from", "from", f.Label, f.From, func(day time.Time) (string, time.Time) { return f.Name + "[gte]", day })
		l.bound(v, form, f.Name+".to", "to", f.Label, f.To, func(day time.Time) (string, time.Time) { return f.Name + "[lt]", day.AddDate(0, 0, 1) })
	case f.Value == "":
	case f.Input == explorer.Instant:
		at, err := parseTime(f.Value)
		if err != nil {
			l.Fault = "Write times as 2026-11-30."
			return
		}
		form.Set(f.Name, strconv.FormatInt(at.Unix(), 10))
		l.Chips = append(l.Chips, v.chip(f.Label, f.Name, f.Value))
	default:
		form.Set(f.Name, f.Value)
		l.Chips = append(l.Chips, v.chip(f.Label, f.Name, f.Value))
	}
}

// bound reads one end of a range of days.
func (l *listView) bound(v *Visit, form url.Values, name, word, label, typed string, bound func(time.Time) (string, time.Time)) {
	if typed == "" {
		return
	}
	day, err := parseTime(typed)
	if err != nil {
		l.Fault = "Write days as 2026-11-30."
		return
	}
	param, at := bound(day)
	form.Set(param, strconv.FormatInt(at.Unix(), 10))
	l.Chips = append(l.Chips, v.chip(label+" "+word, name, typed))
}

// fillList asks the operation, and shows what it says is wrong with what was asked.
func (v *Visit) fillList(l *listView, form url.Values) error {
	form.Set("limit", strconv.Itoa(objectsPage))
	op := l.List
	if l.Words != "" && l.Search != nil {
		op, form = l.Search, v.searchForm(l, form)
	} else {
		for param, name := range map[string]string{"starting_after": "after", "ending_before": "before"} {
			if id := v.trimmedQuery(name); id != "" {
				form.Set(param, id)
			}
		}
	}
	page, err := v.Engine.Do(v.R.Context(), v.Namespace, op.Method+" "+op.Path, form)
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError {
		l.Fault = api.Message
		return nil
	}
	if err != nil {
		return err
	}
	for _, item := range page.Array("data") {
		if o, ok := item.(*object.Object); ok {
			l.Rows = append(l.Rows, v.objectRow(l.Resource, o))
		}
	}
	v.turnPages(l, page)
	return nil
}

// turnPages makes the links to what is newer and older.
func (v *Visit) turnPages(l *listView, page *object.Object) {
	if next := page.String("next_page"); next != "" {
		l.Older = v.turned("page", next)
		return
	}
	if len(l.Rows) == 0 || l.Words != "" && l.Search != nil {
		return
	}
	more, back := page.Bool("has_more"), v.trimmedQuery("before") != ""
	if more || back {
		l.Older = v.turned("after", l.Rows[len(l.Rows)-1].ID)
	}
	if v.trimmedQuery("after") != "" || back && more {
		l.Newer = v.turned("before", l.Rows[0].ID)
	}
}

// turned is where this list goes on.
func (v *Visit) turned(name, value string) string {
	q := v.R.URL.Query()
	for _, other := range []string{"after", "before", "page"} {
		q.Del(other)
	}
	q.Set(name, value)
	return v.Path(v.R.URL.Path) + "?" + q.Encode()
}

func (v *Visit) objectRow(r *explorer.Resource, o *object.Object) objectRow {
	links := v.links()
	row := objectRow{ID: o.ID(), Href: links.Object(r.Kind, o.ID())}
	for _, c := range r.Columns {
		row.Cells = append(row.Cells, links.Cell(o, c))
	}
	return row
}

// searchForm makes a query of the search language of what somebody typed: itself if it is one, or else a query that looks for
// the words in all texts of the kind.
func (v *Visit) searchForm(l *listView, form url.Values) url.Values {
	query := l.Words
	if !strings.ContainsAny(query, ":~<>") {
		query = anywhere(l.Kind, query)
	}
	out := url.Values{"query": {query}, "limit": form["limit"]}
	if page := v.trimmedQuery("page"); page != "" {
		out.Set("page", page)
	}
	return out
}

// texts are the fields in which a search for plain words looks, by kind.
var texts = map[string][]string{
	"customer": {"email", "name", "phone"}, "invoice": {"number", "receipt_number"}, "product": {"name", "description"},
	"price": {"lookup_key"}, "charge": {"payment_method_details.card.last4"}, "payment_intent": {"customer"}, "subscription": {"status"},
}

func anywhere(kind, words string) string {
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(words) + `"`
	var parts []string
	for _, field := range texts[kind] {
		sign := "~"
		if field == "customer" || field == "status" || strings.Contains(field, ".") {
			sign = ":"
		}
		parts = append(parts, field+sign+quoted)
	}
	return strings.Join(parts, " OR ")
}

// exportObjects writes a list as CSV, with all fields that fit into a cell.
func exportObjects(v *Visit) error {
	r := v.kinds().Resource(v.R.PathValue("kind"))
	if r == nil {
		return notFound(v)
	}
	l := &listView{Resource: r, Words: v.trimmedQuery("q")}
	form := v.filters(l)
	if l.Missing != "" || l.Fault != "" {
		return v.Note(http.StatusUnprocessableEntity, "This cannot be exported", strings.TrimSpace(l.Fault+" "+l.Missing+" is needed."))
	}
	form.Set("limit", "100")
	op := r.List
	if l.Words != "" && r.Search != nil {
		op, form = r.Search, v.searchForm(l, form)
	}
	first, err := v.Engine.Do(v.R.Context(), v.Namespace, op.Method+" "+op.Path, form)
	if err != nil {
		return err
	}
	return v.writeObjects(r, op, form, first)
}

// writeObjects writes a page of a list and those behind it.
func (v *Visit) writeObjects(r *explorer.Resource, op *spec.Operation, form url.Values, page *object.Object) error {
	fields := explorer.Fields(r.Kind)
	w := v.download(r.Kind)
	if w.Write(fields) != nil {
		return nil // nobody is there any more
	}
	for written := 0; ; {
		last := ""
		for _, item := range page.Array("data") {
			o, ok := item.(*object.Object)
			if !ok {
				continue
			}
			if w.Write(rowOf(o, fields)) != nil {
				return nil
			}
			last = o.ID()
			written++
		}
		if next := page.String("next_page"); next != "" {
			form.Set("page", next)
		} else {
			form.Set("starting_after", last)
		}
		if !page.Bool("has_more") || written >= exportMost || v.R.Context().Err() != nil {
			break
		}
		var err error
		if page, err = v.Engine.Do(context.WithoutCancel(v.R.Context()), v.Namespace, op.Method+" "+op.Path, form); err != nil {
			return err
		}
	}
	w.Flush()
	return nil
}

func rowOf(o *object.Object, fields []string) []string {
	row := make([]string, len(fields))
	for i, name := range fields {
		if ref := o.Ref(name); ref != "" {
			row[i] = cellText(ref)
			continue
		}
		row[i] = cellText(view.Scalar(o.Get(name)))
	}
	return row
}
