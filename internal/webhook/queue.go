package webhook

import (
	"container/heap"
	"slices"
	"time"

	"sharesmart/internal/object"
)

// item is a delivery that is pending.
type item struct {
	id, event, account, endpoint, related string
	kind                                  string // of the event, if its delivery is owed
	placed, sequence                      int64  // of the event; see resource.Owed
	created                               time.Time
	due                                   int64 // unix seconds; zero for at once
	attempts                              int
	manual                                bool // somebody asked for the next attempt
	fate                                  fate // what goes wrong with it on purpose
	canceled                              bool // its endpoint is gone, which is being written
	aged                                  bool // it is owed and being made: for long, or
	spilled                               bool // as there is no room for it in memory
}

func newItem(o *object.Object) *item {
	tried := 0
	for _, v := range o.Array("attempts") {
		if v.(*object.Object).String("trigger") != "chaos" {
			tried++
		}
	}
	it := &item{
		id: o.ID(), event: o.String("event"), account: o.String("account"), endpoint: o.String("webhook_endpoint"), related: o.String("related_object"),
		created: time.Unix(o.Int("created"), 0), due: o.Int("next_attempt_at"), attempts: tried, sequence: o.Int("sequence"),
	}
	if len(o.Array("attempts")) > 0 && it.due == 0 {
		it.manual = true // an attempt that failed sets a time; so it was resent
	}
	if it.related == "" {
		it.related = it.id
	}
	return it
}

// lane has the deliveries of one object to one endpoint. Only the first of them is sent; the others wait for it.
type lane struct {
	items  []*item
	at     int  // in the heap
	flying bool // the first is on its way, or what came of it is
}

func (l *lane) head() *item { return l.items[0] }

// insert puts a delivery in the place of its event, which is the last one unless it was read after younger ones.
func (l *lane) insert(it *item) {
	i, first := len(l.items), 0
	if i > 0 && (l.flying || l.head().due > 0) {
		first = 1
	}
	for i > first && it.sequence != 0 && l.items[i-1].sequence > it.sequence {
		i--
	}
	l.items = slices.Insert(l.items, i, it)
}

// lanes is a heap by the time at which a lane's head is due.
type lanes []*lane

func (h lanes) Len() int           { return len(h) }
func (h lanes) Less(i, j int) bool { return h[i].head().due < h[j].head().due }
func (h lanes) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].at, h[j].at = i, j
}
func (h *lanes) Push(x any) {
	l := x.(*lane)
	l.at = len(*h)
	*h = append(*h, l)
}
func (h *lanes) Pop() any {
	old := *h
	l := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return l
}

const (
	// downAfter is how many attempts in a row fail before an endpoint counts as down. Then one delivery at a time is tried,
	// after ever longer pauses, until one arrives; the others lose none of their attempts meanwhile.
	downAfter = 8
	// firstPause and longestPause bound those pauses.
	firstPause   = time.Second
	longestPause = time.Minute
)

// line has what is pending for one endpoint.
type line struct {
	endpoint    *endpoint // nil when there is none any more
	byObject    map[string]*lane
	ready       []*lane // in the order in which they became so
	waiting     lanes
	inFlight    int
	size        int  // how many deliveries are in memory
	more        bool // there are others, which are younger
	unmade      int  // as many of those are owed and not made yet; firstUnmade is where the sequence of these begins
	firstUnmade int64

	failures int // in a row
	pause    time.Duration
	probe    time.Time // nothing is sent before

	held []*lane // those that go after the next one

	standing
	changed bool // what of that is to be written
}

func newLine() *line { return &line{byObject: map[string]*lane{}} }

// spill notes that there is no room for a delivery that is owed.
func (l *line) spill(it *item) {
	it.aged, it.spilled = true, true
	if l.unmade++; l.unmade == 1 {
		l.firstUnmade = it.sequence
	}
}

// full reports whether a delivery must wait in the store, as there is no room, or older ones wait there.
func (l *line) full() bool { return l.more || l.unmade > 0 || l.size >= most }

