package resource

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// eventKind is the kind under which events are stored.
const eventKind = "event"

// The refs by which events are found, beside their type: the document that they announce, and the test clock on which they
// happened.
const (
	eventSubject = "subject"
	eventClock   = "clock"
)

// Cold are the kinds that the store need not keep at hand (store.Options): each write makes events, few are ever read.
var Cold = []string{eventKind}

// Unversioned are the kinds of which nobody asks for old versions (store.Options).
func Unversioned(rules []Rules) []string {
	kinds := []string{privateKind, figuresKind}
	for i := range rules {
		if rules[i].Unversioned {
			kinds = append(kinds, rules[i].Object)
		}
	}
	return kinds
}

// eventPrefixes are the kinds whose events are named after their family instead of themselves.
var eventPrefixes = map[string]string{
	"subscription": "customer.subscription", "tax_id": "customer.tax_id", "discount": "customer.discount",
	"card": "customer.source", "bank_account": "customer.source", "dispute": "charge.dispute",
	"fee_refund": "application_fee.refund",
}

// eventPrefix is what the kind's event types begin with, or "" if it has no events.
func eventPrefix(kind string) string {
	candidates := []string{kind, strings.ReplaceAll(kind, ".", "_")}
	if family, ok := eventPrefixes[kind]; ok {
		candidates = []string{family}
	}
	types := spec.EventTypes()
	for _, prefix := range candidates {
		i, _ := slices.BinarySearch(types, prefix+".")
		if i < len(types) && strings.HasPrefix(types[i], prefix+".") {
			return prefix
		}
	}
	return ""
}

// eventType is the type of a record's event for a verb, or "" if the spec has none.
func (r *record) eventType(verb string) string {
	family := r.kind.events
	if rules := r.kind.rules; rules != nil && rules.EventFamily != nil {
		family = rules.EventFamily(r.object)
	}
	if t := family + "." + verb; family != "" && spec.IsEventType(t) {
		return t
	}
	return ""
}

// silent reports whether a kind has no events.
func (k *kindInfo) silent() bool {
	return k.events == "" && (k.rules == nil || k.rules.EventFamily == nil)
}

// An event is stored as a line that names the version of the object it announces, and the JSON of the event with
// objectSlot in the object's place: a version is kept anyway, so an event costs a small row and not a second copy.
const objectSlot = `"object": {}`

// emit writes the object if it changed, and an event that points at that version.
func (op *Op) emit(eventType string, r *record, previous *object.Object) error {
	if err := op.write(r); err != nil {
		return err
	}
	if r.standsIn() {
		return nil
	}
	a := Announcement{ID: op.NewID(eventKind), Namespace: op.ns, Account: op.concerned(r), Type: eventType, Object: r.object, Document: r.doc.ID, Previous: previous, Listed: op.happened()}
	if err := op.platformOf(&a); err != nil {
		return err
	}
	told, err := op.tell(a)
	if err != nil {
		return err
	}
	version, err := op.eventVersion()
	if err != nil {
		return err
	}
	d := store.Doc{
		ID: a.ID, Kind: eventKind, Created: a.Listed, Data: op.eventData(&a, version, r, told),
		Refs: op.eventRefs(eventType, r), Warm: told.pending() > 0,
	}
	op.events = append(op.events, a.ID)
	return op.tx.Put(op.ns.NS, &d)
}

func (op *Op) eventRefs(eventType string, r *record) []store.Ref {
	refs := []store.Ref{{Field: "type", Value: eventType}, {Field: eventSubject, Value: r.doc.ID}}
	if op.clock != "" {
		refs = append(refs, store.Ref{Field: eventClock, Value: op.clock})
	}
	return refs
}

// happened is the time that lists of events go by, and how long they are kept. What happens on a test clock happens now,
// whatever that clock says.
func (op *Op) happened() int64 {
	if op.clock != "" {
		return op.engine.clock.Now().Unix()
	}
	return op.now.Unix()
}

// usualEvent is the room that most events need, usualPrevious what previous_attributes add to that.
const (
	usualEvent    = 416
	usualPrevious = 224
)

func (op *Op) eventData(a *Announcement, version string, r *record, told Recorded) []byte {
	room := usualEvent
	if a.Previous != nil {
		room += usualPrevious
	}
	b := make([]byte, 0, room)
	b = appendHead(b, r.doc.ID, r.doc.Version, told.Owed)
	b = append(b, "{\n  \"id\": \""...)
	b = append(b, a.ID...)
	b = append(b, "\",\n  \"object\": \"event\",\n"...)
	if a.Account != op.grant.Namespace.Account {
		b = append(b, "  \"account\": \""...)
		b = append(b, a.Account...)
		b = append(b, "\",\n"...)
	}
	b = append(b, "  \"api_version\": \""...)
	b = append(b, version...)
	b = append(b, "\",\n  \"created\": "...)
	b = strconv.AppendInt(b, op.now.Unix(), 10)
	b = append(b, ",\n  \"data\": {\n    "+objectSlot...)
	if a.Previous != nil {
		b = append(b, ",\n    \"previous_attributes\": "...)
		b = a.Previous.AppendJSON(b, 2)
	}
	b = append(b, "\n  },\n  \"livemode\": "...)
	b = strconv.AppendBool(b, op.ns.Live)
	b = append(b, ","+pendingField...)
	b = strconv.AppendInt(b, int64(told.pending()), 10)
	b = append(b, ",\n  \"request\": "...)
	b = op.appendCause(b)
	b = append(b, typeField...)
	b = append(b, a.Type...)
	return append(b, eventEnd...)
}

