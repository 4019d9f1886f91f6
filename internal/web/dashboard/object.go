package dashboard

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/dashboard/explorer"
	"sharesmart/internal/web/dashboard/view"
	"sharesmart/internal/web/docs/reference"
)

func init() {
	register(Page{Pattern: "GET /objects/{kind}/{id}", Role: people.Viewer, Handler: showObject})
	register(Page{Pattern: "GET /objects/{kind}/{id}/history", Role: people.Viewer, Handler: showHistory})
}

const (
	relatedRows = 5
	historyRows = 20
)

// objectView is an object with all that belongs to it.
type objectView struct {
	*resource.Document
	Resource   *explorer.Resource // nil for a kind without a list
	Name       string             // of the kind: "payment intent"
	Heading    string
	Status     *view.Cell
	List, Docs string // where its list and its reference are
	Logs       string
	Facts      []fact
	Tables     []summaryTable
	Metadata   []pair
	Links      []fact
	Related    []relatedView
	Main, More []actionLink
	History    []*versionView
	Older      string
	JSON       template.HTML
	Code       []reference.Sample
	Done       string // what was done to it just now
	DoneLog    string
}

type fact struct {
	Label string
	view.Cell
}

// relatedView is a list of what belongs to the object.
type relatedView struct {
	Title   string
	Columns []explorer.Column
	Rows    []objectRow
	All     string // where all of them are; empty if these are all
}

// actionLink leads to the form of an action.
type actionLink struct {
	*explorer.Action
	Href string
}

// versionView is an event of the object with what it changed.
type versionView struct {
	resource.Happened
	At      *view.Moment
	Href    string
	Log     string
	Changes []view.Change
	Kept    bool // the versions are still there
}

// findObject reads the object that the address names: as it is stored, or as the API makes it.
func (v *Visit) findObject(kind, id string) (*resource.Document, error) {
	s := spec.Component(kind)
	if s == nil || s.Resource == "" && len(s.Props) == 0 {
		return nil, nil
	}
	d, err := v.survey().Document(kind, id)
	if err != nil || d != nil {
		return d, err
	}
	op := retrieveOf(kind)
	if op == nil {
		return nil, nil
	}
	o, err := v.Engine.Do(v.R.Context(), v.Namespace, "GET "+pathOf(op, id), nil)
	if api := apierr.As(err); api != nil {
		return nil, nil
	}
	return &resource.Document{Object: o, Kind: kind}, err
}

// retrieveOf is the operation that retrieves an object of a kind by its id alone.
func retrieveOf(kind string) *spec.Operation {
	for _, op := range spec.Operations() {
		if op.Form == spec.Retrieve && op.Kind == kind && len(op.PathParams) == 1 {
			return op
		}
	}
	return nil
}

// pathOf is the path of an operation on the object with an id.
func pathOf(op *spec.Operation, id string) string {
	if len(op.PathParams) == 0 {
		return op.Path
	}
	return strings.Replace(op.Path, "{"+op.PathParams[0]+"}", url.PathEscape(id), 1)
}

func showObject(v *Visit) error {
	kind, id := v.R.PathValue("kind"), v.R.PathValue("id")
	if kind == "event" {
		return v.Lead(v.Path("/events/" + url.PathEscape(id)))
	}
	d, err := v.findObject(kind, id)
	if err != nil {
		return err
	}
	if d == nil {
		return v.Note(http.StatusNotFound, "This "+v.kinds().NameOf(kind)+" is not here", "The id may be of another account or mode, or of a sandbox that is gone.")
	}
	o := &objectView{Document: d, Resource: v.kinds().Resource(kind), Name: v.kinds().NameOf(kind), Docs: v.kinds().DocsOf(kind), JSON: v.links().JSON(d.Object)}
	o.Logs = v.Path("/logs") + "?" + url.Values{"object": {id}}.Encode()
	if o.Resource != nil {
		o.List = v.Path("/objects/" + url.PathEscape(kind))
	}
	if op := retrieveOf(kind); op != nil && !d.Deleted {
		o.Code = v.samples(op, []string{id}, nil)
	}
	o.Heading, o.Status = headingOf(d.Object, o.Name)
	v.addFacts(o)
	v.addActions(o)
	v.addDone(o)
	if err := v.addSummary(o); err != nil {
		return err
	}
	if err := v.addRelated(o); err != nil {
		return err
	}
	if o.History, o.Older, err = v.history(kind, id, ""); err != nil {
		return err
	}
	return v.Show("object", o.Heading, o)
}

