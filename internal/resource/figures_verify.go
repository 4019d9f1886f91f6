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

// verifyFigures compares the sum of all days with what all objects add up to.
func (s *Survey) verifyFigures() (problems []string, err error) {
	days, err := s.Figures()
	if err != nil {
		return nil, err
	}
	if built, err := s.engine.figuresBuilt(); err != nil || len(days) == 0 && !built {
		return nil, err // a database of before there were figures, which nobody has served since
	}
	sums := map[string]int64{}
	for _, day := range days {
		for _, c := range day.Changes {
			sums[c.Name+"|"+c.Of] += c.Amount
		}
	}
	should := map[string]int64{}
	err = s.eachFigure(func(_ *object.Object, key string, amount int64) { should[key] += amount })
	for _, key := range slices.Sorted(maps.Keys(should)) {
		if sums[key] != should[key] {
			problems = append(problems, fmt.Sprintf("the figure %s is %d by the days, and %d by the objects", key, sums[key], should[key]))
		}
		delete(sums, key)
	}
	for _, key := range slices.Sorted(maps.Keys(sums)) {
		if sums[key] != 0 {
			problems = append(problems, fmt.Sprintf("the figure %s is %d by the days, and no object adds to it", key, sums[key]))
		}
	}
	return problems, err
}

// eachFigure calls fn with what each object adds to each figure.
func (s *Survey) eachFigure(fn func(o *object.Object, key string, amount int64)) error {
	for _, name := range slices.Sorted(maps.Keys(s.engine.rules)) {
		k := s.engine.kind(name)
		if !k.hasFigures() {
			continue
		}
		err := s.Each(name, func(o *object.Object) error {
			for key, amount := range k.figuresOf(o) {
				fn(o, key, amount)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) figuresBuilt() (bool, error) {
	_, err := e.store.Get(store.Control, figuresMarker)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// BuildFigures makes the figures of a database that was written before there were any: what there is counts as new on the day
// on which it was created. It does so once, and must be done before anything is served.
func (e *Engine) BuildFigures(ctx context.Context) error {
	built, err := e.figuresBuilt()
	if built || err != nil {
		return err
	}
	all, err := e.registry.Namespaces()
	if err != nil {
		return err
	}
	for _, ns := range all {
		if err := e.buildFigures(ctx, ns); err != nil {
			return fmt.Errorf("figures of %s/%s: %w", ns.Account, ns.Env, err)
		}
	}
	return e.store.Update(ctx, func(tx store.Tx) error {
		return tx.Put(store.Control, &store.Doc{ID: figuresMarker, Kind: figuresKind, Created: e.clock.Now().Unix(), Data: []byte("{}")})
	})
}

func (e *Engine) buildFigures(ctx context.Context, ns namespace) error {
	s := e.Survey(ctx, ns)
	if days, err := s.Figures(); len(days) > 0 || err != nil {
		return err
	}
	days := map[string]map[string]int64{}
	err := s.eachFigure(func(o *object.Object, key string, amount int64) {
		day := figuresPrefix + time.Unix(o.Int("created"), 0).UTC().Format(time.DateOnly)
		if days[day] == nil {
			days[day] = map[string]int64{}
		}
		days[day][key+"|"+FigureNew] += amount
	})
	if err != nil || len(days) == 0 {
		return err
	}
	return e.store.Update(ctx, func(tx store.Tx) error {
		for _, id := range slices.Sorted(maps.Keys(days)) {
			if err := putFigures(tx, ns.NS, id, days[id]); err != nil {
				return err
			}
		}
		return nil
	})
}
