package postgres

import (
	"maps"
	"slices"

	"sharesmart/internal/store"
)

// changes are writes that are not in the database yet: those of one transaction, or of all of a batch so far.
type changes struct {
	docs    []*docChange // as they were first touched
	byKey   map[store.Key]*docChange
	bySeq   map[seqKey]*docChange
	answers map[store.Key]*store.Answer
	timers  map[timerKey]timing
	emptied map[store.NS]bool // dropped, before all else that is here
}

// docChange is a document that changed. base is the row as the database has it, nil for a new one; superseded are the
// versions that must be kept, the base among them.
type docChange struct {
	key        store.Key
	base       *store.Doc
	doc        store.Doc
	superseded []store.Doc
}

type seqKey struct {
	ns  store.NS
	seq int64
}

type timerKey struct {
	ns       store.NS
	kind, id string
}

// timing is when a timer is due, and by which clock. A due of 0 removes it.
type timing struct {
	due   int64
	clock string
}

func (c *changes) empty() bool {
	return len(c.docs)+len(c.answers)+len(c.timers)+len(c.emptied) == 0
}

// put notes a document's next state; old is its state so far.
func (c *changes) put(k store.Key, old, d *store.Doc) *docChange {
	kept := *d
	kept.Refs = store.DistinctRefs(d.Refs)
	if d.Deleted {
		kept.Refs = nil
	}
	if kept.Data == nil {
		kept.Data = []byte{}
	}
	change, ok := c.byKey[k]
	if !ok {
		change = &docChange{key: k, base: old}
		c.add(change, kept.Seq)
	}
	if old != nil {
		change.superseded = append(change.superseded, *old)
	}
	change.doc = kept
	return change
}

func (c *changes) add(d *docChange, seq int64) {
	if c.byKey == nil {
		c.byKey, c.bySeq = map[store.Key]*docChange{}, map[seqKey]*docChange{}
	}
	c.docs = append(c.docs, d)
	c.byKey[d.key], c.bySeq[seqKey{d.key.NS, seq}] = d, d
}

func (c *changes) saveAnswer(k store.Key, a *store.Answer) {
	if c.answers == nil {
		c.answers = map[store.Key]*store.Answer{}
	}
	c.answers[k] = a
}

func (c *changes) setTimer(k timerKey, when timing) {
	if c.timers == nil {
		c.timers = map[timerKey]timing{}
	}
	c.timers[k] = when
}

// drop empties a namespace and forgets what was written to it.
func (c *changes) drop(ns store.NS) {
	if c.emptied == nil {
		c.emptied = map[store.NS]bool{}
	}
	c.emptied[ns] = true
	c.docs = slices.DeleteFunc(c.docs, func(d *docChange) bool { return d.key.NS == ns })
	maps.DeleteFunc(c.byKey, func(k store.Key, _ *docChange) bool { return k.NS == ns })
	maps.DeleteFunc(c.bySeq, func(k seqKey, _ *docChange) bool { return k.ns == ns })
	maps.DeleteFunc(c.answers, func(k store.Key, _ *store.Answer) bool { return k.NS == ns })
	maps.DeleteFunc(c.timers, func(k timerKey, _ timing) bool { return k.ns == ns })
}

// merge adds the changes of a transaction that succeeded.
func (c *changes) merge(own *changes) {
	for ns := range own.emptied {
		c.drop(ns)
	}
	for _, d := range own.docs {
		if before, ok := c.byKey[d.key]; ok {
			before.doc = d.doc
			before.superseded = append(before.superseded, d.superseded...)
			continue
		}
		c.add(d, d.doc.Seq)
	}
	for k, a := range own.answers {
		c.saveAnswer(k, a)
	}
	for k, when := range own.timers {
		c.setTimer(k, when)
	}
}

// spaces are the namespaces that something is written to, in order.
func (c *changes) spaces() []store.NS {
	found := map[store.NS]bool{}
	for ns := range c.emptied {
		found[ns] = true
	}
	for _, d := range c.docs {
		found[d.key.NS] = true
	}
	for k := range c.answers {
		found[k.NS] = true
	}
	for k := range c.timers {
		found[k.ns] = true
	}
	return slices.Sorted(maps.Keys(found))
}
