package billing

import (
	"fmt"
	"math/big"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An invoice item is an amount that waits for a customer's next invoice, or is put on a draft at once. It can be changed
// until its invoice is final.
//
//	pending --invoice made, or line added--> on a draft --invoice deleted, or line removed--> pending
//	pending, on a draft --DELETE--> gone
//
// Emits invoiceitem.created, invoiceitem.deleted, and invoice.updated for the draft that it is on.
func init() {
	register(resource.Rules{
		Object: "invoiceitem", Unmerged: []string{"discounts"},
		Create: createInvoiceItem, Created: joinInvoice, Update: updateInvoiceItem, Delete: deleteInvoiceItem,
		Index: map[string]func(*object.Object) []string{"waiting": func(item *object.Object) []string {
			if item.Ref("invoice") != "" {
				return nil
			}
			return []string{item.Ref("customer")}
		}},
	})
}

func createInvoiceItem(op *resource.Op) error {
	item := op.Object
	if item.Ref("customer") == "" {
		return missingParam("customer")
	}
	customer, err := op.Get("customer", item.Ref("customer"), "customer")
	if err != nil {
		return err
	}
	now := op.Now().Unix()
	item.Set("date", now)
	if !op.Params.Has("period") {
		item.Set("period", newParams("start", now, "end", now))
	}
	item.Set("discounts", []any{})
	item.Set("proration", false)
	item.Set("test_clock", customer.Get("test_clock"))
	if err := joinSubscription(op, item); err != nil {
		return err
	}
	if id := item.Ref("invoice"); id != "" {
		if err := checkDraftFor(op, id, item); err != nil {
			return err
		}
	}
	if err := keepTaxTerms(op, item, op.Params); err != nil {
		return err
	}
	if err := amountOfItem(op, item, op.Params); err != nil {
		return err
	}
	if !op.Params.Has("discountable") {
		item.Set("discountable", item.Int("amount") >= 0)
	}
	return discountItem(op, item, op.Params)
}

// joinSubscription lets an item wait for the next invoice of the subscription that was named.
func joinSubscription(op *resource.Op, item *object.Object) error {
	id := op.Params.String("subscription")
	if id == "" {
		return nil
	}
	s, err := op.Get("subscription", id, "subscription")
	if err != nil {
		return err
	}
	if s.Ref("customer") != item.Ref("customer") {
		return apierr.Invalid("", "subscription", "The subscription %s belongs to another customer.", id)
	}
	item.Set("parent", itemParent(s, nil))
	return nil
}

// checkDraftFor wants the invoice that an item names to be a draft of the same customer.
func checkDraftFor(op *resource.Op, id string, item *object.Object) error {
	in, err := op.Get("invoice", id, "invoice")
	switch {
	case err != nil:
		return err
	case in.Ref("customer") != item.Ref("customer"):
		return apierr.Invalid("", "invoice", "The invoice %s belongs to another customer.", id)
	case in.String("status") != "draft":
		return notEditable()
	}
	if !op.Params.Has("currency") {
		op.Params.Set("currency", in.String("currency"))
		item.Set("currency", in.String("currency"))
	}
	if item.String("currency") != in.String("currency") {
		return apierr.Invalid("", "currency", "The invoice %s is in %s.", id, in.String("currency"))
	}
	return nil
}

// discountItem takes the discounts that were sent for an item, and says what is left of its amount.
func discountItem(op *resource.Op, item, params *object.Object) error {
	if item.Bool("proration") {
		return discountProration(item, params)
	}
	if params.Has("discounts") {
		given, err := giving{param: "discounts", currency: item.String("currency"), to: newParams("customer", item.Ref("customer"), "invoice_item", item.ID())}.
			give(op, params.Array("discounts"))
		if err != nil {
			return err
		}
		item.Set("discounts", deductionIDs(given))
	}
	net := item.Int("amount")
	for _, v := range item.Array("discounts") {
		id, _ := v.(string)
		d, err := keptDeduction(op, id, "discounts")
		if err != nil {
			return err
		}
		if item.Bool("discountable") && d.covers(item) {
			net -= d.off.Off([]int64{net})[0]
		}
	}
	item.Set("net_amount", net)
	return nil
}

// joinInvoice puts a new item on the draft that it names.
func joinInvoice(op *resource.Op) error {
	id := op.Object.Ref("invoice")
	if id == "" {
		return nil
	}
	in, err := op.Get("invoice", id, "invoice")
	if err != nil {
		return err
	}
	if err := putOn(op, in, op.Object); err != nil {
		return err
	}
	if err := sumInvoice(op, in); err != nil {
		return err
	}
	return op.EmitUpdated(in)
}

// amountOfItem settles what an item comes to: the amount that was sent, or the quantity times a price.
func amountOfItem(op *resource.Op, item, params *object.Object) error {
	quantity := int64(1)
	if params.Has("quantity") {
		quantity = params.Int("quantity")
	}
	item.Set("quantity", quantity)
	item.Set("quantity_decimal", strconv.FormatInt(quantity, 10))
	price, err := itemPrice(op, params, item.String("currency"))
	switch {
	case err != nil:
		return err
	case price == nil:
		return amountAlone(item, params, quantity)
	case params.Has("amount"):
		return onlyOne("amount", "pricing")
	}
	if !params.Has("currency") {
		item.Set("currency", price.String("currency"))
	}
	amount, unit, err := costOfItem(op, price, params, item.String("currency"), quantity)
	if err != nil {
		return err
	}
	item.Set("amount", amount)
	item.Set("pricing", newParams("type", "price_details", "unit_amount_decimal", unit,
		"price_details", newParams("price", price.ID(), "product", price.Ref("product"))))
	if item.String("description") == "" {
		product, err := op.Get("product", price.Ref("product"), "")
		if err != nil {
			return err
		}
		item.Set("description", product.String("name"))
	}
	return nil
}

// agreedAmount is what an item comes to whose buyer chose the amount.
const agreedAmount = "agreed_amount"

// costOfItem is what a quantity of a price comes to, and what a piece costs; nil if that depends on how many they are.
func costOfItem(op *resource.Op, price, params *object.Object, currency string, quantity int64) (amount int64, unit any, err error) {
	if price.Object("custom_unit_amount") != nil {
		if !params.Has(agreedAmount) {
			return 0, nil, apierr.Invalid("", "pricing[price]", "The amount of the price `%s` is chosen by who buys it, so it cannot be used here.", price.ID())
		}
		amount = params.Int(agreedAmount)
		return amount, strconv.FormatInt(amount, 10), nil
	}
	parts, err := priceParts(op, price, currency, new(big.Rat).SetInt64(quantity))
	for _, part := range parts {
		amount += part.amount
		if part.tier == 0 {
			unit = part.unit
		}
	}
	return amount, unit, err
}

// amountAlone is an item without a price.
func amountAlone(item, params *object.Object, quantity int64) error {
	item.Set("pricing", nil)
	unit := params.String("unit_amount_decimal")
	switch {
	case params.Has("amount") && unit != "":
		return onlyOne("amount", "unit_amount_decimal")
	case unit != "":
		amount, err := money.Times(unit, quantity)
		if err != nil {
			return apierr.Invalid("", "unit_amount_decimal", "Invalid decimal: %s", unit)
		}
		item.Set("amount", amount)
	case !params.Has("amount"):
		return missingParam("amount")
	}
	if item.String("currency") == "" || !params.Has("currency") {
		return missingParam("currency")
	}
	if err := checkCurrency(item.String("currency")); err != nil {
		return err
	}
	return checkBillable(item.Int("amount"), "amount", item.String("currency"))
}

// itemPrice is the price that an item names, or the one that it came with; nil if it has only an amount.
func itemPrice(op *resource.Op, params *object.Object, currency string) (*object.Object, error) {
	if data := params.Object("price_data"); data != nil {
		own := data.Clone()
		own.Set("active", false) // it is for this item alone
		price, err := op.Create("price", own)
		return price, within(err, "price_data")
	}
	id, _ := params.At("pricing", "price").(string)
	if id == "" {
		return nil, nil
	}
	price, err := op.Get("price", id, "pricing[price]")
	switch {
	case err != nil:
		return nil, err
	case !price.Bool("active") && !wasAgreed(params):
		return nil, apierr.Invalid("", "pricing[price]", "The price specified is inactive. This field only accepts active prices.")
	case price.String("type") != "one_time":
		return nil, apierr.Invalid("", "pricing[price]", "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.")
	case params.Has("currency") && currency != price.String("currency") && !hasCurrency(op, price, currency):
		return nil, apierr.Invalid("", "currency", "The price specified only supports `%s`. This doesn't match the expected currency: `%s`.", price.String("currency"), currency)
	}
	return price, nil
}

func updateInvoiceItem(op *resource.Op) error {
	item := op.Object
	if op.Before.Ref("invoice") == "" {
		return reviseItem(op, item, op.Before, op.Params)
	}
	in, err := draftOf(op, item)
	if err != nil {
		return err
	}
	if err := reviseItem(op, item, op.Before, op.Params); err != nil {
		return err
	}
	line, err := lineOfItem(op, in, item)
	if err != nil {
		return err
	}
	if err := followItem(op, line, item); err != nil {
		return err
	}
	if err := sumInvoice(op, in); err != nil {
		return err
	}
	return op.EmitUpdated(in)
}

// draftOf is the invoice that an item is on, which must be a draft for the item to change.
func draftOf(op *resource.Op, item *object.Object) (*object.Object, error) {
	in, err := op.Get("invoice", item.Ref("invoice"), "invoice")
	if err != nil {
		return nil, err
	}
	if in.String("status") != "draft" {
		return nil, apierr.Invalid("invoice_not_editable", "", "This invoice item is on an invoice already and cannot be changed any more.")
	}
	return in, nil
}

func lineOfItem(op *resource.Op, in, item *object.Object) (*object.Object, error) {
	lines, err := linesOf(op, in)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		if lineItemID(line) == item.ID() {
			return line, nil
		}
	}
	return nil, fmt.Errorf("the invoice %s has no line for its item %s", in.ID(), item.ID())
}

