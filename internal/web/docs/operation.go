package docs

import (
	"html/template"
	"strings"

	"sharesmart/internal/web/docs/reference"
)

// operationsHTML shows the operations of a page side by side, with samples in a language: the largest page has nearly half
// a megabyte of them.
func operationsHTML(sections []*reference.Section, lang string) template.HTML {
	written := make([]markup, len(sections))
	reference.Each(len(sections), func(i int) { written[i].operation(sections[i], lang) })
	texts := make([]string, len(written))
	for i := range written {
		texts[i] = written[i].String()
	}
	return template.HTML(strings.Join(texts, "")) //nolint:gosec // put escaped what is no markup
}

func (b *markup) operation(s *reference.Section, lang string) {
	b.Grow(24 << 10) // most are smaller
	b.put(raw(`<section class="operation" id="`), s.Slug, raw(`" aria-labelledby="`), s.Slug, raw("--title\">\n<div class=\"about\">\n<h2 id=\""), s.Slug, raw(`--title"><a class="anchor" href="`), anchor(s.Slug), raw(`">`), s.Title, raw("</a></h2>\n"))
	b.endpoint(s)
	b.put(s.Text, raw("\n<h3>Parameters</h3>\n"))
	for _, fields := range [][]*reference.Field{s.Path, s.Query} {
		if len(fields) > 0 {
			b.fields(fields)
		}
	}
	if len(s.Path)+len(s.Query) == 0 {
		b.put(raw(`<p class="quiet">None.</p>`))
	}
	b.put(raw("\n<h3>Returns</h3>\n<p>"), s.Returns, raw("</p>\n<h3>Errors</h3>\n<p class=\"codes-line\">"))
	for _, code := range s.Errors {
		b.put(raw(`<a href="/docs/errors/`), code, raw(`"><code>`), code, raw(`</code></a> `))
	}
	b.put(raw("</p>\n<h3>Right</h3>\n"))
	if s.Kind == "" {
		b.put(raw(`<p>No restricted key may call it.</p>`))
	} else {
		b.put(raw(`<p>A restricted key needs <code>`), s.Kind, raw(`=`), s.Level, raw(`</code> (<code>`), s.Right, raw(`</code>).</p>`))
	}
	b.put(raw("\n</div>\n"))
	if len(s.Samples) > 0 {
		b.runs(s, lang)
	}
	b.put(raw("</section>\n"))
}

// endpoint is the line with what is called.
func (b *markup) endpoint(s *reference.Section) {
	b.put(raw(`<p class="endpoint"><span class="method">`), s.Method, raw(`</span> <code>`), s.Operation.Path, raw(`</code>`))
	if s.Deprecated {
		b.put(raw(` <span class="tag">deprecated</span>`))
	}
	if canTry(s.Operation.Operation) {
		b.put(raw(` <a class="try" href="/docs/try/`), s.ID, raw(`" data-try aria-label="Try it: `), s.Title, raw(`">Try it</a>`))
	}
	b.put(raw("</p>\n"))
}

// runs are the samples of an operation in all languages, and what it answered.
func (b *markup) runs(s *reference.Section, lang string) {
	b.put(raw("<div class=\"aside\">\n<div class=\"code\" data-reference-samples data-copy>\n<div class=\"code-top\"><div class=\"tabs\" role=\"group\" aria-label=\"Language of the sample: "), s.Title, raw(`">`))
	for _, c := range s.Samples {
		b.put(raw("\n<a id=\"tab-"), s.Slug, raw(`-`), c.Lang, raw(`" href="?lang=`), c.Lang, anchor(s.Slug), raw(`" data-lang="`), c.Lang, raw(`"`))
		if c.Lang == lang {
			b.put(raw(` aria-current="true"`))
		}
		b.put(raw(`>`), c.Name, raw(`</a>`))
	}
	b.put(raw("\n</div></div>\n"))
	for _, c := range s.Samples {
		b.put(raw(`<div class="sample" id="sample-`), s.Slug, raw(`-`), c.Lang, raw(`"`))
		if c.Lang != lang {
			b.put(raw(` hidden`))
		}
		b.put(raw(`>`))
		b.pre(s.Title+" in "+c.Name, c.HTML)
		b.put(raw("</div>\n"))
	}
	b.put(raw("</div>\n"))
	if s.Answer != "" {
		b.put(raw("<div class=\"code answer\" data-copy>\n<div class=\"code-top\"><h3>Response</h3><span class=\"status\">"), s.Status, raw("</span></div>\n<div class=\"sample\">"))
		b.pre("Response of: "+s.Title, s.Answer)
		b.put(raw("</div>\n</div>\n"))
	}
	if s.Note != "" {
		b.put(raw(`<p class="ran">`), s.Note, raw("</p>\n"))
	}
	b.put(raw(`<p class="ran">Last passed on `), s.Passed, raw(".</p>\n</div>\n"))
}

// pre is code that can be reached and scrolled by keyboard.
func (b *markup) pre(label string, code template.HTML) {
	b.put(raw(`<pre tabindex="0" role="region" aria-label="`), label, raw(`"><code>`), code, raw(`</code></pre>`))
}
