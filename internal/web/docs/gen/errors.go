package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sharesmart/internal/web/docs/compiled"

	"gopkg.in/yaml.v3"
)

// known is what is written of one error code. Try is a sample that makes the server answer it, and Steps does so in a shell
// where more than the API is needed. Here says what happens there, or why it cannot be seen.
type known struct{ Code, Means, Why, Fix, Here, Try, Steps string }

// errorPages makes a page for each code that errors.yaml explains. They are sorted there.
func errorPages(dir string) ([]compiled.Page, error) {
	f, err := os.Open(filepath.Join(dir, "errors.yaml"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	dec := yaml.NewDecoder(f)
	dec.KnownFields(true)
	var all []known
	if err := dec.Decode(&all); err != nil {
		return nil, fmt.Errorf("errors.yaml: %w", err)
	}
	pages := make([]compiled.Page, len(all))
	for i, k := range all {
		if i > 0 && k.Code <= all[i-1].Code {
			return nil, fmt.Errorf("errors.yaml: %s stands behind %s", k.Code, all[i-1].Code)
		}
		if k.Means == "" || k.Why == "" || k.Fix == "" || k.Try+k.Steps+k.Here == "" {
			return nil, fmt.Errorf("errors.yaml: %s lacks means, why or fix, or how it is seen", k.Code)
		}
		p, err := page(dir, "errors/"+k.Code, k.markdown())
		if err != nil {
			return nil, fmt.Errorf("errors.yaml: %s: %w", k.Code, err)
		}
		pages[i] = *p
	}
	return pages, nil
}

// markdown is the page of a code.
func (k known) markdown() string {
	var b strings.Builder
	summary, _ := yaml.Marshal(k.Means)
	fmt.Fprintf(&b, "---\ntitle: %s\nsummary: %s", k.Code, summary)
	if k.Try != "" {
		fmt.Fprintf(&b, "prints: '\"%s\"'\n", k.Code)
	}
	if k.Here == "" {
		k.Here = "The sample makes this server answer it."
	}
	fmt.Fprintf(&b, "---\n%s\n\n## Why it happens\n\n%s\n\n## How to fix it\n\n%s\n\n## See it here\n\n%s\n", k.Means, k.Why, k.Fix, k.Here)
	if k.Try != "" {
		fmt.Fprintf(&b, "\n```curl\n%s\n```\n", strings.TrimSpace(k.Try))
	}
	if k.Steps != "" {
		fmt.Fprintf(&b, "\n```sh\n%s\n```\n", strings.TrimSpace(k.Steps))
	}
	return b.String()
}
