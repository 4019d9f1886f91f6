// Command gen compiles the index of the documentation's search: its pages, every operation, parameter and attribute of the
// reference, error codes, events, test cards and test bank accounts. With -check it only says whether that is what it would
// write.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"sharesmart/internal/web/docs/search"
)

const target = "index.bin"

func main() {
	check := flag.Bool("check", false, "fail if the index is not up to date")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	l, err := newLibrary()
	if err != nil {
		return err
	}
	text := search.Compile(l.entries())
	if !check {
		return os.WriteFile(target, []byte(text), 0o644)
	}
	old, err := os.ReadFile(target)
	if err != nil {
		return err
	}
	if string(old) != text {
		return errors.New(target + " is not up to date: run make generate")
	}
	return nil
}
