package reference

import (
	"fmt"
	"html"
	"html/template"
	"strings"
)

// Markdown is the page as text, for programs that read.
func (p *Page) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", p.Title, plain(p.Text))
	if len(p.Fields) > 0 {
		fmt.Fprintf(&b, "\n## The %s object\n\n", p.Singular())
		writeFields(&b, p.Fields, 0)
	}
	for _, s := range p.Sections {
		fmt.Fprintf(&b, "\n## %s\n\n`%s %s`\n\n%s\n", s.Title, s.Method, s.Operation.Path, plain(s.Text))
		if len(s.Path)+len(s.Query) > 0 {
			b.WriteString("\nParameters:\n\n")
		}
		writeFields(&b, s.Path, 0)
		writeFields(&b, s.Query, 0)
		fmt.Fprintf(&b, "\nReturns: %s\n\nErrors: %s\n", plain(s.Returns), strings.Join(s.Errors, ", "))
		if s.Kind != "" {
			fmt.Fprintf(&b, "\nA restricted key needs %s=%s.\n", s.Kind, s.Level)
		}
		if s.Note != "" {
			fmt.Fprintf(&b, "\n%s\n", s.Note)
		}
		for _, sample := range s.Samples {
			fmt.Fprintf(&b, "\n```%s\n%s```\n", sample.Lang, sample.Text)
		}
		if s.Answer != "" {
			fmt.Fprintf(&b, "\n%s\n\n```json\n%s```\n", s.Status, plain(s.Answer))
		}
	}
	if len(p.Changes) > 0 {
		b.WriteString("\n## Older versions\n\n")
	}
	for _, change := range p.Changes {
		fmt.Fprintf(&b, "- Since %s: %s Before: %s\n", change.Since, plain(change.Newer), plain(change.Older))
	}
	return b.String()
}

func writeFields(b *strings.Builder, fields []*Field, depth int) {
	for _, f := range fields {
		kind := f.Type
		if f.Required {
			kind += ", required"
		}
		fmt.Fprintf(b, "%s- `%s` (%s): %s\n", strings.Repeat("  ", depth), f.Name, kind, strings.ReplaceAll(plain(f.Text), "\n", " "))
		writeFields(b, f.Fields, depth+1)
	}
}

// plain is markup without its tags.
func plain(markup template.HTML) string {
	text := strings.NewReplacer("</p><p>", "\n\n", "<li>", "\n- ", "<code>", "`", "</code>", "`").Replace(string(markup))
	return strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(text, "")))
}

// Markdown lists all pages.
func (c *Catalog) Markdown(base string) string {
	var b strings.Builder
	b.WriteString("# API reference\n")
	for _, f := range c.Families {
		fmt.Fprintf(&b, "\n## %s\n\n", f.Title)
		for _, r := range f.Resources {
			fmt.Fprintf(&b, "- [%s](%s%s.md): %s\n", r.Title, base, r.Address(), r.Summary())
		}
	}
	return b.String()
}
