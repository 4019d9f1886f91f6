package paper

import (
	"bytes"
	"fmt"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
)

// PDF prints a document. It takes some milliseconds, most of them to read the two fonts, of which only the letters that
// are used go into the file.
//
// The fonts have Latin, Greek, Cyrillic and Hebrew letters. What they do not have is printed as an empty box; it still is
// in the file, so that it can be searched and copied, but for characters beyond the basic plane, such as emoji.
func PDF(d *Document) ([]byte, error) {
	size := "A4"
	if d.Letter {
		size = "Letter"
	}
	f := fpdf.New("P", "pt", size, "")
	f.SetMargins(0, 0, 0)
	f.SetCellMargin(0)
	f.SetAutoPageBreak(false, 0)
	f.SetCatalogSort(true)
	f.SetCreationDate(d.Issued.UTC())
	f.SetModificationDate(d.Issued.UTC())
	f.SetLang(d.Tongue())
	f.SetTitle(printable(d.Title()+" "+d.Number), true)
	f.SetAuthor(printable(d.Seller.Name), true)
	f.SetProducer("ShareSmart", true)
	f.AddUTF8FontFromBytes(regular, "", liberationsansregular.TTF)
	f.AddUTF8FontFromBytes(bold, "", liberationsansbold.TTF)
	p := &printer{f: f, d: d}
	p.page.width, p.page.height = f.GetPageSize()
	p.print()
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("print %s: %w", d.Number, err)
	}
	return out.Bytes(), nil
}

// The margins of a page, in points.
const (
	side   = 48.0
	top    = 48.0
	bottom = 64.0
)

// printer writes from the top to the bottom, and begins a new page where one is full.
type printer struct {
	f    *fpdf.Fpdf
	d    *Document
	page struct{ width, height float64 }
	y    float64 // the top of what comes next
	head func()  // what is repeated at the top of a new page, beside the document's name
}

func (p *printer) print() {
	p.f.AddPage()
	p.y = top
	p.printHead()
	p.printLines()
	p.printTotals()
	p.printHistory()
	p.printNotes()
	p.printFooters()
}

func (p *printer) left() float64  { return side }
func (p *printer) right() float64 { return p.page.width - side }
func (p *printer) width() float64 { return p.page.width - 2*side }

// need begins a new page unless so much fits on this one.
func (p *printer) need(height float64) {
	if p.y+height <= p.page.height-bottom {
		return
	}
	p.f.AddPage()
	p.y = top
	p.text(p.left(), p.d.Seller.Name, small)
	p.textRight(p.right(), p.d.Title()+" "+p.d.Number, small)
	p.y += small.height()
	p.gap(8)
	p.line()
	p.gap(12)
	if p.head != nil {
		p.head()
	}
}

func (p *printer) gap(height float64) { p.y += height }

// line draws a hairline over the whole width.
func (p *printer) line() { p.lineFrom(p.left()) }

func (p *printer) lineFrom(x float64) {
	p.f.SetDrawColor(hairline.rgb())
	p.f.SetLineWidth(0.6)
	p.f.Line(x, p.y, p.right(), p.y)
}

// printFooters ends each page, once it is known how many there are.
func (p *printer) printFooters() {
	pages := p.f.PageCount()
	for n := 1; n <= pages; n++ {
		p.f.SetPage(n)
		// The page has its own memory of the font, which the library keeps for the document: it is set anew.
		p.f.SetFont(bold, "", 1)
		p.y = p.page.height - bottom + 20
		p.line()
		p.gap(10)
		p.text(p.left(), p.footer(), small)
		p.textRight(p.right(), put(p.d.words().page, fmt.Sprint(n), fmt.Sprint(pages)), small)
	}
}

func (p *printer) footer() string {
	text := p.d.Number
	if p.d.Kind != Quote {
		text += "  ·  " + p.d.Headline()
	}
	if p.d.Test {
		text += "  ·  " + p.d.words().test
	}
	return text
}