// eventVersion is the API version that an event is shown in from now on: that of the account whose key acts. What it
// announces is kept in the newest shape all the same.
func (op *Op) eventVersion() (string, error) {
	v, err := op.engine.registry.Version(op.grant.Namespace.Account)
	return cmp.Or(v, spec.Version), err
}

// pendingField is what stands before the number of those who were to be told of an event when it was written. It stands at
// the first level, so no other field looks like it.
const pendingField = "\n  \"pending_webhooks\": "

// typeField is what stands before an event's type, which is its last field, and eventEnd what stands behind it.
const typeField, eventEnd = ",\n  \"type\": \"", "\"\n}"

// recount puts how many are to be told still into the end of an event. If there was nobody from the beginning, or there is
// just the one who is being told, there is nothing to count.
func (e *Engine) recount(r store.Reader, ns store.NS, id string, end []byte, owed []string, told bool) ([]byte, error) {
	i := bytes.LastIndex(end, []byte(pendingField))
	if i < 0 {
		return nil, errBadEvent
	}
	i += len(pendingField)
	if end[i] == '0' || told && end[i] == '1' && end[i+1] == ',' {
		return end, nil
	}
	n, err := e.pending(r, ns, id, owed)
	if err != nil {
		return nil, err
	}
	rest := bytes.IndexByte(end[i:], ',')
	return slices.Concat(end[:i], strconv.AppendInt(nil, int64(n), 10), end[i+rest:]), nil
}

// concerned is the account that an event belongs to: the one that the operation works in, or the connected account whose
// own object it announces, or something below that, all of which live with the platform.
func (op *Op) concerned(r *record) string {
	if r.kind.rules != nil && r.kind.rules.Self != nil {
		return r.doc.ID
	}
	if strings.HasPrefix(r.doc.Parent, idForms["account"].prefix) {
		return r.doc.Parent
	}
	return op.ns.Account
}

// appendCause is the request that caused an event; timers have none.
func (op *Op) appendCause(b []byte) []byte {
	var id, key any
	if op.request != nil {
		id = op.request.ID
		if op.request.IdempotencyKey != "" && op.request.Op.Method == "POST" {
			key = op.request.IdempotencyKey
		}
	}
	b = object.AppendValue(append(b, "{\n    \"id\": "...), id, 0)
	b = object.AppendValue(append(b, ",\n    \"idempotency_key\": "...), key, 0)
	return append(b, "\n  }"...)
}

var errBadEvent = errors.New("resource: stored event is malformed")

// readEvent takes a stored event apart: the document and version that it announces, and the rest.
func readEvent(d store.Doc) (docID string, version int64, body []byte, err error) {
	docID, version, _, body, err = splitEvent(d)
	return docID, version, body, err
}

// splitEvent is readEvent with those whom the event may owe a record.
func splitEvent(d store.Doc) (docID string, version int64, owed []string, body []byte, err error) {
	head, body, ok := bytes.Cut(d.Data, []byte{'\n'})
	docID, rest, ok2 := strings.Cut(string(head), "\t")
	number, who, owes := strings.Cut(rest, "\t")
	version, err = strconv.ParseInt(number, 10, 64)
	if !ok || !ok2 || err != nil {
		return "", 0, nil, nil, errBadEvent
	}
	if owes {
		owed = strings.Split(who, ",")
	}
	return docID, version, owed, body, nil
}

// renderEvent puts the version that an event announces into its place.
func (e *Engine) renderEvent(r store.Reader, ns store.NS, d store.Doc) ([]byte, error) {
	return e.renderEventTo(r, ns, d, false)
}

func (e *Engine) renderEventTo(r store.Reader, ns store.NS, d store.Doc, told bool) ([]byte, error) {
	docID, n, owed, body, err := splitEvent(d)
	if err != nil {
		return nil, err
	}
	before, after, ok := bytes.Cut(body, []byte(objectSlot))
	if !ok {
		return nil, errBadEvent
	}
	announced, err := r.Version(ns, docID, n)
	if err != nil {
		return nil, err
	}
	if after, err = e.recount(r, ns, d.ID, after, owed, told); err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(body)+len(announced.Data)+len(announced.Data)/4)
	out = append(out, before...)
	out = append(out, `"object": `...)
	out = object.AppendIndented(out, announced.Data, 2)
	return append(out, after...), nil
}