// add queues a delivery behind those of the same object.
func (l *line) add(it *item, now int64) {
	l.draw(it, now)
	key := it.related
	if it.fate.late {
		key = it.id // it keeps no order
	}
	on := l.byObject[key]
	if on == nil {
		on = &lane{}
		l.byObject[key] = on
	}
	on.insert(it)
	if len(on.items) == 1 {
		l.schedule(on, now)
	}
	if it.fate.late {
		l.held = append(l.held, on)
	}
}

// schedule puts a lane where its head belongs.
func (l *line) schedule(on *lane, now int64) {
	if on.head().due > now {
		heap.Push(&l.waiting, on)
		return
	}
	l.ready = append(l.ready, on)
}

// wake moves what is due by now to what is ready.
func (l *line) wake(now int64) {
	for len(l.waiting) > 0 && l.waiting[0].head().due <= now {
		l.ready = append(l.ready, heap.Pop(&l.waiting).(*lane))
	}
}

// take is the next lane to be sent from; nil if there is none now, or one that yields to requests must wait.
func (l *line) take(now time.Time, yields bool) *lane {
	l.wake(now.Unix())
	switch {
	case len(l.ready) == 0 || l.endpoint == nil || !l.endpoint.enabled:
		return nil
	case l.inFlight >= l.room() || yields && l.inFlight > 0 || now.Before(l.probe):
		return nil
	}
	on := l.ready[0]
	l.ready[0] = nil
	l.ready = l.ready[1:]
	l.inFlight++
	on.flying = true
	return on
}

// hurry lets a delivery that waits for its next attempt have that now.
func (l *line) hurry(it *item) {
	on := l.byObject[it.related]
	if on == nil || on.head() != it || on.at >= len(l.waiting) || l.waiting[on.at] != on {
		return
	}
	it.due, it.manual = 0, true
	heap.Fix(&l.waiting, on.at)
}

// room is how many requests there may be at once.
func (l *line) room() int {
	if l.failures >= downAfter || l.endpoint.chaos != nil {
		return 1 // with chaos, so that the order in which things happen can be had again
	}
	return connections
}

// nextDue is when there is something to send again; the zero time if nothing waits.
func (l *line) nextDue(now time.Time) time.Time {
	if l.endpoint == nil || !l.endpoint.enabled {
		return time.Time{}
	}
	var at time.Time
	switch {
	case len(l.ready) > 0:
		at = now
	case len(l.waiting) > 0:
		at = time.Unix(l.waiting[0].head().due, 0)
	default:
		return at
	}
	if at.Before(l.probe) {
		return l.probe
	}
	return at
}

// succeeded notes that an attempt succeeded. If the endpoint was down, all that waits is sent now.
func (l *line) succeeded() {
	if l.failures >= downAfter {
		for _, on := range l.waiting {
			on.head().due = 0
			l.ready = append(l.ready, on)
		}
		l.waiting = nil
	}
	l.failures, l.pause, l.probe = 0, 0, time.Time{}
}

// failed notes that an attempt failed.
func (l *line) failed(now time.Time) {
	l.failures++
	if l.failures < downAfter || now.Before(l.probe) { // those that were on their way already say nothing new
		return
	}
	l.pause = min(max(2*l.pause, firstPause), longestPause)
	l.probe = now.Add(l.pause)
}

// settle takes the head off its lane, or puts it back for a later attempt.
func (l *line) settle(on *lane, it *item, done bool, now int64) {
	on.flying = false
	if !done {
		l.schedule(on, now)
		return
	}
	if it.canceled {
		on.items = slices.DeleteFunc(on.items, func(other *item) bool { return other == it })
	} else {
		on.items[0] = nil
		on.items = on.items[1:]
	}
	if len(on.items) > 0 {
		if !it.canceled {
			l.schedule(on, now)
		}
		return
	}
	key := it.related
	if l.byObject[key] != on {
		key = it.id
	}
	delete(l.byObject, key)
}
