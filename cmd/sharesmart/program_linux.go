package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// forgetFiles takes out of the resident set what of files is mapped and only read: the program's own code and constants, of
// which a start touches most pages once, libraries' tables above all, and what was read of databases. What is needed again
// comes back from the file system's cache, 64 KiB in a microsecond.
func forgetFiles() error {
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
		start, size, part := readPart(lines.Text(), path)
		if part == noPart {
			continue
		}
		advice := []uintptr{syscall.MADV_DONTNEED}
		if part == constants { // 2 MB of constants at once are mostly such that nobody needs; of code they are worth it
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

// filePart is what a mapping is of.
type filePart int

const (
	noPart filePart = iota // that could be dropped
	code
	constants
	shared
)

// readPart reads a line of /proc/PID/maps, as 00400000-01b85000 r-xp 00000000 fe:00 1234 /usr/bin/sharesmart. It is a part
// of the program at path, or of a file that is shared, if it cannot be written, so that nothing is lost if its pages are
// dropped.
func readPart(line, path string) (start, size uintptr, part filePart) {
	rest, own := strings.CutSuffix(line, " "+path)
	f := strings.Fields(rest)
	switch {
	case len(f) < 2 || len(f[1]) < 4 || f[1][:2] != "r-":
		return 0, 0, noPart
	case f[1][3] == 's':
		part = shared
	case !own:
		return 0, 0, noPart
	case f[1][2] == 'x':
		part = code
	default:
		part = constants
	}
	from, to, _ := strings.Cut(f[0], "-")
	a, err := strconv.ParseUint(from, 16, 64)
	b, err2 := strconv.ParseUint(to, 16, 64)
	if err != nil || err2 != nil || b <= a {
		return 0, 0, noPart
	}
	return uintptr(a), uintptr(b - a), part
}
