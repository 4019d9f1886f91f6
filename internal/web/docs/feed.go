package docs

import (
	"encoding/xml"
	"net/http"
	"strings"

	"sharesmart/internal/web/docs/compiled"
)

// feedPath is where the changelog's feed is.
const feedPath = Prefix + "/changelog.atom"

// The parts of an Atom feed (RFC 4287).
type (
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
	atomEntry struct {
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Link    atomLink `xml:"link"`
		Content atomText `xml:"content"`
	}
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
)

// feed lists the releases for programs that watch for new ones.
func (p *Pages) feed(w http.ResponseWriter, _ *http.Request) {
	page := p.BaseURL + Prefix + "/changelog"
	f := atomFeed{
		ID: page, Title: "ShareSmart: changelog", Author: "ShareSmart",
		Links: []atomLink{{Href: page}, {Rel: "self", Href: p.BaseURL + feedPath}},
	}
	for _, r := range p.releases {
		at := r.Date + "T00:00:00Z"
		if f.Updated == "" {
			f.Updated = at
		}
		link := page + "#" + anchorOf(r)
		f.Entries = append(f.Entries, atomEntry{ID: link, Title: "ShareSmart " + r.Version, Updated: at, Link: atomLink{Href: link}, Content: atomText{"html", r.HTML}})
	}
	text, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		http.Error(w, "This did not work.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	_, _ = w.Write(append([]byte(xml.Header), text...))
}

// anchorOf is the id that the heading of a release has on the page: "010---2026-11-30".
func anchorOf(r compiled.Release) string {
	return strings.ReplaceAll(r.Version, ".", "") + "---" + r.Date
}
