//go:build linux

package main

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// history is what clients saw: each read and write of an object with the time of its request and of its answer. It is
// linearizable if every operation can be thought to have happened at one moment between the two. That an acknowledged write
// is lost, that an old value comes back, that half a write is seen: each makes it not so.
type history struct {
	mu    sync.Mutex
	begun time.Time
	ops   map[string][]porcupine.Operation // by object, since the last check
	done  int                              // operations that were checked
	open  map[string][]int                 // writes of which nobody knows whether they happened and may still
}

// deed is a read or a write of a value.
type deed struct {
	write bool
	value string // written; what was read is the output
	// maybe says that no answer came.
	maybe bool
}

func newHistory() *history {
	return &history{begun: time.Now(), ops: map[string][]porcupine.Operation{}, open: map[string][]int{}}
}

func (h *history) now() int64 { return int64(time.Since(h.begun)) }

func (h *history) note(id string, client int, d deed, output string, from int64) {
	op := porcupine.Operation{ClientId: client, Input: d, Output: output, Call: from, Return: h.now()}
	h.mu.Lock()
	defer h.mu.Unlock()
	if d.maybe {
		op.Return = math.MaxInt64
		h.open[id] = append(h.open[id], len(h.ops[id]))
	}
	h.ops[id] = append(h.ops[id], op)
}

// close says that what was not answered so far cannot happen any more.
func (h *history) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	for id, open := range h.open {
		for _, i := range open {
			h.ops[id][i].Return = now
		}
	}
	clear(h.open)
}

// register is an object with one value.
var register = (&porcupine.NondeterministicModel{
	Init: func() []any { return []any{""} },
	Step: func(state, input, output any) []any {
		d := input.(deed)
		switch {
		case !d.write && state != output:
			return nil
		case !d.write:
			return []any{state}
		case d.maybe:
			return []any{state, d.value}
		}
		return []any{d.value}
	},
}).ToModel()

// checkTime is how long the search for an order of one object's operations may take.
const checkTime = 60 * time.Second

// check looks whether the history of each object is linearizable, and gives back how many operations there are in all. No
// request may be on its way, and each object must have been read last: the history goes on from there.
func (h *history) check() (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, ops := range h.ops {
		switch porcupine.CheckOperationsTimeout(register, ops, checkTime) {
		case porcupine.Illegal:
			return h.done, fmt.Errorf("no order explains what clients saw of %s; the last of it:\n%s", id, describe(ops))
		case porcupine.Unknown:
			return h.done, fmt.Errorf("whether an order explains what clients saw of %s was not found out within %s", id, checkTime)
		}
		h.done += len(ops)
		last := ops[len(ops)-1]
		last.Input, last.Output = deed{write: true, value: last.Output.(string)}, ""
		h.ops[id] = []porcupine.Operation{last}
	}
	return h.done, nil
}

// describe writes down the last operations of an object.
func describe(ops []porcupine.Operation) string {
	ops = slices.Clone(ops)
	slices.SortFunc(ops, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
	text := ""
	for _, op := range ops[max(0, len(ops)-40):] {
		d := op.Input.(deed)
		what := fmt.Sprintf("read  %v", op.Output)
		if d.write {
			what = "write " + d.value
		}
		if d.maybe {
			what += ", no answer"
		}
		text += fmt.Sprintf("  %12d to %12d  client %2d  %s\n", op.Call/1000, op.Return/1000, op.ClientId, what)
	}
	return text
}
