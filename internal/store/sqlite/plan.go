package sqlite

import (
	"slices"

	"sharesmart/internal/store"
)

// plan is how a query finds its candidates: one cursor drives, others can be called in if it finds too much that does
// not match.
type plan struct {
	driver cursor
	others []cursor
	ranges []*rangeScan
	span   span
}

// plan chooses. What lies below a parent, and conditions on one long value, an id or an address, are taken to be rare;
// short values such as "open" or "true" to be common. A wrong guess costs little: see narrow.
//
// All cursors are made here, before the view has a connection.
func (v *view) plan(space int64, q *store.Query, s span) *plan {
	p := &plan{span: s}
	chunk := min(q.Limit+1, maxChunk)
	best := -1
	add := func(c cursor, score int) {
		if p.driver == nil || score > best {
			if p.driver != nil {
				p.others = append(p.others, p.driver)
			}
			p.driver, best = c, score
			return
		}
		p.others = append(p.others, c)
	}
	var buf [160]byte
	if q.Parent != "" {
		add(newPrefixCursor(v, s, appendParentPrefix(buf[:0], space, q.Kind, q.Parent), chunk), 1000)
	}
	for i := range q.Where {
		cond := &q.Where[i]
		if cond.Values == nil {
			p.ranges = append(p.ranges, newRangeScan(v, space, q.Kind, cond, s))
			continue
		}
		add(v.valuesCursor(space, q.Kind, cond, s, chunk), valuesScore(cond))
	}
	if p.driver == nil {
		p.driver = newPrefixCursor(v, s, appendKindPrefix(buf[:0], space, q.Kind), chunk)
		if len(p.ranges) > 0 {
			p.driver = &lazyCursor{plan: p, kind: p.driver}
		}
	}
	return p
}

// valuesScore is how rare documents with these values probably are.
func valuesScore(c *store.Cond) int {
	if len(c.Values) == 0 {
		return 2000 // none at all
	}
	shortest := len(c.Values[0])
	for _, v := range c.Values {
		shortest = min(shortest, len(v))
	}
	return 10 * shortest / len(c.Values)
}

func (v *view) valuesCursor(space int64, kind string, cond *store.Cond, s span, chunk int) cursor {
	var buf [160]byte
	if len(cond.Values) == 1 {
		return newPrefixCursor(v, s, appendRefPrefix(buf[:0], space, kind, cond.Field, cond.Values[0]), chunk)
	}
	u := &unionCursor{span: s}
	for _, value := range cond.Values {
		u.of = append(u.of, newPrefixCursor(v, s, appendRefPrefix(buf[:0], space, kind, cond.Field, value), chunk))
	}
	return u
}

// narrow gives a cursor that heeds all conditions.
func (p *plan) narrow() (cursor, error) {
	of := append([]cursor{p.driver}, p.others...)
	for _, r := range p.ranges {
		c, ok, err := r.cursor()
		if err != nil {
			return nil, err
		}
		if ok {
			of = append(of, c)
		}
	}
	if len(of) == 1 {
		return p.driver, nil
	}
	return &intersectionCursor{of}, nil
}

// lazyCursor drives a query that has only ranges: by the first range that holds few documents, or else by the kind.
type lazyCursor struct {
	plan   *plan
	kind   cursor
	chosen cursor
}

func (c *lazyCursor) seek(p position) (position, bool, error) {
	if c.chosen == nil {
		c.chosen = c.kind
		for _, r := range c.plan.ranges {
			few, ok, err := r.cursor()
			if err != nil {
				return position{}, false, err
			}
			if ok {
				c.chosen = few
				break
			}
		}
	}
	return c.chosen.seek(p)
}

// rangeScan finds the documents with a value in a range. The index has them in the order of values, so they are all
// read and sorted, unless there are too many.
type rangeScan struct {
	view      *view
	span      span
	low, high []byte // keys
	memory    []position
	sorted    []position
	state     rangeState
}

type rangeState int

const (
	rangeUnread rangeState = iota
	rangeRead
	rangeTooMany
)

// rangeLimit is how many documents a range may hold to be worth sorting. With more of them, going through the kind and
// looking at each finds a page about as fast.
const rangeLimit = 4096

// newRangeScan looks at the tail, so the view must not have a connection yet.
func newRangeScan(v *view, space int64, kind string, cond *store.Cond, s span) *rangeScan {
	field := appendField(nil, space, kind, ":", cond.Field)
	low, high := slices.Clone(field), slices.Clone(field)
	if cond.Min != "" {
		low = appendValue(low, cond.Min)
	}
	if cond.Max != "" {
		high = append(appendValue(high, cond.Max), afterPosition)
	} else {
		high[len(high)-1] = afterSeparator
	}
	r := &rangeScan{view: v, span: s, low: low, high: high}
	for _, p := range v.db.tail.between(field, string(low), string(high)) {
		if s.contains(p) {
			r.memory = append(r.memory, p)
		}
	}
	return r
}

// cursor gives the positions in the order of the span; not ok if there are too many.
func (r *rangeScan) cursor() (cursor, bool, error) {
	if r.state == rangeUnread {
		if err := r.read(); err != nil {
			return nil, false, err
		}
	}
	return &sortedCursor{r.span, r.sorted}, r.state == rangeRead, nil
}

func (r *rangeScan) read() error {
	rows, ended, err := r.view.readKeys(stEntriesUp, r.low, r.high, rangeLimit+1, r.span, nil)
	if err != nil {
		return err
	}
	if !ended {
		r.state = rangeTooMany
		return nil
	}
	r.state = rangeRead
	r.sorted = append(rows, r.memory...)
	slices.SortFunc(r.sorted, func(a, b position) int {
		if r.span.down {
			a, b = b, a
		}
		return a.compare(b)
	})
	r.sorted = slices.Compact(r.sorted)
	return nil
}
