package webhook

import (
	"container/heap"
	"context"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/fault"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Chaos is what goes wrong on purpose with the deliveries of an endpoint, so that a receiver can be seen to bear it. What
// befalls a delivery is drawn by the seed and by how many there were before it, and they are sent one after the other: the
// same events meet the same fate in every run.

// chaos is how much goes wrong: three percentages, and up to how long a delivery waits.
type chaos struct {
	seed                     int64
	drop, duplicate, reorder int64
	delay                    time.Duration
}

const (
	maxDelay = 30 * time.Second
	// dropRetry is when a delivery that was dropped is sent.
	dropRetry = 1
	// holdFor is how many seconds a delivery waits for another one to go before it.
	holdFor = 2
)

// fate is what befalls a delivery.
type fate struct {
	late, dropped, twice bool
	delay                time.Duration
}

func chaosOf(o *object.Object) *chaos {
	c := o.Object("chaos")
	if c == nil {
		return nil
	}
	return &chaos{
		seed: c.Int("seed"), drop: c.Int("drop"), duplicate: c.Int("duplicate"), reorder: c.Int("reorder"),
		delay: time.Duration(c.Int("delay")) * time.Millisecond,
	}
}

// Each thing is drawn by a seed of its own, so that one percentage does not change what another one strikes.
const (
	seedReorder = iota
	seedDuplicate
	seedDrop
	seedDelay
	seeds
)

func (c *chaos) of(n int64) fate {
	draw := func(what, percent int64) bool { return percent > 0 && fault.Draw(c.seed*seeds+what, n, percent) }
	f := fate{late: draw(seedReorder, c.reorder), twice: draw(seedDuplicate, c.duplicate), dropped: draw(seedDrop, c.drop)}
	for bit := range int64(7) { // a part of the longest delay, in 128 steps
		if c.delay > 0 && fault.Draw(c.seed*seeds+seedDelay, n*7+bit, 50) {
			f.delay += c.delay / 128 << bit
		}
	}
	return f
}

// draw decides what befalls a delivery that was never tried.
func (l *line) draw(it *item, now int64) {
	if l.endpoint == nil || l.endpoint.chaos == nil || it.attempts > 0 || it.due > 0 || it.manual {
		return
	}
	it.fate = l.endpoint.chaos.of(l.drawn)
	l.drawn++
	if it.fate.late {
		it.due = now + holdFor
	}
}

// letGo sends what waited for the next one, which was just sent.
func (l *line) letGo(sent *lane) {
	for _, on := range l.held {
		if on == sent || len(on.items) == 0 || on.at >= len(l.waiting) || l.waiting[on.at] != on {
			continue
		}
		on.head().due = 0
		heap.Fix(&l.waiting, on.at)
	}
	l.held = l.held[:0]
}

// wait delays a delivery.
func (f fate) wait(ctx context.Context) error {
	if f.delay == 0 {
		return nil
	}
	t := time.NewTimer(f.delay)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// setChaos takes the parameter of that name.
func setChaos(op *resource.Op) error {
	if !op.Params.Has("chaos") {
		return nil
	}
	asked := op.Params.Object("chaos")
	if asked == nil { // ""
		op.Object.Delete("chaos")
		return nil
	}
	if op.Live() {
		return apierr.Invalid("", "chaos", "Deliveries can be troubled in test mode and in sandboxes, and this key is for live mode.")
	}
	c := op.Object.Sub("chaos")
	for _, name := range []string{"delay", "drop", "duplicate", "reorder", "seed"} {
		value := c.Int(name)
		if asked.Has(name) {
			value = asked.Int(name)
		}
		most := int64(100)
		switch name {
		case "seed":
			most = 1 << 40
		case "delay":
			most = maxDelay.Milliseconds()
		}
		if value < 0 || value > most {
			return apierr.Invalid("parameter_invalid_integer", "chaos["+name+"]", "This value must be between 0 and %d.", most)
		}
		c.Set(name, value)
	}
	private, err := op.Private(op.Object)
	if err != nil {
		return err
	}
	private.Delete("drawn")
	return op.SetPrivate(op.Object, private)
}
