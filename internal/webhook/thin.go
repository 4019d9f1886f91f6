package webhook

import (
	"cmp"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A thin event says what happened to which object. Each event of version 1 is one as well, under the same id and with v1
// before its type; a few are thin alone and kept as objects of their own.

const (
	kindThin   = "v2.core.event"
	thinPrefix = "v1."
	typePing   = "v2.core.event_destination.ping"
)

// ownTypes are those that are thin alone.
var ownTypes = []string{"v1.billing.meter.error_report_triggered", "v1.billing.meter.no_meter_found", typePing}

func thinRules() resource.Rules {
	return resource.Rules{
		Object: kindThin, Unversioned: true, Retention: resource.Retention,
		Index:   map[string]func(*object.Object) []string{indexAny: func(*object.Object) []string { return []string{"yes"} }},
		Actions: resource.Actions{"GET /v2/core/events": listThin},
		Runs:    map[string]resource.Errand{"GET /v2/core/events/{id}": retrieveThin}, // no action, as the id may be that of an event of version 1
	}
}

// makeThin makes an event that is thin alone.
func makeThin(op *resource.Op, eventType, related, kind string, data *object.Object) (*object.Object, error) {
	return op.Make(kindThin, "", object.New(nil), func(op *resource.Op) error {
		e := op.Object
		e.Set("created", stamp(op.WallNow()))
		e.Set("type", eventType)
		if related != "" {
			e.Set("related_object", relatedTo(related, kind))
		}
		if data != nil {
			e.Set("data", data)
		}
		return nil
	})
}

func relatedTo(id, kind string) *object.Object {
	return object.Of("id", id, "type", kind, "url", pathOf(kind, id))
}

// retrieves are the paths by which kinds are retrieved, up to the id.
var retrieves = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, op := range spec.Operations() {
		before, _, one := strings.Cut(op.Path, "{")
		if op.Form == spec.Retrieve && len(op.PathParams) == 1 && one && strings.HasSuffix(op.Path, "}") && all[op.Kind] == "" {
			all[op.Kind] = before
		}
	}
	return all
})

// pathOf is where an object is retrieved.
func pathOf(kind, id string) string {
	if before := retrieves()[kind]; before != "" {
		return before + url.PathEscape(id)
	}
	return "/v1/" + strings.ReplaceAll(kind, ".", "/") + "s/" + url.PathEscape(id)
}

// thinOf is an event of version 1 as a thin one.
func thinOf(event *object.Object) *object.Object {
	e := object.New(spec.Component(kindThin))
	e.Set("id", event.ID())
	e.Set("object", kindThin)
	e.Set("context", event.Get("account"))
	e.Set("created", stamp(time.Unix(event.Int("created"), 0)))
	e.Set("livemode", event.Bool("livemode"))
	e.Set("reason", nil)
	if cause := event.Object("request"); cause.String("id") != "" {
		request := object.New(nil)
		request.Set("id", cause.String("id"))
		request.Set("idempotency_key", cause.String("idempotency_key"))
		e.Set("reason", object.Of("request", request, "type", "request"))
	}
	e.Set("related_object", nil)
	if about := event.Object("data").Object("object"); about.ID() != "" {
		e.Set("related_object", relatedTo(about.ID(), about.String("object")))
	}
	e.Set("type", thinPrefix+event.String("type"))
	return e
}

// KindThin is the kind of what is thin alone; see ThinBody.
const KindThin = kindThin

// ThinBody is what a destination of thin events is sent of an event of version 1, or of one that is thin alone: all of a thin
// event but its data, which is to be fetched.
func ThinBody(body []byte) ([]byte, error) {
	event, err := object.Parse(body, nil)
	if err != nil {
		return nil, err
	}
	if event.String("object") == kindEvent {
		return thinOf(event).JSON(), nil
	}
	event.Delete("data")
	return event.JSON(), nil
}

