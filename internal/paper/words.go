package paper

import (
	"strconv"
	"strings"
)

// words are a language, and how its readers write numbers and days. Where a text has %s, something is put in its place.
type words struct {
	thousands, point, percent string
	signLast, dayFirst        bool
	months                    [12]string
	countries                 map[string]string

	titles  map[Kind]string
	numbers map[Kind]string // what the number of a document is called
	stamps  map[Status]string
	reasons map[string]string
	units   map[string][2]string // each one, several

	issued, due, paidOn, voidedOn, validUntil, of, reason, test  string
	from, billTo, shipTo, taxID                                  string
	dueBy, dueNow, takenBy, paid, credited, voided, nothing      string
	payOnline                                                    string
	description, quantity, unitPrice, tax, amount                string
	subtotal, shipping, excludingTax, total, balance, creditNote string
	amountPaid, amountDue, totalCredited                         string
	creditFor, lowered, refunded, toBalance, outside             string
	off, taxOn, including, inclusive, reverse, reverseNote       string
	history, elsewhere, page, every, then                        string
}

func (d *Document) words() *words {
	base, _, _ := strings.Cut(strings.ToLower(d.Language), "-")
	if w := languages[base]; w != nil {
		return w
	}
	return languages["en"]
}

// Title is what the document is called: Invoice.
func (d *Document) Title() string { return d.words().titles[d.Kind] }

// Tongue is the language that the document is in, as HTML and PDF name it.
func (d *Document) Tongue() string {
	if base, _, _ := strings.Cut(strings.ToLower(d.Language), "-"); languages[base] == nil {
		return "en"
	}
	return d.Language
}

// put puts values in the places that a text has for them.
func put(text string, values ...string) string {
	for _, v := range values {
		text = strings.Replace(text, "%s", v, 1)
	}
	return text
}

// often writes how often something is paid: every month, every 3 months; empty for once.
func (d *Document) often(i Interval) string {
	w := d.words()
	unit := w.units[i.Unit]
	if i.Count <= 1 {
		return unit[0]
	}
	return put(w.every, strconv.FormatInt(i.Count, 10)+" "+unit[1])
}

// languages are the words by the base of a language's tag.
var languages = map[string]*words{"en": english, "de": german}

var english = &words{
	thousands: ",", point: ".", percent: "%",
	months:    [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	countries: englishCountries,
	titles:    map[Kind]string{Invoice: "Invoice", Receipt: "Receipt", PaymentReceipt: "Receipt", CreditNote: "Credit note", Quote: "Quote"},
	numbers:   map[Kind]string{Invoice: "Invoice number", Receipt: "Invoice number", PaymentReceipt: "Receipt number", CreditNote: "Credit note number", Quote: "Quote number"},
	stamps:    map[Status]string{Paid: "Paid", Void: "Void", Uncollectible: "Uncollectible", Accepted: "Accepted", Canceled: "Canceled"},
	reasons:   map[string]string{"duplicate": "Duplicate", "fraudulent": "Fraudulent", "order_change": "The order was changed", "product_unsatisfactory": "Not satisfied with the product"},
	units:     map[string][2]string{"day": {"every day", "days"}, "week": {"every week", "weeks"}, "month": {"every month", "months"}, "year": {"every year", "years"}},

	issued: "Date of issue", due: "Date due", paidOn: "Date paid", voidedOn: "Date voided", validUntil: "Valid until", of: "Invoice number", reason: "Reason", test: "TEST",
	from: "From", billTo: "Bill to", shipTo: "Ship to", taxID: "Tax ID",
	dueBy: "%s due %s", dueNow: "%s due", takenBy: "%s, charged automatically", paid: "%s paid on %s", credited: "%s credited", voided: "%s, no longer owed", nothing: "Nothing to pay",
	payOnline:   "Pay online",
	description: "Description", quantity: "Qty", unitPrice: "Unit price", tax: "Tax", amount: "Amount",
	subtotal: "Subtotal", shipping: "Shipping", excludingTax: "Total excluding tax", total: "Total", balance: "Applied balance", creditNote: "Credit note %s",
	amountPaid: "Amount paid", amountDue: "Amount due", totalCredited: "Total credited",
	creditFor: "Credit for invoice %s", lowered: "Taken off the amount due", refunded: "Refunded", toBalance: "Credited to your balance", outside: "Given back in another way",
	off: "%s off", taxOn: "%s on %s", including: "%s on %s, included", inclusive: "%s incl.", reverse: "reverse charge", reverseNote: "The tax is to be paid by the buyer (reverse charge).",
	history: "Payment history", elsewhere: "Paid in another way", page: "Page %s of %s", every: "every %s", then: "Then %s",
}

var german = &words{
	thousands: ".", point: ",", percent: space + "%", signLast: true, dayFirst: true,
	months:    [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	countries: germanCountries,
	titles:    map[Kind]string{Invoice: "Rechnung", Receipt: "Zahlungsbeleg", PaymentReceipt: "Zahlungsbeleg", CreditNote: "Gutschrift", Quote: "Angebot"},
	numbers:   map[Kind]string{Invoice: "Rechnungsnummer", Receipt: "Rechnungsnummer", PaymentReceipt: "Belegnummer", CreditNote: "Gutschriftsnummer", Quote: "Angebotsnummer"},
	stamps:    map[Status]string{Paid: "Bezahlt", Void: "Storniert", Uncollectible: "Uneinbringlich", Accepted: "Angenommen", Canceled: "Zurückgezogen"},
	reasons:   map[string]string{"duplicate": "Doppelt berechnet", "fraudulent": "Betrug", "order_change": "Bestellung geändert", "product_unsatisfactory": "Ware nicht zufriedenstellend"},
	units:     map[string][2]string{"day": {"täglich", "Tage"}, "week": {"wöchentlich", "Wochen"}, "month": {"monatlich", "Monate"}, "year": {"jährlich", "Jahre"}},

	issued: "Ausgestellt am", due: "Fällig am", paidOn: "Bezahlt am", voidedOn: "Storniert am", validUntil: "Gültig bis", of: "Rechnungsnummer", reason: "Grund", test: "TEST",
	from: "Von", billTo: "Rechnung an", shipTo: "Lieferung an", taxID: "Steuernummer",
	dueBy: "%s fällig am %s", dueNow: "%s fällig", takenBy: "%s, wird automatisch eingezogen", paid: "%s bezahlt am %s", credited: "%s gutgeschrieben", voided: "%s, nicht mehr geschuldet", nothing: "Nichts zu zahlen",
	payOnline:   "Online bezahlen",
	description: "Beschreibung", quantity: "Menge", unitPrice: "Einzelpreis", tax: "Steuer", amount: "Betrag",
	subtotal: "Zwischensumme", shipping: "Versand", excludingTax: "Summe ohne Steuer", total: "Gesamtbetrag", balance: "Verrechnetes Guthaben", creditNote: "Gutschrift %s",
	amountPaid: "Bezahlt", amountDue: "Offener Betrag", totalCredited: "Gutgeschriebener Betrag",
	creditFor: "Gutschrift zur Rechnung %s", lowered: "Vom offenen Betrag abgezogen", refunded: "Erstattet", toBalance: "Ihrem Guthaben gutgeschrieben", outside: "Auf anderem Weg zurückgegeben",
	off: "%s Rabatt", taxOn: "%s auf %s", including: "%s auf %s, enthalten", inclusive: "%s inkl.", reverse: "Reverse Charge", reverseNote: "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).",
	history: "Zahlungen", elsewhere: "Auf anderem Weg bezahlt", page: "Seite %s von %s", every: "alle %s", then: "Danach %s",
}
