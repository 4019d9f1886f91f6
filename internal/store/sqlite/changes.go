package sqlite

import (
	"maps"
	"slices"

	"sharesmart/internal/store"
)

// changes are writes that are not in the database yet: those of one transaction, or of all of a batch so far.
//
// A transaction writes a handful of documents, so they are found by looking through them; a batch keeps a map.
type changes struct {
	docs    []*docChange // as they were first touched
	answers []*answerChange
	timers  map[timerKey]timing
	moved   map[store.NS]int64 // namespaces that were dropped, and where they go on
	garbage []int64            // spaces they were in
	// Made when there are many.
	docsByKey    map[docKey]*docChange
	answersByKey map[docKey]*answerChange
	docsBySeq    map[int64]*docChange // of the first seqsNoted documents
	seqsNoted    int
}

// manyChanges is how many documents or answers are looked through.
const manyChanges = 32

// docChange is a document that changed. base is the row as the database has it, nil for a new one; superseded are the
// versions that must be kept, the base among them.
type docChange struct {
	key        docKey
	base       *store.Doc
	doc        store.Doc
	superseded []store.Doc
	replaced   []int64 // when those were; nil is now
	sameTerms  bool    // a search finds it by what it found the base by
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

// timing is when a timer is due, and by which clock. A due of 0 removes it.
type timing struct {
	due   int64
	clock string
}

func (c *changes) empty() bool {
	return len(c.docs) == 0 && len(c.answers) == 0 && len(c.timers) == 0 && len(c.moved) == 0
}

func (c *changes) doc(k docKey) (*docChange, bool) {
	if c.docsByKey != nil {
		d, ok := c.docsByKey[k]
		return d, ok
	}
	for _, d := range c.docs {
		if d.key == k {
			return d, true
		}
	}
	return nil, false
}

func (c *changes) answer(k docKey) (*answerChange, bool) {
	if c.answersByKey != nil {
		a, ok := c.answersByKey[k]
		return a, ok
	}
	for _, a := range c.answers {
		if a.key == k {
			return a, true
		}
	}
	return nil, false
}

// bySeq finds a document by its place. Only lists ask for that, so the map is made when the first does.
func (c *changes) bySeq(seq int64) (*docChange, bool) {
	if c.docsBySeq == nil && len(c.docs) > 0 {
		c.docsBySeq = make(map[int64]*docChange)
	}
	for ; c.seqsNoted < len(c.docs); c.seqsNoted++ {
		d := c.docs[c.seqsNoted]
		c.docsBySeq[d.doc.Seq] = d
	}
	d, ok := c.docsBySeq[seq]
	return d, ok
}

// put notes a document's next state; old is its state so far.
func (c *changes) put(k docKey, old, d *store.Doc) {
	kept := *d
	kept.Refs = store.DistinctRefs(d.Refs)
	if d.Deleted {
		kept.Refs = nil
	}
	if kept.Data == nil {
		kept.Data = []byte{}
	}
	kept.SameTerms = false
	change, ok := c.doc(k)
	if !ok {
		change = &docChange{key: k, base: old, sameTerms: true}
		c.addDoc(change)
	}
	change.sameTerms = change.sameTerms && d.SameTerms
	if old != nil {
		change.superseded = append(change.superseded, *old)
	}
	change.doc = kept
}

func (c *changes) addDoc(d *docChange) {
	c.docs = append(c.docs, d)
	switch {
	case c.docsByKey != nil:
		c.docsByKey[d.key] = d
	case len(c.docs) > manyChanges:
		c.docsByKey = make(map[docKey]*docChange, 2*manyChanges)
		for _, d := range c.docs {
			c.docsByKey[d.key] = d
		}
	}
}

func (c *changes) saveAnswer(k docKey, a store.Answer, seq, replaces int64) {
	if before, ok := c.answer(k); ok {
		before.answer = a
		return
	}
	c.addAnswer(&answerChange{key: k, answer: a, seq: seq, replaces: replaces})
}

func (c *changes) addAnswer(a *answerChange) {
	c.answers = append(c.answers, a)
	switch {
	case c.answersByKey != nil:
		c.answersByKey[a.key] = a
	case len(c.answers) > manyChanges:
		c.answersByKey = make(map[docKey]*answerChange, 2*manyChanges)
		for _, a := range c.answers {
			c.answersByKey[a.key] = a
		}
	}
}

func (c *changes) setTimer(k timerKey, when timing) {
	if c.timers == nil {
		c.timers = make(map[timerKey]timing)
	}
	c.timers[k] = when
}

// drop lets a namespace go on in another space and forgets what was written to the one it was in.
func (c *changes) drop(ns store.NS, space, next int64) {
	c.move(ns, next)
	c.forget(space)
}

func (c *changes) move(ns store.NS, space int64) {
	if c.moved == nil {
		c.moved = make(map[store.NS]int64)
	}
	c.moved[ns] = space
}

// forget drops what was written to a space that is garbage now.
func (c *changes) forget(space int64) {
	c.garbage = append(c.garbage, space)
	c.docs = slices.DeleteFunc(c.docs, func(d *docChange) bool { return d.key.space == space })
	c.answers = slices.DeleteFunc(c.answers, func(a *answerChange) bool { return a.key.space == space })
	maps.DeleteFunc(c.docsByKey, func(k docKey, _ *docChange) bool { return k.space == space })
	maps.DeleteFunc(c.answersByKey, func(k docKey, _ *answerChange) bool { return k.space == space })
	maps.DeleteFunc(c.timers, func(k timerKey, _ timing) bool { return k.space == space })
	c.docsBySeq, c.seqsNoted = nil, 0
}

// merge adds the changes of a transaction that succeeded.
func (c *changes) merge(own *changes) {
	for ns, space := range own.moved {
		c.move(ns, space)
	}
	for _, space := range own.garbage {
		c.forget(space)
	}
	for _, d := range own.docs {
		if before, ok := c.doc(d.key); ok {
			before.doc, before.sameTerms = d.doc, before.sameTerms && d.sameTerms
			before.superseded = append(before.superseded, d.superseded...)
			continue
		}
		c.addDoc(d)
	}
	for _, a := range own.answers {
		if before, ok := c.answer(a.key); ok {
			before.answer = a.answer
			continue
		}
		c.addAnswer(a)
	}
	for k, when := range own.timers {
		c.setTimer(k, when)
	}
}
