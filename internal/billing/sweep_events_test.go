package billing_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

// TestSweepEvents creates, updates and deletes an object of every kind that can be, and writes down the events of each
// step. A kind that the spec has an event for must write it, and an update says what changed.
func TestSweepEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := map[string][]string{}
	for _, op := range spec.Operations() {
		if (op.Class == spec.Create || op.Class == spec.SubCreate || op.Class == spec.TestHelper && op.Form == spec.Create) && unmade[op.ID] == "" {
			w.steps(op, seen)
		}
	}
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(seen)) {
		types := strings.Join(seen[key], " ")
		if types == "" {
			types = "none"
		}
		lines = append(lines, key+"\t"+types)
	}
	golden(t, "events.golden", lines)
	for _, kind := range spec.Resources() {
		for _, verb := range []string{"created", "updated", "deleted"} {
			types, done := seen[kind+"\t"+verb]
			for _, want := range []string{eventOf(kind) + "." + verb, strings.ReplaceAll(eventOf(kind), ".", "_") + "." + verb} {
				if done && spec.IsEventType(want) && !slices.Contains(types, want) && silent[want] == "" {
					t.Errorf("%s is %s without the event %s; it has %q", kind, verb, want, types)
				}
			}
		}
	}
}

// silent are events that the verb alone does not cause.
var silent = map[string]string{
	"invoiceitem.updated": "there is none",
}

// eventOf is what the events of a kind begin with, where that is not its name.
func eventOf(kind string) string {
	family := map[string]string{
		"subscription": "customer.subscription", "tax_id": "customer.tax_id", "discount": "customer.discount",
		"card": "customer.source", "bank_account": "customer.source", "dispute": "charge.dispute", "fee_refund": "application_fee.refund",
	}
	if name, ok := family[kind]; ok {
		return name
	}
	return kind
}

// steps makes, changes and deletes one object and notes the events of each.
func (w *world) steps(op *spec.Operation, seen map[string][]string) {
	w.t.Helper()
	ids, form := w.path(op), w.params(op, required)
	before := w.newestEvent()
	a, err := w.call(op, ids, form)
	if err != nil || a.Status != http.StatusOK || a.Object.ID() == "" {
		if err != nil {
			w.t.Errorf("%s %s: %v", op.Method, op.Path, err)
		}
		return
	}
	made := a.Object
	note := func(verb string) []*object.Object {
		events := w.eventsAfter(before)
		before = w.newestEvent()
		types := []string{}
		for _, e := range events {
			types = append(types, e.String("type"))
		}
		seen[op.Kind+"\t"+verb] = types
		return events
	}
	note("created")
	path := fill(op, ids) + "/" + made.ID()
	w.ready(path, made)
	before = w.newestEvent()
	if change, _, found := spec.Match(http.MethodPost, path); found && change.Params().Prop("metadata") != nil && made.Object("metadata") != nil {
		if _, _, status, err := w.at(http.MethodPost, path, "metadata[swept]", "yes"); err != nil || status != http.StatusOK {
			w.t.Errorf("update %s: status %d, %v", path, status, err)
		}
		for _, e := range note("updated") {
			if e.Object("data").Object("object").ID() == made.ID() {
				w.checkPrevious(e)
			}
		}
	}
	if _, _, found := spec.Match(http.MethodDelete, path); found {
		if _, _, status, err := w.at(http.MethodDelete, path); err != nil || status != http.StatusOK {
			w.t.Errorf("delete %s: status %d, %v", path, status, err)
		}
		note("deleted")
	}
}

// checkPrevious holds the event of a new metadata key against what it must say.
func (w *world) checkPrevious(e *object.Object) {
	w.t.Helper()
	previous := e.Object("data").Object("previous_attributes")
	if previous == nil || !previous.Object("metadata").Has("swept") || previous.At("metadata", "swept") != nil {
		w.t.Errorf("%s: previous_attributes are %s", e.String("type"), previous.AppendJSON(nil, 0))
	}
	if now := e.At("data", "object", "metadata", "swept"); now != "yes" {
		w.t.Errorf("%s: the object is shown before the change", e.String("type"))
	}
}

func (w *world) newestEvent() string {
	for _, id := range w.s.Get("/v1/events", "limit", "1").IDs() {
		return id
	}
	return ""
}

// eventsAfter are the events since one, oldest first.
func (w *world) eventsAfter(id string) []*object.Object {
	form := []string{"limit", "100"}
	if id != "" {
		form = append(form, "ending_before", id)
	}
	a := w.s.Do(servertest.Request{Path: "/v1/events", Form: form})
	var out []*object.Object
	for _, v := range slices.Backward(a.OK().Array("data")) {
		out = append(out, v.(*object.Object))
	}
	return out
}
