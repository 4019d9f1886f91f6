package mail

import (
	"bytes"
	_ "embed"
	htmltemplate "html/template"
	"strings"
	"text/template"

	"sharesmart/internal/brand"
	"sharesmart/internal/paper"
)

// letter is what a message says. Its HTML and its plain text are both made from this, so that neither knows more.
type letter struct {
	Words   *words
	Subject string
	Heading string
	Text    []string      // what it is about
	Code    string        // what is typed somewhere else
	Facts   []paper.Field // names with their values
	Lines   []paper.Field // what was bought, with amounts
	Total   paper.Field
	Button  link
	After   []string // what else is to be known
	Seller  seller
	Test    bool
	Base    string // the address of the server, for pictures
}

// link is a text that leads somewhere; empty for none.
type link struct{ Text, URL string }

//go:embed letter.html
var htmlSource string

//go:embed letter.txt
var textSource string

var (
	htmlLetter = htmltemplate.Must(htmltemplate.New("letter").Funcs(htmltemplate.FuncMap{"light": light.color, "dark": dark.color}).Parse(htmlSource))
	textLetter = template.Must(template.New("letter").Parse(textSource))
)

// render makes the two forms of a letter.
func (l *letter) render() (html, text string, err error) {
	var page, plain bytes.Buffer
	if err := htmlLetter.Execute(&page, l); err != nil {
		return "", "", err
	}
	if err := textLetter.Execute(&plain, l); err != nil {
		return "", "", err
	}
	return page.String(), strings.TrimSpace(plain.String()) + "\n", nil
}

// Accent is the colour of the button: the account's, or that of the pages.
func (l *letter) Accent() htmltemplate.CSS {
	if accent := l.Seller.Accent(); accent != "" {
		return htmltemplate.CSS(accent) // its form was checked
	}
	return light.color("accent")
}

// Logo is the address of the seller's picture; empty if there is none.
func (l *letter) Logo() string {
	if strings.HasPrefix(l.Seller.Logo, "/") {
		return l.Base + l.Seller.Logo
	}
	return l.Seller.Logo
}

// Band is the colour of the line above the paper; empty for none.
func (l *letter) Band() htmltemplate.CSS { return htmltemplate.CSS(l.Seller.Primary) }

// Radius is that of the corners of the button.
func (l *letter) Radius() htmltemplate.CSS {
	switch l.Seller.Shape {
	case brand.Rectangular:
		return "0"
	case brand.Pill:
		return "999px"
	}
	return "6px"
}

// OnAccent is the colour of what stands on it.
func (l *letter) OnAccent() htmltemplate.CSS { return htmltemplate.CSS(brand.On(string(l.Accent()))) }

// Preview is what lists of messages show beside the subject.
func (l *letter) Preview() string {
	if len(l.Text) == 0 {
		return l.Heading
	}
	return l.Text[0]
}

// Spaced is the code as it is read: in two halves.
func (l *letter) Spaced() string {
	if len(l.Code)%2 != 0 || len(l.Code) < 6 {
		return l.Code
	}
	half := len(l.Code) / 2
	return l.Code[:half] + "\u00a0" + l.Code[half:]
}
