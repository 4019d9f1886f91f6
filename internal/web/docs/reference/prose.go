package reference

import (
	"html"
	"html/template"
	"regexp"
	"strings"
)

// Descriptions are Markdown or HTML of the simplest kind. What is not known below is shown as it is written: no text of
// the document becomes markup that this file does not write.
var (
	tags     = regexp.MustCompile(`(?i)</?([a-z0-9]+)(?:\s+href="([^"]*)")?[^>]*>`)
	links    = regexp.MustCompile(`\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)`)
	codes    = regexp.MustCompile("`([^`]+)`")
	strong   = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	emphasis = regexp.MustCompile(`(^|[\s(])[*_]([^*_\s][^*_]*)[*_]([\s.,;:)]|$)`)
	ends     = regexp.MustCompile(`\n\s*\n`)
)

// kept are the tags that mean here what they mean there.
var kept = map[string]string{"code": "code", "b": "strong", "strong": "strong", "i": "em", "em": "em", "p": "p", "ul": "ul", "ol": "ol", "li": "li"}

// prose shows a description.
func prose(c *Catalog, text string) template.HTML {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	var out string
	if strings.Contains(text, "<p>") || strings.Contains(text, "</") {
		out = fromHTML(c, text)
	} else {
		out = fromMarkdown(c, text)
	}
	return template.HTML(out) //nolint:gosec // everything in it was escaped, and the tags are those written here
}

// fromHTML takes over the tags that are known and leaves out the others.
func fromHTML(c *Catalog, text string) string {
	var b strings.Builder
	linked := false
	rest := text
	for _, m := range tags.FindAllStringSubmatchIndex(text, -1) {
		at := m[0] - (len(text) - len(rest))
		b.WriteString(html.EscapeString(html.UnescapeString(rest[:at])))
		rest = text[m[1]:]
		tag, closing := strings.ToLower(text[m[2]:m[3]]), text[m[0]+1] == '/'
		switch {
		case kept[tag] != "" && closing:
			b.WriteString("</" + kept[tag] + ">")
		case kept[tag] != "":
			b.WriteString("<" + kept[tag] + ">")
		case tag == "br":
			b.WriteString(" ")
		case tag == "a" && !closing && m[4] >= 0:
			if href := target(c, text[m[4]:m[5]]); href != "" {
				b.WriteString(`<a href="` + html.EscapeString(href) + `">`)
				linked = true
			}
		case tag == "a" && closing && linked:
			b.WriteString("</a>")
			linked = false
		}
	}
	b.WriteString(html.EscapeString(html.UnescapeString(rest)))
	if !strings.Contains(b.String(), "<p>") {
		return "<p>" + b.String() + "</p>"
	}
	return b.String()
}

// fromMarkdown shows paragraphs, lists, links, code and what is stressed.
func fromMarkdown(c *Catalog, text string) string {
	var b strings.Builder
	for _, block := range ends.Split(text, -1) {
		open := ""
		for _, part := range partsOf(block) {
			if part.tag != open {
				closeBlock(&b, open)
				b.WriteString("<" + part.tag + ">")
				open = part.tag
			}
			if part.tag == "ul" {
				b.WriteString("<li>" + inline(c, part.text) + "</li>")
			} else {
				b.WriteString(inline(c, part.text))
			}
		}
		closeBlock(&b, open)
	}
	return b.String()
}

// blockPart is an item of a list, or the lines of a paragraph as one.
type blockPart struct{ tag, text string }

func partsOf(block string) (parts []blockPart) {
	for line := range strings.SplitSeq(strings.TrimSpace(block), "\n") {
		line = strings.TrimSpace(line)
		item, isItem := cutItem(line)
		switch n := len(parts); {
		case isItem:
			parts = append(parts, blockPart{"ul", item})
		case n > 0 && parts[n-1].tag == "p":
			parts[n-1].text += " " + line
		default:
			parts = append(parts, blockPart{"p", line})
		}
	}
	return parts
}

func closeBlock(b *strings.Builder, tag string) {
	if tag != "" {
		b.WriteString("</" + tag + ">")
	}
}

func cutItem(line string) (string, bool) {
	for _, mark := range []string{"- ", "* ", "• "} {
		if item, ok := strings.CutPrefix(line, mark); ok {
			return item, true
		}
	}
	return line, false
}

// inline shows what is within a line. Code is taken out first, so that nothing in it is taken for something else.
func inline(c *Catalog, line string) string {
	line = html.EscapeString(html.UnescapeString(line))
	var held []string
	hold := func(markup string) string {
		held = append(held, markup)
		return "\x00" + string(rune(len(held))) + "\x00"
	}
	if strings.Contains(line, "`") {
		line = codes.ReplaceAllStringFunc(line, func(s string) string { return hold("<code>" + s[1:len(s)-1] + "</code>") })
	}
	if strings.Contains(line, "](") {
		line = c.linked(line, hold)
	}
	if strings.ContainsAny(line, "*_") {
		line = strong.ReplaceAllString(line, "<strong>$1</strong>")
		line = emphasis.ReplaceAllString(line, "$1<em>$2</em>$3")
	}
	for i := len(held); i > 0; i-- {
		line = strings.ReplaceAll(line, "\x00"+string(rune(i))+"\x00", held[i-1])
	}
	return line
}

// linked makes links of what Markdown writes as such.
func (c *Catalog) linked(line string, hold func(string) string) string {
	return links.ReplaceAllStringFunc(line, func(s string) string {
		m := links.FindStringSubmatch(s)
		href := target(c, html.UnescapeString(m[2]))
		if href == "" {
			return m[1]
		}
		return hold(`<a href="`+html.EscapeString(href)+`">`) + m[1] + hold("</a>")
	})
}
