// Package paper owns what a customer is sent to read and to keep: invoices, receipts, credit notes and quotes. It says
// in words what they say in numbers, in the customer's language, and prints them as PDF files.
//
// It is pure: a Document goes in, rows of text or the bytes of a file come out, and the same document gives the same
// bytes. It knows no store and does not work amounts out: what is owed is given to it.
package paper

import "time"

// Kind is what a document is.
type Kind int

// The kinds of documents.
const (
	Invoice Kind = iota
	Receipt
	CreditNote
	Quote
	// PaymentReceipt is that of a payment without an invoice.
	PaymentReceipt
)

// Status is what became of a document, as far as its reader must know at a glance.
type Status int

// What becomes of documents. Pending is neither: nothing is stamped.
const (
	Pending Status = iota
	Paid
	Void
	Uncollectible
	Accepted
	Canceled
)

// Document is what is on the paper. Amounts are in the currency's smallest unit; a time that is zero is not written.
type Document struct {
	Kind     Kind
	Language string // such as "de" or "en-GB"; English where there are no words for it
	Letter   bool   // US Letter in place of A4
	Test     bool   // no real money: the paper says so
	Currency string
	Status   Status
	Number   string
	Of       string // the number of the invoice that a credit note belongs to

	Issued, DueBy, Settled, Expires time.Time
	// Automatic says that the money is taken without the customer's doing.
	Automatic bool
	// PayAt is the address of the page where the invoice can be paid; empty if it cannot.
	PayAt string
	// Reason is why there is a credit note: "duplicate".
	Reason string

	Seller, Buyer, Recipient Party
	Look                     Look
	Fields                   []Field
	Header, Memo, Footer     string

	// ExcludeTax shows lines and subtotal without the tax that is in their prices.
	ExcludeTax bool
	Lines      []Line
	Sums       Sums
	History    []Entry
}

// Look is how the seller's papers look. Each field may be empty.
type Look struct {
	Accent string // the colour of links, to be read on white: "#3d35b0"
	Band   string // the colour of the band along the top of the first page
	Logo   []byte // a PNG that stands in the place of the name
}

// Party is the seller, who pays, or who receives the goods.
type Party struct {
	Name    string
	Address Address
	Email   string
	Phone   string
	TaxIDs  []Field
}

// Address is where a party is; its parts may be empty.
type Address struct{ Line1, Line2, City, State, PostalCode, Country string }

// Field is a name with its value.
type Field struct{ Name, Value string }

// Line is one line of goods.
type Line struct {
	Description string
	From, To    time.Time // what it is for, if it is for a time
	Quantity    string
	UnitAmount  string // may be finer than the smallest unit; empty if pieces have different prices
	Amount      int64
	Inclusive   int64 // of Amount, tax
	Taxes       []Rate
	Discounts   []Deduction
	Every       Interval // how often it is paid; zero is once
}

// Interval is a time between payments.
type Interval struct {
	Unit  string // day, week, month, year
	Count int64
}

// Rate is a tax as its reader knows it.
type Rate struct {
	Name      string
	Percent   string // "19"; empty for none
	Inclusive bool
	Reverse   bool // the buyer owes it
}

// Deduction is something that lowers an amount.
type Deduction struct {
	Name    string
	Percent string
	Amount  int64
}

// Tax is what is due of a tax on an amount.
type Tax struct {
	Rate
	Amount, Taxable int64
}

// Sums are what the lines come to.
type Sums struct {
	Subtotal, SubtotalExcludingTax int64
	Discounts                      []Deduction
	Shipping                       int64
	TotalExcludingTax              int64
	Taxes                          []Tax
	Total                          int64
	Balance                        int64       // taken from the customer's balance; negative lowers what is due
	Credits                        []Deduction // credit notes that lower what is due
	Paid, Due                      int64

	// Of a credit note: what it lowers, what was given back, and how.
	Lowered, Refunded, Credited, Outside int64
	// Of a quote: what is paid again and again.
	Recurring []Recurrence
}

// Recurrence is an amount that is paid every so often.
type Recurrence struct {
	Every  Interval
	Amount int64
}

// Entry is what was paid or credited at one time.
type Entry struct {
	At     time.Time
	Method string // what it was paid with: Visa •••• 4242
	Credit string // the number of a credit note, if that is what it was
	Refund bool   // it was given back
	Amount int64
}