// reviseItem settles an item anew whose parameters were merged. What they do not say again stays: the quantity, the
// currency, and what one piece costs.
func reviseItem(op *resource.Op, item, before, sent *object.Object) error {
	if err := keepTaxTerms(op, item, sent); err != nil {
		return err
	}
	priced := false
	for _, name := range []string{"amount", "quantity", "pricing", "price_data", "unit_amount_decimal"} {
		priced = priced || sent.Has(name)
	}
	if priced {
		if err := repriceItem(op, item, before, sent.Clone()); err != nil {
			return err
		}
	}
	return discountItem(op, item, sent)
}

func repriceItem(op *resource.Op, item, before, params *object.Object) error {
	if !params.Has("quantity") {
		params.Set("quantity", before.Int("quantity"))
	}
	if !params.Has("currency") {
		params.Set("currency", before.String("currency"))
	}
	for _, name := range []string{"amount", "pricing", "price_data", "unit_amount_decimal"} {
		if params.Has(name) {
			return amountOfItem(op, item, params)
		}
	}
	if price, _ := before.At("pricing", "price_details", "price").(string); price != "" {
		params.Set("pricing", newParams("price", price))
	} else {
		params.Set("amount", before.Int("amount"))
	}
	return amountOfItem(op, item, params)
}

func deleteInvoiceItem(op *resource.Op) error {
	item := op.Object
	if item.Ref("invoice") == "" {
		return nil
	}
	in, err := draftOf(op, item)
	if err != nil {
		return err
	}
	line, err := lineOfItem(op, in, item)
	if err != nil {
		return err
	}
	if err := dropLine(op, line); err != nil {
		return err
	}
	if err := sumInvoice(op, in); err != nil {
		return err
	}
	return op.EmitUpdated(in)
}
