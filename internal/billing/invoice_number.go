package billing

import (
	"strconv"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// numberInvoice gives an invoice the customer's next number: prefix, hyphen, four digits.
func numberInvoice(op *resource.Op, in, customer *object.Object) {
	if in.String("number") != "" {
		return
	}
	next := max(customer.Int("next_invoice_sequence"), 1)
	digits := strconv.FormatInt(10000+next, 10)[1:]
	if next > 9999 {
		digits = strconv.FormatInt(next, 10)
	}
	in.Set("number", customer.String("invoice_prefix")+"-"+digits)
	customer.Set("next_invoice_sequence", next+1)
	op.Save(customer)
}
