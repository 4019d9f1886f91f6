package docs

import (
	"net/http"
	"strings"

	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/ui"
)

// langCookie is the language of samples that a reader chose. The script of the page sets it too.
const (
	langCookie = "__Host-sample"
	cookieYear = 365 * 24 * 60 * 60
)

// showPage shows a section, or its Markdown at the address with .md at the end.
func showPage(v *visit) error {
	path := strings.TrimSuffix(v.r.URL.Path, "/")
	plain := false
	if at, is := strings.CutSuffix(path, ".md"); is {
		path, plain = at, true
	}
	if path == Prefix+"/index" {
		path = Prefix
	}
	s := v.byPath[path]
	if s == nil {
		if s = v.byPath[moved(path)]; s == nil {
			return notFound(v)
		}
		http.Redirect(v.w, v.r, s.Path, http.StatusMovedPermanently)
		return nil
	}
	if err := s.read(); err != nil {
		return err
	}
	if plain {
		return v.showMarkdown(s.Markdown)
	}
	v.remember()
	given, err := v.voteOn(s)
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, "section", &page{Title: s.Title, Section: s, Vote: given})
}

// moved is where the page of an error code is. Stripe writes codes with hyphens in addresses, below another name.
func moved(path string) string {
	for _, before := range []string{"/error-codes", "/errors"} {
		if code, is := strings.CutPrefix(path, Prefix+before); is {
			return Prefix + "/errors" + strings.ReplaceAll(code, "-", "_")
		}
	}
	return ""
}

// Families are the contents of the reference.
func (v *visit) Families() []*reference.Family { return v.catalog().Families }

// Groups are the contents.
func (v *visit) Groups() []group { return v.groups }

// Codes are the pages of error codes, where they are listed.
func (p *page) Codes() []*section {
	if p.Section == nil || p.Section.Slug != "errors" {
		return nil
	}
	return p.codes
}

// Here reports whether a section is the one that is shown, or the list that it is in.
func (p *page) Here(s *section) bool {
	return p.Section != nil && (s == p.Section || s.Slug == "errors" && p.Code())
}

// Code reports whether the page is that of one error code.
func (p *page) Code() bool { return strings.HasPrefix(p.Section.Slug, "errors/") }

// Chosen is the language of the samples: what the address says, else what the reader chose before, else the first.
func (p *page) Chosen() string {
	for _, lang := range []string{p.r.URL.Query().Get("lang"), ui.Cookie(p.r, langCookie)} {
		for _, s := range p.Section.Samples {
			if s.Lang == lang {
				return lang
			}
		}
	}
	return p.Section.Samples[0].Lang
}
