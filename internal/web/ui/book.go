// Package ui is what pages are made with: templates in several languages, and the headers that every page has.
package ui

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"strings"
	"sync"
)

// Book holds pages in each language. A page is a template file; layout.html is around all of them and includes "main",
// which each page defines. Other files that begin with layout have templates that all pages use. Templates write a text in
// English by {{t "Sign up"}}, and one with values by {{t "Signed in as %s" .Email}}: what follows the text is put in as
// fmt does. A layout may use the templates of frame.html, whose texts are translated here.
type Book struct {
	languages map[string]func() (pages, error)
}

// pages are those of a language, by name.
type pages map[string]*template.Template

// Texts are the translations of a language, by the English text.
type Texts map[string]string

// English is the language that templates are written in.
const English = "en"

// NewBook reads the pages of a directory: in English at once, in another language when somebody asks for it. A text that
// a language does not have stays English.
func NewBook(files fs.FS, languages map[string]Texts, more template.FuncMap) (*Book, error) {
	b := &Book{languages: map[string]func() (pages, error){}}
	add := func(lang string, texts Texts) {
		b.languages[lang] = sync.OnceValues(func() (pages, error) { return read(files, texts, more) })
	}
	add(English, nil)
	for lang, own := range languages {
		texts := Texts{}
		maps.Copy(texts, frameTexts[lang])
		maps.Copy(texts, own)
		add(lang, texts)
	}
	_, err := b.languages[English]()
	return b, err
}

// read reads the pages of a directory in a language.
func read(files fs.FS, texts Texts, more template.FuncMap) (pages, error) {
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		return nil, err
	}
	layout, err := template.New("layout.html").Funcs(more).Funcs(template.FuncMap{"t": texts.Say}).ParseFS(frame, "frame.html")
	if err != nil {
		return nil, err
	}
	if layout, err = layout.ParseFS(files, "layout*.html"); err != nil {
		return nil, err
	}
	all := pages{}
	for _, name := range names {
		if strings.HasPrefix(name, "layout") {
			continue
		}
		page, err := template.Must(layout.Clone()).ParseFS(files, name)
		if err != nil {
			return nil, err
		}
		all[strings.TrimSuffix(path.Base(name), ".html")] = page
	}
	return all, nil
}

// Say writes an English text in the language.
func (t Texts) Say(text string, values ...any) string {
	if translated := t[text]; translated != "" {
		text = translated
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}

// Render writes a page. It is made before anything is sent, so that a fault of a template cannot send half of one.
func (b *Book) Render(w http.ResponseWriter, status int, lang, name string, data any) error {
	return b.Part(w, status, lang, name, "layout.html", data)
}

// pageBuffers are buffers that are free: growing one to the size of a page anew costs as much as filling it.
var pageBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Part writes what a page defines as a part, without what is around it, for a script that puts it into its place.
func (b *Book) Part(w http.ResponseWriter, status int, lang, name, part string, data any) error {
	page := pageBuffers.Get().(*bytes.Buffer)
	defer pageBuffers.Put(page)
	page.Reset()
	if err := b.Write(page, lang, name, part, data); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write(page.Bytes())
	return nil
}

// Write writes a part of a page to where it is needed.
func (b *Book) Write(w io.Writer, lang, name, part string, data any) error {
	if !b.Has(lang) {
		lang = English
	}
	all, err := b.languages[lang]()
	if err != nil {
		return err
	}
	if err := all[name].ExecuteTemplate(w, part, data); err != nil {
		return fmt.Errorf("render %s of the page %s: %w", part, name, err)
	}
	return nil
}

// Has reports whether there are pages in a language.
func (b *Book) Has(lang string) bool { return b.languages[lang] != nil }
