package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/clock"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/dashboard/explorer"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/reference/sample"
)

func init() {
	register(Page{Pattern: "GET /objects/{kind}/{id}/actions/{operation}", Role: people.Support, Handler: showAction})
	register(Page{Pattern: "POST /objects/{kind}/{id}/actions/{operation}", Role: people.Support, Handler: runAction})
	register(Page{Pattern: "GET /create/{kind}", Role: people.Support, Handler: showCreate})
	register(Page{Pattern: "POST /create/{kind}", Role: people.Support, Handler: runCreate})
}

// actionView is the form of an action.
type actionView struct {
	*explorer.Action
	Kind     string
	Name     string // of the kind
	ID       string
	Heading  string
	Back     string
	Here     string
	Params   []paramField
	More     []paramField
	Retry    string // the idempotency key
	Fault    string // what the API said
	Log      string // of the request that failed
	Docs     string
	About    string // where the reference has the operation
	Currency string
	Code     []reference.Sample
}

// paramField is a parameter with what was typed.
type paramField struct {
	explorer.Param
	Value string
	Hint  string
	Fault string
}

// action finds the action of the address and the object that it is for.
func (v *Visit) action() (*actionView, *object.Object, error) {
	kind, id := v.R.PathValue("kind"), v.R.PathValue("id")
	a := v.kinds().Action(kind, v.R.PathValue("operation"))
	if a == nil || !v.mayCall(a.Operation) || a.Test && v.Namespace.Live {
		return nil, nil, nil
	}
	d, err := v.findObject(kind, id)
	if d == nil || err != nil || d.Deleted {
		return nil, nil, err
	}
	back := v.links().Object(kind, id)
	view := &actionView{Action: a, Kind: kind, Name: v.kinds().NameOf(kind), ID: id, Back: back, Here: v.objectPath(kind, id) + "/actions/" + a.Operation.ID, Currency: d.String("currency")}
	view.Heading, _ = headingOf(d.Object, view.Name)
	return view, d.Object, nil
}

func showAction(v *Visit) error {
	a, o, err := v.action()
	if err != nil {
		return err
	}
	if a == nil {
		return notFound(v)
	}
	v.fill(a, o, nil)
	return v.Show("action", a.Label, a)
}

func runAction(v *Visit) error {
	a, o, err := v.action()
	if err != nil {
		return err
	}
	if a == nil {
		return notFound(v)
	}
	v.fill(a, o, v.R.PostForm)
	form, ok := a.form()
	if !ok {
		return v.Render(http.StatusUnprocessableEntity, "action", &View{Title: a.Label, Data: a, Faults: map[string]string{"form": "time"}})
	}
	if a.Action.About != "" {
		form = append(form, a.Action.About, a.ID)
	}
	return v.run(a, pathOf(a.Operation, a.ID), form)
}

func showCreate(v *Visit) error {
	a := v.creating()
	if a == nil {
		return notFound(v)
	}
	v.fill(a, object.New(nil), nil)
	return v.Show("action", a.Label, a)
}

func runCreate(v *Visit) error {
	a := v.creating()
	if a == nil {
		return notFound(v)
	}
	v.fill(a, object.New(nil), v.R.PostForm)
	form, ok := a.form()
	if !ok {
		return v.Render(http.StatusUnprocessableEntity, "action", &View{Title: a.Label, Data: a, Faults: map[string]string{"form": "time"}})
	}
	return v.run(a, a.Operation.Path, form)
}

// creating is the form that makes an object of the kind of the address; nil if there is none.
func (v *Visit) creating() *actionView {
	r := v.kinds().Resource(v.R.PathValue("kind"))
	if r == nil || r.Create == nil || r.Create.Multipart || !v.mayCall(r.Create) {
		return nil
	}
	return &actionView{Action: r.CreateAction(), Kind: r.Kind, Name: r.Singular, Back: v.Path("/objects/" + url.PathEscape(r.Kind)), Here: v.Path("/create/" + url.PathEscape(r.Kind))}
}

// fill puts into the form what was typed, or, for a change, what the object says now.
func (v *Visit) fill(a *actionView, o *object.Object, typed url.Values) {
	if currency := strings.ToLower(strings.TrimSpace(typed.Get("p.currency"))); currency != "" {
		a.Currency = currency
	}
	a.Retry = clock.Secret(v.Clock, 24)
	if key := typed.Get("retry"); key != "" {
		a.Retry = key
	}
	if doc := v.docs().Operation(a.Operation.ID); doc != nil {
		a.About = doc.Address()
	}
	edit := a.Operation.Form == spec.Update || a.Operation.Form == spec.SubUpdate
	field := func(p explorer.Param) paramField {
		f := paramField{Param: p, Value: typed.Get("p." + p.Name), Hint: hintOf(p, a.Currency)}
		if a.Operation.Kind == "refund" && p.Name == "amount" {
			f.Hint += ". Leave it empty to refund all that is left"
		}
		if typed == nil && edit && p.Input != explorer.Lines {
			f.Value = shownAs(p, o, a.Currency)
		}
		return f
	}
	for _, p := range a.Action.Params {
		a.Params = append(a.Params, field(p))
	}
	for _, p := range a.Action.More {
		a.More = append(a.More, field(p))
	}
}

// isAmount reports whether a parameter is an amount of money, which people type in units of the currency.
func isAmount(name string) bool {
	return name == "amount" || name == "unit_amount" || strings.HasSuffix(name, "_amount") || name == "amount_to_capture"
}

