package paper_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/paper"
	"sharesmart/internal/paper/papertest"
)

func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 9, 30, 0, 0, time.UTC) }

// full is an invoice with everything that one can have.
func full() *paper.Document {
	vat := paper.Rate{Name: "VAT", Percent: "19"}
	within := paper.Rate{Name: "VAT", Percent: "7", Inclusive: true}
	autumn := paper.Deduction{Name: "Autumn", Percent: "25", Amount: 3000}
	return &paper.Document{
		Kind: paper.Invoice, Language: "en", Test: true, Currency: "eur", Number: "7FE1103-0042", Issued: day(9, 1), DueBy: day(10, 1), PayAt: "https://localhost:8443/invoices/token",
		Seller: paper.Party{
			Name: "Sample Shop GmbH", Address: paper.Address{Line1: "Hauptstraße 1", PostalCode: "10115", City: "Berlin", Country: "DE"}, Email: "help@shop.example", Phone: "+49 30 1234567",
			TaxIDs: []paper.Field{{Name: "DE VAT", Value: "DE123456789"}},
		},
		Buyer:     paper.Party{Name: "Ægir & Søns Λόγος ООО", Address: paper.Address{Line1: "42 Rue de l’Église", PostalCode: "75001", City: "Paris", Country: "FR"}, Email: "accounts@buyer.example"},
		Recipient: paper.Party{Name: "Warehouse 7", Address: paper.Address{Line1: "9 Dock Road", City: "Columbus", State: "OH", PostalCode: "43214", Country: "US"}},
		Fields:    []paper.Field{{Name: "Purchase order", Value: "PO-2026-0815"}, {Name: "Cost centre", Value: "Research"}},
		Memo:      "Thank you for your order.\nPlease quote the number of the invoice with your payment.",
		Footer:    "Sample Shop GmbH · Amtsgericht Berlin HRB 12345",
		Lines: []paper.Line{
			{Description: "ShareSmart Pro", From: day(9, 1), To: day(10, 1), Quantity: "12", UnitAmount: "1000", Amount: 12000, Taxes: []paper.Rate{vat}, Discounts: []paper.Deduction{autumn}},
			{
				Description: "A day of consulting about how a team of people who work in many places at the same time can share what they read, with a description that is much longer than one line can hold",
				Quantity:    "2", UnitAmount: "80000", Amount: 160000, Taxes: []paper.Rate{vat},
			},
			{Description: "API calls", From: day(8, 1), To: day(9, 1), Quantity: "1234567", UnitAmount: "0.0125", Amount: 15432, Taxes: []paper.Rate{within}, Inclusive: 1010},
			{Description: "Unused time on ShareSmart Starter", From: day(8, 15), To: day(9, 1), Quantity: "1", UnitAmount: "-500", Amount: -500},
		},
		Sums: paper.Sums{
			Subtotal: 183932, SubtotalExcludingTax: 182922, Discounts: []paper.Deduction{{Name: "Welcome", Amount: 1000}}, TotalExcludingTax: 181922,
			Taxes: []paper.Tax{{Rate: vat, Amount: 31920, Taxable: 168000}, {Rate: within, Amount: 1010, Taxable: 14422}},
			Total: 214852, Balance: -4852, Credits: []paper.Deduction{{Name: "7FE1103-0042-CN-01", Amount: 10000}}, Paid: 100000, Due: 100000,
		},
		History: []paper.Entry{{At: day(9, 3), Method: "Visa •••• 4242", Amount: 100000}, {At: day(9, 4), Credit: "7FE1103-0042-CN-02", Amount: -5000}},
	}
}

