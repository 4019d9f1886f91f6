package docs

import (
	_ "embed"
	"errors"
	"html/template"
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
func showReference(v *visit) error {
	path, asMarkdown := strings.CutSuffix(strings.TrimSuffix(v.r.URL.Path, "/"), ".md")
	if path == reference.Prefix && asMarkdown {
		return v.showMarkdown(v.catalog().Markdown(v.BaseURL))
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
	if asMarkdown {
		p, err := v.resource(r)
		if err != nil {
			return err
		}
		return v.showMarkdown(p.Markdown())
	}
	v.remember()
	s := referenceSection(r)
	given, err := v.voteOn(s)
	if err != nil {
		return err
	}
	shown := &page{visit: v, Title: s.Title, Section: s, Vote: given}
	if shown.Data, err = v.resourceParts(r, v.Lang, shown.Language()); err != nil {
		return err
	}
	return v.render(http.StatusOK, "reference-page", shown)
}

// resourceParts are what the page of a resource has for all readers of a language, with samples in one.
func (p *Pages) resourceParts(r *reference.Resource, lang, samples string) (*keptParts, error) {
	return p.kept.get(strings.Join([]string{r.Slug, lang, samples}, " "), func() (*keptParts, error) {
		read, err := p.resource(r)
		if err != nil {
			return nil, err
		}
		shown := &page{visit: &visit{Pages: p, Lang: lang}, Data: read, Operations: operationsHTML(read.Sections, samples)}
		return shown.parts("reference-page", "resource")
	})
}

// resource reads what is shown of one.
func (p *Pages) resource(r *reference.Resource) (*reference.Page, error) {
	u, err := url.Parse(p.BaseURL)
	if err != nil {
		return nil, err
	}
	return p.catalog().Page(r, u)
}

// parts makes what the page has for all readers of its language.
func (p *page) parts(name, of string) (*keptParts, error) {
	contents, err := p.write(name, "reference-contents", p)
	if err != nil {
		return nil, err
	}
	main, err := p.write(name, of, p)
	return &keptParts{Contents: contents, Main: main}, err
}

// write is a part of a page as markup.
func (p *page) write(name, of string, data any) (template.HTML, error) {
	var b strings.Builder
	err := book().Write(&b, p.Lang, name, of, data)
	return template.HTML(b.String()), err //nolint:gosec // templates wrote it
}

var errNothing = errors.New("there is nothing of that name")

// showPart shows what is within a field.
func (v *visit) showPart(r *reference.Resource, part string) error {
	parts, err := v.kept.get(r.Slug+"/parts/"+part+" "+v.Lang, func() (*keptParts, error) {
		p := v.catalog().Part(r, part)
		if p == nil {
			return nil, errNothing
		}
		return (&page{visit: v, Data: p}).parts("reference-part", "part")
	})
	if errors.Is(err, errNothing) {
		return notFound(v)
	}
	if err != nil {
		return err
	}
	_, trail, _ := strings.Cut(part, "/")
	return v.render(http.StatusOK, "reference-part", &page{Title: strings.ReplaceAll(trail, "/", "."), Data: parts})
}

// referenceSection is the page of a resource as what is listed, voted on, and between others.
func referenceSection(r *reference.Resource) *section {
	s := linked(r)
	s.Slug, s.Summary, s.read = strings.TrimPrefix(r.Address(), Prefix+"/"), r.Summary(), func() error { return nil }
	if r.Previous != nil {
		s.Previous = linked(r.Previous)
	}
	if r.Next != nil {
		s.Next = linked(r.Next)
	}
	return s
}

// linked is a resource as what is led to.
func linked(r *reference.Resource) *section { return &section{Title: r.Title, Path: r.Address()} }

// sectionOf finds what is voted on: a section, or a page of the reference. It is nil if there is none.
func (v *visit) sectionOf(slug string) *section {
	if rest, is := strings.CutPrefix(Prefix+"/"+slug, reference.Prefix+"/"); is {
		if r := v.catalog().Resource(rest); r != nil {
			return referenceSection(r)
		}
	}
	return v.bySlug(slug)
}

// remember keeps the language that the address asks for.
func (v *visit) remember() {
	if lang := v.r.URL.Query().Get("lang"); names[lang] != "" {
		http.SetCookie(v.w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", MaxAge: cookieYear, Secure: true, SameSite: http.SameSiteLaxMode})
	}
}

// firstLanguage is that of samples for who has chosen none.
const firstLanguage = "curl"

// Language is the language of samples that is shown first on a page of the reference.
func (p *page) Language() string {
	for _, lang := range []string{p.r.URL.Query().Get("lang"), ui.Cookie(p.r, langCookie)} {
		if names[lang] != "" {
			return lang
		}
	}
	return firstLanguage
}
