package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How invoices are numbered when they become final: a prefix, a hyphen, and at least four digits. Each customer has a
// prefix and a sequence, unless the account has one for all (settings[invoices][numbering]=account), as sellers in the
// European Union need it. A number that the seller chose stays. No number is used twice, not even that of a void invoice.

const byAccount = "account"

// numberInvoice gives an invoice the next number.
func numberInvoice(op *resource.Op, in, customer *object.Object) error {
	if in.String("number") != "" {
		return nil
	}
	home, err := op.In(op.Platform())
	if err != nil {
		return err
	}
	seller, err := home.Find("account", op.Account())
	if err != nil {
		return err
	}
	if settings := seller.Object("settings").Object("invoices"); settings.String("numbering") == byAccount {
		next := max(settings.Int("next_number"), 1)
		in.Set("number", invoiceNumber(settings.String("number_prefix"), next))
		settings.Set("next_number", next+1)
		home.Save(seller)
		return nil
	}
	next := max(customer.Int("next_invoice_sequence"), 1)
	in.Set("number", invoiceNumber(customer.String("invoice_prefix"), next))
	customer.Set("next_invoice_sequence", next+1)
	op.Save(customer)
	return nil
}

func invoiceNumber(prefix string, n int64) string {
	digits := strconv.FormatInt(n, 10)
	for len(digits) < 4 {
		digits = "0" + digits
	}
	return prefix + "-" + digits
}

// settleNumbering completes how an account numbers its invoices. A sequence never goes back.
func settleNumbering(op *resource.Op, account *object.Object) error {
	const param = "settings[invoices]"
	sent := op.Params.Object("settings").Object("invoices")
	settings := account.Object("settings").Object("invoices")
	if settings.String("numbering") != byAccount {
		return nil
	}
	switch prefix := settings.String("number_prefix"); {
	case prefix == "":
		settings.Set("number_prefix", op.Code(prefixLength))
	case !isPrefix(prefix):
		return apierr.Invalid("", param+"[number_prefix]", "The invoice prefix must have 3 to 12 capital letters or digits.")
	}
	was := op.Before.Object("settings").Object("invoices").Int("next_number")
	switch {
	case sent.Has("next_number") && sent.Int("next_number") < max(was, 1):
		return apierr.Invalid("parameter_invalid_integer", param+"[next_number]", "This value must be greater than or equal to %d.", max(was, 1))
	case settings.Int("next_number") == 0:
		settings.Set("next_number", 1)
	}
	return nil
}
