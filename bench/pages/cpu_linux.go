package main

import (
	"syscall"
	"time"
)

// rusageThread asks for the calling thread alone.
const rusageThread = 1

// cpu is how long this thread has worked: what a page costs, however busy the machine is.
func cpu() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(rusageThread, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
