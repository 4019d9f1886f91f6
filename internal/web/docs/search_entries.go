package docs

import (
	"html"
	"regexp"
	"slices"
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
	groupBanks      = "Test bank accounts"
)

// weights say what is meant when several things have the same name.
var weights = map[string]int{
	groupPages: 95, groupResources: 90, groupCodes: 85, groupEvents: 80, groupCards: 80, groupBanks: 70, groupEndpoints: 75, groupParameters: 40, groupAttributes: 30,
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
	return slices.Concat(out, p.eventEntries(), p.cardEntries(), bankEntries())
}

var (
	headings = regexp.MustCompile(`<h2 id="([^"]+)">(.*?)</h2>`)
	terms    = regexp.MustCompile(`<dt[^>]*>(.*?)</dt>`)
	tags     = regexp.MustCompile(`<[^>]*>`)
)

// pageEntries are a page, its headings, and the terms that it explains.
func pageEntries(s *section) []search.Entry {
	out := []search.Entry{{Group: groupPages, Title: s.Title, Text: s.Summary, Path: s.Path, Keys: append([]string{s.Slug}, s.Also...), Words: s.Markdown, Weight: weights[groupPages]}}
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

// cardEntries are the test cards. One that is refused leads to the code of the error, a card to pay out to is on the page of
// bank accounts.
func (p *Pages) cardEntries() (out []search.Entry) {
	for _, c := range processor.TestCards() {
		e := search.Entry{
			Group: groupCards, Title: c.Grouped(), Text: strings.TrimSpace(brandNames[c.Brand]+" "+c.Funding) + " card, " + c.Country,
			Path: Prefix + "/test-cards", Keys: []string{c.Number}, Weight: weights[groupCards],
		}
		for _, name := range c.Tokens {
			e.Keys = append(e.Keys, "pm_card_"+name, "tok_"+name)
			e.Words += " " + apart(name)
		}
		switch {
		case c.Number == "":
			e.Title, e.Keys = "pm_card_"+c.Tokens[0], e.Keys[1:]
		case c.Table == "payouts":
			e.Path = Prefix + "/test-bank-accounts"
		}
		if len(c.Does) > 0 {
			e.Text += ": " + plain(c.Does)
		}
		if d := c.Decline; d != nil {
			e.Words += " decline " + d.Code + " " + d.DeclineCode + " " + d.Message
			if s := p.bySlug("errors/" + d.Code); s != nil {
				e.Path = s.Path
			}
		}
		out = append(out, e)
	}
	return out
}

// bankEntries are the test bank accounts. The IBANs to pay out to are the same in each country but for its name in front, and
// the page has Germany's.
func bankEntries() (out []search.Entry) {
	for _, t := range processor.TestBanks() {
		if t.Scheme == "payouts" && strings.HasPrefix(t.Number, t.Country) && t.Country != "DE" {
			continue
		}
		e := search.Entry{
			Group: groupBanks, Title: t.Number, Text: strings.ReplaceAll(t.Scheme, "_", " ") + ", " + t.Country + ": " + plain(t.Does), Path: Prefix + "/test-bank-accounts",
			Keys: t.Tokens, Words: "test bank account iban", Weight: weights[groupBanks],
		}
		for _, name := range t.Tokens {
			e.Words += " " + apart(name)
		}
		out = append(out, e)
	}
	return out
}

// plain is what a card or an account does, without the marks of code.
func plain(does []string) string { return strings.ReplaceAll(strings.Join(does, "; "), "`", "") }

var capitals = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// apart writes a name in several words: threeDSecure2Required is "three DSecure2 Required".
func apart(name string) string { return capitals.ReplaceAllString(name, "$1 $2") }
