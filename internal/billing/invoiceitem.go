package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An invoice item is an amount that waits for a customer's next invoice.
//
//	pending --DELETE--> gone
//
// Emits invoiceitem.created, invoiceitem.deleted.
func init() {
	register(resource.Rules{Object: "invoiceitem", Create: createInvoiceItem, Update: updateInvoiceItem, Delete: deleteInvoiceItem})
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
	if !op.Params.Has("discountable") {
		item.Set("discountable", true)
	}
	item.Set("discounts", []any{})
	item.Set("proration", false)
	item.Set("test_clock", customer.Get("test_clock"))
	return amountOfItem(op, item)
}

// amountOfItem settles what an item comes to: the amount that was sent, or the quantity times a price.
func amountOfItem(op *resource.Op, item *object.Object) error {
	quantity := int64(1)
	if op.Params.Has("quantity") {
		quantity = op.Params.Int("quantity")
	}
	item.Set("quantity", quantity)
	item.Set("quantity_decimal", strconv.FormatInt(quantity, 10))
	price, err := itemPrice(op, item.String("currency"))
	switch {
	case err != nil:
		return err
	case price == nil:
		return amountAlone(op, item, quantity)
	case op.Params.Has("amount"):
		return onlyOne("amount", "pricing")
	}
	amount, err := money.Times(price.String("unit_amount_decimal"), quantity)
	if err != nil {
		return err
	}
	item.Set("amount", amount)
	item.Set("currency", price.String("currency"))
	item.Set("pricing", newParams("type", "price_details", "unit_amount_decimal", price.String("unit_amount_decimal"),
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

// amountAlone is an item without a price.
func amountAlone(op *resource.Op, item *object.Object, quantity int64) error {
	item.Set("pricing", nil)
	unit := op.Params.String("unit_amount_decimal")
	switch {
	case op.Params.Has("amount") && unit != "":
		return onlyOne("amount", "unit_amount_decimal")
	case unit != "":
		amount, err := money.Times(unit, quantity)
		if err != nil {
			return apierr.Invalid("", "unit_amount_decimal", "Invalid decimal: %s", unit)
		}
		item.Set("amount", amount)
	case !op.Params.Has("amount"):
		return missingParam("amount")
	}
	if item.String("currency") == "" || !op.Params.Has("currency") {
		return missingParam("currency")
	}
	return checkCurrency(item.String("currency"))
}

// itemPrice is the price that an item names, or the one that it came with; nil if it has only an amount.
func itemPrice(op *resource.Op, currency string) (*object.Object, error) {
	if data := op.Params.Object("price_data"); data != nil {
		params := data.Clone()
		params.Set("active", false) // it is for this item alone
		price, err := op.Create("price", params)
		return price, within(err, "price_data")
	}
	id, _ := op.Params.At("pricing", "price").(string)
	if id == "" {
		return nil, nil
	}
	price, err := op.Get("price", id, "pricing[price]")
	switch {
	case err != nil:
		return nil, err
	case !price.Bool("active"):
		return nil, apierr.Invalid("", "pricing[price]", "The price specified is inactive. This field only accepts active prices.")
	case price.String("type") != "one_time":
		return nil, apierr.Invalid("", "pricing[price]", "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.")
	case op.Params.Has("currency") && currency != price.String("currency"):
		return nil, apierr.Invalid("", "currency", "The price specified only supports `%s`. This doesn't match the expected currency: `%s`.", price.String("currency"), currency)
	}
	return price, nil
}

func updateInvoiceItem(op *resource.Op) error {
	if op.Object.Ref("invoice") != "" {
		return invoiceItemFixed()
	}
	for _, name := range []string{"amount", "quantity", "pricing", "price_data", "unit_amount_decimal"} {
		if op.Params.Has(name) {
			return repriceItem(op, op.Object)
		}
	}
	return nil
}

// repriceItem settles the amount anew. What an update does not say again stays: the quantity, the currency, and what one
// piece costs.
func repriceItem(op *resource.Op, item *object.Object) error {
	params, before := op.Params, op.Before
	if !params.Has("quantity") {
		params.Set("quantity", before.Int("quantity"))
	}
	if !params.Has("currency") {
		params.Set("currency", item.String("currency"))
	}
	for _, name := range []string{"amount", "pricing", "price_data", "unit_amount_decimal"} {
		if params.Has(name) {
			return amountOfItem(op, item)
		}
	}
	if price, _ := before.At("pricing", "price_details", "price").(string); price != "" {
		params.Set("pricing", newParams("price", price))
	} else {
		params.Set("amount", before.Int("amount"))
	}
	return amountOfItem(op, item)
}

func deleteInvoiceItem(op *resource.Op) error {
	if op.Object.Ref("invoice") != "" {
		return invoiceItemFixed()
	}
	return nil
}

func invoiceItemFixed() error {
	return apierr.Invalid("invoice_not_editable", "", "This invoice item is on an invoice already and cannot be changed any more.")
}
