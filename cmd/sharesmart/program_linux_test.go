package main

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestReadPart(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]filePart{
		"00400000-01b85000 r-xp 00000000 fe:00 1234                       /usr/bin/share smart":            code,
		"01b85000-03b95000 r--p 01785000 fe:00 1234                       /usr/bin/share smart":            constants,
		"03b95000-04880000 rw-p 03795000 fe:00 1234                       /usr/bin/share smart":            noPart,
		"7f0000000000-7f0000001000 r--s 00000000 fe:00 99                 /data/share smart.db":            shared,
		"7f0000000000-7f0000001000 rw-s 00000000 fe:00 99                 /data/share smart.db-shm":        noPart,
		"7f0000000000-7f0000001000 r-xp 00000000 fe:00 99                 /lib/x86_64-linux-gnu/libc.so.6": noPart,
		"7ffc0000-7ffd0000 r-xp 00000000 00:00 0                          [vdso]":                          noPart,
		"7f0000000000-7f0000001000 r--p 00000000 00:00 0 ":                                                 noPart,
	} {
		start, size, part := readPart(line, "/usr/bin/share smart")
		if part != want {
			t.Errorf("%s: %d, want %d", line, part, want)
		}
		if part != noPart && (start == 0 || size == 0 || start%4096 != 0 || size%4096 != 0) {
			t.Errorf("%s: %x and %x", line, start, size)
		}
	}
}

// TestForgetFiles does not run beside others: they would bring pages back.
func TestForgetFiles(t *testing.T) {
	before := residentFile(t)
	if err := forgetFiles(); err != nil {
		t.Fatal(err)
	}
	if after := residentFile(t); after > before*3/4 {
		t.Errorf("%d kB of files were resident, and %d are", before, after)
	}
}

// residentFile is what of files is in the resident set, in kB.
func residentFile(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "RssFile:")
	size, _, _ := strings.Cut(rest, "kB")
	n, err := strconv.Atoi(strings.TrimSpace(size))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
