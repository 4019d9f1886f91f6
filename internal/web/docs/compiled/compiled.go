// Package compiled holds the documentation as it is served: the Markdown of ../content turned into HTML, with coloured
// samples and recorded answers, by ../gen. So the binary has neither a Markdown parser nor the grammars of five languages,
// which would cost 7 ms of each start.
package compiled

import (
	_ "embed"
	"encoding/json"
	"path"
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
	Method, Path         string   // of the operation that the samples call; empty for none
	Prints               string   `json:",omitempty"` // what the output of each sample has in it
	Headers              []string `json:",omitempty"` // of the answer that are shown
	Also                 []string `json:",omitempty"` // what it is searched for as, beside its title
	Wide                 bool     `json:",omitempty"` // its tables need more room than its samples
	Body                 string   // HTML
	Samples              []Sample
	Status               string `json:",omitempty"` // of the recorded answer
	Answer               string `json:",omitempty"` // HTML
	Markdown             string // the whole page
}

// Sample is a program in one language: curl, node, go, python or ruby.
type Sample struct{ Lang, HTML, Text string }

//go:embed docs.json
var docs []byte

// Load reads the pages.
func Load() (*Docs, error) {
	var d Docs
	if err := json.Unmarshal(docs, &d); err != nil {
		return nil, err
	}
	return &d, nil
}

// AnswerFile is where the answer to a page's sample is recorded.
func AnswerFile(slug string) string {
	return strings.ReplaceAll(path.Base(slug), "_", "-") + ".http"
}
