package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit in which Linux counts processor time.
const tick = 10 * time.Millisecond

// cpu is how long the servers and PostgreSQL have worked, the latter with all of its processes; 0 where there is no /proc.
// It tells what a request costs on a machine that is busy with something else.
func (s *site) cpu() (servers, database time.Duration) {
	for _, cmd := range s.servers {
		own, _, _ := stat(cmd.Process.Pid)
		servers += own
	}
	if s.postmaster == 0 {
		return servers, 0
	}
	own, ended, _ := stat(s.postmaster)
	database = own + ended
	found, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range found {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		if own, _, parent := stat(pid); parent == s.postmaster {
			database += own
		}
	}
	return servers, database
}

// stat reads how long a process has worked, how long those of its children that have ended did, and who its parent is.
func stat(pid int) (own, ended time.Duration, parent int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, 0
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name may have spaces
	fields := strings.Fields(after)
	if len(fields) < 15 {
		return 0, 0, 0
	}
	number := func(i int) int64 {
		n, _ := strconv.ParseInt(fields[i], 10, 64) // the kernel writes numbers
		return n
	}
	return time.Duration(number(11)+number(12)) * tick, time.Duration(number(13)+number(14)) * tick, int(number(1))
}

// postmasterOf is the process that runs the server of a database on a socket of its own.
func postmasterOf(directory string) (int, error) {
	text, err := os.ReadFile(filepath.Join(directory, "data", "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}
