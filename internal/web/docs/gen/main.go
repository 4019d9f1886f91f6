// Command gen compiles the documentation: Markdown, the answers that were recorded, and what is known of error codes
// become the pages of ../compiled. With -check it only says whether those are what it would write.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sharesmart/internal/web/docs/compiled"

	"gopkg.in/yaml.v3"
)

const target = "compiled/docs.json"

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
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(d); err != nil {
		return err
	}
	if !check {
		return os.WriteFile(target, text.Bytes(), 0o644)
	}
	old, err := os.ReadFile(target)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, text.Bytes()) {
		return errors.New(target + " is not up to date: run make generate")
	}
	return nil
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
