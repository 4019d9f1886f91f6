package resource

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// Figures are what a business is run by: what its subscriptions bring in a month, how many members there are. An object says
// what it adds to each (Rules.Figures), and with every write what changed of that goes into the row of the day, in the same
// transaction. So a chart reads a row for each day and never the objects; the sum of all days is the sum over all objects,
// which Verify proves.
//
//	figures:2026-11-30  {"mrr|usd|new": 1200, "mrr|usd|lost": -500, "members|price_1|new": 1}
//
// A day is that of the operation: the test clock's, for what is on one.

// Figure is what an object adds to a sum.
type Figure struct {
	Name   string // "mrr"
	Of     string // what is never mixed: the currency, the price; may be empty
	Amount int64
}

// How an amount came to be what it is.
const (
	FigureNew  = "new"  // there was none before
	FigureMore = "more" // there was less
	FigureLess = "less" // there was more
	FigureLost = "lost" // there is none any more
)

const (
	figuresKind   = "figures"
	figuresPrefix = figuresKind + ":"
	figuresMarker = "figures:built"
)

// figuresOf are the sums that an object adds to, by name and what they are of.
func (k *kindInfo) figuresOf(o *object.Object) map[string]int64 {
	sums := map[string]int64{}
	if o == nil {
		return sums
	}
	for _, f := range k.rules.Figures(o) {
		sums[f.Name+"|"+f.Of] += f.Amount
	}
	return sums
}

func (k *kindInfo) hasFigures() bool { return k.rules != nil && k.rules.Figures != nil }

// count notes what a write changes of the figures. before is what was stored.
func (op *Op) count(r *record, before []byte, after *object.Object) error {
	if !r.kind.hasFigures() {
		return nil
	}
	was, is := r.figures, r.kind.figuresOf(after)
	if was == nil && len(before) > 0 {
		old, err := object.Open(before, r.kind.schema)
		if err != nil {
			return err
		}
		was = r.kind.figuresOf(old)
	}
	r.figures = is
	for key := range was {
		if _, still := is[key]; !still {
			is[key] = 0
		}
	}
	for key, amount := range is {
		if change := amount - was[key]; change != 0 {
			op.addFigure(key+"|"+movement(was[key], amount), change)
		}
	}
	return nil
}

func movement(was, is int64) string {
	switch {
	case was == 0:
		return FigureNew
	case is == 0:
		return FigureLost
	case is > was:
		return FigureMore
	}
	return FigureLess
}

func (op *Op) addFigure(key string, change int64) {
	if op.figures == nil {
		op.figures = map[string]map[string]int64{}
	}
	day := figuresPrefix + op.now.UTC().Format(time.DateOnly)
	if op.figures[day] == nil {
		op.figures[day] = map[string]int64{}
	}
	op.figures[day][key] += change
}

// writeFigures adds what was noted to the rows of the days. Ahead of the writer it is left to the writer, as the books are
// (see Tally): nearly every payment changes the same row.
func (op *Op) writeFigures() error {
	for _, id := range slices.Sorted(maps.Keys(op.figures)) {
		changes := op.figures[id]
		if t, ahead := op.tx.(*aheadTx); ahead && t.leaves(op.ns.NS, id) {
			fresh, err := newFigures(id)
			if err != nil {
				return err
			}
			late := t.lateOf(id)
			late.fresh = &fresh
			late.adds = append(late.adds, func(_ store.Tx, row *object.Object) error {
				addTo(row, changes)
				return nil
			})
			continue
		}
		if err := putFigures(op.tx, op.ns.NS, id, changes); err != nil {
			return err
		}
	}
	op.figures = nil
	return nil
}

// leaves reports whether a document was not touched by the operation, so that something can be added to it without reading
// it.
func (t *aheadTx) leaves(ns store.NS, id string) bool {
	_, own := t.own[id]
	return !own && ns == t.ns
}

// newFigures is the document of a day's row.
func newFigures(id string) (store.Doc, error) {
	day, err := time.Parse(time.DateOnly, strings.TrimPrefix(id, figuresPrefix))
	return store.Doc{ID: id, Kind: figuresKind, Created: day.Unix()}, err
}

func putFigures(tx store.Tx, ns store.NS, id string, changes map[string]int64) error {
	d, err := tx.Get(ns, id)
	row := object.New(nil)
	switch {
	case err == nil:
		if row, err = object.Open(d.Data, nil); err != nil {
			return err
		}
	case errors.Is(err, store.ErrNotFound):
		if d, err = newFigures(id); err != nil {
			return err
		}
	default:
		return err
	}
	addTo(row, changes)
	d.Data = row.JSON()
	return tx.Put(ns, &d)
}

// addTo adds to a row, in an order that is always the same.
func addTo(row *object.Object, changes map[string]int64) {
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		row.Set(key, row.Int(key)+changes[key])
	}
}

// FiguresDay is what changed on a day.
type FiguresDay struct {
	Day     time.Time
	Changes []FigureChange
}

// FigureChange is a change of a figure on a day, by how it came about.
type FigureChange struct {
	Figure
	Movement string
}

// Figures lists the days of a namespace on which figures changed, oldest first.
func (s *Survey) Figures() (days []FiguresDay, err error) {
	q := store.Query{NS: s.ns.NS, Kind: figuresKind, Limit: surveyPage, Ascending: true}
	for {
		page, err := s.from.List(q)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Docs {
			day, err := readFigures(d)
			if err != nil {
				return nil, err
			}
			days = append(days, day)
		}
		if !page.More {
			return days, nil
		}
		last := page.Docs[len(page.Docs)-1]
		q.After = &store.Position{Created: last.Created, Seq: last.Seq}
	}
}

func readFigures(d store.Doc) (FiguresDay, error) {
	day := FiguresDay{Day: time.Unix(d.Created, 0).UTC()}
	row, err := object.Parse(d.Data, nil)
	if err != nil {
		return day, err
	}
	for key := range row.All() {
		name, rest, _ := strings.Cut(key, "|")
		cut := strings.LastIndexByte(rest, '|')
		day.Changes = append(day.Changes, FigureChange{Figure{name, rest[:max(cut, 0)], row.Int(key)}, rest[cut+1:]})
	}
	return day, nil
}
