package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"sharesmart/internal/web/docs/compiled"
)

// changes is where the changelog is, in the form of keepachangelog.com.
const changes = "../../../CHANGELOG.md"

// release is the heading of one that is out: "## 0.1.0 - 2026-11-30".
var release = regexp.MustCompile(`(?m)^## (\S+) - (\d{4}-\d\d-\d\d)$`)

// changelog makes the changelog's page, and of each release an entry of its feed, the newest first.
func changelog(d *compiled.Docs) error {
	data, err := os.ReadFile(changes)
	if err != nil {
		return err
	}
	_, text, _ := strings.Cut(string(data), "\n## ")
	text = "## " + text
	p, err := page("content", "changelog", "---\ntitle: Changelog\nsummary: What is new, and what has changed.\n---\n"+text)
	if err != nil {
		return fmt.Errorf("%s: %w", changes, err)
	}
	d.Groups = append(d.Groups, compiled.Group{Title: "Changes", Pages: []compiled.Page{*p}})
	found := release.FindAllStringSubmatchIndex(text, -1)
	for i, at := range found {
		end := len(text)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		if _, err := time.Parse(time.DateOnly, text[at[4]:at[5]]); err != nil {
			return fmt.Errorf("%s: %w", changes, err)
		}
		html, err := render(text[at[1]:end])
		if err != nil {
			return err
		}
		d.Releases = append(d.Releases, compiled.Release{Version: text[at[2]:at[3]], Date: text[at[4]:at[5]], HTML: html})
	}
	return nil
}

func render(text string) (string, error) {
	var out strings.Builder
	err := markdown.Convert([]byte(text), &out)
	return out.String(), err
}
