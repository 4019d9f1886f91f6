package paper

// columns are where the cells of a line end, from the right edge of the page to the left; the description has the rest.
type columns struct{ quantity, unit, tax, amount column }

type column struct{ right, width float64 }

// The widths of columns, in points.
const (
	amountWidth   = 92
	taxWidth      = 62
	unitWidth     = 82
	quantityWidth = 54
	columnSpace   = 10
)

func (p *printer) columns() (c columns, description float64) {
	x := p.right()
	next := func(width float64) column {
		column := column{x, width - columnSpace}
		x -= width
		return column
	}
	c.amount = next(amountWidth)
	if p.d.Labels().Tax != "" {
		c.tax = next(taxWidth)
	}
	c.unit = next(unitWidth)
	c.quantity = next(quantityWidth)
	return c, x - p.left() - columnSpace
}

// printLines writes the table of goods, with its head on every page that it goes over.
func (p *printer) printLines() {
	c, width := p.columns()
	p.head = func() {
		p.printCells(c, p.d.Labels(), heads)
		p.y += heads.height() + 4
		p.line()
	}
	p.need(80)
	p.head()
	for _, l := range p.d.Lines {
		p.printLine(c, p.d.Cells(l), width)
	}
	p.head = nil
}

// printCells writes the cells of one line of text.
func (p *printer) printCells(c columns, cells Cells, s style) {
	p.text(p.left(), cells.Description, s)
	p.fitRight(c.quantity.right, c.quantity.width, cells.Quantity, s)
	p.fitRight(c.unit.right, c.unit.width, cells.Unit, s)
	if c.tax.width > 0 {
		p.fitRight(c.tax.right, c.tax.width, cells.Tax, s)
	}
	p.fitRight(c.amount.right, c.amount.width, cells.Amount, s)
}

// printLine writes a line of goods. One that is longer than a page goes on on the next.
func (p *printer) printLine(c columns, cells Cells, width float64) {
	const padding = 6
	texts := p.wrap(cells.Description, width, body)
	var notes []string
	for _, note := range cells.Notes {
		notes = append(notes, p.wrap(note, width, small)...)
	}
	height := float64(len(texts))*body.height() + float64(len(notes)+len(cells.Off))*small.height()
	p.need(min(height, 12*body.height()) + 2*padding)
	p.gap(padding)
	for i, text := range texts {
		if i == 0 {
			cells.Description = text
			p.printCells(c, cells, body)
		} else {
			p.need(body.height() + padding)
			p.text(p.left(), text, body)
		}
		p.y += body.height()
	}
	for _, note := range notes {
		p.need(small.height() + padding)
		p.text(p.left(), note, small)
		p.y += small.height()
	}
	for _, off := range cells.Off {
		p.printOff(c, off, width)
	}
	p.gap(padding)
	p.line()
}

// printOff writes what was taken off a line, below it.
func (p *printer) printOff(c columns, off Row, width float64) {
	for n, line := range p.wrap(off.Label, width, small) {
		p.need(small.height())
		p.text(p.left(), line, small)
		if n == 0 {
			p.fitRight(c.amount.right, c.amount.width, off.Amount, small)
		}
		p.y += small.height()
	}
}
