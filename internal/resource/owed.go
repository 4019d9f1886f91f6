package resource

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/store"
)

// An event may owe records (Listener.Record): its first line names for whom they are still to be made, which costs a few
// bytes where a record costs a document with its index entries. A record is then made once, with what came of the telling.
// Until then it is as good as made: it is counted with those that are pending, and Listener.Settle makes what is asked for.
// Where they are looked for after a crash is kept for each kind (Owing), so no index is needed.

// Owed is an event with those for whom it may owe a record; some may have been made meanwhile.
type Owed struct {
	Event, Type string
	Subject     string   // the object that it announces
	Who         []string // values of Listener.Who
	Placed      int64    // its place in lists, unix seconds
	Sequence    int64    // see Told
}

// Owing bounds the events that owe records of a kind, by their place in lists, in unix seconds.
type Owing struct {
	// From is the place of the first that may owe one. After is that of the last before which no new event owes any, so
	// that From can follow once all up to there are known.
	From, After int64
}

// owingFor is how many seconds beyond Owing.After an event may owe a record. Somebody who pays keeps that up to date.
const owingFor = 60

// Last is the place of the last event that may owe a record.
func (o Owing) Last() int64 { return o.After + owingFor }

func owingID(kind string) string { return privateID("owing:" + kind) }

// readOwing reads the bounds, and the document that has them; one of version 0 if there is none yet.
func readOwing(r store.Reader, ns store.NS, kind string) (o Owing, d store.Doc, err error) {
	d, err = r.Get(ns, owingID(kind))
	if isMissing(err) {
		return o, store.Doc{ID: owingID(kind), Kind: privateKind}, nil
	}
	if err != nil {
		return o, d, err
	}
	text := strings.TrimSuffix(strings.TrimPrefix(string(d.Data), owingAfter), "}")
	after, from, _ := strings.Cut(text, owingFrom)
	if o.After, err = strconv.ParseInt(after, 10, 64); err == nil {
		o.From, err = strconv.ParseInt(from, 10, 64)
	}
	return o, d, err
}

const owingAfter, owingFrom = `{"after":`, `,"from":`

// MayOwe reports whether a new event at a place in lists may owe records of a kind.
func (op *Op) MayOwe(kind string, placed int64) (bool, error) {
	o, d, err := readOwing(op.tx, op.ns.NS, kind)
	return d.Version > 0 && placed > o.After && placed <= o.Last(), err
}

// Owe moves the bounds of the events that owe records of a kind: none that is new and placed up to after owes any from now
// on, and none that is placed up to paid owes any still. Who has never owed any can, from then on.
func (op *Op) Owe(kind string, paid, after int64) error {
	o, d, err := readOwing(op.tx, op.ns.NS, kind)
	if err != nil {
		return err
	}
	if d.Version == 0 {
		paid, d.Created = after, after // which stays, so that the index need not follow
	}
	o.From, o.After = max(o.From, paid+1), max(o.After, after)
	d.Data = fmt.Appendf(nil, owingAfter+"%d"+owingFrom+"%d}", o.After, o.From)
	return op.tx.Put(op.ns.NS, &d)
}

// Owing are the bounds of the events that owe records of a kind; zero if none ever did.
func (s *Survey) Owing(kind string) (Owing, error) {
	o, _, err := readOwing(s.from, s.ns.NS, kind)
	return o, err
}

// Owed calls fn for the events that may owe records of a kind, oldest first. It reads all events within the bounds.
func (s *Survey) Owed(kind string, fn func(Owed) error) error {
	o, err := s.Owing(kind)
	if err != nil || o.From > o.Last() || o.After == 0 {
		return err
	}
	q := store.Query{CreatedMin: o.From, CreatedMax: o.Last()}
	return s.eachDoc(s.engine.kind(eventKind), q, func(d *store.Doc) error {
		if owed := owedBy(d); len(owed.Who) > 0 {
			return fn(owed)
		}
		return nil
	})
}

// Owed is what an event owes; nobody if it is gone.
func (op *Op) Owed(event string) (Owed, error) {
	d, err := op.tx.Get(op.ns.NS, event)
	if isMissing(err) || err == nil && d.Deleted {
		return Owed{}, nil
	}
	return owedBy(&d), err
}

// Owed is what a new event owes that a Change of the kind event tells of.
func (c Change) Owed() Owed {
	if !c.New || c.data == nil {
		return Owed{}
	}
	return owedBy(&store.Doc{ID: c.ID, Data: c.data, Created: c.placed, Seq: c.sequence})
}

// SequenceOf is the sequence of an event (Told); zero if it is gone.
func (s *Survey) SequenceOf(event string) (int64, error) {
	d, err := s.from.Get(s.ns.NS, event)
	if isMissing(err) {
		return 0, nil
	}
	return d.Seq, err
}

// owes reports whether a stored event owes something.
func owes(data []byte) bool {
	head, _, _ := bytes.Cut(data, []byte{'\n'})
	return bytes.Count(head, []byte{'\t'}) > 1
}

// owedBy is what a stored event owes.
func owedBy(d *store.Doc) Owed {
	subject, _, who, body, err := splitEvent(*d)
	if err != nil || len(who) == 0 {
		return Owed{}
	}
	o := Owed{Event: d.ID, Subject: subject, Who: who, Placed: d.Created, Sequence: d.Seq}
	if i := bytes.LastIndex(body, []byte(typeField)); i >= 0 {
		o.Type = strings.TrimSuffix(string(body[i+len(typeField):]), eventEnd)
	}
	return o
}

// appendHead appends the line that names the version of the object which an event announces, and whom it owes a record.
func appendHead(b []byte, docID string, version int64, owed []string) []byte {
	b = append(b, docID...)
	b = append(b, '\t')
	b = strconv.AppendInt(b, version, 10)
	for i, who := range owed {
		if i == 0 {
			b = append(b, '\t')
		} else {
			b = append(b, ',')
		}
		b = append(b, who...)
	}
	return append(b, '\n')
}

// unpaid counts those whom an event owes a record that was not made.
func (e *Engine) unpaid(r store.Reader, ns store.NS, event string, owed []string) (n int, err error) {
	for _, l := range e.listeners {
		if l.Record == nil || len(owed) == 0 {
			continue
		}
		page, err := r.List(store.Query{NS: ns, Kind: l.kind, Limit: maxLookup, Where: []store.Cond{{Field: "event", Values: []string{event}}}})
		if err != nil {
			return 0, err
		}
		for _, who := range owed {
			made := slices.ContainsFunc(page.Docs, func(d store.Doc) bool { return refOf(&d, l.Who) == who })
			if !made {
				n++
			}
		}
	}
	return n, nil
}

// settle lets those who record events make the records that a namespace's events owe.
func (e *Engine) settle(ns namespace) error {
	for _, l := range e.listeners {
		if l.Settle == nil {
			continue
		}
		if err := l.Settle(context.Background(), e, ns); err != nil {
			return err
		}
	}
	return nil
}

// settled is what reads records, after those that are owed were made.
func settled(read func(*Engine, *call) (*Answer, error)) func(*Engine, *call) (*Answer, error) {
	return func(e *Engine, c *call) (*Answer, error) {
		if err := e.settle(c.Namespace); err != nil {
			return nil, err
		}
		return read(e, c)
	}
}

// recorded reports whether records of a kind may be owed.
func (e *Engine) recorded(kind string) bool {
	return slices.ContainsFunc(e.listeners, func(l listener) bool { return l.kind == kind && l.Settle != nil })
}