// kinds are documents of all kinds.
func kinds() map[string]*paper.Document {
	paid := full()
	paid.Language, paid.Status, paid.Settled, paid.PayAt = "de", paper.Paid, day(9, 3), ""
	paid.Sums.Paid, paid.Sums.Due = 200000, 0
	receipt := full()
	receipt.Kind, receipt.Status, receipt.Settled, receipt.PayAt, receipt.DueBy = paper.Receipt, paper.Paid, day(9, 3), "", time.Time{}
	note := full()
	note.Kind, note.Of, note.Number, note.PayAt, note.DueBy, note.Reason = paper.CreditNote, "7FE1103-0042", "7FE1103-0042-CN-01", "", time.Time{}, "order_change"
	note.Sums.Lowered, note.Sums.Refunded, note.Sums.Credited, note.Sums.Outside, note.History, note.Letter = 100000, 50000, 60000, 4852, nil, true
	quote := full()
	quote.Kind, quote.Number, quote.PayAt, quote.DueBy, quote.Expires, quote.History = paper.Quote, "QT-7FE1103-0001-1", "", time.Time{}, day(10, 1), nil
	quote.Header = "We are pleased to offer you the following."
	quote.Lines[0].Every = paper.Interval{Unit: "month", Count: 1}
	quote.Sums.Recurring = []paper.Recurrence{{Every: paper.Interval{Unit: "month", Count: 3}, Amount: 12000}}
	void := many(60)
	void.Status, void.Settled, void.PayAt = paper.Void, day(9, 9), ""
	return map[string]*paper.Document{"invoice": full(), "invoice-de": paid, "receipt": receipt, "credit-note": note, "quote": quote, "void": void}
}

// many is an invoice with many lines.
func many(lines int) *paper.Document {
	d := full()
	d.Lines = nil
	for i := range lines {
		d.Lines = append(d.Lines, paper.Line{Description: "Seat " + strconv.Itoa(i+1), Quantity: "1", UnitAmount: "1000", Amount: 1000, From: day(9, 1), To: day(10, 1)})
	}
	return d
}

func printed(t *testing.T, d *paper.Document) []byte {
	t.Helper()
	data, err := paper.PDF(d)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the paper has no %q:\n%s", part, text)
		}
	}
}

