package dashboard

import (
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
	"sharesmart/internal/web/dashboard/view"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/reference/sample"
)

// logView is a request with all that is known of it.
type logView struct {
	*logRow
	Title     string // what it did: "Create a customer"
	DocsOf    string // where the reference has the operation
	Person    string // who did it in the Dashboard
	KeyPath   string
	Sent      []pair // parameters, masked as they are kept
	SentJSON  template.HTML
	Headers   []pair // of the request
	Answered  []pair // headers of the answer
	Answer    template.HTML
	Message   string // of the error
	ErrorDocs string
	Param     string
	Events    []logEvent
	Objects   []view.Cell
	Code      []reference.Sample
	Again     string // where it can be sent again; empty where it cannot
	Sandboxes []*access.Sandbox
}

type pair struct{ Name, Value string }

type logEvent struct{ ID, Type, Href string }

// links makes addresses in the place of this page.
func (v *Visit) links() view.Links {
	return view.Links{Base: v.place.prefix(), KindOf: v.Engine.KindOf}
}

// survey reads what the page's account has.
func (v *Visit) survey() *resource.Survey { return v.Engine.Survey(v.R.Context(), v.Namespace) }

// logEntry finds the request with an id.
func (v *Visit) logEntry(ns store.NS, id string) (store.LogEntry, error) {
	seq, ok := clock.LogSeq(id)
	if !ok {
		return store.LogEntry{}, store.ErrNotFound
	}
	e, err := v.Store.LogEntry(ns, seq)
	if err == nil && e.ID != id {
		err = store.ErrNotFound
	}
	return e, err
}

func showLog(v *Visit) error {
	id := v.R.PathValue("id")
	e, err := v.logEntry(v.Namespace.NS, id)
	if errors.Is(err, store.ErrNotFound) {
		return v.logElsewhere(id)
	}
	if err != nil {
		return err
	}
	l := &logView{logRow: v.logRow(e), Title: e.Method + " " + e.Path}
	op := spec.OperationByID(e.Operation)
	if doc := v.docs().Operation(e.Operation); doc != nil {
		l.Title, l.DocsOf = doc.Title, doc.Address()
	}
	if err := v.describe(l); err != nil {
		return err
	}
	if op != nil {
		v.addSamples(l, op)
		if err := v.addReplay(l, op); err != nil {
			return err
		}
	}
	return v.Show("log", l.Title, l)
}

// logElsewhere leads to a request that is in another of the person's accounts: the address that an error gives knows none but
// connected ones.
func (v *Visit) logElsewhere(id string) error {
	if v.Person != nil && v.place.account == "" {
		for _, account := range slices.Sorted(maps.Keys(v.Person.Roles)) {
			ns, err := v.Registry.Known(account, v.place.env)
			if err != nil || ns.NS == v.Namespace.NS {
				continue
			}
			if _, err := v.logEntry(ns.NS, id); err == nil {
				p := v.place
				p.account = account
				return v.Lead(p.prefix() + "/logs/" + url.PathEscape(id))
			}
		}
	}
	return v.Note(http.StatusNotFound, "This request is not in the log", "Requests are kept for 30 days. The id may be of another account or mode, or of a sandbox that is gone.")
}

// describe fills in what the entry itself says.
func (v *Visit) describe(l *logView) error {
	e := &l.LogEntry
	l.Sent = formPairs(e.Query, e.Params)
	if strings.HasPrefix(strings.TrimSpace(e.Params), "{") {
		l.Sent, l.SentJSON = formPairs(e.Query), v.links().Parsed([]byte(e.Params))
	}
	l.Headers = known("User-Agent", e.UserAgent, "Stripe-Version", e.Version, "Idempotency-Key", e.Idempotency)
	l.Answered = known("Request-Id", e.ID, "Stripe-Version", e.Version, "Idempotency-Key", e.Idempotency)
	switch {
	case strings.HasPrefix(e.KeyID, "usr_"):
		l.Person = e.KeyID
		if p, err := v.People.Find(e.KeyID); err == nil {
			l.Person = p.Name
		}
	case e.KeyID != "" && v.MayOpen("/keys"):
		l.KeyPath = v.Path("/keys/" + url.PathEscape(e.KeyID))
	}
	if err := v.describeAnswer(l); err != nil {
		return err
	}
	return v.describeEvents(l)
}

// describeAnswer shows what was answered: the object as it was then, or the bytes that were kept.
func (v *Visit) describeAnswer(l *logView) error {
	e := &l.LogEntry
	if e.ObjectID != "" {
		d, err := v.survey().StoredAt(e.ObjectID, e.ObjectVersion)
		if err != nil {
			return err
		}
		if d != nil {
			l.Answer = v.links().JSON(d.Object)
			l.Objects = append(l.Objects, view.Cell{Text: d.ID(), Href: v.links().Object(d.Kind, d.ID()), Code: true})
		}
		return nil
	}
	if e.Answer == "" {
		return nil
	}
	l.Answer = v.links().Parsed([]byte(e.Answer))
	answer, err := object.Parse([]byte(e.Answer), nil)
	if err != nil {
		return nil // it is no object: nothing more can be told of it
	}
	failure := answer.Object("error")
	l.Message, l.Param = failure.String("message"), failure.String("param")
	if code := failure.String("code"); code != "" {
		l.ErrorDocs = "/docs/errors/" + url.PathEscape(code)
	}
	if id := answer.ID(); id != "" {
		if to := v.links().ID(id); to != "" {
			l.Objects = append(l.Objects, view.Cell{Text: id, Href: to, Code: true})
		}
	}
	return nil
}

func (v *Visit) describeEvents(l *logView) error {
	for _, id := range l.LogEntry.Events {
		kind, err := v.survey().EventType(id)
		if err != nil {
			return err
		}
		l.Events = append(l.Events, logEvent{id, kind, v.Path("/events/" + url.PathEscape(id))})
	}
	return nil
}

// known are pairs of which the second is not empty.
func known(of ...string) (out []pair) {
	for i := 0; i+1 < len(of); i += 2 {
		if of[i+1] != "" {
			out = append(out, pair{of[i], of[i+1]})
		}
	}
	return out
}

// formPairs are the names and values of forms, in the order in which they were sent.
func formPairs(forms ...string) (out []pair) {
	for _, form := range forms {
		for part := range strings.SplitSeq(form, "&") {
			name, value, _ := strings.Cut(part, "=")
			n, err1 := url.QueryUnescape(name)
			s, err2 := url.QueryUnescape(value)
			if err1 != nil || err2 != nil {
				n, s = name, value
			}
			if n != "" {
				out = append(out, pair{n, s})
			}
		}
	}
	return out
}

// addSamples writes the request as a program in each language.
func (v *Visit) addSamples(l *logView, op *spec.Operation) {
	matched, path, found := spec.Match(l.Method, l.Path)
	if !found || matched != op || l.SentJSON != "" {
		return
	}
	run := &sample.Run{Path: path.Values()}
	for _, p := range l.Sent {
		run.Form = append(run.Form, p.Name, p.Value)
	}
	key := "sk_test_..."
	if v.Live() {
		key = "sk_live_..."
	}
	l.Code = samplesOf(reference.CallOf(op, run, key, v.BaseURL))
}

func samplesOf(call *sample.Call) (out []reference.Sample) {
	for _, lang := range sample.Languages {
		text := lang.Write(call)
		out = append(out, reference.Sample{Lang: lang.Lang, Name: lang.Name, Text: text, HTML: reference.Highlight(lang.Lang, text)})
	}
	return out
}
