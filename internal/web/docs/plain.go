package docs

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"

	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/ui"
)

// zipped lets what is served leave as gzip.
func zipped(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w, end := ui.Compress(w, r)
		defer end()
		serve(w, r)
	}
}

// showMarkdown shows a page as text, with its samples and answers.
func (v *visit) showMarkdown(text string) error {
	v.w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = v.w.Write([]byte(text))
	return nil
}

// index lists all pages for programs that read, as llmstxt.org describes.
func (p *Pages) index(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	b.WriteString("# ShareSmart\n\n> A browser extension on a Free and a Pro plan, and an HTTP API in Stripe's format, on one server.\n")
	list := func(title string, sections []*section) {
		fmt.Fprintf(&b, "\n## %s\n\n", title)
		for _, s := range sections {
			path := s.Path
			if path == Prefix {
				path += "/index"
			}
			fmt.Fprintf(&b, "- [%s](%s%s.md): %s\n", s.Title, p.BaseURL, path, s.Summary)
		}
	}
	for _, g := range p.groups {
		list(g.Title, g.Pages)
	}
	list("Error codes", p.codes)
	b.WriteString(strings.Replace(p.catalog().Markdown(p.BaseURL), "# API reference\n", "", 1))
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(b.String()))
}

// full is all that is written, as one text, with the list of the reference: for programs that read it at once.
func (p *Pages) full(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// A write fails when the client is gone; there is nobody left to tell.
	for _, sections := range [][]*section{p.order, p.codes} {
		for _, s := range sections {
			if err := s.read(); err != nil {
				p.Log.Error("a page of the documentation cannot be read", "page", s.Slug, "error", err)
				continue
			}
			_, _ = fmt.Fprintf(w, "<!-- %s%s -->\n%s\n", p.BaseURL, s.Path, s.Markdown)
		}
	}
	_, _ = w.Write([]byte(p.catalog().Markdown(p.BaseURL)))
}

// robots keeps search engines to what is there to be read: not what is one customer's, and not the API.
func (p *Pages) robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\n"))
	for _, path := range []string{"/v1/", "/v2/", "/account", "/authenticate/", "/c/", "/dashboard", "/docs/search", "/docs/try/", "/invoices/", "/p/", "/receipts/"} {
		_, _ = w.Write([]byte("Disallow: " + path + "\n"))
	}
	_, _ = w.Write([]byte("Sitemap: " + p.BaseURL + "/sitemap.xml\n"))
}

// sitemap lists all pages for search engines.
func (p *Pages) sitemap(w http.ResponseWriter, _ *http.Request) {
	type place struct {
		Loc string `xml:"loc"`
	}
	var all struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []place  `xml:"url"`
	}
	for _, path := range []string{"/", "/pricing", "/download", "/from-extension"} {
		all.URLs = append(all.URLs, place{p.BaseURL + path})
	}
	for _, sections := range [][]*section{p.order, p.codes} {
		for _, s := range sections {
			all.URLs = append(all.URLs, place{p.BaseURL + s.Path})
		}
	}
	all.URLs = append(all.URLs, place{p.BaseURL + reference.Prefix})
	for _, r := range p.catalog().Resources() {
		all.URLs = append(all.URLs, place{p.BaseURL + r.Address()})
	}
	text, err := xml.MarshalIndent(all, "", " ")
	if err != nil {
		http.Error(w, "This did not work.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = w.Write(append([]byte(xml.Header), text...))
}
