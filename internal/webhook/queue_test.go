package webhook

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What waits for an endpoint that takes nothing leaves the room of others, and what finds no room keeps its place.
func TestRoomForEach(t *testing.T) {
	t.Parallel()
	q := emptyQueue()
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

// Outcomes wait for others beside requests, also between two of these, but not when many are there, for long, or while the next
// delivery of an object waits for one of them.
func TestGathers(t *testing.T) {
	t.Parallel()
	alone, followed := &lane{items: make([]*item, 1)}, &lane{items: make([]*item, 2)}
	done, again := &outcome{lane: alone, status: delivered}, &outcome{lane: followed, status: pending}
	blocking := &outcome{lane: followed, status: delivered}
	now := clock.Wall{}.Now()
	for _, c := range []struct {
		name     string
		beside   time.Time
		ripe     bool
		outcomes []*outcome
		want     bool
	}{
		{"nobody else", time.Time{}, false, []*outcome{done}, false},
		{"requests were at work a moment ago", now, false, []*outcome{done}, true},
		{"they were longer ago", now.Add(-gather), false, []*outcome{done}, false},
		{"for long", now, true, []*outcome{done}, false},
		{"many", now, false, slices.Repeat([]*outcome{done}, batchBeside), false},
		{"tried again, with others behind", now, false, []*outcome{done, again}, true},
		{"another of the same object waits", now, false, []*outcome{done, blocking}, false},
	} {
		q := &queue{Sender: &Sender{Options: Options{Clock: clock.NewFake(now)}}, beside: c.beside, ripe: c.ripe, outcomes: c.outcomes}
		if got := q.gathers(); got != c.want || got != (q.gathered != nil) {
			t.Errorf("%s: they wait: %t, want %t", c.name, got, c.want)
		}
	}
}

// What is read later than younger ones takes the place of its event, but not before one that is on its way or was tried.
func TestLaneKeepsTheOrderOfEvents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		lane   lane
		insert []int64
		want   []int64
	}{
		{"in order", lane{}, []int64{1, 2, 3}, []int64{1, 2, 3}},
		{"read later", lane{}, []int64{2, 3, 1}, []int64{1, 2, 3}},
		{"between", lane{}, []int64{1, 4, 2, 3}, []int64{1, 2, 3, 4}},
		{"the first is on its way", lane{items: []*item{{sequence: 5}}, flying: true}, []int64{7, 6, 1}, []int64{5, 1, 6, 7}},
		{"the first waits to be tried again", lane{items: []*item{{sequence: 5, due: 9}}}, []int64{1}, []int64{5, 1}},
		{"of unknown place", lane{}, []int64{2, 0, 1}, []int64{2, 0, 1}},
	} {
		for _, sequence := range c.insert {
			c.lane.insert(&item{sequence: sequence})
		}
		var got []int64
		for _, it := range c.lane.items {
			got = append(got, it.sequence)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func emptyQueue() *queue {
	return &queue{Sender: &Sender{Options: Options{Clock: clock.Wall{}}}, items: map[string]*item{}, lines: map[string]*line{}, owed: debts{items: map[string]*item{}}}
}

// What is owed and finds no room is made, and what comes after it waits for that, though there is room again.
func TestOwedWithoutRoom(t *testing.T) {
	t.Parallel()
	q := emptyQueue()
	owe := func(sequence int64) {
		q.oweMore(&resource.Owed{Event: "evt_" + strconv.FormatInt(sequence, 10), Subject: "cus_1", Who: []string{"we_1"}, Sequence: sequence})
	}
	for i := range int64(most) {
		owe(i + 1)
	}
	l := q.lines["we_1"]
	if len(q.outcomes) > 0 || l.full() != true || l.unmade > 0 {
		t.Fatalf("%d are to be made and %d wait, with room for all", len(q.outcomes), l.unmade)
	}
	owe(most + 1)
	owe(most + 2)
	l.size = few // most were delivered meanwhile
	owe(most + 3)
	if l.size != few || l.unmade != 3 || len(q.outcomes) != 3 {
		t.Fatalf("%d are in memory, %d wait and %d are to be made; want %d, 3 and 3", l.size, l.unmade, len(q.outcomes), few)
	}
	q.paid(q.outcomes[0])
	if !l.more || l.unmade != 2 || l.firstUnmade > most+2 {
		t.Errorf("once the first is made, the store has more: %t, %d wait, from %d", l.more, l.unmade, l.firstUnmade)
	}
	q.paid(q.outcomes[1])
	q.paid(q.outcomes[2])
	l.more = false // they were read
	if owe(most + 4); l.size != few+1 {
		t.Error("what comes when all is read is not taken")
	}
	if q.age(0) != true || len(q.outcomes) != 3+most+1 {
		t.Errorf("%d are to be made as time goes by, want all that are owed, each once", len(q.outcomes)-3)
	}
	if q.age(0) {
		t.Error("they are made twice")
	}
}
