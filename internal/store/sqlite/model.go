package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"sharesmart/internal/store"
	"sharesmart/internal/store/pack"
)

// Documents of a kind are much alike: the same fields in the same order, most of them with the same values. So they are
// stored as what makes them of a model, a text that has what they have in common. That is a third of what they are, and of
// what is written to the log, copied to the file, and synced, which is what creates wait for. What reads them pays a
// microsecond or two; hot documents are in the cache, as they are sent.
//
// Models come from documents that were put (store.Options.Model), a few for each kind, as an invoice of a subscription has
// other parts than one that somebody wrote by hand. They are never changed or deleted, as documents go on to refer to them.

const (
	// packed is the first byte of a document that is stored so; printed documents do not begin with it. The id of the model
	// follows, then the delta. Model 0 stands for none: the document itself follows.
	packed = 0
	// packedLeast is how long a document is for which it is worth it.
	packedLeast = 128
	// mostModels is how many models a kind has at most.
	mostModels = 8
)

// models are known as far as somebody asked for them.
type models struct {
	byID sync.Map // int64 to []byte
	// Only the writer uses these.
	loaded bool
	last   int64
	kinds  map[string]*kindModels
	room   []byte // where documents are packed
}

// kindModels are those of a kind.
type kindModels struct {
	of    []model
	tries int // how many more documents may be asked for a model
}

type model struct {
	id    int64
	text  []byte
	lines int
}

// unpack makes of a stored document what was put. The result is the caller's.
func (m *models) unpack(c *conn, stored []byte) ([]byte, error) {
	id, ok := modelOf(stored)
	switch {
	case !ok:
		return nil, errPacked
	case len(stored) == 0 || stored[0] != packed:
		return append(make([]byte, 0, len(stored)), stored...), nil
	}
	_, n := binary.Uvarint(stored[1:])
	rest := stored[1+n:]
	if id == 0 {
		return append(make([]byte, 0, len(rest)), rest...), nil
	}
	text, err := m.text(c, id)
	if err != nil {
		return nil, err
	}
	return pack.ApplyDelta(rest, text)
}

// modelOf is the model that a document is stored as a difference to, 0 if it is stored as it is.
func modelOf(stored []byte) (id int64, ok bool) {
	if len(stored) == 0 || stored[0] != packed {
		return 0, true
	}
	u, n := binary.Uvarint(stored[1:])
	return int64(u), n > 0
}

var errPacked = errors.New("a packed document is damaged")

// text is a model's. Any connection that sees a document sees its model, which came with it or before it.
func (m *models) text(c *conn, id int64) ([]byte, error) {
	if text, ok := m.byID.Load(id); ok {
		return text.([]byte), nil
	}
	s, err := c.stmt(stModel)
	if err != nil {
		return nil, err
	}
	defer s.reset()
	s.int(1, id)
	switch found, err := s.step(); {
	case err != nil:
		return nil, fmt.Errorf("read model %d: %w", id, err)
	case !found:
		return nil, fmt.Errorf("%w: there is no model %d", errPacked, id)
	}
	text, _ := m.byID.LoadOrStore(id, s.columnBytes(0))
	return text.([]byte), nil
}

// pack is how a document is to be stored. It is valid until the next call. Only the writer packs.
func (b *batch) pack(c *conn, d *store.Doc) ([]byte, error) {
	m := &b.writer.db.models
	if len(d.Data) < packedLeast {
		return m.whole(d.Data), nil
	}
	of, err := b.modelsOf(c, d.Kind)
	if err != nil {
		return nil, err
	}
	lines := bytes.Count(d.Data, newline)
	nearest, ok := of.nearest(lines)
	if ok && (m.differ(d.Data, nearest) || nearest.lines == lines || of.tries == 0) {
		return m.smaller(d.Data), nil
	}
	own, err := b.addModel(c, of, d)
	switch {
	case err != nil:
		return nil, err
	case own != nil:
		m.differ(d.Data, *own)
	case !ok:
		return m.whole(d.Data), nil
	}
	return m.smaller(d.Data), nil
}

var newline = []byte{'\n'}

// differ packs a document as a difference to a model, and says whether that is small enough to look for no other model.
func (m *models) differ(data []byte, from model) bool {
	m.room = binary.AppendUvarint(append(m.room[:0], packed), uint64(from.id))
	m.room = pack.AppendDelta(m.room, data, from.text)
	return len(m.room) <= len(data)/3
}

// smaller is a document as it was just packed, or as it is if that is no smaller.
func (m *models) smaller(data []byte) []byte {
	if len(m.room) < len(data) {
		return m.room
	}
	return m.whole(data)
}

// whole is a document that is stored as it is.
func (m *models) whole(data []byte) []byte {
	if len(data) == 0 || data[0] != packed {
		return data
	}
	m.room = append(append(m.room[:0], packed, 0), data...)
	return m.room
}

// nearest is the model of about as many lines: documents that have the same fields have as many.
func (k *kindModels) nearest(lines int) (best model, ok bool) {
	for i, m := range k.of {
		if i == 0 || max(m.lines-lines, lines-m.lines) < max(best.lines-lines, lines-best.lines) {
			best = m
		}
	}
	return best, len(k.of) > 0
}

// modelsOf are the models of a kind.
func (b *batch) modelsOf(c *conn, kind string) (*kindModels, error) {
	m := &b.writer.db.models
	if !m.loaded {
		if err := m.load(c); err != nil {
			return nil, err
		}
	}
	of := m.kinds[kind]
	if of == nil {
		of = &kindModels{tries: mostModels}
		m.kinds[kind] = of
	}
	return of, nil
}

func (m *models) load(c *conn) error {
	m.kinds, m.last = map[string]*kindModels{}, 0
	err := c.each(`SELECT id, kind, doc FROM models ORDER BY id`, func(s *stmt) error {
		m.last = s.columnInt(0)
		kind := s.columnText(1)
		if m.kinds[kind] == nil {
			m.kinds[kind] = &kindModels{tries: mostModels}
		}
		m.kinds[kind].add(m.last, s.columnBytes(2))
		m.kinds[kind].tries--
		return nil
	})
	if err != nil {
		return fmt.Errorf("read models: %w", err)
	}
	m.loaded = true
	return nil
}

func (k *kindModels) add(id int64, text []byte) *model {
	k.of = append(k.of, model{id, text, bytes.Count(text, newline)})
	return &k.of[len(k.of)-1]
}

// addModel makes a model of a document; nil if it can have none. Should the batch fail, all models are read again: what it
// added is not there then.
func (b *batch) addModel(c *conn, of *kindModels, d *store.Doc) (*model, error) {
	m := &b.writer.db.models
	if of.tries--; of.tries < 0 || b.writer.db.options.Model == nil {
		of.tries = 0
		return nil, nil
	}
	text := b.writer.db.options.Model(d.Kind, d.Data)
	if text == nil {
		return nil, nil
	}
	if i := slices.IndexFunc(of.of, func(o model) bool { return bytes.Equal(o.text, text) }); i >= 0 {
		return &of.of[i], nil
	}
	s, err := c.stmt(stInsertModel)
	if err != nil {
		return nil, err
	}
	m.last++
	s.int(1, m.last)
	s.text(2, d.Kind)
	s.blob(3, text)
	if err := s.run(); err != nil {
		return nil, fmt.Errorf("write a model: %w", err)
	}
	return of.add(m.last, text), nil
}
