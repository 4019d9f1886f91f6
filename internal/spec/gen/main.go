// Command gen compiles Stripe's OpenAPI document and our overlay into the static tables of package spec.
//
// It is run by go generate in internal/spec. With -check it writes nothing and exits with 1 when the files on disk
// are not what it would write. It is the only program that imports the document: the server links the tables alone.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/stripe/stripe-mock/embedded"
)

func main() {
	check := flag.Bool("check", false, "compare with the files on disk instead of writing them")
	dir := flag.String("dir", ".", "directory of package spec")
	flag.Parse()
	if err := run(embedded.OpenAPISpec, embedded.OpenAPIFixtures, *dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run writes the files, or compares them.
func run(spec, fixtures []byte, dir string, check bool) error {
	overlays, err := readOverlays(dir)
	if err != nil {
		return err
	}
	files, err := generate(spec, fixtures, overlays...)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, name)
		if !check {
			if err := os.WriteFile(path, files[name], 0o644); err != nil {
				return err
			}
			continue
		}
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !bytes.Equal(old, files[name]) {
			return fmt.Errorf("%s is out of date: run go generate ./internal/spec", path)
		}
	}
	return nil
}

// readOverlays reads overlay.yaml, and then the parts that have files of their own.
func readOverlays(dir string) ([][]byte, error) {
	parts, err := filepath.Glob(filepath.Join(dir, "overlay_*.yaml"))
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for _, path := range append([]string{filepath.Join(dir, "overlay.yaml")}, parts...) {
		overlay, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		all = append(all, overlay)
	}
	return all, nil
}

// generate makes the files, by name. Equal input gives equal bytes.
func generate(spec, fixtures []byte, overlays ...[]byte) (map[string][]byte, error) {
	src, err := readSources(spec, fixtures, overlays...)
	if err != nil {
		return nil, err
	}
	t, err := newTable(src.components)
	if err != nil {
		return nil, err
	}
	ops, err := readOperations(src, t)
	if err != nil {
		return nil, err
	}
	if err := classify(ops, src.components); err != nil {
		return nil, err
	}
	rt, err := buildRoutes(ops)
	if err != nil {
		return nil, err
	}
	if n := max(len(t.links), len(ops), len(rt.nodes)); n >= math.MaxUint16 {
		return nil, fmt.Errorf("%d entries in a table that counts with 16 bits", n)
	}
	return emit(src, t, ops, rt)
}
