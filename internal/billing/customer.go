package billing

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A customer is somebody who buys, again and again.
//
//	(new) --DELETE--> deleted; the id is answered with "deleted": true from then on
//
// Emits customer.created, customer.updated, customer.deleted; with what comes along: customer.tax_id.created,
// customer.source.created, customer.discount.created; with what ends: customer.subscription.deleted.
func init() {
	register(resource.Rules{
		Object: "customer", Figures: customerFigures, Create: createCustomer, Created: createCustomerParts, Update: updateCustomer, Delete: deleteCustomer,
		Include: map[string]func(g resource.Glance, o, private *object.Object) (any, error){"tax": customerTax},
	})
}

const (
	// prefixLength is how long the prefixes of invoice numbers are that we make.
	prefixLength = 8
	maxEmail     = 512
)

func createCustomer(op *resource.Op) error {
	c, params := op.Object, op.Params
	if err := checkCustomer(op); err != nil {
		return err
	}
	if !params.Has("invoice_prefix") {
		c.Set("invoice_prefix", op.Code(prefixLength))
	}
	if !params.Has("next_invoice_sequence") {
		c.Set("next_invoice_sequence", 1)
	}
	if c.Get("tax_exempt") == nil {
		c.Set("tax_exempt", "none")
	}
	if c.Get("preferred_locales") == nil {
		c.Set("preferred_locales", []any{})
	}
	if !params.Has("balance") {
		c.Set("balance", 0)
	}
	c.Set("delinquent", false)
	return nil
}

func checkCustomer(op *resource.Op) error {
	c, params := op.Object, op.Params
	if email := params.String("email"); email != "" && (!isEmail(email) || len(email) > maxEmail) {
		return apierr.Invalid("email_invalid", "email", "Invalid email address: %s", email)
	}
	if prefix := params.String("invoice_prefix"); params.Has("invoice_prefix") && !isPrefix(prefix) {
		return apierr.Invalid("", "invoice_prefix", "The invoice prefix must have 3 to 12 capital letters or digits.")
	}
	if params.Has("next_invoice_sequence") && c.Int("next_invoice_sequence") < 1 {
		return apierr.Invalid("parameter_invalid_integer", "next_invoice_sequence", "This value must be greater than or equal to 1.")
	}
	if shipping := c.Object("shipping"); shipping != nil {
		shipping.Delete("carrier")
		shipping.Delete("tracking_number")
	}
	return nil
}

func isPrefix(text string) bool {
	return len(text) >= 3 && len(text) <= 12 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// createCustomerParts makes what comes along with a customer: tax ids, a card, the entry of an initial balance.
func createCustomerParts(op *resource.Op) error {
	c, params := op.Object, op.Params
	if err := attachGiven(op); err != nil {
		return err
	}
	if err := checkDefaults(op); err != nil {
		return err
	}
	for _, v := range params.Array("tax_id_data") {
		sent, _ := v.(*object.Object)
		owner := newParams("type", "customer", "customer", c.ID())
		if _, err := op.CreateBelow("tax_id", c.ID(), newParams("type", sent.String("type"), "value", sent.String("value"), "owner", owner)); err != nil {
			return within(err, "tax_id_data")
		}
	}
	if params.Has("source") {
		if _, err := attachSource(op, c.ID(), newParams("source", params.Get("source"))); err != nil {
			return err
		}
	}
	if err := discountCustomer(op); err != nil {
		return err
	}
	if balance := c.Int("balance"); balance != 0 {
		return recordBalance(op, c, balance, "initial")
	}
	return nil
}

func updateCustomer(op *resource.Op) error {
	c := op.Object
	if err := checkCustomer(op); err != nil {
		return err
	}
	if op.Params.Has("source") {
		source, err := attachSource(op, c.ID(), newParams("source", op.Params.Get("source")))
		if err != nil {
			return err
		}
		c.Set("default_source", source.ID())
	}
	if err := checkDefaults(op); err != nil {
		return err
	}
	if err := discountCustomer(op); err != nil {
		return err
	}
	if by := c.Int("balance") - op.Before.Int("balance"); by != 0 {
		return recordBalance(op, c, by, "adjustment")
	}
	return nil
}

// deleteCustomer ends the subscriptions of a customer who is deleted.
func deleteCustomer(op *resource.Op) error {
	if err := keepCashHolder(op); err != nil {
		return err
	}
	subscriptions, err := op.Lookup("subscription", "customer", op.Object.ID())
	if err != nil {
		return err
	}
	for _, s := range subscriptions {
		if hasEnded(s) {
			continue
		}
		if err := cancelSubscription(op, s, cancellation{reason: "cancellation_requested"}); err != nil {
			return err
		}
	}
	return nil
}
