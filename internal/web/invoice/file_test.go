package invoice_test

import (
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/paper/papertest"
	"sharesmart/internal/web/invoice"
)

// file gets a file and its text.
func (s *shop) file(path, name string) string {
	s.t.Helper()
	a := s.get(path)
	for header, want := range map[string]string{
		"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename=" + name, "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
	} {
		if got := a.Header().Get(header); got != want {
			s.t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if a.Code != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, a.Code, a.Body)
	}
	return papertest.Text(s.t, a.Body.Bytes())
}

func (s *shop) pdf(o *object.Object, field string) string {
	s.t.Helper()
	path, ours := strings.CutPrefix(o.String(field), s.URL)
	if !ours || !strings.HasSuffix(path, "/pdf") {
		s.t.Fatalf("%s is %q", field, o.String(field))
	}
	return path
}

func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		without, absent := strings.CutPrefix(part, "!")
		if strings.Contains(text, without) == absent {
			t.Errorf("the paper, want %q:\n%s", part, text)
		}
	}
}

// TestInvoiceFile prints an invoice as it goes through its life.
func TestInvoiceFile(t *testing.T) {
	t.Parallel()
	s := newShop(t, "address[line1]", "Unter den Linden 1", "address[city]", "Berlin", "address[postal_code]", "10117", "address[country]", "DE", "tax_id_data[0][type]", "eu_vat", "tax_id_data[0][value]", "DE123456789",
		"shipping[name]", "Depot", "shipping[address][line1]", "9 Dock Road", "shipping[address][city]", "Columbus", "shipping[address][state]", "OH", "shipping[address][postal_code]", "43214", "shipping[address][country]", "US")
	vat := s.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "19", "inclusive", "false").OK().ID()
	in := s.open("default_tax_rates[]", vat, "custom_fields[0][name]", "Purchase order", "custom_fields[0][value]", "PO-7", "description", "Thank you", "footer", "The end")
	path := s.pdf(in, "invoice_pdf")
	wantText(t, s.file(path, "Invoice-ABCD-0001.pdf"), "Invoice", "ABCD-0001", "September 1, 2026", "€2,380.00 due October 1, 2026", "Pay online", "TEST", "ShareSmart", "Jenny Rosen", "Unter den Linden 1", "10117 Berlin", "Germany",
		"DE VAT DE123456789", "Depot", "Columbus, OH 43214", "Purchase order", "PO-7", "<b>Tea</b>", "€1,000.00", "19%", "VAT 19% on €2,000.00", "€380.00", "Amount due", "Thank you", "The end", "Page 1 of 1", "!Paid")
	first := s.get(path)
	if first.Body.String() != s.get(path).Body.String() {
		t.Error("the same invoice is printed in two ways")
	}
	tag := first.Header().Get("ETag")
	if a := s.get(path, "If-None-Match", tag); a.Code != http.StatusNotModified || a.Body.Len() != 0 {
		t.Errorf("what the client has is sent again: %d", a.Code)
	}
	if a := s.do(s.pages, http.MethodHead, path, nil); a.Code != 200 || a.Body.Len() != 0 || a.Header().Get("ETag") != tag {
		t.Errorf("HEAD: %d, %d bytes", a.Code, a.Body.Len())
	}
	receipt := s.path(in) + "/receipt"
	wantPage(t, s.get(receipt), 404, "There is no invoice here")

	wantLead(t, s.pay(s.path(in), visa), s.path(in))
	if a := s.get(path, "If-None-Match", tag); a.Code != http.StatusOK {
		t.Errorf("a paid invoice is taken for the open one: %d", a.Code)
	}
	wantText(t, s.file(path, "Invoice-ABCD-0001.pdf"), "Paid", "€2,380.00 paid on September 1, 2026", "Visa •••• 4242", "€0.00", "!Pay online")
	wantText(t, s.file(receipt, "Receipt-ABCD-0001.pdf"), "Receipt", "Date paid", "€2,380.00 paid on September 1, 2026", "Amount paid", "Visa •••• 4242", "!Amount due")

	s.Post("/v1/credit_notes", "invoice", in.ID(), "amount", "10000", "out_of_band_amount", "10000").OK()
	wantText(t, s.file(path, "Invoice-ABCD-0001.pdf"), "Credit note ABCD-0001-CN-01", "-€100.00")

	void := s.open()
	s.Post("/v1/invoices/" + void.ID() + "/void").OK()
	wantText(t, s.file(s.pdf(void, "invoice_pdf"), "Invoice-ABCD-0002.pdf"), "Void", "Date voided", "no longer owed", "!Pay online", "!Date paid")
}

