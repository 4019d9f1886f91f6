//go:build unix

package main

import (
	"os"
	"syscall"
)

// tryLock takes the whole file for this process. The lock ends with the process, however that ends.
func tryLock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// release ends the lock. To close the file is not enough: a process that is just being started has it, too, until its program runs.
func release(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
