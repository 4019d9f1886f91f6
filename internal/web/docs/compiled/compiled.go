// Package compiled holds the documentation as it is served: the Markdown of ../content turned into HTML, with coloured
// samples and recorded answers, by ../gen. So the binary has neither a Markdown parser nor the grammars of five languages,
// which would cost 7 ms of each start.
package compiled

import (
	"embed"
	"encoding/json"
	"iter"
	"path"
	"slices"
	"strings"
)

// Docs are all pages.
type Docs struct {
	Groups []Group
	Errors []Page // a page for each error code, sorted by code
	// Passed is the day on which all samples and steps were last run.
	Passed string
	// Releases are the entries of the changelog's feed, the newest first.
	Releases []Release
}

// Pages are all pages: those of the groups, and those of the error codes.
func (d *Docs) Pages() iter.Seq[*Page] {
	return func(yield func(*Page) bool) {
		for _, g := range append(slices.Clone(d.Groups), Group{Pages: d.Errors}) {
			for i := range g.Pages {
				if !yield(&g.Pages[i]) {
					return
				}
			}
		}
	}
}

// Release is what is new in one.
type Release struct{ Version, Date, HTML string }

// Group is a part of the contents.
type Group struct {
	Title string
	Pages []Page
}

// Page is one address below /docs. HTML and text name the server as localhost and 8443, which is replaced by where it is.
type Page struct {
	Slug, Title, Summary string
	Method, Path         string    // of the operation that the samples call; empty for none
	Headers              []string  `json:",omitempty"` // of the answer that are shown
	Also                 []string  `json:",omitempty"` // what it is searched for as, beside its title
	Wide                 bool      `json:",omitempty"` // its tables need more room than its samples
	Headings             []Heading `json:",omitempty"`
	Terms                []string  `json:",omitempty"` // the names that it explains, each at its own anchor
	Runs                 bool      `json:",omitempty"` // whether it has samples or steps, which are run
	Content              `json:"-"`
}

// Heading is a part of a page that can be led to.
type Heading struct{ ID, Title string }

// Content is what is on a page. It has a file of its own, which is read when somebody opens the page.
type Content struct {
	Body     string // HTML
	Samples  []Sample
	Status   string `json:",omitempty"` // of the recorded answer
	Answer   string `json:",omitempty"` // HTML
	Markdown string // the whole page
}

// Sample is a program in one language: curl, node, go, python or ruby. Prints is what its output has in it.
type Sample struct{ Lang, HTML, Text, Prints string }

//go:embed docs.json pages
var files embed.FS

// ContentsFile is the file with all but what is on the pages.
const ContentsFile = "docs.json"

// File is where what is on the page stands.
func (p *Page) File() string { return "pages/" + p.Slug + ".json" }

// Load reads all but what is on the pages.
func Load() (*Docs, error) {
	var d Docs
	return &d, read(ContentsFile, &d)
}

// Read reads what is on the page.
func (p *Page) Read() error { return read(p.File(), &p.Content) }

func read(name string, into any) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// AnswerFile is where the answer to a page's sample is recorded.
func AnswerFile(slug string) string {
	return strings.ReplaceAll(path.Base(slug), "_", "-") + ".http"
}
