package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

func init() {
	register(Page{Pattern: "GET /search", Role: people.Viewer, Handler: search})
	register(Page{Pattern: "GET /search.json", Role: people.Viewer, Handler: searchJSON})
}

// found is one thing that may be gone to.
type found struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // what it is, in words
	Path string `json:"path"`
}

const maxFound = 20

// search finds pages, actions and objects by what somebody remembers of them. An id that there is leads to it at once.
func search(v *Visit) error {
	q := v.trimmedQuery("q")
	byID, err := v.findID(q)
	if err != nil {
		return err
	}
	if len(byID) == 1 {
		return v.Lead(byID[0].Path)
	}
	all, err := v.find(q, byID)
	if err != nil {
		return err
	}
	return v.Show("search", "Search", all)
}

// searchJSON is search for the command palette.
func searchJSON(v *Visit) error {
	q := v.trimmedQuery("q")
	byID, err := v.findID(q)
	if err != nil {
		return err
	}
	all, err := v.find(q, byID)
	if err != nil {
		return err
	}
	return v.json(http.StatusOK, all)
}

// find is what fits all words of q, what was found by id first: every page, if there are no words.
func (v *Visit) find(q string, all []found) ([]found, error) {
	words := strings.Fields(strings.ToLower(q))
	if strings.Contains(q, "@") {
		customers, err := v.findCustomers(q)
		if err != nil {
			return nil, err
		}
		all = append(all, customers...)
	}
	actions, err := v.findActions(strings.Fields(q))
	if err != nil {
		return nil, err
	}
	all = append(all, actions...)
	for _, g := range v.Navigation() {
		for _, item := range g.Items {
			if hasAll(item.Name+" "+g.Name, words) {
				all = append(all, found{item.Name, "Page", v.Path(item.Path)})
			}
		}
	}
	for _, a := range begun {
		if v.MayOpen(a.Path) && hasAll(a.Name, words) {
			path, query, _ := strings.Cut(a.Path+a.Query, "?")
			to := v.Path(path)
			if query != "" {
				to += "?" + query
			}
			all = append(all, found{a.Name, "Action", to})
		}
	}
	places, err := v.findPlaces(words)
	if err != nil {
		return nil, err
	}
	all = append(all, places...)
	if len(words) > 0 {
		all = append(all, v.findKinds(words)...)
	}
	return all[:min(len(all), maxFound)], nil
}

// action is something that can be begun on a page.
type action struct{ Name, Path, Query string }

var begun = []action{
	{"Create an API key", "/keys/new", ""},
	{"Create a restricted key", "/keys/new", "?kind=rk"},
	{"Create a sandbox", "/sandboxes/new", ""},
	{"Failed requests", "/logs", "?status=4xx"},
	{"Change your password, passkeys, authenticator app", "/profile", ""},
	{"Invite somebody", "/people", ""},
	{"Add a webhook endpoint", "/webhooks", ""},
	{"Watch requests live", "/logs", ""},
}

