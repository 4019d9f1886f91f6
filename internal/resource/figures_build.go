package resource

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Recount is a change of what figures mean, for those that were counted before it.
type Recount struct {
	Name string // under which it is noted that it was done
	// Changes are what an object, as it is now, makes wrong in the figures of the days.
	Changes func(o *object.Object) []FigureCorrection
}

// FigureCorrection is added to a figure of a day, under the movement that it was counted as.
type FigureCorrection struct {
	Figure
	Movement string
	At       int64 // a moment of the day, in unix seconds
}

// builtFigures is what was done to the figures of a database as a whole; nil if nothing was.
func builtFigures(from store.Reader) (*object.Object, error) {
	d, err := from.Get(store.Control, figuresMarker)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return object.Parse(d.Data, nil)
}

// BuildFigures makes the figures of a database that was written before there were any: what there is counts as new on the day
// on which it was created. In one that has figures it carries out the recounts that are still to be done. It must be called
// before anything is served. All of it is one transaction, which costs a read of all objects, once.
func (e *Engine) BuildFigures(ctx context.Context) error {
	done, err := builtFigures(e.store)
	if err != nil {
		return err
	}
	todo := e.recountsBeside(done)
	if done != nil && len(todo) == 0 {
		return nil
	}
	all, err := e.everyNamespace()
	if err != nil {
		return err
	}
	changes := map[store.NS]map[string]map[string]int64{}
	for _, ns := range all {
		s := e.Survey(ctx, ns)
		if changes[ns.NS], err = s.figureChanges(done == nil, todo); err != nil {
			return fmt.Errorf("figures of %s/%s: %w", ns.Account, ns.Env, err)
		}
	}
	marker := object.New(nil)
	for _, k := range e.rules {
		for _, r := range k.Recounts {
			marker.Set(r.Name, true)
		}
	}
	return e.store.Update(ctx, func(tx store.Tx) error {
		for _, ns := range all {
			for _, id := range slices.Sorted(maps.Keys(changes[ns.NS])) {
				if err := putFigures(tx, ns.NS, id, changes[ns.NS][id]); err != nil {
					return err
				}
			}
		}
		d, err := tx.Get(store.Control, figuresMarker)
		if errors.Is(err, store.ErrNotFound) {
			d, err = store.Doc{ID: figuresMarker, Kind: figuresKind, Created: e.clock.Now().Unix()}, nil
		}
		if err != nil {
			return err
		}
		d.Data = marker.JSON()
		return tx.Put(store.Control, &d)
	})
}

// recountsBeside are those of each kind that were not done.
func (e *Engine) recountsBeside(done *object.Object) map[string][]Recount {
	todo := map[string][]Recount{}
	for name, rules := range e.rules {
		for _, r := range rules.Recounts {
			if done == nil || !done.Bool(r.Name) {
				todo[name] = append(todo[name], r)
			}
		}
	}
	return todo
}

// everyNamespace are all namespaces, and those that snapshots keep.
func (e *Engine) everyNamespace() ([]namespace, error) {
	all, err := e.registry.Namespaces()
	if err != nil {
		return nil, err
	}
	kept, err := e.registry.KeptNamespaces()
	return append(all, kept...), err
}

// figureChanges are what is to be added to the days of a namespace, by the ids of their rows. One without any row is built
// only if the database never was: there may be nothing to count.
func (s *Survey) figureChanges(build bool, todo map[string][]Recount) (map[string]map[string]int64, error) {
	days := map[string]map[string]int64{}
	add := func(at int64, key string, amount int64) {
		day := figuresPrefix + time.Unix(at, 0).UTC().Format(time.DateOnly)
		if days[day] == nil {
			days[day] = map[string]int64{}
		}
		days[day][key] += amount
	}
	rows, err := s.Figures()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		if build {
			err = s.eachFigure(func(o *object.Object, key string, amount int64) { add(o.Int("created"), key+"|"+FigureNew, amount) })
		}
		return days, err
	}
	for _, kind := range slices.Sorted(maps.Keys(todo)) {
		err := s.Each(kind, func(o *object.Object) error {
			for _, r := range todo[kind] {
				for _, c := range r.Changes(o) {
					add(c.At, c.Name+"|"+c.Of+"|"+c.Movement, c.Amount)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return days, nil
}
