package billing

import (
	"slices"
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// What an invoice looks like on paper: read from what is stored, beside the writer. Whose name it carries is in
// party_pdf.go, its taxes and discounts in invoice_pdf_sums.go, what was paid in invoice_payment_pdf.go.

// pageToken is by what the page and the paper of an object are found: the token of its address.
const pageToken = "token"

// tokenIn reads the token out of an address of an object.
func tokenIn(field string) func(o *object.Object) []string {
	return func(o *object.Object) []string {
		address := strings.TrimSuffix(o.String(field), "/pdf")
		if address == "" {
			return nil
		}
		return []string{address[strings.LastIndexByte(address, '/')+1:]}
	}
}

// printing is one document on its way to paper.
type printing struct {
	*resource.Survey
	doc   *paper.Document
	rates map[string]*object.Object // tax rates by id
	own   map[string]int64          // what discounts of single lines took off, by their id
}

func printingOf(s *resource.Survey, kind paper.Kind, currency string) *printing {
	return &printing{Survey: s, doc: &paper.Document{Kind: kind, Currency: currency, Test: !s.Live()}, rates: map[string]*object.Object{}, own: map[string]int64{}}
}

// InvoicePaper is a final invoice as its customer reads it.
func InvoicePaper(s *resource.Survey, in *object.Object) (*paper.Document, error) {
	p := printingOf(s, paper.Invoice, in.String("currency"))
	d := p.doc
	d.Number, d.Memo, d.Footer = in.String("number"), in.String("description"), in.String("footer")
	d.Status = map[string]paper.Status{"paid": paper.Paid, "void": paper.Void, "uncollectible": paper.Uncollectible}[in.String("status")]
	d.Issued, d.DueBy = dayOf(in, "effective_at"), dayOf(in, "due_date")
	d.Settled = dayOf(in.Object("status_transitions"), map[bool]string{true: "voided_at", false: "paid_at"}[d.Status == paper.Void])
	if owed(in) {
		d.PayAt = in.String("hosted_invoice_url")
		d.Automatic = in.Bool("auto_advance") && in.String("collection_method") == "charge_automatically"
	}
	for _, v := range in.Array("custom_fields") {
		field := v.(*object.Object)
		d.Fields = append(d.Fields, paper.Field{Name: field.String("name"), Value: field.String("value")})
	}
	if err := p.parties(in); err != nil {
		return nil, err
	}
	p.layout(in.Object("rendering"))
	if err := p.invoiceLines(in); err != nil {
		return nil, err
	}
	if err := p.invoiceSums(in); err != nil {
		return nil, err
	}
	return d, p.history(in)
}

// ReceiptPaper says that an invoice was paid, or a part of it; nil if nothing was.
func ReceiptPaper(s *resource.Survey, in *object.Object) (*paper.Document, error) {
	d, err := InvoicePaper(s, in)
	if err != nil || d.Sums.Paid == 0 {
		return nil, err
	}
	d.Kind, d.DueBy, d.PayAt = paper.Receipt, time.Time{}, ""
	if d.Settled.IsZero() || d.Status == paper.Void {
		d.Settled = d.History[len(d.History)-1].At
	}
	return d, nil
}

// owed reports whether an invoice can still be paid.
func owed(in *object.Object) bool {
	return slices.Contains([]string{"open", "uncollectible"}, in.String("status"))
}

// dayOf is a time of an object; zero if there is none.
func dayOf(o *object.Object, name string) time.Time {
	if at := o.Int(name); at > 0 {
		return unix(at)
	}
	return time.Time{}
}

// letterCountries use US Letter.
var letterCountries = []string{"US", "CA", "MX", "CL", "CO", "PH", "VE"}

// layout reads how an invoice is to look. A template has nothing that shows on paper: the API tells only its name.
func (p *printing) layout(rendering *object.Object) {
	p.doc.ExcludeTax = rendering.String("amount_tax_display") == "exclude_tax"
	size := rendering.Object("pdf").String("page_size")
	p.doc.Letter = size == "letter" || size != "a4" && slices.Contains(letterCountries, p.doc.Buyer.Address.Country)
}

func (p *printing) invoiceLines(in *object.Object) error {
	private, err := p.Private("invoice", in.ID())
	if err != nil {
		return err
	}
	for _, v := range private.Array("lines") {
		id, _ := v.(string)
		line, err := p.Find("line_item", id)
		if err != nil {
			return err
		}
		if line == nil {
			continue
		}
		if err := p.invoiceLine(line); err != nil {
			return err
		}
	}
	return nil
}

func (p *printing) invoiceLine(line *object.Object) error {
	l := paper.Line{
		Description: line.String("description"), Amount: line.Int("amount"), Quantity: numberText(line.Get("quantity")),
		From: dayOf(line.Object("period"), "start"), To: dayOf(line.Object("period"), "end"),
	}
	if exact := line.String("quantity_decimal"); exact != "" {
		l.Quantity = exact
	}
	unit, _ := line.At("pricing", "unit_amount_decimal").(string)
	if err := p.lineTaxes(&l, line.Array("taxes"), unit); err != nil {
		return err
	}
	if err := p.lineDiscounts(&l, line.Array("discount_amounts"), line.Array("discounts")); err != nil {
		return err
	}
	p.doc.Lines = append(p.doc.Lines, l)
	return nil
}
