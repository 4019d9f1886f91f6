package member

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// clickDays is for how many days clicks are kept by day.
const clickDays = 30

// Clicks are the clicks of short links that are to be counted, by the id of the share and the day in UTC.
type Clicks map[string]map[string]int64

// Add counts a click.
func (c Clicks) Add(share string, at time.Time) {
	if c[share] == nil {
		c[share] = map[string]int64{}
	}
	c[share][at.UTC().Format(time.DateOnly)]++
}

// Count writes clicks into their shares. They are no event.
func (c Clicks) Count(op *resource.Op) error {
	for id, days := range c {
		s, err := op.Find("share", id)
		if err != nil {
			return err
		}
		if s == nil {
			continue // deleted meanwhile
		}
		for day, n := range days {
			count(s, day, n)
		}
		op.Save(s)
	}
	return nil
}

func count(s *object.Object, day string, n int64) {
	s.Set("clicks", s.Int("clicks")+n)
	days := s.Array("clicks_by_day")
	for _, v := range days {
		if d := v.(*object.Object); d.String("day") == day {
			d.Set("clicks", d.Int("clicks")+n)
			return
		}
	}
	days = append(days, object.Of("clicks", n, "day", day))
	s.Set("clicks_by_day", days[max(len(days)-clickDays, 0):])
}
