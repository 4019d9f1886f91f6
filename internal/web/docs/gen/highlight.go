package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
	"gopkg.in/yaml.v3"
)

// grammars are what the languages of blocks are called by the highlighter.
var grammars = map[string]string{
	"curl": "bash", "sh": "bash", "node": "javascript", "js": "javascript", "go": "go", "python": "python", "ruby": "ruby", "json": "json", "headers": "properties", "yaml": "yaml", "": "plaintext",
}

var formatter = html.New(html.WithClasses(true), html.PreventSurroundingPre(true))

// highlight colours a program by classes, as the page's policy allows no styles in it.
func highlight(lang, code string) (string, error) {
	lexer := lexers.Get(grammars[lang])
	if lexer == nil {
		return "", fmt.Errorf("nothing colours the language %q", lang)
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, code)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := formatter.Format(&out, styles.Fallback, tokens); err != nil {
		return "", err
	}
	return out.String(), nil
}

const codeLabel = `aria-label="Code"`

// blocks renders the blocks of code that stay in a text.
type blocks struct{}

// RegisterFuncs makes it serve blocks with a language.
func (blocks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		b := n.(*ast.FencedCodeBlock)
		html, err := block(string(b.Language(source)), string(b.Lines().Value(source)))
		if err != nil {
			return ast.WalkStop, err
		}
		_, err = w.WriteString(html)
		return ast.WalkSkipChildren, err
	})
}

// block is a block as it stands in a text: a diagram, or code.
func block(lang, text string) (string, error) {
	switch lang {
	case "sequence":
		return sequence(text)
	case "timeline":
		return timeline(text)
	case "yaml":
		if err := yaml.Unmarshal([]byte(text), new(any)); err != nil {
			return "", err
		}
	}
	code, err := highlight(lang, text)
	return `<div class="code" data-copy><pre tabindex="0" role="region" ` + codeLabel + `><code>` + code + "</code></pre></div>\n", err
}