func hintOf(p explorer.Param, currency string) string {
	switch {
	case p.Input == explorer.Whole && isAmount(p.Name) && currency != "":
		return "As 12.50, in " + strings.ToUpper(currency)
	case p.Input == explorer.Whole && isAmount(p.Name):
		return "As 12.50, in the currency"
	case p.Input == explorer.Lines:
		return "One value to a line, as the API names it: " + p.Name + "[0][price]=price_…"
	}
	return ""
}

// shownAs is what the object says now, as it is typed.
func shownAs(p explorer.Param, o *object.Object, currency string) string {
	value := o.Get(p.Name)
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		if p.Input == explorer.Instant {
			return unixText(v)
		}
		if isAmount(p.Name) && currency != "" {
			return money.Units(v, currency)
		}
		return strconv.FormatInt(v, 10)
	case *object.Object:
		return v.ID()
	}
	return ""
}

// form is what is sent: names and values in turn. It is not ok if something typed cannot be read.
func (a *actionView) form() (form []string, ok bool) {
	ok = true
	edit := a.Operation.Form == spec.Update || a.Operation.Form == spec.SubUpdate
	for _, fields := range [][]paramField{a.Params, a.More} {
		for i := range fields {
			f := &fields[i]
			value := strings.TrimSpace(f.Value)
			if value == "" && (!edit || f.Input != explorer.Line || !slices.Contains(cleared, f.Name)) {
				continue
			}
			pairs, fault := f.sent(value, a.Currency)
			if f.Fault = fault; fault != "" {
				ok = false
			}
			form = append(form, pairs...)
		}
	}
	return form, ok
}

// cleared are texts that an empty field takes away.
var cleared = []string{"name", "description", "email", "phone", "nickname", "memo"}

// sent makes the parameters of what was typed.
func (f *paramField) sent(value, currency string) (pairs []string, fault string) {
	switch {
	case f.Input == explorer.Instant:
		at, err := parseTime(value)
		if err != nil {
			return nil, "Write times as 2026-11-30 or 2026-11-30T09:41"
		}
		return []string{f.Name, strconv.FormatInt(at.Unix(), 10)}, ""
	case f.Input == explorer.Whole && isAmount(f.Name) && currency == "":
		return nil, "Enter the currency as well"
	case f.Input == explorer.Whole && isAmount(f.Name):
		amount, err := money.ParseUnits(value, currency)
		if err != nil {
			return nil, "Write amounts as 12.50"
		}
		return []string{f.Name, strconv.FormatInt(amount, 10)}, ""
	case f.Input != explorer.Lines:
		return []string{f.Name, value}, ""
	}
	for line := range strings.Lines(value) {
		line = strings.TrimSpace(line)
		name, text, found := strings.Cut(line, "=")
		switch {
		case line == "":
		case found && (name == f.Name || strings.HasPrefix(name, f.Name+"[")):
			pairs = append(pairs, name, strings.TrimSpace(text))
		case !found && !strings.Contains(line, "["):
			pairs = append(pairs, f.Name+"[]", line)
		default:
			return nil, "Begin each line with " + f.Name + ", as the hint shows"
		}
	}
	return pairs, ""
}

// run sends the request, and leads to what came of it, or shows what is wrong.
func (v *Visit) run(a *actionView, path string, form []string) error {
	values := make([]string, 0, len(form)/2)
	for i := 0; i+1 < len(form); i += 2 {
		values = append(values, url.QueryEscape(form[i])+"="+url.QueryEscape(form[i+1]))
	}
	c := &call{Method: a.Operation.Method, Path: path, Body: strings.Join(values, "&"), IdempotencyKey: a.Retry}
	if c.Method == http.MethodDelete {
		c.Query, c.Body, c.IdempotencyKey = c.Body, "", ""
	}
	answer, err := v.send(v.Namespace, c)
	if err != nil {
		return err
	}
	result, err := object.Parse(answer.Body, nil)
	if err != nil {
		return err
	}
	if answer.Status >= http.StatusBadRequest {
		v.explainFailure(a, answer, result.Object("error"), form)
		return v.Render(answer.Status, "action", &View{Title: a.Label, Data: a, Faults: map[string]string{"form": a.Fault}})
	}
	done := "?" + url.Values{"done": {a.Operation.ID}, "request": {answer.Request}}.Encode()
	kind, id := a.Kind, a.ID
	if a.ID == "" || a.Action.About != "" || a.Operation.Form == spec.SubCreate {
		kind, id = a.Operation.Kind, result.ID()
	}
	if a.Operation.Form == spec.Delete && result.Bool("deleted") {
		return v.Lead(v.Path("/objects/" + url.PathEscape(kind)))
	}
	return v.Lead(v.links().Object(kind, id) + done)
}

// explainFailure puts what the API says beside the field that it is about, or at the top.
func (v *Visit) explainFailure(a *actionView, answer *answer, failure *object.Object, form []string) {
	a.Fault, a.Log = failure.String("message"), v.Path("/logs/"+url.PathEscape(answer.Request))
	a.Retry = clock.Secret(v.Clock, 24) // what is sent next is another request
	if code := failure.String("code"); code != "" {
		a.Docs = "/docs/errors/" + url.PathEscape(code)
	}
	param, _, _ := strings.Cut(failure.String("param"), "[")
	for _, fields := range [][]paramField{a.Params, a.More} {
		for i := range fields {
			if param != "" && fields[i].Name == param {
				fields[i].Fault = a.Fault
			}
		}
	}
	run := &sample.Run{Form: form}
	if len(a.Operation.PathParams) > 0 {
		run.Path = []string{a.ID}
	}
	a.Code = samplesOf(reference.CallOf(a.Operation, run, "sk_test_...", v.BaseURL))
}
