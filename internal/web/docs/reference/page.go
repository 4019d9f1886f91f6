package reference

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/spec"
	"sharesmart/internal/version"
)

// Page is what is shown of a resource.
type Page struct {
	*Resource
	Text     template.HTML
	Object   string   // the kind that is described; empty for none
	Fields   []*Field // its attributes
	Sections []*Section
	Example  template.HTML // an object as it was answered
	Changes  []Change      // what versions of the API changed of it, the newest first
}

// Change is what a version of the API changed.
type Change struct {
	Since, Name  string
	Anchor       string // where it stands on the page of all changes
	Newer, Older template.HTML
}

// Section is what is shown of an operation.
type Section struct {
	*Operation
	Text        template.HTML
	Path, Query []*Field // what is in the path, and what is sent with it
	Returns     template.HTML
	Errors      []string // codes that it can answer, beside those that every operation can
	Right       string   // the permission that a restricted key needs
	Kind        string   // of the right
	Level       string   // of the right

	Samples []Sample
	Status  string
	Answer  template.HTML
	answers string // the kind of object that the answer is
	Note    string // what else has to happen for the samples
	Passed  string // when they last passed
}

// Part is what is shown of what is within a field.
type Part struct {
	*Resource
	Heading string   // what the field belongs to
	Trail   []string // the names of the fields that it is in, itself last
	Back    string   // where it is
	Field   *Field
}

// Page makes the page of a resource, its sections side by side. It reads what is on it from the document, which takes a
// millisecond for each hundred kilobytes of that; the largest have two hundred.
func (c *Catalog) Page(r *Resource, here *url.URL) (*Page, error) {
	calls, err := r.Calls()
	if err != nil {
		return nil, err
	}
	p, read := &Page{Resource: r, Object: r.Kind, Sections: make([]*Section, len(r.Operations))}, newReader()
	Each(len(r.Operations)+1, func(i int) {
		if i == 0 {
			p.object(c, read)
			return
		}
		s := c.section(r.Operations[i-1], read)
		if call := calls[s.ID]; call != nil {
			call.URL = strings.TrimSuffix(here.String(), "/")
			s.run(call)
		}
		p.Sections[i-1] = s
	})
	p.Example = p.example()
	return p, nil
}

// object puts in what the resource's object is.
func (p *Page) object(c *Catalog, read *reader) {
	if p.Kind == "" {
		return
	}
	shape := read.component(p.Kind)
	b := &builder{read, c, p.Resource, "object", true}
	p.Text, p.Fields = prose(c, shape.String("description")), b.fields(b.membersOf(shape), nil, 0)
	p.Changes = changes(p.Kind)
}

// example is the first answer that is an object of the resource's kind, and no list of them.
func (p *Page) example() template.HTML {
	for _, s := range p.Sections {
		if s.Answer != "" && p.Kind == s.Operation.Kind && s.answers == p.Kind {
			return s.Answer
		}
	}
	return ""
}

// changes are what versions changed of a kind of object.
func changes(kind string) []Change {
	var all []Change
	for _, g := range version.Of(kind) {
		all = append(all, Change{g.Since, g.Name, strings.ReplaceAll(g.Since, ".", ""), inCode(g.Newer), inCode(g.Older)})
	}
	return all
}

// inCode sets what is between backquotes as code.
func inCode(sentence string) template.HTML {
	parts := strings.Split(template.HTMLEscapeString(sentence), "`")
	for i := 1; i < len(parts); i += 2 {
		parts[i] = "<code>" + parts[i] + "</code>"
	}
	return template.HTML(strings.Join(parts, "")) //nolint:gosec // escaped, but for the tags that are set here
}

func (c *Catalog) section(op *Operation, read *reader) *Section {
	doc := operation(op.ID)
	b := &builder{read, c, op.Resource, op.Slug, false}
	path, query := read.params(doc)
	text := doc.String("description")
	if text == "" {
		text = doc.String("summary")
		text = strings.TrimSuffix(text, ".") + "."
	}
	level := "read"
	if op.Method != "GET" {
		level = "write"
	}
	return &Section{
		Operation: op, Text: prose(c, text), Path: b.fields(path, nil, 0), Query: b.fields(query, nil, 0),
		Returns: c.returns(op), Errors: errorsOf(op), Right: op.Permission(), Kind: op.RightKind(), Level: level,
	}
}

// params are the parameters of an operation: those in its path, and the others, of query and body together.
func (r *reader) params(doc tree) (path, query []member) {
	list := doc.Array("parameters")
	for _, v := range list {
		p := asTree(v)
		m := member{p.String("name"), p.Object("schema"), p.String("description"), p.Bool("required")}
		if p.Get("in") == "path" {
			path = append(path, m)
		} else {
			query = append(query, m)
		}
	}
	if body := bodyOf(doc); body != nil {
		query = append(query, r.membersOf(body)...)
	}
	slices.SortStableFunc(query, func(a, b member) int {
		if a.required != b.required {
			return first(b) - first(a)
		}
		return strings.Compare(a.name, b.name)
	})
	return path, query
}

