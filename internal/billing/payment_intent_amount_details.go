package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a payment is made of: lines, shipping, tax and a discount, which the card networks want to know of some sellers.
// The lines are objects of their own below the intent; a new list replaces the old one.

const amountLine = "payment_intent_amount_details_line_item"

// keepAmountLines writes the lines that a request brings, and checks that everything adds up to the amount. A request
// may ask for the mistake to be shown in the answer instead.
func keepAmountLines(op *resource.Op, pi *object.Object) error {
	sent := op.Params.Object("amount_details")
	if sent == nil {
		return nil
	}
	if sent.Has("line_items") {
		if err := replaceAmountLines(op, pi, sent.Array("line_items")); err != nil {
			return err
		}
	}
	details := pi.Sub("amount_details")
	details.Delete("error")
	code, message, err := amountMistake(op, pi, details)
	if code == "" || err != nil {
		return err
	}
	if sent.Get("enforce_arithmetic_validation") == false {
		details.Set("error", newParams("code", code, "message", message))
		return nil
	}
	return apierr.Invalid(code, "amount_details", "%s", message)
}

func replaceAmountLines(op *resource.Op, pi *object.Object, lines []any) error {
	old, err := op.Below(amountLine, pi)
	if err != nil {
		return err
	}
	for _, line := range old {
		if err := op.Delete(line); err != nil {
			return err
		}
	}
	// The list shows the newest first, and the lines in the order that they were sent.
	for i := len(lines) - 1; i >= 0; i-- {
		line := lines[i].(*object.Object)
		for _, name := range []string{"product_name", "quantity", "unit_cost"} {
			if !line.Has(name) {
				return missingParam("amount_details[line_items][" + strconv.Itoa(i) + "][" + name + "]")
			}
		}
		if _, err := op.CreateBelow(amountLine, pi.ID(), line); err != nil {
			return err
		}
	}
	return nil
}

// amountMistake says what does not add up; nothing if all does. Without lines there is nothing to add up.
func amountMistake(op *resource.Op, pi, details *object.Object) (code, message string, err error) {
	lines, err := op.Below(amountLine, pi)
	if err != nil {
		return "", "", err
	}
	amount := pi.Int("amount")
	discount, shipping, tax := details.Int("discount_amount"), details.Object("shipping").Int("amount"), details.Object("tax").Int("total_tax_amount")
	sum := shipping + tax - discount
	for _, line := range lines {
		sum += line.Int("quantity")*line.Int("unit_cost") - line.Int("discount_amount") + line.Object("tax").Int("total_tax_amount")
	}
	switch {
	case shipping > amount || tax > amount || discount > amount && len(lines) == 0:
		return "amount_details_tax_shipping_discount_greater_than_amount", "The tax, shipping or discount in `amount_details` is greater than the amount of the PaymentIntent.", nil
	case len(lines) > 0 && sum != amount:
		return "amount_details_amount_mismatch", "The amounts in `amount_details` add up to " + strconv.FormatInt(sum, 10) + ", not to the amount of the PaymentIntent (" + strconv.FormatInt(amount, 10) + ").", nil
	}
	return "", "", nil
}
