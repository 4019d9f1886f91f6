package sqlite

import (
	"cmp"
	"maps"
	"slices"

	"sharesmart/internal/store"
)

// changes are writes that are not in the database yet: those of one transaction, or of all of a batch so far.
type changes struct {
	docs     map[docKey]*docChange
	bySeq    map[int64]*docChange
	docOrder []*docChange // as they were first touched
	answers  map[docKey]*answerChange
	timers   map[timerKey]int64 // due; 0 removes
	moved    map[store.NS]int64 // namespaces that were dropped, and where they go on
	garbage  []int64            // spaces they were in
}

// docChange is a document that changed. base is the row as the database has it, nil for a new one; superseded are the
// versions that must be kept, the base among them.
type docChange struct {
	key        docKey
	base       *store.Doc
	doc        store.Doc
	superseded []store.Doc
}

// answerChange is an answer to be saved at seq. It replaces the one at another seq, if that is not zero.
type answerChange struct {
	key      docKey
	answer   store.Answer
	seq      int64
	replaces int64
}

type timerKey struct {
	space    int64
	kind, id string
}

func newChanges() *changes {
	return &changes{
		docs: make(map[docKey]*docChange), bySeq: make(map[int64]*docChange), answers: make(map[docKey]*answerChange),
		timers: make(map[timerKey]int64), moved: make(map[store.NS]int64),
	}
}

func (c *changes) empty() bool {
	return len(c.docOrder) == 0 && len(c.answers) == 0 && len(c.timers) == 0 && len(c.moved) == 0
}

// put notes a document's next state; old is its state so far.
func (c *changes) put(k docKey, old, d *store.Doc) {
	kept := *d
	kept.Refs = normalizeRefs(d.Refs)
	if d.Deleted {
		kept.Refs = nil
	}
	if kept.Data == nil {
		kept.Data = []byte{}
	}
	change, ok := c.docs[k]
	if !ok {
		change = &docChange{key: k, base: old, doc: kept}
		c.addDoc(change)
	}
	if old != nil {
		change.superseded = append(change.superseded, *old)
	}
	change.doc = kept
}

func (c *changes) addDoc(d *docChange) {
	c.docs[d.key] = d
	c.bySeq[d.doc.Seq] = d
	c.docOrder = append(c.docOrder, d)
}

func (c *changes) saveAnswer(k docKey, a store.Answer, seq, replaces int64) {
	if before, ok := c.answers[k]; ok {
		before.answer = a
		return
	}
	c.answers[k] = &answerChange{key: k, answer: a, seq: seq, replaces: replaces}
}

// drop lets a namespace go on in another space and forgets what was written to the one it was in.
func (c *changes) drop(ns store.NS, space, next int64) {
	c.moved[ns] = next
	c.garbage = append(c.garbage, space)
	c.forget(space)
}

func (c *changes) forget(space int64) {
	c.docOrder = slices.DeleteFunc(c.docOrder, func(d *docChange) bool { return d.key.space == space })
	maps.DeleteFunc(c.bySeq, func(_ int64, d *docChange) bool { return d.key.space == space })
	maps.DeleteFunc(c.docs, func(k docKey, _ *docChange) bool { return k.space == space })
	maps.DeleteFunc(c.answers, func(k docKey, _ *answerChange) bool { return k.space == space })
	maps.DeleteFunc(c.timers, func(k timerKey, _ int64) bool { return k.space == space })
}

// merge adds the changes of a transaction that succeeded.
func (c *changes) merge(own *changes) {
	maps.Copy(c.moved, own.moved)
	for _, space := range own.garbage {
		c.garbage = append(c.garbage, space)
		c.forget(space)
	}
	for _, change := range own.docOrder {
		if before, ok := c.docs[change.key]; ok {
			before.doc = change.doc
			before.superseded = append(before.superseded, change.superseded...)
			continue
		}
		c.addDoc(change)
	}
	for k, a := range own.answers {
		if before, ok := c.answers[k]; ok {
			before.answer = a.answer
			continue
		}
		c.answers[k] = a
	}
	maps.Copy(c.timers, own.timers)
}

// answersInOrder gives the answers as they were saved.
func (c *changes) answersInOrder() []*answerChange {
	return slices.SortedFunc(maps.Values(c.answers), func(a, b *answerChange) int { return cmp.Compare(a.seq, b.seq) })
}
