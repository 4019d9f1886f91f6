package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/clock"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// putsAtOnce is about how many documents are written in one transaction.
const putsAtOnce = 2000

// stretch is over how many seconds copies are spread: three years, as far back as Business looks.
const stretch = 3 * 365 * 24 * 3600

// shortestID is how long the id of what may be copied is at least.
const shortestID = 12

// do makes a call of the API as pairs of names and values, and gives the id of what it answers.
func (w *world) do(ctx context.Context, operation string, pairs ...string) (string, error) {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	o, err := w.engine.Do(ctx, w.ns, operation, form)
	if err != nil {
		return "", fmt.Errorf("%s: %w", operation, err)
	}
	return o.ID(), nil
}

// scene is what a few calls of the API made: documents that are copied under other ids.
type scene struct {
	docs   []store.Doc
	timers []store.Timer // of a test clock
	ids    []string      // of the documents, without what stands before them in the store
	number int
	marks  []string // texts that each copy has of its own, as "jenny.rosen@"
}

// play makes a scene of what make does. Of kinds that are left out the copies share the one that make made.
func (w *world) play(leftOut []string, clockID string, make func() error) (*scene, error) {
	before, err := w.everything()
	if err != nil {
		return nil, err
	}
	if err := make(); err != nil {
		return nil, err
	}
	after, err := w.everything()
	if err != nil {
		return nil, err
	}
	w.scenes++
	s := &scene{number: w.scenes}
	for _, id := range slices.Sorted(maps.Keys(after)) {
		d := after[id]
		name := strings.TrimPrefix(id, d.Kind+":")
		if _, was := before[id]; was || slices.Contains(leftOut, d.Kind) || len(name) < shortestID { // there is one alone of what has no name
			continue
		}
		s.docs, s.ids = append(s.docs, d), append(s.ids, name)
	}
	if len(s.docs) == 0 {
		return nil, fmt.Errorf("a scene without anything")
	}
	if clockID == "" {
		return s, nil
	}
	timers, err := w.store.Due(store.TimerQuery{NS: w.ns.NS, Clock: clockID, Until: 1 << 40, Limit: 1000})
	for _, t := range timers {
		if slices.ContainsFunc(s.docs, func(d store.Doc) bool { return d.ID == t.ID }) {
			s.timers = append(s.timers, t)
		}
	}
	return s, err
}

// everything is what there is, by id.
func (w *world) everything() (map[string]store.Doc, error) {
	all := map[string]store.Doc{}
	for _, kind := range spec.Resources() {
		page, err := w.store.List(store.Query{NS: w.ns.NS, Kind: kind, Limit: 1000})
		if err != nil {
			return nil, err
		}
		for _, d := range page.Docs {
			all[d.ID] = d
		}
	}
	return all, nil
}

// copyScene writes n copies that are like the scene but for their ids, marks and ages. Each scene has numbers of its own.
func (w *world) copyScene(ctx context.Context, s *scene, n int) error {
	now := clock.Wall{}.Now().Unix()
	for from := 0; from < n; {
		some := min(n-from, max(1, putsAtOnce/len(s.docs)))
		err := w.store.Update(ctx, func(tx store.Tx) error {
			for i := from; i < from+some; i++ {
				if err := w.putCopy(tx, s, i, now-int64(n-i)*stretch/int64(n)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		from += some
	}
	return nil
}

func (w *world) putCopy(tx store.Tx, s *scene, i int, created int64) error {
	replace := s.replacer(i, created)
	for _, d := range s.docs {
		one := store.Doc{ID: replace.Replace(d.ID), Kind: d.Kind, Parent: replace.Replace(d.Parent), Created: created, Data: []byte(replace.Replace(string(d.Data)))}
		if d.Kind == "event" { // it announces the only version that the copy has
			head, body, _ := strings.Cut(string(one.Data), "\n")
			id, _, _ := strings.Cut(head, "\t")
			one.Data = []byte(id + "\t1\n" + body)
		}
		for _, ref := range d.Refs {
			one.Refs = append(one.Refs, store.Ref{Field: ref.Field, Value: replace.Replace(ref.Value)})
		}
		if err := tx.Put(w.ns.NS, &one); err != nil {
			return fmt.Errorf("put %s: %w", one.ID, err)
		}
	}
	for _, t := range s.timers {
		t.ID = replace.Replace(t.ID)
		if err := tx.SetTimer(t); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) replacer(i int, created int64) *strings.Replacer {
	pairs := []string{strconv.FormatInt(s.docs[0].Created, 10), strconv.FormatInt(created, 10)}
	for _, mark := range s.marks {
		pairs = append(pairs, mark, fmt.Sprintf("%d.%s", i, mark))
	}
	for j, id := range s.ids {
		pairs = append(pairs, id, s.idOf(id, i, j))
	}
	return strings.NewReplacer(pairs...)
}

// idOf is the id of what copy i has in the place of a scene's j-th document. Ids begin with the time, so the scene is in it, too.
func (s *scene) idOf(id string, i, j int) string {
	text := func(n int) string { return strconv.FormatInt(int64(n), 36) }
	suffix := fmt.Sprintf("%02s%05s%02s", text(s.number), text(i), text(j))
	return id[:len(id)-len(suffix)] + strings.ReplaceAll(suffix, " ", "0")
}

// idIn is the id that the first document of a kind has in copy i.
func (s *scene) idIn(kind string, i int) string {
	at := slices.IndexFunc(s.docs, func(d store.Doc) bool { return d.Kind == kind })
	return s.idOf(s.ids[at], i, at)
}