// returns says what an operation answers.
func (c *Catalog) returns(op *Operation) template.HTML {
	what := "an object"
	if r := c.byKind[op.Kind]; r != nil {
		what = fmt.Sprintf(`<a href="%s#object">%s</a>`, r.Address(), singular(r.Slug))
		if len(op.Kinds) > 1 {
			what += " (or another kind that stands in its place)"
		}
		what = strings.Fields(article(singular(r.Slug)))[0] + " " + what
	}
	switch {
	case op.Response() == nil && op.Class == spec.Download:
		what = "The bytes of the file."
	case op.Form == spec.List && op.JSON():
		what = "A page whose <code>data</code> has up to <code>limit</code> objects, each " + what + ". <code>next_page_url</code> and <code>previous_page_url</code> are where those beside it are, or null."
	case op.Form == spec.List || op.Form == spec.SubList || op.Form == spec.Search:
		what = "A list whose <code>data</code> has up to <code>limit</code> objects, each " + what + ". <code>has_more</code> says whether there are more: see <a href=\"/docs/pagination\">Pagination</a>."
	case strings.HasPrefix(responseName(op), "deleted_"):
		what = "The <code>id</code> of what was deleted, with <code>deleted: true</code>."
	default:
		what = capital(what) + "."
	}
	return template.HTML(what) //nolint:gosec // made of our own words and of names from paths
}

// errorsOf are the codes of errors that an operation can answer, beside those that any can.
func errorsOf(op *Operation) []string {
	codes := map[string]bool{"parameter_unknown": true, "resource_missing": len(op.PathParams) > 0}
	for _, p := range op.Params().Props {
		codes["parameter_missing"] = codes["parameter_missing"] || p.Required
		codes["parameter_invalid_integer"] = codes["parameter_invalid_integer"] || p.Schema().Kind == spec.Integer
		codes["parameter_invalid_empty"] = codes["parameter_invalid_empty"] || p.Schema().Kind == spec.String && p.Name != "ending_before" && p.Name != "starting_after"
	}
	if op.Method != "GET" {
		for _, kind := range []string{op.Kind, op.Target} {
			for _, code := range ruleErrors(kind) {
				codes[code] = true
			}
		}
	}
	var out []string
	for code, can := range codes {
		if can {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return out
}

// ruleErrors are the codes that the rules of a kind name.
func ruleErrors(kind string) []string {
	i, found := slices.BinarySearchFunc(errorTable[:], kind, func(e kindErrors, kind string) int { return strings.Compare(e.kind, kind) })
	if !found {
		return nil
	}
	return errorTable[i].codes
}

// kindErrors are the codes in the source of a kind's rules.
type kindErrors struct {
	kind  string
	codes []string
}

// Sections are none: the page is about one field.
func (p *Part) Sections() []*Section { return nil }

// Part makes the page of what is within a field, by the rest of its address: create/payment_method_options/card. It is
// nil if there is nothing of that name.
func (c *Catalog) Part(r *Resource, rest string) *Part {
	steps := strings.Split(rest, "/")
	b := &builder{newReader(), c, r, steps[0], steps[0] == "object"}
	members, heading := b.start()
	p := &Part{Resource: r, Heading: heading, Trail: steps[1:], Back: r.Address() + "#" + strings.Join(steps, ".")}
	if len(steps) > shownDepth+1 {
		p.Back = r.Address() + "/parts/" + strings.Join(steps[:len(steps)-1], "/")
	}
	for i, name := range steps[1:] {
		at := slices.IndexFunc(members, func(m member) bool { return m.name == name })
		if at < 0 {
			return nil
		}
		if i == len(steps)-2 {
			p.Field = b.field(members[at], steps[1:], 0)
			if p.Field.Fields == nil { // on its own page all of it is shown
				p.Field.Fields = b.fields(b.membersOf(members[at].schema), steps[1:], shownDepth)
			}
			return p
		}
		members = b.membersOf(members[at].schema)
	}
	return nil
}

// start are the members that a part of a page begins with, and what that is called.
func (b *builder) start() (members []member, heading string) {
	if b.answer && b.resource.Kind != "" {
		return b.membersOf(b.component(b.resource.Kind)), "The " + b.resource.Singular() + " object"
	}
	for _, op := range b.resource.Operations {
		if op.Slug == b.part {
			_, query := b.params(operation(op.ID))
			return query, op.Title
		}
	}
	return nil, ""
}

func responseName(op *Operation) string {
	if s := op.Response(); s != nil {
		return s.Name
	}
	return ""
}
