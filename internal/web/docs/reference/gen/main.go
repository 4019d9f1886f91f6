// Command gen compiles what the reference is made of: where in Stripe's document each operation and each shape stands,
// our overlay as JSON, and what the official libraries call each operation. No text of Stripe's is written: the document
// is in its own module, and pages read from there. With -check it only says whether the files are what it would write.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/stripe/stripe-mock/embedded"
)

func main() {
	check := flag.Bool("check", false, "fail if the files are not up to date")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	files, err := compile()
	if err != nil {
		return err
	}
	var stale []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !check {
			if err := os.WriteFile(name, files[name], 0o644); err != nil {
				return err
			}
			continue
		}
		old, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(old, files[name]) {
			stale = append(stale, errors.New(name+" is not up to date: run make generate"))
		}
	}
	return errors.Join(stale...)
}

// compile makes the files, by name.
func compile() (map[string][]byte, error) {
	operations, components, err := index(embedded.OpenAPISpec)
	if err != nil {
		return nil, fmt.Errorf("the document: %w", err)
	}
	overlay, err := readOverlay("../../../spec")
	if err != nil {
		return nil, err
	}
	text, err := overlay.json()
	if err != nil {
		return nil, err
	}
	table, err := writeIndex(operations, components)
	if err != nil {
		return nil, err
	}
	found, err := ruleErrors("../../../billing")
	if err != nil {
		return nil, err
	}
	codes, err := writeErrors(found)
	if err != nil {
		return nil, err
	}
	files, err := goCalls()
	if err != nil {
		return nil, err
	}
	maps.Copy(files, map[string][]byte{"index_gen.go": table, "overlay.json": text, "errors_gen.go": codes})
	return files, nil
}
