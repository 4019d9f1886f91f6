package store

import "strings"

// asideMark begins the clock of timers that are not due, as they are in a copy that is kept aside (Tx.Copy). It is part of
// what is stored.
const asideMark = "|"

// CopiedClock is the clock of a timer's copy.
func CopiedClock(clock string, aside bool) string {
	clock = strings.TrimPrefix(clock, asideMark)
	if aside {
		return asideMark + clock
	}
	return clock
}