// headingOf is what an object is called, and where it stands.
func headingOf(o *object.Object, kind string) (string, *view.Cell) {
	heading := o.ID()
	for _, name := range []string{"name", "number", "email", "display_name", "nickname", "title", "description", "code", "subject", "lookup_key", "url", "filename"} {
		if s := o.String(name); s != "" {
			heading = s
			break
		}
	}
	if amount := amountOf(o); amount != "" && heading == o.ID() {
		heading = amount
	}
	if heading == "" {
		heading = explorer.Label(kind)
	}
	status := o.String("status")
	if status == "" {
		return heading, nil
	}
	return heading, &view.Cell{Text: explorer.Label(status), Tone: view.Tone(status)}
}

// amountOf is the amount that an object is about; empty if it is about none.
func amountOf(o *object.Object) string {
	for _, name := range []string{"total", "amount", "amount_total", "unit_amount", "amount_due", "net"} {
		if o.Get(name) != nil && o.String("currency") != "" {
			return view.Money(o.Int(name), o.String("currency"))
		}
	}
	return ""
}

// untold are fields that a page tells elsewhere, or that say nothing to people.
var untold = []string{"id", "object", "livemode", "status", "currency", "client_secret", "metadata"}

// addFacts fills in the plain fields, the metadata and what the object refers to.
func (v *Visit) addFacts(o *objectView) {
	links, shape := v.links(), spec.Component(o.Kind)
	for i := range shape.Props {
		name := shape.Props[i].Name
		if slices.Contains(untold, name) || o.Get(name) == nil {
			continue
		}
		switch o.Get(name).(type) {
		case *object.Object, []any:
			continue
		}
		c := explorer.Column{Name: name, Look: explorer.LookOf(shape, name)}
		if cell := links.Cell(o.Object, c); !cell.Empty() && len(cell.Text) < 300 {
			if strings.HasPrefix(cell.Text, "https://") {
				cell.Href = cell.Text
			}
			o.Facts = append(o.Facts, fact{explorer.Label(name), cell})
		}
	}
	slices.SortStableFunc(o.Facts, func(a, b fact) int { return weightOf(a.Cell) - weightOf(b.Cell) })
	for name, value := range o.Object.Object("metadata").All() {
		o.Metadata = append(o.Metadata, pair{name, view.Scalar(value)})
	}
	for _, link := range explorer.Links(o.Object, v.Engine.KindOf) {
		told := slices.ContainsFunc(o.Facts, func(f fact) bool { return f.Text == link.ID })
		if href := links.ID(link.ID); href != "" && !told {
			o.Links = append(o.Links, fact{explorer.Label(link.Field), view.Cell{Text: link.ID, Href: href, Code: true}})
		}
	}
}

// weightOf puts what is written in words before times, and times before flags.
func weightOf(c view.Cell) int {
	switch {
	case c.End:
		return 0
	case c.At != nil:
		return 3
	case c.Text == "Yes" || c.Text == "No":
		return 4
	case c.Code:
		return 1
	}
	return 2
}

// mainActions is how many buttons are shown at first.
const mainActions = 3

// offers reports whether the person can do something to an object as it is.
func (v *Visit) offers(o *object.Object, a *explorer.Action) bool {
	return v.mayCall(a.Operation) && (!a.Test || !v.Namespace.Live) && makesSense(o, a)
}

func (v *Visit) addActions(o *objectView) {
	if o.Deleted {
		return
	}
	for _, a := range v.kinds().Actions(o.Kind) {
		if !v.offers(o.Object, a) {
			continue
		}
		link := actionLink{a, v.objectPath(o.Kind, o.ID()) + "/actions/" + a.Operation.ID}
		if len(o.Main) < mainActions && !a.Test && !strings.HasPrefix(a.Label, "Delete") {
			o.Main = append(o.Main, link)
		} else {
			o.More = append(o.More, link)
		}
	}
}

