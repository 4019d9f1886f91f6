package billing

import (
	"fmt"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// finalizeQuote makes an offer of a draft. If it revises another one, that is taken back.
// Emits quote.canceled for the quote that is revised, quote.finalized.
func finalizeQuote(op *resource.Op) error {
	q := op.Object
	if err := op.Move(q, "open"); err != nil {
		return err
	}
	if op.Params.Has("expires_at") {
		q.Set("expires_at", op.Params.Int("expires_at"))
	}
	if err := setExpiry(op, q); err != nil {
		return err
	}
	customer, err := quotable(op, q)
	if err != nil {
		return err
	}
	if err := sumQuote(op, q); err != nil {
		return err
	}
	if err := quoteTaxTrouble(op, q, customer); err != nil {
		return err
	}
	original, err := revisedQuote(op, q)
	if err != nil {
		return err
	}
	if err := numberQuote(op, q, original, customer); err != nil {
		return err
	}
	if original.String("status") == "open" {
		if err := endQuote(op, original); err != nil {
			return err
		}
	}
	q.Sub("status_transitions").Set("finalized_at", op.Now().Unix())
	return op.Emit("quote.finalized", q)
}

// quotable is the customer of a quote that can be finalized.
func quotable(op *resource.Op, q *object.Object) (*object.Object, error) {
	items, err := quoteItems(op, q, quotedItems)
	switch {
	case err != nil:
		return nil, err
	case q.Ref("customer") == "":
		return nil, apierr.Invalid("parameter_missing", "customer", "A quote needs a customer before it can be finalized.")
	case len(items) == 0:
		return nil, apierr.Invalid("parameter_missing", "line_items", "A quote needs at least one line item before it can be finalized.")
	}
	return op.Get("customer", q.Ref("customer"), "customer")
}

// quoteTaxTrouble is why the automatic tax of a quote cannot be worked out, or nil.
func quoteTaxTrouble(op *resource.Op, q, customer *object.Object) error {
	auto := q.Object("automatic_tax")
	if !auto.Bool("enabled") || auto.String("status") == "complete" {
		return nil
	}
	if _, _, err := automaticTax(op, customer, nil, op.Now()); err != nil {
		return err
	}
	_, err := taxesWithin(op, "", q.String("currency"), "automatic_tax[enabled]")
	return err
}

// revisedQuote is the quote that another one revises, or nil. What was accepted cannot be revised any more.
func revisedQuote(op *resource.Op, q *object.Object) (*object.Object, error) {
	from := q.Object("from_quote")
	if !from.Bool("is_revision") {
		return nil, nil
	}
	original, err := op.Get("quote", from.Ref("quote"), "from_quote[quote]")
	if err == nil && original.String("status") == "accepted" {
		return nil, apierr.Invalid("status_transition_invalid", "", "The quote %s was accepted already, so its revision cannot be finalized.", original.ID())
	}
	return original, err
}

// numberQuote gives a quote its number: QT, the customer's prefix, which of the customer's quotes it is, and which revision
// of it. The customer's private part counts the revisions of each.
func numberQuote(op *resource.Op, q, original, customer *object.Object) error {
	private, err := op.Private(customer)
	if err != nil {
		return err
	}
	counts := private.Sub("quotes")
	sequence := fmt.Sprintf("%04d", counts.Len()+1)
	if original != nil {
		terms, err := op.Private(original)
		if err != nil {
			return err
		}
		sequence = terms.String("sequence")
	}
	counts.Set(sequence, counts.Int(sequence)+1)
	if err := op.SetPrivate(customer, private); err != nil {
		return err
	}
	q.Set("number", "QT-"+customer.String("invoice_prefix")+"-"+sequence+"-"+strconv.FormatInt(counts.Int(sequence), 10))
	terms, err := op.Private(q)
	if err != nil {
		return err
	}
	terms.Set("sequence", sequence)
	return op.SetPrivate(q, terms)
}
