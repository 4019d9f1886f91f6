package card

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
)

// Away leads the browser of whoever sees a page to the page of their bank, which in live mode is another server's. Browsers
// hold the policy for forms against that of an answer that leads on, and nobody knows all banks, so a page leads on by
// itself: it is to show Part, too, for browsers that do not.
type Away struct {
	To    string // an address of http or https
	Words *Words
}

// NewAway makes the answer whose headers are given lead to an address; nil if no browser could go there.
func NewAway(h http.Header, to, lang string) *Away {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil
	}
	h.Set("Refresh", "0; url="+u.String())
	return &Away{To: to, Words: WordsFor(lang)}
}

var awayPart = template.Must(template.New("away").Parse(`<h1>{{.Words.ToBank}}</h1>
<p class="quiet">{{.Words.ToBankText}}</p>
<p><a class="button button-primary" href="{{.To}}" data-testid="bank">{{.Words.Continue}}</a></p>`))

// Part is what the page says.
func (a *Away) Part() (template.HTML, error) {
	var b bytes.Buffer
	err := awayPart.Execute(&b, a)
	return template.HTML(b.String()), err //nolint:gosec // the template has escaped it
}
