package docs

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"sharesmart/internal/web/docs/reference"
)

// Fields are most of what is on a page of the reference, up to a thousand of them, and beside them are links to all other
// pages. They are written by hand: templates would take longer for them than for all the rest.

// fewValues is how many values of an enumeration are shown at once.
const fewValues = 8

// raw is markup of ours.
type raw string

// markup is what is written of a page. A text in it is escaped.
type markup struct{ strings.Builder }

func (b *markup) put(parts ...any) {
	for _, part := range parts {
		switch part := part.(type) {
		case raw:
			b.WriteString(string(part))
		case template.HTML:
			b.WriteString(string(part))
		case int:
			b.WriteString(strconv.Itoa(part))
		case string:
			b.WriteString(template.HTMLEscapeString(part))
		}
	}
}

func (b *markup) html() template.HTML { return template.HTML(b.String()) } //nolint:gosec // put escapes what is no markup

// anchor is a link within the page.
func anchor(id string) string { return "#" + (&url.URL{Fragment: id}).EscapedFragment() }

// fieldsHTML lists fields with what is in them.
func fieldsHTML(fields []*reference.Field) template.HTML {
	b := &markup{}
	b.fields(fields)
	return b.html()
}

// factsHTML is the line of a field without its name.
func factsHTML(f *reference.Field) template.HTML {
	b := &markup{}
	b.facts(f)
	return b.html()
}

// valuesHTML lists the values of an enumeration.
func valuesHTML(f *reference.Field) template.HTML {
	b := &markup{}
	b.values(f)
	return b.html()
}

func (b *markup) fields(fields []*reference.Field) {
	b.put(raw(`<ul class="fields">`))
	for _, f := range fields {
		b.put(raw("\n<li id=\""), f.ID, raw(`"><p class="facts"><a class="name" href="`), anchor(f.ID), raw(`">`), f.Name, raw(`</a> `))
		b.facts(f)
		b.put(raw("</p>\n"), f.Text)
		if len(f.Values) > 0 {
			b.values(f)
		}
		b.within(f)
		b.put(raw(`</li>`))
	}
	b.put(raw("\n</ul>"))
}

// within shows what is in a field, or leads there.
func (b *markup) within(f *reference.Field) {
	if len(f.Fields) > 0 {
		b.put(raw("\n<details><summary>"))
		b.count(f.Count, "field", f.Name)
		b.put(raw(`</summary>`))
		b.fields(f.Fields)
		b.put(raw(`</details>`))
	}
	if f.More != "" {
		b.put(raw("\n<p class=\"more\"><a href=\""), f.More, raw(`" data-more>`))
		b.count(f.Count, "field", f.Name)
		b.put(raw(`</a></p>`))
	}
	if f.MoreValues != "" {
		b.put(raw("\n<p class=\"more\"><a href=\""), f.MoreValues, raw(`">`))
		b.count(f.Count, "value", f.Name)
		b.put(raw(`</a></p>`))
	}
}

// count says how many there are of a thing in a field, whose name is for those who hear the page.
func (b *markup) count(n int, thing, of string) {
	if n != 1 {
		thing += "s"
	}
	b.put(n, " "+thing, raw(`<span class="hidden"> of `), of, raw(`</span>`))
}

func (b *markup) facts(f *reference.Field) {
	b.put(raw(`<span class="type">`), f.Type)
	if f.Of != nil {
		b.put(raw(` (<a href="`), f.Of.Address(), raw(`#object">`), f.Of.Title, raw(`</a>)`))
	}
	b.put(raw(`</span>`))
	if f.Required {
		b.put(raw(` <span class="tag tag-required">required</span>`))
	}
	for _, tag := range []struct {
		is   bool
		name string
	}{{f.Nullable, "nullable"}, {f.Expandable, "expandable"}, {f.Deprecated, "deprecated"}} {
		if tag.is {
			b.put(raw(` <span class="tag">`), tag.name, raw(`</span>`))
		}
	}
	if f.MaxLength > 0 {
		b.put(raw(` <span class="limit">at most `), f.MaxLength, raw(` characters</span>`))
	}
}

func (b *markup) values(f *reference.Field) {
	many := len(f.Values) > fewValues
	if many {
		b.put(raw(`<details><summary>`))
		b.count(len(f.Values), "value", f.Name)
		b.put(raw(`</summary>`))
	}
	b.put(raw(`<ul class="values">`))
	for _, v := range f.Values {
		b.put(raw(`<li id="`), v.ID, raw(`"><a href="`), anchor(v.ID), raw(`"><code>`), v.Value, raw(`</code></a></li>`))
	}
	b.put(raw(`</ul>`))
	if many {
		b.put(raw(`</details>`))
	}
}

// navigationHTML links to all pages of the reference. The family of the one that is shown is open.
func navigationHTML(families []*reference.Family, shown *reference.Resource) template.HTML {
	b := &markup{}
	for _, f := range families {
		b.put(raw(`<details lang="en"`))
		if f == shown.Family {
			b.put(raw(` open`))
		}
		b.put(raw(`><summary>`), f.Title, raw("</summary>\n<ul>"))
		for _, r := range f.Resources {
			b.put(raw("\n<li><a href=\""), r.Address(), raw(`"`))
			if r == shown {
				b.put(raw(` aria-current="page"`))
			}
			b.put(raw(`>`), r.Title, raw(`</a></li>`))
		}
		b.put(raw("\n</ul></details>\n"))
	}
	return b.html()
}
