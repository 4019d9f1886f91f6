package main

import (
	"github.com/yuin/goldmark/ast"
	extensions "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// tables lets each cell but the first of its row say what stands above its column, for narrow windows, where a row is a list.
type tables struct{}

// Transform does so for the tables of a page.
func (tables) Transform(page *ast.Document, reader text.Reader, _ parser.Context) {
	for n := page.FirstChild(); n != nil; n = n.NextSibling() {
		if table, ok := n.(*extensions.Table); ok {
			label(table, reader.Source())
		}
	}
}

func label(table *extensions.Table, source []byte) {
	var heads []string
	for cell := table.FirstChild().FirstChild(); cell != nil; cell = cell.NextSibling() {
		heads = append(heads, string(cell.Text(source))) //nolint:staticcheck // it is what is wanted: the text without its marks
	}
	for row := table.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
		i := 0
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			if i > 0 && i < len(heads) && heads[i] != "" {
				cell.SetAttributeString("data-of", []byte(heads[i]))
			}
			i++
		}
	}
}
