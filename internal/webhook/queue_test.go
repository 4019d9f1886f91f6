package webhook

import (
	"strconv"
	"testing"

	"sharesmart/internal/clock"
	"sharesmart/internal/object"
)

// What waits for an endpoint that takes nothing leaves the room of others, and what finds no room keeps its place.
func TestRoomForEach(t *testing.T) {
	t.Parallel()
	q := &queue{Sender: &Sender{Options: Options{Clock: clock.Wall{}}}, items: map[string]*item{}, lines: map[string]*line{}}
	offer := func(endpoint string, i int) {
		q.offer(object.Of("id", endpoint+strconv.Itoa(i), "webhook_endpoint", endpoint, "related_object", "cus_"+strconv.Itoa(i)))
	}
	for i := range most + 10 {
		offer("dead", i)
	}
	offer("alive", 0)
	dead, alive := q.lines["dead"], q.lines["alive"]
	if dead.size != most || !dead.more {
		t.Errorf("%d are in memory, others wait: %t; want %d and true", dead.size, dead.more, most)
	}
	if alive.size != 1 || alive.more {
		t.Errorf("of the other endpoint %d are in memory, others wait: %t; want 1 and false", alive.size, alive.more)
	}
	dead.size--
	if offer("dead", most+10); dead.size != most-1 {
		t.Error("what came last went before what waits to be read")
	}
	q.more = true
	if offer("alive", 1); alive.size != 1 {
		t.Error("what came last went before all that is to be read")
	}
}

// Few outcomes wait for others while requests are at work, and not for long.
func TestGathers(t *testing.T) {
	t.Parallel()
	few, many := make([]*outcome, 1), make([]*outcome, batchBeside)
	for _, c := range []struct {
		name     string
		busy     int
		ripe     bool
		outcomes []*outcome
		want     bool
	}{{"nobody else", 0, false, few, false}, {"beside requests", 1, false, few, true}, {"beside requests, for long", 1, true, few, false}, {"many beside requests", 1, false, many, false}} {
		q := &queue{busy: c.busy, ripe: c.ripe, outcomes: c.outcomes}
		if got := q.gathers(); got != c.want || got != (q.gathered != nil) || q.ripe {
			t.Errorf("%s: they wait: %t, want %t", c.name, got, c.want)
		}
	}
}
