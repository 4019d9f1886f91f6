package sqlite

import (
	"fmt"
	"slices"
)

// span is what a list runs over: the positions from low to high, both included, in one direction.
type span struct {
	low, high position
	down      bool
}

// everything is all positions.
var everything = span{low: firstPosition, high: lastPosition}

func (s span) empty() bool { return s.high.less(s.low) }

func (s span) contains(p position) bool { return !p.less(s.low) && !s.high.less(p) }

// start is the first position of the span, beyond the one that follows p, and before says which of two comes first.
func (s span) start() position {
	if s.down {
		return s.high
	}
	return s.low
}

func (s span) beyond(p position) position {
	if s.down {
		return p.previous()
	}
	return p.next()
}

func (s span) before(p, q position) bool {
	if s.down {
		return q.less(p)
	}
	return p.less(q)
}

// cursor finds positions in the order of a span. seek gives the first at p or beyond it; p never goes back.
type cursor interface {
	seek(p position) (at position, ok bool, err error)
}

// prefixCursor runs over all entries of a prefix. This is the one place where tail and table come together.
type prefixCursor struct {
	view   *view
	span   span
	prefix string
	memory [2][]position // of the tail's generations, within the span, ascending
	rows   []position    // read from the table and not passed, in the order of the span
	ended  bool          // the table has no more than rows
	chunk  int64
}

// newPrefixCursor looks at the tail, so the view must not have a connection yet. chunk is how many rows are likely to
// be asked for.
func newPrefixCursor(v *view, s span, prefix []byte, chunk int) *prefixCursor {
	c := &prefixCursor{view: v, span: s, prefix: string(prefix), chunk: int64(chunk)}
	c.memory[0], c.memory[1] = v.db.tail.lists(prefix)
	for i := range c.memory {
		c.memory[i] = cutBelow(cutAbove(c.memory[i], s.high), s.low)
	}
	return c
}

// cutAbove leaves out what is above p, cutBelow what is below it.
func cutAbove(list []position, p position) []position {
	if n := len(list); n == 0 || !p.less(list[n-1]) {
		return list
	}
	i, found := slices.BinarySearchFunc(list, p, position.compare)
	if found {
		i++
	}
	return list[:i]
}

func cutBelow(list []position, p position) []position {
	if len(list) == 0 || !list[0].less(p) {
		return list
	}
	i, _ := slices.BinarySearchFunc(list, p, position.compare)
	return list[i:]
}

func (c *prefixCursor) seek(p position) (at position, ok bool, err error) {
	for len(c.rows) > 0 && c.span.before(c.rows[0], p) {
		c.rows = c.rows[1:]
	}
	if len(c.rows) == 0 && !c.ended {
		if err := c.read(p); err != nil {
			return position{}, false, err
		}
	}
	if len(c.rows) > 0 {
		at, ok = c.rows[0], true
	}
	for i := range c.memory {
		if q, found := c.head(i, p); found && (!ok || c.span.before(q, at)) {
			at, ok = q, true
		}
	}
	return at, ok, nil
}

// head gives what a generation of the tail has first at p or beyond.
func (c *prefixCursor) head(i int, p position) (position, bool) {
	if c.span.down {
		c.memory[i] = cutAbove(c.memory[i], p)
		if n := len(c.memory[i]); n > 0 {
			return c.memory[i][n-1], true
		}
		return position{}, false
	}
	c.memory[i] = cutBelow(c.memory[i], p)
	if len(c.memory[i]) > 0 {
		return c.memory[i][0], true
	}
	return position{}, false
}

const (
	// maxChunk bounds how many rows are read at once.
	maxChunk = 512
	// firstChunk is the room that is made before anything is found: most lists that rules ask for are short, whatever
	// their limit.
	firstChunk = 16
)

// read fetches the next rows of the table from p on.
func (c *prefixCursor) read(p position) error {
	rest := c.span
	id := stEntriesUp
	if rest.down {
		rest.high, id = p, stEntriesDown
	} else {
		rest.low = p
	}
	if rest.empty() {
		c.ended = true
		return nil
	}
	if c.rows == nil {
		c.rows = make([]position, 0, min(c.chunk, firstChunk))
	}
	begin := rest.low
	if c.view.db.inCell(c.prefix, begin) {
		begin = cellOf(begin)
	}
	var low, high [160]byte
	rows, ended, err := c.view.readKeys(id, appendKey(low[:0], entry{c.prefix, begin}),
		appendKey(high[:0], entry{c.prefix, rest.high}), c.chunk, rest, c.rows[:0])
	if err != nil {
		return err
	}
	c.rows, c.ended = rows, ended
	c.chunk = min(2*c.chunk, maxChunk)
	return nil
}

// readKeys appends the positions within a span of the keys from low to high: all of them, which ended says, or at least
// limit. A negative limit is none.
func (v *view) readKeys(id statement, low, high []byte, limit int64, within span, dst []position) (found []position, ended bool, err error) {
	c, err := v.conn()
	if err != nil {
		return nil, false, err
	}
	s, err := c.stmt(id)
	if err != nil {
		return nil, false, err
	}
	defer s.reset()
	s.textBytes(1, low)
	s.textBytes(2, high)
	s.int(3, -1)
	for limit < 0 || int64(len(dst)) < limit {
		more, err := s.step()
		if err != nil {
			return nil, false, fmt.Errorf("read index: %w", err)
		}
		if !more {
			return dst, true, nil
		}
		if dst, err = appendPositions(dst, s.columnView(0), s.columnView(1), within); err != nil {
			return nil, false, err
		}
	}
	return dst, false, nil
}

// sortedCursor runs over positions that are in the order of the span.
type sortedCursor struct {
	span span
	at   []position
}

func (c *sortedCursor) seek(p position) (position, bool, error) {
	for len(c.at) > 0 && c.span.before(c.at[0], p) {
		c.at = c.at[1:]
	}
	if len(c.at) == 0 {
		return position{}, false, nil
	}
	return c.at[0], true, nil
}

// unionCursor runs over what any of its cursors has, each position once.
type unionCursor struct {
	span span
	of   []cursor
}

func (c *unionCursor) seek(p position) (at position, ok bool, err error) {
	for _, part := range c.of {
		q, found, err := part.seek(p)
		if err != nil {
			return position{}, false, err
		}
		if found && (!ok || c.span.before(q, at)) {
			at, ok = q, true
		}
	}
	return at, ok, nil
}

// intersectionCursor runs over what all of its cursors have. Each seeks where the others are, so it costs as many steps
// as the rarest of them has positions, however long the others are.
type intersectionCursor struct{ of []cursor }

func (c *intersectionCursor) seek(p position) (position, bool, error) {
	for agreed := 0; agreed < len(c.of); {
		agreed = 0
		for _, part := range c.of {
			q, found, err := part.seek(p)
			if err != nil || !found {
				return position{}, false, err
			}
			if q != p {
				p, agreed = q, 0
			}
			agreed++
		}
	}
	return p, true, nil
}
