// Command gen compiles the documentation: Markdown, the answers that were recorded, and what is known of error codes
// become the pages of ../compiled. With -check it only says whether those are what it would write.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sharesmart/internal/web/docs/compiled"

	"gopkg.in/yaml.v3"
)

const dir = "compiled"

func main() {
	check := flag.Bool("check", false, "fail if the pages are not up to date")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	d, err := compile("content")
	if err != nil {
		return err
	}
	files, err := written(d)
	if err != nil {
		return err
	}
	if check {
		return compare(files)
	}
	if err := os.RemoveAll(filepath.Join(dir, "pages")); err != nil { // among them may be some of pages that are no more
		return err
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// written are the files of the documentation, by name.
func written(d *compiled.Docs) (files map[string][]byte, err error) {
	files = map[string][]byte{}
	add := func(name string, content any) {
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		err = errors.Join(err, enc.Encode(content))
		files[filepath.Join(dir, name)] = text.Bytes()
	}
	add(compiled.ContentsFile, d)
	for p := range d.Pages() {
		add(p.File(), p.Content)
	}
	return files, err
}

// compare says which files are not what they should be.
func compare(files map[string][]byte) (stale error) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if old, err := os.ReadFile(name); err != nil || !bytes.Equal(old, files[name]) {
			stale = errors.Join(stale, errors.New(name+" is not up to date: run make generate"))
		}
	}
	there, err := filepath.Glob(filepath.Join(dir, "pages", "*", "*"))
	more, _ := filepath.Glob(filepath.Join(dir, "pages", "*.json")) // the form of a pattern is all that it minds
	for _, name := range append(there, more...) {
		if files[name] == nil {
			stale = errors.Join(stale, errors.New(name+" is of no page: run make generate"))
		}
	}
	return errors.Join(stale, err)
}

// compile reads all that a directory has.
func compile(dir string) (*compiled.Docs, error) {
	data, err := os.ReadFile(filepath.Join(dir, "contents.yaml"))
	if err != nil {
		return nil, err
	}
	var contents []struct {
		Title string
		Pages []string
	}
	if err := yaml.Unmarshal(data, &contents); err != nil {
		return nil, fmt.Errorf("contents.yaml: %w", err)
	}
	d := &compiled.Docs{}
	for _, group := range contents {
		g := compiled.Group{Title: group.Title}
		for _, slug := range group.Pages {
			text, err := os.ReadFile(filepath.Join(dir, slug+".md"))
			if err != nil {
				return nil, err
			}
			p, err := page(dir, slug, string(text))
			if err != nil {
				return nil, fmt.Errorf("%s.md: %w", slug, err)
			}
			g.Pages = append(g.Pages, *p)
		}
		d.Groups = append(d.Groups, g)
	}
	if d.Errors, err = errorPages(dir); err != nil {
		return nil, err
	}
	passed, err := os.ReadFile(filepath.Join(dir, "passed.txt"))
	if err != nil {
		return nil, err
	}
	d.Passed = strings.TrimSpace(string(passed))
	return d, changelog(d)
}
