package resource

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/param"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// Op is one operation at work inside its transaction. Rules see the world through it: objects come from Get, Find and
// List and go back with Save, Create and Delete, all in the same transaction.
type Op struct {
	Operation *spec.Operation
	Path      []string       // values of the path's {params}
	Params    *object.Object // typed parameters; change them only in Prepare
	Files     map[string]param.File
	Object    *object.Object // the object that the operation makes or acts on
	Before    *object.Object // that object as it was, in an update
	Result    *object.Object // set by a rule that answers something else than Object
	List      *object.Object // set by a rule that answers a list made by NewList

	*work
	engine  *Engine
	tx      store.Tx
	ns      *access.Namespace
	grant   *access.Grant
	request *Request
	now     time.Time
	clock   string // the test clock that now comes from; empty is the wall clock
	// clockMoves says that the operation is part of that clock's advance, or happens while it advances.
	clockMoves bool
	soonest    *int64 // the earliest time at which a timer was set on the clock, where somebody wants to know
	created    bool   // the created event of Object is written
	gone       bool   // Object was deleted
	under      string // the document below which Object is made
	rule       Hook   // stands for the kind's own rules in a create
}

// work is what an operation has at hand in one namespace. The operations inside it share it.
type work struct {
	loaded map[string]*record // by document id
	order  []*record          // in order of first use, for writing
	events []string
	chosen map[string]string // ids for the next objects, by kind
	// accounts are the same operation in all the accounts that it acts in, its own included; nil while there is just
	// that. All of them share the map, so that each account has one, by whatever way it is reached.
	accounts map[string]*Op
	preview  bool // nothing of it is kept
	// figures are what the writes change of them, by the day's row.
	figures map[string]map[string]int64
	asking
}

// record is an object in memory and the document that it came from or will become.
type record struct {
	kind   *kindInfo
	object *object.Object
	doc    store.Doc
	dirty  bool
	stored bool // it was there before the operation
	// printed is the object as it is to be written, if that was just printed.
	printed []byte
	// figures are what the object as it was written last adds to sums, once that was asked for.
	figures map[string]int64
	// awaited says that it was created and not yet written: whoever lists its kind waits for it.
	awaited bool
	// private is the document of its private part, once that was asked for.
	private      *store.Doc
	privatePart  *object.Object // what it says
	tallied      bool           // it is left to the writer; see Op.Tally
	privateDirty bool
}

// Now is the operation's time: the same for everything that it does.
func (op *Op) Now() time.Time { return op.now }

// WallNow is the time outside of test clocks: for what people and their browsers wait for.
func (op *Op) WallNow() time.Time { return op.engine.clock.Now() }

// FromBrowser reports whether the request came with a publishable key, which everybody can read.
func (op *Op) FromBrowser() bool {
	return op.grant.Key != nil && op.grant.Key.Kind == access.PublishableKey
}

// Preview reports whether nothing of what the operation does is kept (Rules.Previews): a rule need not do then what only
// others would notice, such as taking money.
func (op *Op) Preview() bool { return op.preview }

// Live reports whether the operation moves real money.
func (op *Op) Live() bool { return op.ns.Live }

// Sandbox reports whether the operation works in a sandbox.
func (op *Op) Sandbox() bool { return op.ns.IsSandbox() }

// Account is the id of the account that the operation works in.
func (op *Op) Account() string { return op.ns.Account }

// BaseURL is where this server is reached.
func (op *Op) BaseURL() string { return op.engine.options.BaseURL }

// DocURL is where an error code is explained.
func (op *Op) DocURL(code string) string { return op.engine.options.DocURL(code) }

// Fees are what is kept of payments.
func (op *Op) Fees() money.Fees {
	if f := op.engine.options.Fees; f != nil {
		return *f
	}
	return money.StandardFees
}

// NewID makes an id for an object of a kind.
func (op *Op) NewID(kind string) string {
	return op.newID(op.engine.kind(kind))
}

// Find loads an object, or returns nil if there is none of that kind and id.
func (op *Op) Find(kind, id string) (*object.Object, error) {
	r, err := op.record(op.engine.kind(kind), id)
	if r == nil || err != nil {
		return nil, err
	}
	return r.object, nil
}

