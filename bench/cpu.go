//go:build linux

package main

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"time"
)

// written is how many bytes a process has handed to the disk.
func (p *process) written() (int64, error) {
	io, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/io")
	if err != nil {
		return 0, err
	}
	_, rest, found := strings.Cut(string(io), "\nwrite_bytes: ")
	if !found {
		return 0, errors.New("the kernel's account of a process does not say what it wrote")
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strconv.ParseInt(line, 10, 64)
}

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