func retrieveThin(op *resource.Op) (resource.Asking, error) {
	id := op.Path[0]
	event, err := op.Find(kindThin, id)
	if event == nil && err == nil {
		if event, err = op.Find(kindEvent, id); event != nil {
			event = thinOf(event)
		}
	}
	if event == nil && err == nil {
		return nil, apierr.Missing("event", id, "id")
	}
	op.Result = event.Clone()
	return nil, err
}

// listThin lists events of both kinds, newest first. It reads those of the last thirty days that the filters leave.
func listThin(op *resource.Op) error {
	min, max, err := createdBetween(op.Params.Object("created"))
	if err != nil {
		return err
	}
	own, err := op.Lookup(kindThin, indexAny, "yes")
	if err != nil {
		return err
	}
	var all []*object.Object
	keep := func(e *object.Object) {
		related := op.Params.String("object_id")
		types := op.Params.Array("types")
		at := e.String("created")
		if (related == "" || e.Object("related_object").String("id") == related) && (len(types) == 0 || slices.Contains(types, any(e.String("type")))) &&
			at >= min && (max == "" || at <= max) {
			all = append(all, e)
		}
	}
	for _, e := range own {
		keep(e.Clone())
	}
	events, err := op.NewestEvents(maxListed)
	if err != nil {
		return err
	}
	for _, e := range events {
		keep(thinOf(e))
	}
	slices.SortStableFunc(all, func(a, b *object.Object) int { return strings.Compare(b.String("created"), a.String("created")) })
	return pageOf(op, "/v2/core/events", all)
}

// maxListed is how many events of version 1 a list of thin ones looks at.
const maxListed = 1000

// createdBetween reads the bounds of a list, both inclusive, as times that compare as texts.
func createdBetween(created *object.Object) (min, max string, err error) {
	if created == nil {
		return "", "", nil
	}
	for _, bound := range []struct {
		name string
		to   *string
		by   time.Duration
	}{{"gte", &min, 0}, {"gt", &min, time.Millisecond}, {"lte", &max, 0}, {"lt", &max, -time.Millisecond}} {
		text := created.String(bound.name)
		if text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return "", "", apierr.Invalid("", "created["+bound.name+"]", "%q is no time: write it as 2026-09-01T12:00:00Z.", text)
		}
		*bound.to = stamp(t.Add(bound.by))
	}
	return min, max, nil
}

const usualPage = 20

// pageOf answers a page of a list, and the addresses of those beside it. Where it begins is in the token of the page.
func pageOf(op *resource.Op, path string, all []*object.Object) error {
	limit := cmp.Or(op.Params.Int("limit"), usualPage)
	from, err := pageStart(op.Params.String("page"), all)
	if err != nil {
		return err
	}
	to := min(from+int(limit), len(all))
	items := make([]any, 0, to-from)
	for _, o := range all[from:to] {
		items = append(items, o)
	}
	page := object.New(nil)
	page.Set("data", items)
	page.Set("next_page_url", nil)
	page.Set("previous_page_url", nil)
	at := func(name string, i int) {
		query := op.Query()
		query.Set("limit", strconv.FormatInt(limit, 10))
		query.Del("page")
		if i > 0 {
			query.Set("page", base64.RawURLEncoding.EncodeToString([]byte(all[i-1].ID())))
		}
		page.Set(name, path+"?"+query.Encode())
	}
	if to < len(all) {
		at("next_page_url", to)
	}
	if from > 0 {
		at("previous_page_url", max(0, from-int(limit)))
	}
	op.Result = page
	return nil
}

// pageStart is where a page begins: after the object that its token names.
func pageStart(token string, all []*object.Object) (int, error) {
	if token == "" {
		return 0, nil
	}
	id, err := base64.RawURLEncoding.DecodeString(token)
	if i := slices.IndexFunc(all, func(o *object.Object) bool { return o.ID() == string(id) }); err == nil && i >= 0 {
		return i + 1, nil
	}
	return 0, apierr.Invalid("", "page", "This page token is not one of this list's.")
}
