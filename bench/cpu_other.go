//go:build !linux

package main

import (
	"errors"
	"time"
)

// What is measured is compared by processor time as Linux counts it.
var errNotLinux = errors.New("the bench runs on Linux alone")

func ownCPU() (time.Duration, error) { return 0, errNotLinux }

func ownThreadCPU() (time.Duration, error) { return 0, errNotLinux }
