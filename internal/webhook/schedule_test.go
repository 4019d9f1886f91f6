package webhook

import (
	"testing"
	"time"

	"sharesmart/internal/clock"
)

// When a delivery is tried again that always fails: after each wait, a fifth more or less, until its time is over.
func TestSchedule(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	for name, c := range map[string]struct {
		schedule schedule
		waits    []time.Duration
		end      time.Duration // of the last attempt, if that is its time's end
	}{
		"live": {liveSchedule, []time.Duration{10 * time.Second, 40 * time.Second, 160 * time.Second, 640 * time.Second, 2560 * time.Second, 10240 * time.Second, 40960 * time.Second,
			12 * h, 12 * h, 12 * h, 12 * h}, 72 * h},
		"test": {testSchedule, []time.Duration{time.Minute, 30 * time.Minute}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, id := range []string{"whd_1", "whd_2", "whd_3"} {
				now := clock.NewFake(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))
				created := now.Now()
				tries, last := 1, time.Time{}
				for at := c.schedule.next(id, created, now.Now(), tries); !at.IsZero(); at = c.schedule.next(id, created, now.Now(), tries) {
					wait := at.Sub(now.Now())
					if tries <= len(c.waits) && at != created.Add(c.schedule.lifetime) {
						if want := c.waits[tries-1]; wait < want*4/5 || wait > want*6/5 {
							t.Errorf("%s: after %d attempts it waits %v, want about %v", id, tries, wait, want)
						}
					}
					now.Advance(wait)
					tries, last = tries+1, at
				}
				if tries < len(c.waits)+1 || c.end == 0 && tries != len(c.waits)+1 || c.end > 0 && last != created.Add(c.end) {
					t.Errorf("%s: it was tried %d times, the last time after %v", id, tries, last.Sub(created))
				}
			}
			if a, b := c.schedule.wait("whd_1", 1), c.schedule.wait("whd_2", 1); a == b || a != c.schedule.wait("whd_1", 1) {
				t.Errorf("two deliveries wait %v and %v", a, b)
			}
		})
	}
}
