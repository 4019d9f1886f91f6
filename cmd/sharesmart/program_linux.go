package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// forgetProgram takes the program's own code and constants out of the resident set. A start touches most of their pages
// once, libraries' tables above all. What is needed again comes back from the file system's cache, 64 KiB in a microsecond.
func forgetProgram() error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return err
	}
	defer func() { _ = maps.Close() }()
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		start, size, code, ok := constantPart(lines.Text(), path)
		if !ok {
			continue
		}
		advice := []uintptr{syscall.MADV_DONTNEED}
		if !code { // 2 MB of constants at once are mostly such that nobody needs; of code they are worth it
			advice = append(advice, syscall.MADV_NOHUGEPAGE)
		}
		for _, a := range advice {
			if _, _, e := syscall.Syscall(syscall.SYS_MADVISE, start, size, a); e != 0 {
				return fmt.Errorf("madvise: %w", e)
			}
		}
	}
	return lines.Err()
}

// constantPart reads a line of /proc/PID/maps, as 00400000-01b85000 r-xp 00000000 fe:00 1234 /usr/bin/sharesmart. It is
// ok if that part is of the file at path and cannot be written, so that nothing is lost if its pages are dropped.
func constantPart(line, path string) (start, size uintptr, code, ok bool) {
	rest, named := strings.CutSuffix(line, " "+path)
	f := strings.Fields(rest)
	if !named || len(f) < 2 || len(f[1]) < 3 || f[1][:2] != "r-" {
		return 0, 0, false, false
	}
	from, to, _ := strings.Cut(f[0], "-")
	a, err := strconv.ParseUint(from, 16, 64)
	b, err2 := strconv.ParseUint(to, 16, 64)
	return uintptr(a), uintptr(b - a), f[1][2] == 'x', err == nil && err2 == nil && b > a
}
