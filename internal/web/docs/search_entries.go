package docs

import (
	"html"
	"regexp"
	"strings"

	"sharesmart/internal/processor"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/search"
)

// The groups of what can be found, as they are called on the page.
const (
	groupGoTo       = "Go to"
	groupPages      = "Pages"
	groupResources  = "Resources"
	groupEndpoints  = "Endpoints"
	groupParameters = "Parameters"
	groupAttributes = "Attributes"
	groupCodes      = "Error codes"
	groupEvents     = "Events"
	groupCards      = "Test cards"
)

// weights say what is meant when several things have the same name.
var weights = map[string]int{
	groupPages: 95, groupResources: 90, groupCodes: 85, groupEvents: 80, groupCards: 80, groupEndpoints: 75, groupParameters: 40, groupAttributes: 30,
}

// entries are all that can be found.
func (p *Pages) entries() []search.Entry {
	var out []search.Entry
	for _, s := range p.order {
		out = append(out, pageEntries(s)...)
	}
	for _, s := range p.codes {
		out = append(out, search.Entry{Group: groupCodes, Title: s.Title, Text: s.Summary, Path: s.Path, Words: s.Markdown, Weight: weights[groupCodes]})
	}
	f := fieldEntries{catalog: p.catalog()}
	for _, r := range f.catalog.Resources() {
		f.resource(r)
	}
	out = append(out, f.out...)
	return append(append(out, p.eventEntries()...), p.cardEntries()...)
}

var (
	headings = regexp.MustCompile(`<h2 id="([^"]+)">(.*?)</h2>`)
	terms    = regexp.MustCompile(`<dt[^>]*>(.*?)</dt>`)
	tags     = regexp.MustCompile(`<[^>]*>`)
)

// pageEntries are a page, its headings, and the terms that it explains.
func pageEntries(s *section) []search.Entry {
	out := []search.Entry{{Group: groupPages, Title: s.Title, Text: s.Summary, Path: s.Path, Keys: []string{s.Slug}, Words: s.Markdown, Weight: weights[groupPages]}}
	for _, h := range headings.FindAllStringSubmatch(string(s.Body), -1) {
		out = append(out, search.Entry{Group: groupPages, Title: untagged(h[2]), Text: s.Title, Path: s.Path + "#" + h[1], Weight: weights[groupPages] - 10})
	}
	for _, dt := range terms.FindAllStringSubmatch(string(s.Body), -1) {
		out = append(out, search.Entry{Group: groupPages, Title: untagged(dt[1]), Text: s.Title, Path: s.Path, Weight: weights[groupPages] - 10})
	}
	return out
}

// untagged is markup without its tags.
func untagged(markup string) string { return html.UnescapeString(tags.ReplaceAllString(markup, "")) }

// eventEntries are the types of events. They lead to the object that they are about.
func (p *Pages) eventEntries() (out []search.Entry) {
	for _, kind := range spec.EventTypes() {
		e := search.Entry{Group: groupEvents, Title: kind, Text: "Event", Path: reference.Prefix + "/events#object", Weight: weights[groupEvents]}
		if r := p.subject(kind); r != nil {
			e.Text, e.Path = "Event about "+strings.ToLower(r.Title), r.Address()+"#object"
		}
		out = append(out, e)
	}
	return out
}

// subject is the page of what events of a type are about: customer.subscription.updated is about a subscription. It is nil
// if there is none.
func (p *Pages) subject(eventType string) *reference.Resource {
	about := eventType
	for strings.Contains(about, ".") {
		about = about[:strings.LastIndexByte(about, '.')]
		for _, kind := range []string{about, about[strings.LastIndexByte(about, '.')+1:], strings.Replace(about, "_", ".", 1)} {
			if r := p.catalog().ByKind(kind); r != nil {
				return r
			}
		}
	}
	return nil
}

// brandNames are how networks write themselves.
var brandNames = map[string]string{
	"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay",
}

// cardEntries are the test cards. One that is refused leads to the code of the error.
func (p *Pages) cardEntries() (out []search.Entry) {
	for _, c := range processor.TestCards() {
		e := search.Entry{Group: groupCards, Title: c.Grouped(), Text: brandNames[c.Brand] + " " + c.Funding + " card, " + c.Country, Keys: []string{c.Number}, Weight: weights[groupCards]}
		for _, name := range c.Tokens {
			e.Keys = append(e.Keys, "pm_card_"+name, "tok_"+name)
			e.Words += " " + apart(name)
		}
		e.Path = reference.Prefix + "/payment_methods#create"
		if s := p.bySlug("testing"); s != nil {
			e.Path = s.Path
		}
		switch d := c.Decline; {
		case d != nil:
			e.Text += ": " + d.Message
			e.Words += " decline declined " + d.Code + " " + d.DeclineCode
			if d.DeclineCode != "" {
				e.Text += " (" + d.DeclineCode + ")"
			}
			if s := p.bySlug("errors/" + d.Code); s != nil {
				e.Path = s.Path
			}
		case len(c.Tokens) > 0 && !strings.HasPrefix(strings.ToLower(c.Tokens[0]), strings.ToLower(c.Brand)):
			e.Text += ": pm_card_" + c.Tokens[0]
		}
		out = append(out, e)
	}
	return out
}

var capitals = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// apart writes a name in several words: threeDSecure2Required is "three DSecure2 Required".
func apart(name string) string { return capitals.ReplaceAllString(name, "$1 $2") }
