//go:build linux

package main

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// cpu is the processor time that a process has used, its own and the kernel's for it.
func (p *process) cpu() (time.Duration, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name, in which there may be anything but that
	fields := strings.Fields(rest)
	const userTime, systemTime = 11, 12
	if len(fields) <= systemTime {
		return 0, errors.New("the kernel's account of a process is too short")
	}
	user, err := strconv.ParseInt(fields[userTime], 10, 64)
	system, err2 := strconv.ParseInt(fields[systemTime], 10, 64)
	const ticks = 100 // a second, which is what Linux counts in wherever Go runs
	return time.Duration(user+system) * time.Second / ticks, errors.Join(err, err2)
}

// ownCPU is the processor time that this process has used.
func ownCPU() (time.Duration, error) {
	var used syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), err
}

// burner uses up processor time beside what is measured: so much for each step that it is told of.
type burner struct {
	each time.Duration
	room int // of processors that goroutines had before
	owed atomic.Int64
	stop chan struct{}
	work sync.WaitGroup
}

// burnSlice is how long it works before it looks again.
const burnSlice = 200 * time.Microsecond

func burn(each time.Duration) *burner {
	room := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(room + 1) // so that it takes its time from all, and not from the clients alone
	b := &burner{each: each, room: room, stop: make(chan struct{})}
	b.work.Go(func() {
		runtime.LockOSThread() // whose time is looked at
		defer runtime.UnlockOSThread()
		for {
			select {
			case <-b.stop:
				return
			default:
			}
			if b.owed.Load() <= 0 {
				time.Sleep(burnSlice)
				continue
			}
			begun, err := ownThreadCPU()
			for now := begun; err == nil && now-begun < burnSlice; now, err = ownThreadCPU() {
			}
			b.owed.Add(-int64(burnSlice))
		}
	})
	return b
}

func (b *burner) step() { b.owed.Add(int64(b.each)) }

func (b *burner) end() {
	close(b.stop)
	b.work.Wait()
	runtime.GOMAXPROCS(b.room)
}

// ownThreadCPU is the processor time of the thread that asks: what waits for a processor does not count.
func ownThreadCPU() (time.Duration, error) {
	const thread = 1 // RUSAGE_THREAD
	var used syscall.Rusage
	err := syscall.Getrusage(thread, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), err
}
