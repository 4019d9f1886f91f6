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
