package sqlite

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if where := os.Getenv(crashChild); where != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(where))
		os.Exit(1)
	}
	dir, err := os.MkdirTemp("", "store-bench-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	benchDir = dir
	code := m.Run()
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}