// Get loads an object that a parameter names; a missing one is Stripe's 400 for that parameter.
func (op *Op) Get(kind, id, param string) (*object.Object, error) {
	o, err := op.Find(kind, id)
	if err != nil {
		return nil, err
	}
	if o != nil {
		return o, nil
	}
	k := op.engine.kind(kind)
	if op.engine.options.Mock {
		r, err := op.mockRecord(k, id)
		if err != nil {
			return nil, err
		}
		r.dirty = false
		return r.object, nil
	}
	return nil, op.engine.missing(op.ns, k, id, param, true)
}

// record loads a live document of a kind; nil if there is none.
func (op *Op) record(k *kindInfo, id string) (*record, error) { return op.recordAt(k, k.docID(id)) }

func (op *Op) recordAt(k *kindInfo, docID string) (*record, error) {
	if r, ok := op.loaded[docID]; ok {
		if r.doc.Deleted || r.kind.name != k.name {
			return nil, nil
		}
		return r, nil
	}
	d, err := op.engine.getDoc(op.tx, op.ns, k, docID)
	if isMissing(err) || (err == nil && (d.Deleted || d.Kind != k.name)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	data := d.Data
	if k.name == eventKind {
		if data, err = op.engine.renderEvent(op.tx, op.ns.NS, d); isMissing(err) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, err
	}
	o, err := object.Open(data, k.schema)
	if err != nil {
		return nil, err
	}
	return op.track(&record{kind: k, object: o, doc: d}), nil
}

func (op *Op) track(r *record) *record {
	r.stored = r.doc.Version > 0
	if op.loaded == nil {
		op.loaded = make(map[string]*record, 4)
	}
	op.loaded[r.doc.ID] = r
	op.order = append(op.order, r)
	return r
}

// of finds the record of an object that was loaded or made here.
func (op *Op) of(o *object.Object) *record {
	for _, r := range op.order {
		if r.object == o {
			return r
		}
	}
	panic("resource: object " + o.ID() + " does not belong to this operation")
}

// Requested reports whether an object is what the request itself asks to create: nothing can refer to it yet.
func (op *Op) Requested(o *object.Object) bool {
	r := op.of(o)
	return !r.stored && op.Operation != nil && op.Operation.Form == spec.Create && op.Operation.Kind == r.kind.name
}

// Save marks an object as changed: it is written when the operation ends, or at the next event that announces it.
func (op *Op) Save(o *object.Object) { op.of(o).dirty = true }

// Move changes the object's status if its kind's state table allows it.
func (op *Op) Move(o *object.Object, to string) error {
	rules := op.of(o).kind.rules
	from := o.String("status")
	if !slices.Contains(rules.States[from], to) {
		e := apierr.Invalid(rules.StateCode, "status", "This %s cannot go from %s to %s. It can go to: %s.",
			rules.Object, from, to, strings.Join(rules.States[from], ", "))
		if len(rules.States[from]) == 0 {
			e.Message = "This " + rules.Object + " is " + from + " and cannot change any more."
		}
		return e
	}
	o.Set("status", to)
	op.Save(o)
	return nil
}

// Emit writes an event that announces an object as it is now.
func (op *Op) Emit(eventType string, o *object.Object) error {
	return op.emit(eventType, op.of(o), nil)
}

// EmitUpdated saves the object and writes <kind>.updated with what changed since it was loaded, if anything did.
func (op *Op) EmitUpdated(o *object.Object) error {
	op.Save(o)
	return op.emitUpdated(op.of(o))
}

// SetTimer asks for a rule of the object's kind to run at a time; the zero time takes the request back.
func (op *Op) SetTimer(kind string, o *object.Object, at time.Time) error {
	return op.tx.SetTimer(op.timer(op.of(o), kind, at))
}

func (op *Op) timer(r *record, kind string, at time.Time) store.Timer {
	t := store.Timer{NS: op.ns.NS, Kind: kind, ID: r.doc.ID}
	if !at.IsZero() {
		t.Due, t.Clock = op.timing(r.kind, at)
		if t.Clock != "" && op.soonest != nil {
			*op.soonest = min(*op.soonest, t.Due)
		}
	}
	return t
}

// ErrKept wraps an error that the operation ends with although what it wrote so far stays: a declined charge is
// recorded, and the caller is told of the decline.
type ErrKept struct{ Err *apierr.Error }

func (e ErrKept) Error() string { return e.Err.Error() }

// Unwrap is the API error.
func (e ErrKept) Unwrap() error { return e.Err }

func isKept(err error) bool {
	var kept ErrKept
	return errors.As(err, &kept)
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }
