package paper

import (
	"bytes"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// printHead writes what the document is, who it is from and for, and what it is about.
func (p *printer) printHead() {
	d := p.d
	p.band()
	p.text(p.left(), d.Title(), title)
	x := p.left() + p.measure(d.Title(), title) + 12
	if d.Test {
		x = p.badge(x, d.words().test, test)
	}
	if stamp := d.Stamp(); stamp != "" {
		p.badge(x, stamp, p.stampColor())
	}
	p.y += 8
	if !p.logo() {
		p.textRight(p.right(), d.Seller.Name, name)
	}
	p.y += title.height()
	p.printFacts()
	p.gap(20)
	p.printRoles()
	p.gap(24)
	p.text(p.left(), d.Headline(), big)
	p.y += big.height()
	if d.PayAt != "" {
		p.link(d.words().payOnline, d.PayAt)
	}
	if d.Header != "" {
		p.gap(8)
		p.paragraph(p.left(), p.width(), d.Header, body)
	}
	p.gap(16)
}

// band draws the seller's colour along the top of the page.
func (p *printer) band() {
	if p.d.Look.Band == "" {
		return
	}
	p.f.SetFillColor(colorOr(p.d.Look.Band, accent).rgb())
	p.f.Rect(0, 0, p.page.width, bandHeight, "F")
}

// The most that a logo takes beside the title, and the height of the band, in points.
const (
	logoWidth, logoHeight = 180.0, 40.0
	bandHeight            = 6.0
)

// logo draws the seller's logo at the right, from where the title begins; false if there is none.
func (p *printer) logo() bool {
	if len(p.d.Look.Logo) == 0 {
		return false
	}
	options := fpdf.ImageOptions{ImageType: "PNG"}
	info := p.f.RegisterImageOptionsReader("logo", options, bytes.NewReader(p.d.Look.Logo))
	if info == nil || p.f.Err() {
		return false
	}
	scale := min(logoWidth/info.Width(), logoHeight/info.Height())
	width, height := info.Width()*scale, info.Height()*scale
	p.f.ImageOptions("logo", p.right()-width, p.y-8, width, height, false, options, 0, "")
	return true
}

func (p *printer) stampColor() color {
	switch p.d.Status {
	case Paid, Accepted:
		return good
	case Void, Uncollectible, Canceled, Pending:
	}
	return bad
}

// badge draws a word in a frame beside the title, and says where the next one goes.
func (p *printer) badge(x float64, word string, c color) float64 {
	s := style{bold, 10, c}
	width := p.measure(word, s) + 14
	p.f.SetDrawColor(c.rgb())
	p.f.SetLineWidth(1)
	p.f.RoundedRect(x, p.y+5.5, width, 19, 4, "1234", "D")
	p.y += 9
	p.text(x+7, word, s)
	p.y -= 9
	return x + width + 8
}

func (p *printer) link(text, address string) {
	s := strong.in(colorOr(p.d.Look.Accent, accent))
	p.text(p.left(), text, s)
	p.f.LinkString(p.left(), p.y, p.measure(text, s), s.height(), address)
	p.y += s.height()
}

func (p *printer) printFacts() {
	facts, widest := p.d.Facts(), 0.0
	for _, fact := range facts {
		widest = max(widest, p.measure(fact.Name, label))
	}
	x := p.left() + min(widest, p.width()/3) + 16
	for i, fact := range facts {
		value := body
		if i == 0 {
			value = strong
		}
		names, values := p.wrap(fact.Name, x-p.left()-16, label), p.wrap(fact.Value, p.right()-x, value)
		for n := range max(len(names), len(values)) {
			p.need(body.height())
			p.text(p.left(), at(names, n), label)
			p.text(x, at(values, n), value)
			p.y += body.height()
		}
	}
}

// printRoles writes the parties side by side.
func (p *printer) printRoles() {
	roles := p.d.Roles()
	const space = 24
	width := (p.width() - 2*space) / 3
	start, end := p.y, p.y
	for i, role := range roles {
		x := p.left() + float64(i)*(width+space)
		p.y = start
		p.text(x, role.Called, heads)
		p.y += heads.height() + 2
		for _, line := range p.wrap(role.Name, width, strong) {
			p.text(x, line, strong)
			p.y += strong.height()
		}
		for _, text := range p.d.PartyLines(role.Party) {
			for _, line := range p.wrap(text, width, body) {
				p.text(x, line, body)
				p.y += body.height()
			}
		}
		end = max(end, p.y)
	}
	p.y = end
}

// printTotals writes the sums, all of them on one page if it can hold them.
func (p *printer) printTotals() {
	const width = 270
	x := p.right() - width
	rows := p.d.Totals()
	p.need(min(float64(len(rows))*(body.height()+8), p.page.height/2))
	p.gap(8)
	for i, row := range rows {
		s := body
		if row.Strong {
			s = strong
		}
		lines := p.wrap(row.Label, width-p.measure(row.Amount, s)-16, s)
		p.need(float64(len(lines))*s.height() + 8)
		if i > 0 {
			p.lineFrom(x)
		}
		p.gap(4)
		for n, line := range lines {
			p.text(x, line, s)
			if n == 0 { // the label first, for those who have the paper read to them
				p.textRight(p.right(), row.Amount, s)
			}
			p.y += s.height()
		}
		p.gap(4)
	}
}

func (p *printer) printHistory() {
	past := p.d.Past()
	if len(past) == 0 {
		return
	}
	w := p.d.words()
	p.need(4 * body.height())
	p.gap(24)
	p.text(p.left(), w.history, name)
	p.y += name.height() + 4
	for _, row := range past {
		p.need(body.height() + 9)
		p.line()
		p.gap(4)
		p.text(p.left(), row[0], label)
		p.text(p.left()+p.width()/3, row[1], body)
		p.textRight(p.right(), row[2], body)
		p.y += body.height()
		p.gap(4)
	}
}

func (p *printer) printNotes() {
	for _, note := range p.d.Notes() {
		p.gap(20)
		p.paragraph(p.left(), p.width(), strings.TrimSpace(note), body)
	}
}

// at is the text at a place, or none.
func at(texts []string, i int) string {
	if i < len(texts) {
		return texts[i]
	}
	return ""
}
