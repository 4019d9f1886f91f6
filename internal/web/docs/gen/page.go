package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sharesmart/internal/web/docs/compiled"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"gopkg.in/yaml.v3"
)

// languages are what samples are written in. A block of one of them is a sample; any other stays in the text.
var languages = []string{"curl", "node", "go", "python", "ruby"}

// front is what stands above the text of a page.
type front struct {
	Title, Summary, Endpoint string
	Prints                   prints
	Headers, Also            []string
	Wide                     bool // its tables need more room than its samples
}

// prints are what samples print, by their language, or what all print as "".
type prints map[string]string

// UnmarshalYAML reads a text for all, or one for each language.
func (p *prints) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode {
		return n.Decode((*map[string]string)(p))
	}
	*p = prints{"": n.Value}
	return nil
}

// of is what a sample in a language prints.
func (p prints) of(lang string) string { return cmp.Or(p[lang], p[""]) }

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.DefinitionList),
	goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithASTTransformers(util.Prioritized(tables{}, 1))),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(blocks{}, 1))),
)

// page compiles one page.
func page(dir, slug, source string) (*compiled.Page, error) {
	head, body, ok := strings.Cut(strings.TrimPrefix(source, "---\n"), "\n---\n")
	if !ok {
		return nil, errors.New("nothing stands above the text between two lines of ---")
	}
	var f front
	dec := yaml.NewDecoder(strings.NewReader(head))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil {
		return nil, err
	}
	p := &compiled.Page{Slug: slug, Title: f.Title, Summary: f.Summary, Headers: f.Headers, Also: f.Also, Wide: f.Wide}
	p.Method, p.Path, _ = strings.Cut(f.Endpoint, " ")
	body, err := fillTables(body)
	if err != nil {
		return nil, err
	}
	if err := fill(p, []byte(body)); err != nil {
		return nil, err
	}
	for i := range p.Samples {
		p.Samples[i].Prints = f.Prints.of(p.Samples[i].Lang)
	}
	p.Headings, p.Terms = places(p.Body)
	p.Runs = len(p.Samples) > 0 || strings.Contains(body, "```sh\n")
	p.Markdown = "# " + f.Title + "\n\n" + strings.TrimSpace(body) + "\n"
	return p, record(p, dir)
}

var (
	headings = regexp.MustCompile(`<h2 id="([^"]+)">(.*?)</h2>`)
	terms    = regexp.MustCompile(`<a class="anchor" id="([^"]+)"`)
	tags     = regexp.MustCompile(`<[^>]*>`)
)

// places are the headings of a page, and the names that it explains, which are their own anchors.
func places(body string) (parts []compiled.Heading, names []string) {
	untagged := func(markup string) string { return html.UnescapeString(tags.ReplaceAllString(markup, "")) }
	for _, h := range headings.FindAllStringSubmatch(body, -1) {
		parts = append(parts, compiled.Heading{ID: h[1], Title: untagged(h[2])})
	}
	for _, name := range terms.FindAllStringSubmatch(body, -1) {
		names = append(names, name[1])
	}
	return parts, names
}

// fill parts the samples of a page from its text.
func fill(p *compiled.Page, source []byte) error {
	root := markdown.Parser().Parse(text.NewReader(source))
	var samples []*ast.FencedCodeBlock
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if b, ok := n.(*ast.FencedCodeBlock); ok && slices.Contains(languages, string(b.Language(source))) {
			samples = append(samples, b)
		}
	}
	for _, b := range samples {
		lang, code := string(b.Language(source)), string(b.Lines().Value(source))
		html, err := highlight(lang, code)
		if err != nil {
			return err
		}
		p.Samples = append(p.Samples, compiled.Sample{Lang: lang, HTML: html, Text: code})
		root.RemoveChild(root, b)
	}
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, source, root); err != nil {
		return err
	}
	p.Body = nameBlocks(breakNames(leadToTerms(out.String())))
	return nil
}

var (
	explained = regexp.MustCompile(`<dt>([a-z_]+(?:, [a-z_]+)*)`)
	eachName  = regexp.MustCompile(`[a-z_]+`)
)

// leadToTerms lets each name that a page explains lead to itself, so that its address can be sent to somebody.
func leadToTerms(html string) string {
	return explained.ReplaceAllStringFunc(html, func(names string) string {
		return "<dt>" + eachName.ReplaceAllString(strings.TrimPrefix(names, "<dt>"), `<a class="anchor" id="$0" href="#$0">$0</a>`)
	})
}

var (
	longName = regexp.MustCompile(`<code>\w{16,}</code>`)
	inName   = regexp.MustCompile(`_(\w)|([a-z0-9])([A-Z])`)
)

// breakNames lets long names in tables break between their words where there is no room for them.
func breakNames(html string) string {
	return longName.ReplaceAllStringFunc(html, func(name string) string {
		return inName.ReplaceAllStringFunc(name, func(at string) string {
			return at[:1] + "<wbr>" + at[1:]
		})
	})
}

// nameBlocks tells the blocks of code of a page apart, for who hears it: each is a place to go to.
func nameBlocks(html string) string {
	parts := strings.Split(html, codeLabel)
	if len(parts) <= 2 {
		return html
	}
	for i := range parts[1:] {
		parts[i+1] = fmt.Sprintf(`aria-label="Code %d"`, i+1) + parts[i+1]
	}
	return strings.Join(parts, "")
}

// record puts in the answer that was recorded: a status line, headers, an empty line, JSON.
func record(p *compiled.Page, dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, "responses", compiled.AnswerFile(p.Slug)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	head, body, ok := strings.Cut(string(data), "\n\n")
	if !ok {
		return fmt.Errorf("the recorded answer of %s has no body", p.Slug)
	}
	status, headers, _ := strings.Cut(head, "\n")
	if p.Answer, err = highlight("json", body); err != nil {
		return err
	}
	if headers != "" {
		lines, err := highlight("headers", headers+"\n\n")
		if err != nil {
			return err
		}
		p.Answer = lines + p.Answer
		body = headers + "\n\n" + body
	}
	p.Status = status
	p.Markdown += "\n## Response\n\n" + status + "\n\n```json\n" + strings.TrimSpace(body) + "\n```\n"
	return nil
}
