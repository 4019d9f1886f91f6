package resource

import (
	"errors"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Events are listed by whether all who recorded them (Listener.Record) were told of them. An event bears no mark of that,
// which would be a second write for each: what was recorded stands at the event's place in time (Op.PlaceAt), so both are
// read side by side. The list of those that somebody still waits for, or never got, costs what these are, however many
// events there are; the list of the others passes over those on its way.

// heardFilter is the list filter of events for that.
const heardFilter = "delivery_success"

// heardChunk is how many events or records are read at once.
const heardChunk = 500

// wantsHeard is what was sent for the filter, if it was.
func wantsHeard(k *kindInfo, params *object.Object) (heard, sent bool) {
	if k.name != eventKind {
		return false, false
	}
	heard, sent = params.Get(heardFilter).(bool)
	return heard, sent
}

// heardPage is a page of the events of which all were told, or of the others.
func (e *Engine) heardPage(r store.Reader, ns namespace, q store.Query, heard bool) (store.Page, error) {
	reverse := q.Before != nil
	if reverse {
		q.After, q.Before, q.Ascending = q.Before, nil, !q.Ascending
	}
	if err := e.settle(ns); err != nil {
		return store.Page{}, err
	}
	records, err := e.records(ns)
	if err != nil {
		return store.Page{}, err
	}
	s := &sifting{reader: r, query: q, records: records}
	if heard {
		err = s.heard()
	} else {
		err = s.unheard()
	}
	page := store.Page{Docs: s.docs}
	if len(page.Docs) > q.Limit {
		page.Docs, page.More = page.Docs[:q.Limit], true
	}
	if reverse {
		slices.Reverse(page.Docs)
	}
	return page, err
}

// records are where it is written who is not told of a namespace's events. Those of a connected account's events may be with
// its platform.
func (e *Engine) records(ns namespace) ([]store.Query, error) {
	places := []namespace{ns}
	if ns.Platform != "" {
		platform, err := e.registry.Known(ns.Platform, ns.Env)
		if err != nil {
			return nil, err
		}
		places = append(places, platform)
	}
	var all []store.Query
	for _, l := range e.listeners {
		if l.Record == nil {
			continue
		}
		for _, place := range places {
			all = append(all, store.Query{NS: place.NS, Kind: l.kind, Where: []store.Cond{{Field: "status", Values: []string{l.Pending, l.Failed}}}})
		}
	}
	return all, nil
}

// sifting collects a page of events, and one more that shows that there are more.
type sifting struct {
	reader  store.Reader
	query   store.Query
	records []store.Query
	docs    []store.Doc
	// seen are the events that somebody waits for, of the seconds from seenFrom to seenTo.
	seen             map[string]bool
	seenFrom, seenTo int64
}

func (s *sifting) full() bool { return len(s.docs) > s.query.Limit }

// heard goes through the events and leaves out those that somebody waits for.
func (s *sifting) heard() error {
	q := s.query
	q.Limit = min(q.Limit+1, heardChunk)
	for {
		page, err := s.reader.List(q)
		if err != nil || len(page.Docs) == 0 {
			return err
		}
		first, last := page.Docs[0], page.Docs[len(page.Docs)-1]
		if err := s.learn(min(first.Created, last.Created), max(first.Created, last.Created)); err != nil {
			return err
		}
		for _, d := range page.Docs {
			if !s.seen[d.ID] && !s.full() {
				s.docs = append(s.docs, d)
			}
		}
		if s.full() || !page.More {
			return nil
		}
		q.After, q.Limit = &store.Position{Created: last.Created, Seq: last.Seq}, heardChunk
	}
}

// learn lets seen have the events of some seconds that somebody waits for, unless it has them.
func (s *sifting) learn(from, to int64) error {
	if s.seen != nil && s.seenFrom <= from && to <= s.seenTo {
		return nil
	}
	s.seen, s.seenFrom, s.seenTo = map[string]bool{}, from, to
	return s.waited(from, to, s.seen)
}

// waited adds the events that were made from a second to another and that somebody waits for.
func (s *sifting) waited(from, to int64, into map[string]bool) error {
	for _, q := range s.records {
		q.CreatedMin, q.CreatedMax, q.Limit = from, to, heardChunk
		for {
			page, err := s.reader.List(q)
			if err != nil {
				return err
			}
			for _, d := range page.Docs {
				into[refOf(&d, "event")] = true
			}
			if !page.More {
				break
			}
			last := page.Docs[len(page.Docs)-1]
			q.After = &store.Position{Created: last.Created, Seq: last.Seq}
		}
	}
	return nil
}

func refOf(d *store.Doc, field string) string {
	i := slices.IndexFunc(d.Refs, func(r store.Ref) bool { return r.Field == field })
	if i < 0 {
		return ""
	}
	return d.Refs[i].Value
}

// unheard goes from one second in which somebody waits for an event to the next.
func (s *sifting) unheard() error {
	from, to := s.query.CreatedMin, s.query.CreatedMax
	if after := s.query.After; after != nil && s.query.Ascending {
		from = max(from, after.Created)
	} else if after != nil && (to == 0 || to > after.Created) {
		to = after.Created
	}
	for !s.full() {
		at, found, err := s.nextWaited(from, to)
		if err != nil || !found {
			return err
		}
		if err := s.second(at); err != nil {
			return err
		}
		if s.query.Ascending {
			from = at + 1
		} else {
			to = at - 1
		}
		if to != 0 && from > to || to < 0 {
			return nil
		}
	}
	return nil
}

// nextWaited is the next second within bounds in which an event was made that somebody waits for.
func (s *sifting) nextWaited(from, to int64) (at int64, found bool, err error) {
	for _, q := range s.records {
		q.CreatedMin, q.CreatedMax, q.Ascending, q.Limit = from, to, s.query.Ascending, 1
		page, err := s.reader.List(q)
		if err != nil {
			return 0, false, err
		}
		for _, d := range page.Docs {
			if !found || s.query.Ascending == (d.Created < at) {
				at, found = d.Created, true
			}
		}
	}
	return at, found, nil
}

// second adds the events of a second that somebody waits for, in their order: from the records of it if these are few, else
// from its events, as then a page is found among the first of them.
func (s *sifting) second(at int64) error {
	ids, few, err := s.few(at)
	if err != nil {
		return err
	}
	if !few {
		return s.denseSecond(at)
	}
	var docs []store.Doc
	for id := range ids {
		d, err := s.reader.Get(s.query.NS, id)
		if errors.Is(err, store.ErrNotFound) {
			continue // it is another account's
		}
		if err != nil {
			return err
		}
		if d.Created == at && s.query.Matches(&d) && !s.passed(&d) {
			docs = append(docs, d)
		}
	}
	slices.SortFunc(docs, func(a, b store.Doc) int {
		if s.query.Ascending {
			return int(a.Seq - b.Seq)
		}
		return int(b.Seq - a.Seq)
	})
	s.docs = append(s.docs, docs...)
	return nil
}

// few are the events of a second that somebody waits for, unless there are many.
func (s *sifting) few(at int64) (ids map[string]bool, few bool, err error) {
	ids = map[string]bool{}
	for _, q := range s.records {
		q.CreatedMin, q.CreatedMax, q.Limit = at, at, heardChunk
		page, err := s.reader.List(q)
		if err != nil || page.More {
			return nil, false, err
		}
		for _, d := range page.Docs {
			ids[refOf(&d, "event")] = true
		}
	}
	return ids, true, nil
}

// denseSecond asks for each event of a second whether somebody waits for it.
func (s *sifting) denseSecond(at int64) error {
	q := s.query
	q.CreatedMin, q.CreatedMax, q.Limit = at, at, min(q.Limit+1, heardChunk)
	for {
		page, err := s.reader.List(q)
		if err != nil {
			return err
		}
		for _, d := range page.Docs {
			waits, err := s.waitsFor(d.ID)
			if err != nil {
				return err
			}
			if waits {
				s.docs = append(s.docs, d)
			}
			q.After = &store.Position{Created: d.Created, Seq: d.Seq}
		}
		if s.full() || !page.More {
			return nil
		}
	}
}

func (s *sifting) waitsFor(event string) (bool, error) {
	for _, q := range s.records {
		q.Where, q.Limit = append([]store.Cond{{Field: "event", Values: []string{event}}}, q.Where...), 1
		page, err := s.reader.List(q)
		if err != nil || len(page.Docs) > 0 {
			return len(page.Docs) > 0, err
		}
	}
	return false, nil
}

// passed reports whether an event is not beyond the place that the page begins at.
func (s *sifting) passed(d *store.Doc) bool {
	after := s.query.After
	if after == nil || d.Created != after.Created {
		return false
	}
	return s.query.Ascending == (d.Seq <= after.Seq) || d.Seq == after.Seq
}
