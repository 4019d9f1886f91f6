package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// tryLock takes the whole file for this process. The lock ends with the process, however that ends.
func tryLock(f *os.File) error {
	const exclusiveOrFail = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(f.Fd()), exclusiveOrFail, 0, 1, 0, &windows.Overlapped{})
}

// release leaves it to the file's end.
func release(*os.File) {}