// findActions are what can be done to an object of this mode that one of the words names, by the others: "refund pi_...".
func (v *Visit) findActions(words []string) (all []found, err error) {
	for i, id := range words {
		if !strings.Contains(id, "_") {
			continue
		}
		d, err := v.Store.Get(v.Namespace.NS, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && (d.Deleted || spec.Component(d.Kind) == nil) {
			continue
		}
		if err != nil {
			return nil, err
		}
		o, err := v.survey().Document(d.Kind, id)
		if o == nil || err != nil {
			return nil, err
		}
		rest := strings.Fields(strings.ToLower(strings.Join(slices.Concat(words[:i], words[i+1:]), " ")))
		for _, a := range v.kinds().Actions(d.Kind) {
			if v.offers(o.Object, a) && hasAll(a.Label, rest) {
				all = append(all, found{a.Label + " " + id, "Action", v.objectPath(d.Kind, id) + "/actions/" + a.Operation.ID})
			}
		}
	}
	return all, nil
}

// findPlaces are the other modes, and the sandboxes, by their names.
func (v *Visit) findPlaces(words []string) ([]found, error) {
	if len(words) == 0 {
		return nil, nil
	}
	var all []found
	for _, m := range []struct{ name, env string }{{"Switch to live mode", access.Live}, {"Switch to test mode", access.Test}} {
		if v.place.env != m.env && v.Person != nil && hasAll(m.name, words) {
			all = append(all, found{m.name, "Mode", v.InMode(m.env)})
		}
	}
	if v.Person == nil {
		return all, nil
	}
	boxes, err := v.Registry.ListSandboxes(v.R.Context(), v.Account)
	for _, s := range boxes {
		if hasAll(s.Name+" "+s.ID+" sandbox", words) {
			all = append(all, found{"Sandbox " + nameOr(s.Name, s.ID), "Mode", v.InMode(s.ID)})
		}
	}
	return all, err
}

func nameOr(name, id string) string {
	if name == "" {
		return id
	}
	return name
}

// findKinds are the lists of objects whose kind is named so, and the forms that create one.
func (v *Visit) findKinds(words []string) []found {
	if !v.MayOpen("/objects") {
		return nil
	}
	var all []found
	for _, kind := range spec.Resources() {
		r := v.kinds().Resource(kind)
		if r != nil && r.List != nil && hasAll(r.Title, words) {
			all = append(all, found{r.Title, "Objects", v.objectPath(kind, "")})
		}
		if r != nil && r.Create != nil && v.mayCall(r.Create) && !r.Create.Multipart && hasAll("Create "+r.Singular, words) {
			all = append(all, found{"Create " + r.Singular, "Action", v.Path("/create/" + url.PathEscape(kind))})
		}
	}
	return all
}

// objectPath is where an object is shown, or the list of its kind.
func (v *Visit) objectPath(kind, id string) string {
	path := "/objects/" + url.PathEscape(kind)
	if id != "" {
		path += "/" + url.PathEscape(id)
	}
	return v.Path(path)
}

// findCustomers are those with an address.
func (v *Visit) findCustomers(email string) ([]found, error) {
	var all []found
	err := v.Engine.Survey(v.R.Context(), v.Namespace).Lookup("customer", "email", email, func(o *object.Object) error {
		if len(all) < maxFound {
			all = append(all, found{o.ID(), "Customer " + nameOr(o.String("name"), email), v.objectPath("customer", o.ID())})
		}
		return nil
	})
	slices.Reverse(all)
	return all, err
}

// findID is what an id stands for, here or in another mode of the account that the person may see.
func (v *Visit) findID(id string) ([]found, error) {
	prefix, _, ok := strings.Cut(id, "_")
	if !ok || strings.ContainsAny(id, " /") {
		return nil, nil
	}
	switch prefix {
	case "key":
		k, err := v.Registry.FindKey(id)
		if err != nil || k.Account != v.Account || !v.may(people.Developer) {
			return nil, nil //nolint:nilerr // an id that leads nowhere is no fault
		}
		p := v.place
		p.env = k.Env
		return []found{{nameOr(k.Name, k.ID), "API key", p.prefix() + "/keys/" + id}}, nil
	case "req":
		return v.findIn(func(n *access.Namespace, p place) (*found, error) {
			seq, ok := clock.LogSeq(id)
			if !ok || !v.MayOpen("/logs") {
				return nil, nil
			}
			e, err := v.Store.LogEntry(n.NS, seq)
			if errors.Is(err, store.ErrNotFound) || err == nil && e.ID != id {
				return nil, nil
			}
			return &found{id, "Request " + e.Method + " " + e.Path, p.prefix() + "/logs/" + id}, err
		})
	}
	return v.findIn(func(n *access.Namespace, p place) (*found, error) { return v.objectIn(n, p, id) })
}

// objectIn is an object or an event of a namespace; nil if it is not there.
func (v *Visit) objectIn(n *access.Namespace, p place, id string) (*found, error) {
	d, err := v.Store.Get(n.NS, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && d.Deleted {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if d.Kind == "event" {
		return &found{id, "Event", p.prefix() + "/events/" + id}, nil
	}
	if s := spec.Component(d.Kind); s == nil || s.Resource == "" {
		return nil, nil
	}
	return &found{id, v.kinds().NameOf(d.Kind), p.prefix() + "/objects/" + url.PathEscape(d.Kind) + "/" + url.PathEscape(id)}, nil
}

// findIn looks here first, and if there is nothing, in the other modes that the person may see.
func (v *Visit) findIn(look func(*access.Namespace, place) (*found, error)) ([]found, error) {
	f, err := look(v.Namespace, v.place)
	if f != nil || err != nil {
		return one(f), err
	}
	if v.Person == nil {
		return nil, nil
	}
	envs := []string{access.Live, access.Test}
	boxes, err := v.Registry.ListSandboxes(v.R.Context(), v.Account)
	if err != nil {
		return nil, err
	}
	for _, s := range boxes[:min(len(boxes), maxFound)] {
		envs = append(envs, s.ID)
	}
	for _, env := range envs {
		n, err := v.Registry.Known(v.Account, env)
		if errors.Is(err, store.ErrNotFound) || env == v.place.env {
			continue
		}
		if err != nil {
			return nil, err
		}
		p := v.place
		p.env = env
		if f, err := look(n, p); f != nil || err != nil {
			return one(f), err
		}
	}
	return nil, nil
}

func one(f *found) []found {
	if f == nil {
		return nil
	}
	return []found{*f}
}

func hasAll(text string, words []string) bool {
	text = strings.ToLower(text)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func (v *Visit) trimmedQuery(name string) string { return strings.TrimSpace(v.R.FormValue(name)) }
