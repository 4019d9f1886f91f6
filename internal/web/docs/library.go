package docs

import (
	"fmt"
	"html/template"
	"net/url"
	"sync"

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

// section is one page as it is shown. What is on it is read when somebody opens it.
type section struct {
	Slug, Title, Summary string
	Method, Operation    string
	Wide                 bool
	Path                 string
	Previous, Next       *section
	Headings             []compiled.Heading // where there is more than one
	Passed               string             // when its samples and steps last passed; empty if it has none
	content
	read func() error
}

// content is what is on a page.
type content struct {
	Body     template.HTML
	Samples  []sample
	Status   string
	Answer   template.HTML
	Markdown string
	Try      string // the form for the call of its samples; empty for none
}

type sample struct {
	Lang, Name string
	HTML       template.HTML
}

// names are what languages are called.
var names = map[string]string{"curl": "curl", "cli": "CLI", "node": "Node", "go": "Go", "python": "Python", "ruby": "Ruby"}

// load reads the pages of a server at an address.
func (l *library) load(baseURL string) error {
	d, err := compiled.Load()
	if err != nil {
		return fmt.Errorf("the documentation: %w", err)
	}
	u, err := url.Parse(baseURL)
	if err != nil {
		return fmt.Errorf("the documentation: %w", err)
	}
	at := hereAt(u)
	l.byPath = map[string]*section{}
	for _, g := range d.Groups {
		shown := group{Title: g.Title}
		for i := range g.Pages {
			shown.Pages = append(shown.Pages, l.add(&g.Pages[i], d.Passed, at))
		}
		l.order = append(l.order, shown.Pages...)
		l.groups = append(l.groups, shown)
	}
	for i := range d.Errors {
		l.codes = append(l.codes, l.add(&d.Errors[i], d.Passed, at))
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

func (l *library) add(p *compiled.Page, passed string, at here) *section {
	s := &section{Slug: p.Slug, Title: p.Title, Summary: p.Summary, Method: p.Method, Operation: p.Path, Wide: p.Wide, Path: Prefix}
	if p.Slug != "index" {
		s.Path += "/" + p.Slug
	}
	if p.Runs {
		s.Passed = passed
	}
	if len(p.Headings) > 1 {
		s.Headings = p.Headings
	}
	s.read = sync.OnceValue(func() error {
		err := p.Read()
		s.content = contentOf(&p.Content, at)
		return err
	})
	l.byPath[s.Path] = s
	return s
}

// contentOf is what is on a page of a server.
func contentOf(c *compiled.Content, at here) content {
	trusted := func(html string) template.HTML {
		return template.HTML(at.Replace(html)) //nolint:gosec // it is compiled from our own text
	}
	shown := content{Body: trusted(c.Body), Status: c.Status, Answer: trusted(c.Answer), Markdown: at.Replace(c.Markdown), Try: tryLink(c.Samples)}
	for _, s := range c.Samples {
		shown.Samples = append(shown.Samples, sample{s.Lang, names[s.Lang], trusted(s.HTML)})
	}
	return shown
}

// bySlug finds a section by its name; nil if there is none.
func (l *library) bySlug(slug string) *section {
	if slug == "index" {
		return l.byPath[Prefix]
	}
	return l.byPath[Prefix+"/"+slug]
}
