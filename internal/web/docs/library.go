package docs

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"sharesmart/internal/web/docs/compiled"
)

// library is all that can be read, by its address.
type library struct {
	groups []group
	codes  []*section
	order  []*section // as one reads it
	byPath map[string]*section
	// releases are the entries of the changelog's feed.
	releases []compiled.Release
}

type group struct {
	Title string
	Pages []*section
}

// section is one page as it is shown.
type section struct {
	Slug, Title, Summary string
	Method, Operation    string
	Wide                 bool
	Also                 []string
	Body                 template.HTML
	Samples              []sample
	Status               string
	Answer               template.HTML
	Markdown             string
	Path                 string
	Previous, Next       *section
	Headings             []heading // where there is more than one
	Try                  string    // the form for the call of its samples; empty for none
	Passed               string    // when its samples and steps last passed; empty if it has none
}

// heading is a part of a section that can be led to.
type heading struct{ ID, Title string }

type sample struct {
	Lang, Name string
	HTML       template.HTML
}

// names are what languages are called.
var names = map[string]string{"curl": "curl", "cli": "CLI", "node": "Node", "go": "Go", "python": "Python", "ruby": "Ruby"}

// load reads the pages and puts in where the server is, so that samples work as they are printed.
func (l *library) load(baseURL string) error {
	d, err := compiled.Load()
	if err != nil {
		return fmt.Errorf("the documentation: %w", err)
	}
	u, err := url.Parse(baseURL)
	if err != nil {
		return fmt.Errorf("the documentation: %w", err)
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	here := strings.NewReplacer("localhost:8443", u.Host, "localhost", u.Hostname(), "8443", port)
	l.byPath = map[string]*section{}
	for _, g := range d.Groups {
		shown := group{Title: g.Title}
		for i := range g.Pages {
			shown.Pages = append(shown.Pages, l.add(&g.Pages[i], d.Passed, here))
		}
		l.order = append(l.order, shown.Pages...)
		l.groups = append(l.groups, shown)
	}
	for i := range d.Errors {
		l.codes = append(l.codes, l.add(&d.Errors[i], d.Passed, here))
	}
	l.releases = d.Releases
	chain(l.order)
	chain(l.codes)
	return nil
}

// chain lets each section lead to those around it.
func chain(sections []*section) {
	for i, s := range sections[1:] {
		s.Previous, sections[i].Next = sections[i], s
	}
}

func (l *library) add(p *compiled.Page, passed string, here *strings.Replacer) *section {
	trusted := func(html string) template.HTML {
		return template.HTML(here.Replace(html)) //nolint:gosec // it is compiled from our own text
	}
	s := &section{
		Slug: p.Slug, Title: p.Title, Summary: p.Summary, Method: p.Method, Operation: p.Path, Wide: p.Wide, Also: p.Also, Body: trusted(p.Body),
		Status: p.Status, Answer: trusted(p.Answer), Markdown: here.Replace(p.Markdown), Path: Prefix,
	}
	if p.Slug != "index" {
		s.Path += "/" + p.Slug
	}
	s.Try = tryLink(p)
	if len(p.Samples) > 0 || strings.Contains(p.Markdown, "```sh\n") {
		s.Passed = passed
	}
	if found := headings.FindAllStringSubmatch(p.Body, -1); len(found) > 1 {
		for _, h := range found {
			s.Headings = append(s.Headings, heading{h[1], untagged(h[2])})
		}
	}
	for _, c := range p.Samples {
		s.Samples = append(s.Samples, sample{c.Lang, names[c.Lang], trusted(c.HTML)})
	}
	l.byPath[s.Path] = s
	return s
}

// bySlug finds a section by its name; nil if there is none.
func (l *library) bySlug(slug string) *section {
	if slug == "index" {
		return l.byPath[Prefix]
	}
	return l.byPath[Prefix+"/"+slug]
}
