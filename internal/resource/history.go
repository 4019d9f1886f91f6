package resource

import (
	"errors"
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Document is an object with where it stands in its history.
type Document struct {
	*object.Object
	Kind    string
	Version int64 // 1 is how it was made
	Deleted bool
}

// Happened is an event of an object, and the version that it announces.
type Happened struct {
	ID, Type string
	Kind     string    // of the object
	Object   string    // its id
	Time     time.Time // on the object's clock
	Request  string    // that caused it; empty for timers
	Version  int64
}

// Document finds an object with its version; nil if there never was one of that kind and id. One that exists without being
// stored has version 0.
func (s *Survey) Document(kind, id string) (*Document, error) {
	k := s.engine.kind(kind)
	d, err := s.engine.getDoc(s.engine.store, s.ns, k, k.docID(id))
	if isMissing(err) || err == nil && d.Kind != k.name {
		return nil, nil
	}
	return document(k, d, err)
}

// At is an object as it was; nil if that version is not kept any more.
func (s *Survey) At(kind, id string, version int64) (*Document, error) {
	k := s.engine.kind(kind)
	d, err := s.engine.store.Version(s.engine.nsOf(s.ns, k), k.docID(id), version)
	if isMissing(err) {
		return nil, nil
	}
	return document(k, d, err)
}

// StoredAt is a stored document at a version, as the request log names it; nil if that is not kept any more.
func (s *Survey) StoredAt(docID string, version int64) (*Document, error) {
	d, err := s.engine.store.Version(s.ns.NS, docID, version)
	if isMissing(err) {
		return nil, nil
	}
	return document(s.engine.kind(d.Kind), d, err)
}

// EventType is the type of an event; empty if it is not kept any more.
func (s *Survey) EventType(id string) (string, error) {
	d, err := s.engine.store.Get(s.ns.NS, id)
	if isMissing(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	h, err := s.readHappened(s.ns.NS, d)
	return h.Type, err
}

func document(k *kindInfo, d store.Doc, err error) (*Document, error) {
	if err != nil {
		return nil, err
	}
	o, err := object.Parse(d.Data, k.schema)
	return &Document{Object: o, Kind: k.name, Version: d.Version, Deleted: d.Deleted}, err
}

// Happened lists the events of an object, newest first, from beyond the one with an id if that is not empty.
func (s *Survey) Happened(kind, id, after string, limit int) (all []Happened, more bool, err error) {
	k := s.engine.kind(kind)
	return s.happened(s.engine.nsOf(s.ns, k), eventSubject, k.docID(id), after, limit)
}

// HappenedOn lists the events of all objects on a test clock, as Happened does.
func (s *Survey) HappenedOn(clock, after string, limit int) (all []Happened, more bool, err error) {
	return s.happened(s.ns.NS, eventClock, clock, after, limit)
}

func (s *Survey) happened(ns store.NS, field, value, after string, limit int) (all []Happened, more bool, err error) {
	q := store.Query{NS: ns, Kind: eventKind, Limit: limit, Where: []store.Cond{{Field: field, Values: []string{value}}}}
	if after != "" {
		d, err := s.engine.store.Get(ns, after)
		if err != nil {
			return nil, false, err
		}
		q.After = &store.Position{Created: d.Created, Seq: d.Seq}
	}
	page, err := s.engine.store.List(q)
	if err != nil {
		return nil, false, err
	}
	for _, d := range page.Docs {
		h, err := s.readHappened(ns, d)
		if err != nil {
			return nil, false, err
		}
		all = append(all, h)
	}
	return all, page.More, nil
}

func (s *Survey) readHappened(ns store.NS, d store.Doc) (Happened, error) {
	docID, version, body, err := readEvent(d)
	if err != nil {
		return Happened{}, err
	}
	e, err := object.Parse(body, nil)
	if err != nil {
		return Happened{}, err
	}
	h := Happened{ID: d.ID, Type: e.String("type"), Time: time.Unix(e.Int("created"), 0), Request: e.Object("request").String("id"), Version: version}
	subject, err := s.engine.store.Get(ns, docID)
	if err == nil {
		h.Kind, h.Object = subject.Kind, strings.TrimPrefix(docID, subject.Kind+":")
	} else if isMissing(err) {
		err = nil
	}
	return h, err
}

// Announced is the object that an event announces, at that version. It is nil if there is no such event, or the version is
// not kept any more.
func (s *Survey) Announced(event string) (*Document, error) {
	d, err := s.engine.store.Get(s.ns.NS, event)
	if isMissing(err) || err == nil && d.Kind != eventKind {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	docID, version, _, err := readEvent(d)
	if err != nil {
		return nil, err
	}
	announced, err := s.engine.store.Version(s.ns.NS, docID, version)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return document(s.engine.kind(announced.Kind), announced, err)
}

// Due is what will happen to an object when its time comes.
type Due struct {
	Timer  string // "invoice.collect"
	Kind   string // of the object
	Object string
	Time   time.Time
	// Others is how many more of the same sort are due on the same day that are not listed; it is of the last that is.
	Others int
}

// Due lists what is due on a test clock until a time, soonest first: of each sort and day (UTC) at most as many as alike says, of
// which the objects are read. more says that there is more than limit timers, and the list ends before them.
func (s *Survey) Due(clock string, until time.Time, limit, alike int) (all []Due, more bool, err error) {
	timers, err := s.engine.store.Due(store.TimerQuery{NS: s.ns.NS, Clock: clock, Until: until.Unix(), Limit: limit + 1})
	if err != nil {
		return nil, false, err
	}
	type sort struct {
		kind string
		day  int64
	}
	listed, last := map[sort]int{}, map[sort]int{}
	for _, t := range timers[:min(len(timers), limit)] {
		of := sort{t.Kind, t.Due / (24 * 3600)}
		rule, known := s.engine.timers[t.Kind]
		switch {
		case !known || rule.listener != nil:
			continue
		case listed[of] == alike:
			all[last[of]].Others++
			continue
		}
		d, err := s.dueObject(t)
		if err != nil {
			return nil, false, err
		}
		if d != nil {
			listed[of], last[of] = listed[of]+1, len(all)
			all = append(all, *d)
		}
	}
	return all, len(timers) > limit, nil
}

// dueObject is what a timer is of; nil if that is not there any more.
func (s *Survey) dueObject(t store.Timer) (*Due, error) {
	d, err := s.engine.store.Get(s.ns.NS, t.ID)
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	o, err := object.Parse(d.Data, s.engine.kind(d.Kind).schema)
	if err != nil {
		return nil, err
	}
	return &Due{Timer: t.Kind, Kind: d.Kind, Object: o.ID(), Time: time.Unix(t.Due, 0)}, nil
}
