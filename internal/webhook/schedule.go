package webhook

import (
	"hash/fnv"
	"strconv"
	"time"
)

// schedule says when a delivery is tried again. The waits grow by a factor up to the longest, and each is up to a fifth
// shorter or longer than that, so that what failed together does not come back together.
type schedule struct {
	first, longest time.Duration
	factor         int64
	tries          int           // at the most; zero is no limit
	lifetime       time.Duration // after that it is given up
}

// Stripe tells no more of its schedules than that live mode tries for three days, and test mode three times.
var (
	liveSchedule = schedule{first: 10 * time.Second, factor: 4, longest: 12 * time.Hour, lifetime: 72 * time.Hour}
	testSchedule = schedule{first: time.Minute, factor: 30, longest: time.Hour, tries: 3, lifetime: 6 * time.Hour}
)

func scheduleOf(live bool) schedule {
	if live {
		return liveSchedule
	}
	return testSchedule
}

// next is the time of the attempt after so many that failed, for something of that age; zero if there is none.
func (s schedule) next(id string, created, now time.Time, attempts int) time.Time {
	if s.tries > 0 && attempts >= s.tries || s.old(created, now) {
		return time.Time{}
	}
	at := now.Add(s.wait(id, attempts))
	if end := created.Add(s.lifetime); at.After(end) {
		return end // a last one
	}
	return at
}

// old reports whether something is given up, attempts left or not.
func (s schedule) old(created, now time.Time) bool { return !now.Before(created.Add(s.lifetime)) }

func (s schedule) wait(id string, attempts int) time.Duration {
	wait := s.first
	for i := 1; i < attempts && wait < s.longest; i++ {
		wait *= time.Duration(s.factor)
	}
	wait = min(wait, s.longest)
	return wait + time.Duration(spread(id, attempts)*float64(wait)/5)
}

// spread is a number from -1 to 1 that an attempt always gets, so that a restart changes no time.
func spread(id string, attempts int) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id + "/" + strconv.Itoa(attempts)))
	const mix = 0x9e3779b97f4a7c15
	x := h.Sum64() * mix
	return float64(x>>11)/(1<<52) - 1
}
