package paper_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"sharesmart/internal/paper"
)

func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 9, 30, 0, 0, time.UTC) }

// full is an invoice with everything that one can have.
func full() *paper.Document {
	return &paper.Document{
		Kind: paper.Invoice, Language: "en", Test: true, Currency: "eur", Number: "7FE1103-0042", Issued: day(9, 1), DueBy: day(10, 1),
		PayAt:     "https://localhost:8443/invoices/token",
		Seller:    paper.Party{Name: "Sample Shop GmbH", Address: paper.Address{Line1: "Hauptstraße 1", PostalCode: "10115", City: "Berlin", Country: "DE"}, Email: "help@shop.example", Phone: "+49 30 1234567", TaxIDs: []paper.Field{{Name: "DE VAT", Value: "DE123456789"}}},
		Buyer:     paper.Party{Name: "Ægir & Søns Λόγος ООО", Address: paper.Address{Line1: "42 Rue de l’Église", PostalCode: "75001", City: "Paris", Country: "FR"}, Email: "accounts@buyer.example", TaxIDs: []paper.Field{{Name: "FR VAT", Value: "FRAB123456789"}}},
		Recipient: paper.Party{Name: "Warehouse 7", Address: paper.Address{Line1: "9 Dock Road", City: "Columbus", State: "OH", PostalCode: "43214", Country: "US"}},
		Fields:    []paper.Field{{Name: "Purchase order", Value: "PO-2026-0815"}, {Name: "Cost centre", Value: "Research"}},
		Memo:      "Thank you for your order.\nPlease quote the number of the invoice with your payment.",
		Footer:    "Sample Shop GmbH · Amtsgericht Berlin HRB 12345 · Geschäftsführerin: J. Rosen",
		Lines: []paper.Line{
			{Description: "ShareSmart Pro", From: day(9, 1), To: day(10, 1), Quantity: "12", UnitAmount: "1000", Amount: 12000, Taxes: []paper.Rate{{Name: "VAT", Percent: "19"}}, Discounts: []paper.Deduction{{Name: "Autumn", Percent: "25", Amount: 3000}}},
			{Description: "A day of consulting about how a team of people who work in many places at the same time can share what they read, with a description that is much longer than one line can hold", Quantity: "2", UnitAmount: "80000", Amount: 160000, Taxes: []paper.Rate{{Name: "VAT", Percent: "19"}}},
			{Description: "API calls", From: day(8, 1), To: day(9, 1), Quantity: "1234567", UnitAmount: "0.0125", Amount: 15432, Taxes: []paper.Rate{{Name: "VAT", Percent: "7", Inclusive: true}}, Inclusive: 1010},
			{Description: "Unused time on ShareSmart Starter", From: day(8, 15), To: day(9, 1), Quantity: "1", UnitAmount: "-500", Amount: -500},
		},
		Sums: paper.Sums{
			Subtotal: 186932, SubtotalExcludingTax: 185922, Discounts: []paper.Deduction{{Name: "Autumn", Percent: "25", Amount: 3000}}, TotalExcludingTax: 182922,
			Taxes: []paper.Tax{{Rate: paper.Rate{Name: "VAT", Percent: "19"}, Amount: 32110, Taxable: 169000}, {Rate: paper.Rate{Name: "VAT", Percent: "7", Inclusive: true}, Amount: 1010, Taxable: 14422}},
			Total: 216042, Balance: -6042, Credits: []paper.Deduction{{Name: "7FE1103-0042-CN-01", Amount: 10000}}, Paid: 100000, Due: 100000,
		},
		History: []paper.Entry{{At: day(9, 3), Method: "Visa •••• 4242", Amount: 100000}, {At: day(9, 4), Credit: "7FE1103-0042-CN-01", Amount: 10000}},
	}
}

// long is an invoice with many lines.
func long(lines int) *paper.Document {
	d := full()
	d.Lines = nil
	for i := range lines {
		d.Lines = append(d.Lines, paper.Line{Description: "Seat " + strconv.Itoa(i+1), Quantity: "1", UnitAmount: "1000", Amount: 1000, From: day(9, 1), To: day(10, 1)})
	}
	return d
}

func TestShow(t *testing.T) {
	dir := os.Getenv("SHOTS")
	if dir == "" {
		t.Skip()
	}
	de := full()
	de.Language, de.Status, de.Settled, de.PayAt = "de", paper.Paid, day(9, 3), ""
	de.Sums.Paid, de.Sums.Due = 200000, 0
	cn := full()
	cn.Kind, cn.Of, cn.Number, cn.PayAt, cn.DueBy, cn.Reason = paper.CreditNote, "7FE1103-0042", "7FE1103-0042-CN-01", "", time.Time{}, "order_change"
	cn.Sums.Lowered, cn.Sums.Refunded = 10000, 5000
	cn.History = nil
	cn.Letter = true
	q := full()
	q.Kind, q.Number, q.PayAt, q.DueBy, q.Expires, q.History = paper.Quote, "QT-7FE1103-0001-1", "", time.Time{}, day(10, 1), nil
	q.Lines[0].Every = paper.Interval{Unit: "month", Count: 1}
	q.Sums.Recurring = []paper.Recurrence{{Every: paper.Interval{Unit: "month", Count: 3}, Amount: 12000}}
	q.Header = "We are pleased to offer you the following."
	void := long(60)
	void.Status, void.Settled = paper.Void, day(9, 9)
	for name, d := range map[string]*paper.Document{"invoice": full(), "invoice-de": de, "credit-note": cn, "quote": q, "long": void} {
		data, err := paper.PDF(d)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := paper.PDF(d)
		if !bytes.Equal(data, again) {
			t.Error("not the same")
		}
		file := filepath.Join(dir, name+".pdf")
		os.WriteFile(file, data, 0o644)
		exec.Command("pdftoppm", "-r", "75", "-png", file, filepath.Join(dir, name)).Run()
	}
}
