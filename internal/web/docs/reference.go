package docs

import (
	_ "embed"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/static"
	"sharesmart/internal/web/ui"
)

// The reference of the API has a page for each resource, and one for what is within a field where that is a lot. Its
// pages are in the frame of the others; what is on them comes from package reference.

//go:embed reference.css
var referenceStyles string

//go:embed reference.js
var referenceScript string

var (
	referenceStyleAsset  = static.NewAsset(Prefix+"/assets/", ".css", "text/css; charset=utf-8", referenceStyles)
	referenceScriptAsset = static.NewAsset(Prefix+"/assets/", ".js", "text/javascript; charset=utf-8", referenceScript)
)

// ReferenceStyle and ReferenceScript are files of the reference's pages.
func (v *visit) ReferenceStyle() string  { return referenceStyleAsset.Path }
func (v *visit) ReferenceScript() string { return referenceScriptAsset.Path }

// catalog is what the engine serves.
func catalog(e *resource.Engine) *reference.Catalog {
	return reference.NewCatalog(func(op *spec.Operation) bool { return e.Origin(op) != resource.OriginUnsupported })
}

// showReference shows what is below /docs/api, or its Markdown at the address with .md at the end.
func showReference(v *visit) (err error) {
	plain := v.w
	w, done := ui.Compress(plain, v.r)
	v.w = w
	defer func() {
		if err == nil {
			err = done()
			return
		}
		plain.Header().Del("Content-Encoding") // nothing was written; what says so is no gzip
		v.w = plain
	}()
	path, asMarkdown := strings.CutSuffix(strings.TrimSuffix(v.r.URL.Path, "/"), ".md")
	if path == reference.Prefix && asMarkdown {
		return v.showMarkdown(&section{Markdown: v.catalog().Markdown(v.BaseURL)})
	}
	if path == reference.Prefix {
		s := &section{Slug: "api", Title: "API reference", Summary: "Every operation of the API: parameters, answers, errors, rights, and samples that are run.", Path: reference.Prefix}
		return v.render(http.StatusOK, "reference", &page{Title: s.Title, Section: s, Data: v.catalog()})
	}
	slug, part, isPart := strings.Cut(strings.TrimPrefix(path, reference.Prefix+"/"), "/parts/")
	r := v.catalog().Resource(slug)
	switch {
	case r == nil:
		return notFound(v)
	case isPart:
		return v.showPart(r, part)
	}
	return v.showResource(r, asMarkdown)
}

// showResource shows the operations of a resource.
func (v *visit) showResource(r *reference.Resource, asMarkdown bool) error {
	u, err := url.Parse(v.BaseURL)
	if err != nil {
		return err
	}
	p, err := v.catalog().Page(r, u)
	if err != nil {
		return err
	}
	if asMarkdown {
		return v.showMarkdown(&section{Markdown: p.Markdown()})
	}
	v.remember()
	s := referenceSection(r)
	given, err := v.voteOn(s)
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, "reference-page", &page{Title: s.Title, Section: s, Vote: given, Data: p})
}

// showPart shows what is within a field.
func (v *visit) showPart(r *reference.Resource, part string) error {
	p := v.catalog().Part(r, part)
	if p == nil {
		return notFound(v)
	}
	return v.render(http.StatusOK, "reference-part", &page{Title: strings.Join(p.Trail, "."), Data: p})
}

// download serves a file that is made of the reference.
func (p *Pages) download(write func(*reference.Catalog, io.Writer, string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Access-Control-Allow-Origin", "*") // tools in browsers read it
		w, done := ui.Compress(w, r)
		err := errors.Join(write(p.catalog(), w, p.BaseURL), done())
		if err != nil && r.Context().Err() == nil {
			p.Log.Error("write a file of the reference", "path", r.URL.Path, "error", err)
		}
	}
}

// referenceSection is the page of a resource as what is listed and voted on.
func referenceSection(r *reference.Resource) *section {
	return &section{Slug: strings.TrimPrefix(r.Address(), Prefix+"/"), Title: r.Title, Summary: r.Summary(), Path: r.Address()}
}

// sectionOf finds what is voted on: a section, or a page of the reference. It is nil if there is none.
func (v *visit) sectionOf(slug string) *section {
	if rest, is := strings.CutPrefix(Prefix+"/"+slug, reference.Prefix+"/"); is {
		if r := v.catalog().Resource(rest); r != nil {
			return referenceSection(r)
		}
	}
	return v.bySlug(slug)
}

// operationOn is an operation and the page that it is shown on, as one thing for its template.
type operationOn struct {
	Page    *page
	Section *reference.Section
}

func pair(p *page, s *reference.Section) operationOn { return operationOn{p, s} }

// remember keeps the language that the address asks for.
func (v *visit) remember() {
	if lang := v.r.URL.Query().Get("lang"); names[lang] != "" {
		http.SetCookie(v.w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", MaxAge: cookieYear, Secure: true, SameSite: http.SameSiteLaxMode})
	}
}

// Language is the language of samples that is shown first on a page of the reference.
func (p *page) Language() string {
	for _, lang := range []string{p.r.URL.Query().Get("lang"), ui.Cookie(p.r, langCookie)} {
		if names[lang] != "" {
			return lang
		}
	}
	return "curl"
}
