package resource

import (
	"fmt"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// Rules is what is special about one kind of object. Every field but Object may be empty.
//
// Hooks run inside the operation's transaction, one operation after the other, so they must be quick and do no I/O.
type Rules struct {
	Object string // the kind: "invoice"
	// States says which moves Op.Move allows: from a status to those that may follow it.
	States States
	// StateCode is the code of the error for a move that States does not allow.
	StateCode string
	// Prepare runs before the parameters of a create are merged, and may change them (op.Params).
	Prepare func(op *Op) error
	// Unmerged are parameters that the Create or Update rule reads itself, though the object has a field of that name.
	Unmerged []string
	// Create runs after the parameters were merged into op.Object and before it is written.
	Create func(op *Op) error
	// Update runs after the parameters were merged into op.Object; op.Before is the object as it was.
	Update func(op *Op) error
	// Delete runs before op.Object is deleted.
	Delete func(op *Op) error
	// Created runs after the object and its created event were written.
	Created func(op *Op) error
	// Actions are operations that generic code cannot serve, by "METHOD path" of the spec. op.Object is what the
	// path names; the hook changes it, or sets op.Result to answer something else. An action may also stand for
	// a generic operation and then replaces it.
	Actions Actions
	// Previews are actions of which nothing is kept: they do what the real operation would, answer what came of it, and
	// all that they wrote is thrown away. So a preview cannot differ from what it shows.
	Previews Actions
	// Direct are operations that work above namespaces, by "METHOD path".
	Direct map[string]DirectFunc
	// Errands are operations that ask somebody else between two transactions, by "METHOD path".
	Errands map[string]Errand
	// EventFamily is what the event types of an object begin with, where that depends on the object.
	EventFamily func(o *object.Object) string
	// Timers are what runs when a timer of that kind is due; op.Object is the object it was set for.
	Timers map[string]Hook
	// Filters make the values that a list filter of that name finds the object by, where it is not simply the
	// object's field of the same name.
	Filters map[string]func(o *object.Object) []string
	// ParentFilters are list filters that name the object below which the listed ones were created (CreateBelow), where
	// no field of theirs does.
	ParentFilters []string
	// Lookups are list filters that go through another kind.
	Lookups map[string]Lookup
	// Defaults are the values of a filter that is not sent.
	Defaults map[string][]string
	// NoDefaultWith names, for a filter, another one that takes away its default when it is sent.
	NoDefaultWith map[string]string
	// FilterValues translates what was sent for a filter to the values looked up; nil takes everything ("all").
	FilterValues map[string]func(sent string) []string
	// Index makes values that rules find the object by (Op.Lookup), beyond the list filters.
	Index map[string]func(o *object.Object) []string
	// Listed are the values that an indexed field (Index) must have for lists to show an object: lists of reviews show
	// only open ones.
	Listed map[string][]string
	// Shared is the Index that finds the object by the token of its address (Op.ShareToken), where it is shown without
	// a key. One kind with a field "file" can have it, whose objects then make that file readable.
	Shared string
	// Downloads make the bytes that an operation answers, by "METHOD path", from the object that the path names. They
	// only read, beside the writer.
	Downloads map[string]Download
	// Reference makes the objects of a kind that nobody can create: the same for every account.
	Reference func() []*object.Object
	// Include makes the fields that are left out of an answer until they are expanded, from the object, its private part
	// and what else they depend on; without a rule, they are what is in the private part at the same place. Fields of
	// nested objects go by the way there: "total_details.breakdown".
	Include map[string]func(g Glance, o, private *object.Object) (any, error)
	// Customer is the id of the customer that a new object is for, where no parameter named "customer" says it. The test
	// clock of the customer counts.
	Customer func(op *Op) (string, error)
	// Jobs are timers whose work takes many transactions. See jobs.go.
	Jobs map[string]Job
	// Listener is told of events after they were committed. See listen.go.
	Listener *Listener
	// Runs are operations that may end with a job, by "METHOD path".
	Runs map[string]Errand
	// Bearer are operations that an ephemeral key for an object of this kind may call and no other ephemeral key, by "METHOD
	// path".
	Bearer []string
	// Self says that the caller's own account is an object of this kind, which exists without having been created, and
	// fills it in. A connected account's lives with its platform.
	Self func(o *object.Object, live bool)
	// Inborn makes an object that is there with its parent without having been created, such as a capability that nobody
	// asked for yet: it fills o, or says that there is none of that id.
	Inborn func(o *object.Object, parent, id string) bool
	// Retention is how long after their creation objects can be found; zero is for ever. They leave the disk within an hour.
	Retention time.Duration
	// Unversioned says that nobody asks for old versions of the objects, which no event announces: they are not kept.
	Unversioned bool
	// Search are the fields of the kind's search, by name; nil when the kind has none.
	Search map[string]SearchField
	// SearchValues reads the fields of the search that are not the object's fields of the same name.
	SearchValues map[string]func(o *object.Object) any
	// Resolve turns an id that stands for something else (pm_card_visa) into the id of an object, made on the
	// spot; "" leaves it to the usual look-up.
	Resolve func(op *Op, id string) (string, error)
	// Audit proves what must hold for all objects of an account together, and lists what does not. It runs outside of
	// operations, for `sharesmart verify` and tests.
	Audit func(s *Survey) (problems []string, err error)
	// Figures are what an object adds to the figures of the business; see figures.go. It depends on nothing but the object.
	Figures func(o *object.Object) []Figure
	// Recounts bring the figures right that were written when Figures said something else, in the order of their making.
	Recounts []Recount
	// ID makes the id of a new object; nil takes the kind's usual form (see ids.go).
	ID func(op *Op) string
}

// Lookup is a list filter that goes through another kind: it finds the objects whose field Match is one of the values
// that the objects of Kind have in Take, which in turn are found by what was sent in their field Field.
type Lookup struct{ Kind, Field, Take, Match string }

// Hook is one rule at work.
type Hook func(op *Op) error

// Actions are hooks by "METHOD path".
type Actions map[string]Hook

// States are the allowed moves of a status.
type States map[string][]string

// rulesOf indexes rules and refuses what cannot be right: two for one kind, or a key that the spec does not have.
func rulesOf(all []Rules) (map[string]*Rules, map[*spec.Operation]handler, map[string]timerRule, error) {
	byKind := make(map[string]*Rules, len(all))
	handlers := map[*spec.Operation]handler{}
	timers := map[string]timerRule{}
	for i := range all {
		r := &all[i]
		if byKind[r.Object] != nil {
			return nil, nil, nil, fmt.Errorf("rules for %q are registered twice", r.Object)
		}
		if spec.Component(r.Object) == nil && len(r.handlers()) == 0 {
			return nil, nil, nil, fmt.Errorf("rules for %q: the spec has no such object", r.Object)
		}
		byKind[r.Object] = r
		for key, h := range r.handlers() {
			op := operationByKey(key)
			if op == nil {
				return nil, nil, nil, fmt.Errorf("rules for %q: the spec has no operation %q", r.Object, key)
			}
			if _, taken := handlers[op]; taken {
				return nil, nil, nil, fmt.Errorf("operation %q has two rules", key)
			}
			handlers[op] = h
		}
		for kind, rule := range r.timers() {
			if _, taken := timers[kind]; taken {
				return nil, nil, nil, fmt.Errorf("timer %q has two rules", kind)
			}
			timers[kind] = rule
		}
	}
	return byKind, handlers, timers, nil
}

func bearersOf(all []Rules) map[*spec.Operation]string {
	bearers := map[*spec.Operation]string{}
	for i := range all {
		for _, key := range all[i].Bearer {
			bearers[operationByKey(key)] = all[i].Object
		}
	}
	return bearers
}

func (r *Rules) timers() map[string]timerRule {
	all := make(map[string]timerRule, len(r.Timers)+len(r.Jobs)+1)
	if r.Listener != nil {
		all[r.Object+".hear"] = timerRule{object: r.Object, listener: r.Listener}
	}
	for kind, hook := range r.Timers {
		all[kind] = timerRule{object: r.Object, hook: hook, luck: &luck{}}
	}
	for kind, job := range r.Jobs {
		all[kind] = timerRule{object: r.Object, job: job}
	}
	return all
}

// handlers are the operations that the rules serve themselves.
func (r *Rules) handlers() map[string]handler {
	all := make(map[string]handler, len(r.Actions)+len(r.Previews)+len(r.Direct)+len(r.Errands)+len(r.Runs)+len(r.Downloads))
	for key, hook := range r.Actions {
		all[key] = handler{write: onTarget(hook), origin: OriginRule}
	}
	for key, hook := range r.Previews {
		all[key] = handler{write: onTarget(hook), preview: true, origin: OriginRule}
	}
	for key, f := range r.Direct {
		all[key] = handler{direct: f, origin: OriginRule}
	}
	for key, f := range r.Errands {
		all[key] = handler{errand: f, abroad: true, origin: OriginRule}
	}
	for key, f := range r.Runs {
		all[key] = handler{errand: f, origin: OriginRule}
	}
	for key, f := range r.Downloads {
		all[key] = handler{read: f.serve, origin: OriginRule}
	}
	return all
}

// onTarget loads what the path names before the hook runs.
func onTarget(hook Hook) Hook {
	return func(op *Op) error {
		if len(op.Path) > 0 {
			r, err := op.target()
			if err != nil {
				return err
			}
			op.Object = r.object
		}
		return hook(op)
	}
}

type timerRule struct {
	object   string
	hook     Hook
	job      Job
	listener *Listener
	luck     *luck // of running it ahead of the writer; nil for jobs and listeners
}

func operationByKey(key string) *spec.Operation {
	for _, op := range spec.Operations() {
		if len(key) == len(op.Method)+1+len(op.Path) && key[:len(op.Method)] == op.Method && key[len(op.Method)+1:] == op.Path {
			return op
		}
	}
	return nil
}
