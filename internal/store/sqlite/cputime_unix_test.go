//go:build unix

package sqlite

import (
	"syscall"
	"time"
)

// cpuTime is what all threads have used, which other processes on the machine disturb less than the clock.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