// TestInvoiceFileForms prints invoices in other sizes, currencies, languages, and with their tax left out.
func TestInvoiceFileForms(t *testing.T) {
	t.Parallel()
	within := func(s *shop) string {
		return s.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "25", "inclusive", "true").OK().ID()
	}
	for name, c := range map[string]struct {
		customer []string
		form     func(s *shop) []string
		letter   bool
		parts    []string
	}{
		"a customer in the US":  {[]string{"address[country]", "US", "address[city]", "Reno"}, nil, true, []string{"Reno", "United States"}},
		"a customer in Germany": {[]string{"address[country]", "DE", "preferred_locales[]", "de"}, nil, false, []string{"Rechnung", "2.000,00 €", "Deutschland"}},
		"as it was asked for":   {[]string{"address[country]", "US"}, func(*shop) []string { return []string{"rendering[pdf][page_size]", "a4"} }, false, nil},
		"letter":                {nil, func(*shop) []string { return []string{"rendering[pdf][page_size]", "letter"} }, true, nil},
		"tax in the price": {nil, func(s *shop) []string { return []string{"default_tax_rates[]", within(s)} }, false,
			[]string{"25% incl.", "€1,000.00", "Subtotal\n€2,000.00", "Total excluding tax\n€1,600.00", "VAT 25% on €1,600.00, included\n€400.00", "Total\n€2,000.00"}},
		"tax left out": {nil, func(s *shop) []string {
			return []string{"default_tax_rates[]", within(s), "rendering[amount_tax_display]", "exclude_tax"}
		}, false, []string{"25%", "€800.00", "Subtotal\n€1,600.00", "Total excluding tax\n€1,600.00", "VAT 25% on €1,600.00\n€400.00", "Total\n€2,000.00", "!€1,000.00"}},
		"reverse charge": {[]string{"tax_exempt", "reverse"}, func(s *shop) []string { return []string{"default_tax_rates[]", within(s)} }, false,
			[]string{"VAT 25%, reverse charge", "The tax is to be paid by the buyer (reverse charge)."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, c.customer...)
			var form []string
			if c.form != nil {
				form = c.form(s)
			}
			a := s.get(s.pdf(s.open(form...), "invoice_pdf"))
			wantText(t, papertest.Text(t, a.Body.Bytes()), c.parts...)
			if letter := strings.Contains(a.Body.String(), "/MediaBox [0 0 612.00 792.00]"); letter != c.letter {
				t.Errorf("letter is %t", letter)
			}
		})
	}
}

// TestLineDiscounts has a discount of a line, which stands with the line, and one of the invoice, which stands below.
func TestLineDiscounts(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	half := s.Post("/v1/coupons", "name", "Half", "percent_off", "50", "duration", "forever").OK().ID()
	ten := s.Post("/v1/coupons", "name", "Ten", "amount_off", "1000", "currency", "eur", "duration", "forever").OK().ID()
	s.Post("/v1/invoiceitems", "customer", s.customer, "currency", "eur", "amount", "3000", "description", "A seat", "discounts[0][coupon]", half).OK()
	in := s.open("discounts[0][coupon]", ten)
	wantText(t, s.file(s.pdf(in, "invoice_pdf"), "Invoice-ABCD-0001.pdf"), "€30.00\nHalf (50% off)\n-€15.00", "Subtotal\n€2,015.00\nTen\n-€10.00\nTotal\n€2,005.00")
	wantPage(t, s.get(s.path(in)), 200, `<tr class="off"><th scope="row" colspan="3">Half (50% off)</th><td class="number" data-label="Half (50% off)">-€15.00</td></tr>`)
}

// TestLongInvoice prints sixty lines.
func TestLongInvoice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for range 59 {
		s.Post("/v1/invoiceitems", "customer", s.customer, "currency", "eur", "amount", "100", "description", "A seat").OK()
	}
	in := s.open()
	pages := papertest.Pages(t, s.get(s.pdf(in, "invoice_pdf")).Body.Bytes())
	if len(pages) != 3 {
		t.Errorf("%d pages", len(pages))
	}
	if n := strings.Count(strings.Join(pages, "\n"), "A seat"); n != 59 {
		t.Errorf("%d lines", n)
	}
	wantText(t, pages[2], "Page 3 of 3", "€2,059.00")
	wantPage(t, s.get(s.path(in)), 200, "Pay €2,059.00")
	if n := strings.Count(s.get(s.path(in)).Body.String(), "A seat"); n != 59 {
		t.Errorf("%d lines on the page", n)
	}
}

// TestCreditNoteFile prints credit notes.
func TestCreditNoteFile(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	vat := s.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "19", "inclusive", "false").OK().ID()
	in := s.open("default_tax_rates[]", vat)
	line := in.Object("lines").Array("data")[0].(*object.Object).ID()
	note := s.Post("/v1/credit_notes", "invoice", in.ID(), "lines[0][type]", "invoice_line_item", "lines[0][invoice_line_item]", line, "lines[0][quantity]", "1",
		"lines[1][type]", "custom_line_item", "lines[1][description]", "For the trouble", "lines[1][quantity]", "1", "lines[1][unit_amount]", "500", "reason", "order_change", "memo", "Sorry").OK()
	path := s.pdf(note, "pdf")
	text := s.file(path, "Credit-note-ABCD-0001-CN-01.pdf")
	wantText(t, text, "Credit note", "ABCD-0001-CN-01", "ABCD-0001", "The order was changed", "€1,195.00 credited", "<b>Tea</b>", "€1,000.00", "For the trouble", "€5.00", "Subtotal\n€1,005.00", "VAT 19% on €1,000.00\n€190.00",
		"Total credited\n€1,195.00", "Taken off the amount due\n€1,195.00", "Sorry", "Jenny Rosen", "!Void", "!Amount due", "!Pay online")
	if strings.Index(text, "<b>Tea") > strings.Index(text, "For the trouble") {
		t.Error("the lines are in another order")
	}
	s.Post("/v1/credit_notes/" + note.ID() + "/void").OK()
	wantText(t, s.file(path, "Credit-note-ABCD-0001-CN-01.pdf"), "Void", "Date voided")
	wantPage(t, s.get(invoice.NotePrefix+note.ID()+"/pdf"), 404, "There is no invoice here")

	wantLead(t, s.pay(s.path(in), visa), s.path(in))
	back := s.Post("/v1/credit_notes", "invoice", in.ID(), "amount", "3000", "refund_amount", "1000", "credit_amount", "1500", "out_of_band_amount", "500").OK()
	wantText(t, s.file(s.pdf(back, "pdf"), "Credit-note-ABCD-0001-CN-02.pdf"), "Credit for invoice ABCD-0001", "Total credited\n€30.00", "Refunded\n€10.00", "Credited to your balance\n€15.00", "Given back in another way\n€5.00", "!Taken off")
}