// addDone says what was done on the form that led here.
func (v *Visit) addDone(o *objectView) {
	op, request := spec.OperationByID(v.Query("done")), v.Query("request")
	if op == nil {
		return
	}
	if a := v.kinds().Action(o.Kind, op.ID); a != nil {
		o.Done = "Done: " + a.Label + "."
	} else if op.Kind == o.Kind && op.Form == spec.Create {
		o.Done = "Created."
	}
	if _, err := v.logEntry(v.Namespace.NS, request); err == nil {
		o.DoneLog = v.Path("/logs/" + url.PathEscape(request))
	}
}

// addRelated lists what belongs to the object: the newest of each kind. Lists that have none are left out.
func (v *Visit) addRelated(o *objectView) error {
	for _, r := range v.kinds().Related(o.Kind) {
		if slices.ContainsFunc(o.Tables, func(t summaryTable) bool { return t.Title == r.Title }) {
			continue
		}
		form := url.Values{"limit": {"5"}}
		path := r.Operation.Path
		if r.Filter != "" {
			form.Set(r.Filter, o.ID())
		} else {
			path = pathOf(r.Operation, o.ID())
		}
		if r.Operation.Params().Prop("limit") == nil {
			form.Del("limit")
		}
		page, err := v.Engine.Do(v.R.Context(), v.Namespace, "GET "+path, form)
		if apierr.As(err) != nil {
			continue // it has no such list: of a deleted object, say
		}
		if err != nil {
			return err
		}
		if related := v.related(o, r, page); len(related.Rows) > 0 {
			o.Related = append(o.Related, related)
		}
	}
	return nil
}

func (v *Visit) related(o *objectView, r explorer.Related, page *object.Object) relatedView {
	out := relatedView{Title: r.Title, Columns: slices.DeleteFunc(explorer.ColumnsOf(r.Kind), func(c explorer.Column) bool { return c.Name == r.Filter })}
	shown := &explorer.Resource{Kind: r.Kind, Columns: out.Columns}
	for _, item := range page.Array("data") {
		if one, ok := item.(*object.Object); ok && len(out.Rows) < relatedRows {
			out.Rows = append(out.Rows, v.objectRow(shown, one))
		}
	}
	if page.Bool("has_more") && r.Filter != "" {
		out.All = v.Path("/objects/"+url.PathEscape(r.Kind)) + "?" + url.Values{r.Filter: {o.ID()}}.Encode()
	}
	return out
}

// history lists the events of an object with what each changed.
func (v *Visit) history(kind, id, after string) (out []*versionView, older string, err error) {
	all, more, err := v.survey().Happened(kind, id, after, historyRows)
	if err != nil {
		return nil, "", err
	}
	for i, h := range all {
		one := &versionView{Happened: h, At: view.At(h.Time.Unix()), Href: v.Path("/events/" + url.PathEscape(h.ID))}
		if h.Request != "" {
			one.Log = v.Path("/logs/" + url.PathEscape(h.Request))
		}
		now, err := v.survey().At(kind, id, h.Version)
		if err != nil {
			return nil, "", err
		}
		earlier := h.Version - 1
		if i+1 < len(all) {
			earlier = all[i+1].Version // what changed without an event shows as well
		}
		if one.Kept = now != nil; one.Kept && earlier > 0 && earlier < h.Version {
			before, err := v.survey().At(kind, id, earlier)
			if err != nil {
				return nil, "", err
			}
			if before != nil {
				one.Changes = view.Diff(before.Object, now.Object)
			}
		}
		out = append(out, one)
	}
	if more {
		older = v.objectPath(kind, id) + "/history?" + url.Values{"after": {all[len(all)-1].ID}}.Encode()
	}
	return out, older, nil
}

// historyView is a page of an object's history.
type historyView struct {
	ID, Href string
	History  []*versionView
	Older    string
}

func showHistory(v *Visit) error {
	kind, id := v.R.PathValue("kind"), v.R.PathValue("id")
	all, older, err := v.history(kind, id, v.trimmedQuery("after"))
	if err != nil {
		return err
	}
	return v.Show("history", "History of "+id, &historyView{id, v.objectPath(kind, id), all, older})
}
