package main

import (
	"os"
	"regexp"
	"slices"
	"strings"

	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/compiled"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/search"
)

// The groups of what can be found, as they are called on the page.
const (
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

// prefix is what the addresses begin with.
const prefix = "/docs"

// library is all that can be found something in.
type library struct {
	pages   map[string]*compiled.Page // by slug
	order   []*compiled.Page
	catalog *reference.Catalog
}

func newLibrary() (*library, error) {
	d, err := compiled.Load()
	if err != nil {
		return nil, err
	}
	unsupported, err := readLedger()
	if err != nil {
		return nil, err
	}
	l := &library{pages: map[string]*compiled.Page{}, catalog: reference.NewCatalog(func(op *spec.Operation) bool { return !unsupported[op.Method+" "+op.Path] })}
	for p := range d.Pages() {
		if err := p.Read(); err != nil {
			return nil, err
		}
		l.pages[p.Slug], l.order = p, append(l.order, p)
	}
	return l, nil
}

// ledger says of each operation where its answer comes from. A test holds it to what the engine does.
const ledger = "../../../billing/testdata/operations.golden"

// readLedger finds the operations that are not supported, as "POST /v1/climate/orders/{order}/cancel".
func readLedger() (unsupported map[string]bool, err error) {
	text, err := os.ReadFile(ledger)
	if err != nil {
		return nil, err
	}
	unsupported = map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if op, origin, _ := strings.Cut(strings.TrimSpace(line), "\t"); origin == resource.OriginUnsupported {
			unsupported[op] = true
		}
	}
	return unsupported, nil
}

// entries are all that can be found. Those of the reference come first, as they change least.
func (l *library) entries() []search.Entry {
	f := fieldEntries{catalog: l.catalog}
	for _, r := range f.catalog.Resources() {
		f.resource(r)
	}
	out := slices.Concat(f.out, l.eventEntries(), l.cardEntries(), bankEntries())
	for _, p := range l.order {
		out = append(out, pageEntries(p)...)
	}
	return out
}

// pageEntries are a page, its headings, and the terms that it explains; of a code's page itself alone.
func pageEntries(p *compiled.Page) []search.Entry {
	path := addressOf(p)
	if strings.HasPrefix(p.Slug, "errors/") {
		return []search.Entry{{Group: groupCodes, Title: p.Title, Text: p.Summary, Path: path, Words: p.Markdown, Weight: weights[groupCodes]}}
	}
	out := []search.Entry{{Group: groupPages, Title: p.Title, Text: p.Summary, Path: path, Keys: append([]string{p.Slug}, p.Also...), Words: p.Markdown, Weight: weights[groupPages]}}
	for _, h := range p.Headings {
		out = append(out, search.Entry{Group: groupPages, Title: h.Title, Text: p.Title, Path: path + "#" + h.ID, Weight: weights[groupPages] - 10})
	}
	for _, term := range p.Terms {
		out = append(out, search.Entry{Group: groupPages, Title: term, Text: p.Title, Path: path + "#" + term, Weight: weights[groupPages] - 10})
	}
	return out
}

func addressOf(p *compiled.Page) string {
	if p.Slug == "index" {
		return prefix
	}
	return prefix + "/" + p.Slug
}

// eventEntries are the types of events. They lead to the object that they are about.
func (l *library) eventEntries() (out []search.Entry) {
	for _, kind := range spec.EventTypes() {
		e := search.Entry{Group: groupEvents, Title: kind, Text: "Event", Path: reference.Prefix + "/events#object", Weight: weights[groupEvents]}
		if r := l.catalog.Subject(kind); r != nil {
			e.Text, e.Path = "Event about "+strings.ToLower(r.Title), r.Address()+"#object"
		}
		out = append(out, e)
	}
	return out
}

// brandNames are how networks write themselves.
var brandNames = map[string]string{
	"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay",
}

// cardEntries are the test cards. One that is refused leads to the code of the error, a card to pay out to is on the page of
// bank accounts.
func (l *library) cardEntries() (out []search.Entry) {
	for _, c := range processor.TestCards() {
		e := search.Entry{
			Group: groupCards, Title: c.Grouped(), Text: strings.TrimSpace(brandNames[c.Brand]+" "+c.Funding) + " card, " + c.Country,
			Path: prefix + "/test-cards", Keys: []string{c.Number}, Weight: weights[groupCards],
		}
		for _, name := range c.Tokens {
			e.Keys = append(e.Keys, "pm_card_"+name, "tok_"+name)
			e.Words += " " + apart(name)
		}
		switch {
		case c.Number == "":
			e.Title, e.Keys = "pm_card_"+c.Tokens[0], e.Keys[1:]
		case c.Table == "payouts":
			e.Path = prefix + "/test-bank-accounts"
		}
		if len(c.Does) > 0 {
			e.Text += ": " + plain(c.Does)
		}
		if d := c.Decline; d != nil {
			e.Words += " decline " + d.Code + " " + d.DeclineCode + " " + d.Message
			if page := l.pages["errors/"+d.Code]; page != nil {
				e.Path = addressOf(page)
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
			Group: groupBanks, Title: t.Number, Text: strings.ReplaceAll(t.Scheme, "_", " ") + ", " + t.Country + ": " + plain(t.Does), Path: prefix + "/test-bank-accounts",
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