func TestPDF(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"invoice": {
			"Invoice", "7FE1103-0042", "September 1, 2026", "October 1, 2026", "€1,000.00 due October 1, 2026", "TEST", "Pay online", "Hauptstraße 1", "10115 Berlin", "Germany", "DE VAT DE123456789",
			"Ægir & Søns Λόγος ООО", "42 Rue de l’Église", "Columbus, OH 43214", "United States", "Purchase order", "PO-2026-0815", "ShareSmart Pro", "September 1, 2026 – October 1, 2026", "Autumn (25% off)\n-€30.00",
			"1,234,567", "€0.000125", "7% incl.", "-€5.00", "Subtotal", "€1,839.32", "Welcome\n-€10.00", "Total excluding tax", "€1,819.22", "VAT 19% on €1,680.00", "€319.20", "VAT 7% on €144.22, included", "€10.10",
			"Total", "€2,148.52", "Applied balance", "-€48.52", "Credit note 7FE1103-0042-CN-01", "-€100.00", "Amount paid", "-€1,000.00", "Amount due", "€1,000.00", "Visa •••• 4242", "Credit note 7FE1103-0042-CN-02", "-€50.00",
			"Please quote the number of the invoice with your payment.", "Amtsgericht Berlin HRB 12345", "Page 1 of 2", "Page 2 of 2",
		},
		"invoice-de":  {"Rechnung", "Bezahlt", "2.000,00 € bezahlt am 3. September 2026", "1.600,00 €", "0,000125 €", "19 %", "Deutschland", "Offener Betrag", "0,00 €", "Seite 1 von 2"},
		"receipt":     {"Receipt", "€1,000.00 paid on September 3, 2026", "Date paid", "Amount paid", "Visa •••• 4242"},
		"credit-note": {"Credit note", "7FE1103-0042-CN-01", "Invoice number", "The order was changed", "€2,148.52 credited", "Total credited", "Taken off the amount due", "€1,000.00", "Refunded", "€500.00", "Credited to your balance", "€600.00", "Given back in another way", "€48.52"},
		"quote":       {"Quote", "QT-7FE1103-0001-1", "Valid until", "We are pleased to offer you the following.", "every month", "Then every 3 months", "€120.00"},
		"void":        {"Void", "Date voided", "September 9, 2026", "€2,148.52, no longer owed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := kinds()[name]
			data := printed(t, d)
			wantText(t, papertest.Text(t, data), want...)
			if !bytes.Equal(data, printed(t, d)) {
				t.Error("the same document is printed in two ways")
			}
			if dir := os.Getenv("SHOTS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, name+".pdf"), data, 0o600); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestPages prints lines over several pages: none is lost, each page has the head of the table and its number.
func TestPages(t *testing.T) {
	t.Parallel()
	for lines, want := range map[int]int{1: 1, 60: 4, 250: 15} {
		d := many(lines)
		d.Sums = paper.Sums{Subtotal: 1000 * int64(lines), Total: 1000 * int64(lines), Due: 1000 * int64(lines)}
		d.Recipient, d.Fields, d.History, d.Memo = paper.Party{}, nil, nil, ""
		pages := papertest.Pages(t, printed(t, d))
		if len(pages) != want {
			t.Errorf("%d lines take %d pages, want %d", lines, len(pages), want)
		}
		for i := range lines {
			if n := len(regexp.MustCompile(`(?m)^Seat `+strconv.Itoa(i+1)+`$`).FindAllString(strings.Join(pages, "\n"), -1)); n != 1 {
				t.Errorf("line %d of %d stands there %d times", i+1, lines, n)
			}
		}
		for i, page := range pages {
			wantText(t, page, fmt.Sprintf("Page %d of %d", i+1, len(pages)), "7FE1103-0042")
			if strings.Contains(page, "Seat") {
				wantText(t, page, "Description\nQty\nUnit price\nAmount")
			}
		}
		wantText(t, pages[len(pages)-1], "Amount due")
	}
}

// TestSizes looks at the size of the paper.
func TestSizes(t *testing.T) {
	t.Parallel()
	for letter, want := range map[bool]string{false: "/MediaBox [0 0 595.28 841.89]", true: "/MediaBox [0 0 612.00 792.00]"} {
		d := full()
		d.Letter = letter
		if data := printed(t, d); !bytes.Contains(data, []byte(want)) {
			t.Errorf("letter %t: %s", letter, regexp.MustCompile(`/MediaBox.*`).Find(data))
		}
	}
}

// TestAnyText prints what sellers may write, and loses none of it that is a letter.
func TestAnyText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		strings.Repeat("x", 3000): "xxxxxxxx", "株式会社": "株式会社", "tea \U0001F375 time": "tea \ufffd time", "a\tb\x00c\u202ed": "a bcd", "": "ShareSmart", "(a) \\ b)": "(a) \\ b)",
		strings.Repeat("word ", 2000): "word word", "a\r\nb\n\nc": "a\nb",
	} {
		d := full()
		d.Lines = []paper.Line{{Description: text, Amount: 1}, {Description: "ShareSmart", Quantity: strings.Repeat("9", 40), UnitAmount: "0.123456789012", Amount: 999999999999}}
		d.Buyer.Name, d.Memo, d.Number, d.Fields = text, text, text, []paper.Field{{Name: text, Value: text}}
		wantText(t, papertest.Text(t, printed(t, d)), want, "€9,999,999,999.99")
	}
}

// TestColors holds the colours of the paper against those of the pages.
func TestColors(t *testing.T) {
	t.Parallel()
	tokens, err := os.ReadFile("../web/static/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("pdf_text.go")
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{"ink": "neutral-9", "quiet": "neutral-7", "hairline": "neutral-3", "accent": "accent", "good": "good", "bad": "bad", "test": "test"} {
		value := regexp.MustCompile(`--` + token + `: light-dark\(#(\w+),`).FindStringSubmatch(string(tokens))
		if value == nil || !regexp.MustCompile(`\b`+name+`\s+color = 0x`+value[1]+`\n`).Match(source) {
			t.Errorf("%s is not %s, which is %v", name, token, value)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	d := full()
	for b.Loop() {
		if _, err := paper.PDF(d); err != nil {
			b.Fatal(err)
		}
	}
}

// A paper has the colours and the picture of its seller, and no name beside the picture.
func TestLook(t *testing.T) {
	t.Parallel()
	logo, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		look    paper.Look
		picture bool
	}{{paper.Look{}, false}, {paper.Look{Accent: "#ff0000", Band: "#ffdd00", Logo: logo}, true}, {paper.Look{Accent: "red"}, false}} {
		d := full()
		d.Look = test.look
		file, err := paper.PDF(d)
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(file, []byte("/Subtype /Image")); got != test.picture {
			t.Errorf("%+v: a picture is there: %t", test.look.Accent, got)
		}
		if names := strings.Count(papertest.Pages(t, file)[0], d.Seller.Name); (names == 1) != test.picture {
			t.Errorf("the name is there %d times", names)
		}
	}
}
