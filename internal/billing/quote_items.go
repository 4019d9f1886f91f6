package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a quote offers: its items, each a price so many times. The quote's private part knows their order. An item's private
// part holds its discounts and tax rates: as ids, as they were sent, and in the form in which they are shown when they are
// expanded.

const (
	quotedItems  = "line_items"                  // what was sent
	upfrontItems = "computed_upfront_line_items" // the same, as the first invoice will have them
	discountIDs  = "discount_ids"
	taxRateIDs   = "tax_rate_ids"
)

// changeQuoteItems takes the items that were sent in the place of those that are there. An item that is named by its id
// stays, with what was sent changed.
func changeQuoteItems(op *resource.Op, q *object.Object) error {
	if !op.Params.Has("line_items") {
		return nil
	}
	old, err := quoteItems(op, q, quotedItems)
	if err != nil {
		return err
	}
	if err := quoteCurrency(op, q); err != nil {
		return err
	}
	ids := []any{}
	for i, v := range op.Params.Array("line_items") {
		param := "line_items[" + strconv.Itoa(i) + "]"
		item, err := quoteItem(op, q, v.(*object.Object), old)
		if err != nil {
			return within(err, param)
		}
		if slices.Contains(ids, any(item.ID())) {
			return apierr.Invalid("", param+"[id]", "The line item %s was sent twice.", item.ID())
		}
		ids = append(ids, item.ID())
	}
	for _, item := range old {
		if !slices.Contains(ids, any(item.ID())) {
			if err := op.Delete(item); err != nil {
				return err
			}
		}
	}
	private, err := op.Private(q)
	if err != nil {
		return err
	}
	private.Set(quotedItems, ids)
	return op.SetPrivate(q, private)
}

// quoteCurrency settles in what a quote is billed: the currency of its first price, or the customer's if that price has it.
func quoteCurrency(op *resource.Op, q *object.Object) error {
	q.Set("currency", nil)
	items := op.Params.Array("line_items")
	if len(items) == 0 {
		return nil
	}
	first := items[0].(*object.Object)
	price := first.Object("price_data")
	if id := first.String("price"); id != "" {
		var err error
		if price, err = op.Get("price", id, "line_items[0][price]"); err != nil {
			return err
		}
	}
	if price == nil {
		item, err := op.Find("item", first.String("id"))
		if err != nil {
			return err
		}
		price = item.Object("price")
	}
	q.Set("currency", price.Get("currency"))
	customer, err := op.Find("customer", q.Ref("customer"))
	if known := customer.String("currency"); known != "" && price.ID() != "" && hasCurrency(op, price, known) {
		q.Set("currency", known)
	}
	return err
}

// quoteItem is one item that was sent: a new one, or one of the old ones, changed.
func quoteItem(op *resource.Op, q, sent *object.Object, old []*object.Object) (*object.Object, error) {
	if id := sent.String("id"); id != "" {
		i := slices.IndexFunc(old, func(item *object.Object) bool { return item.ID() == id })
		if i < 0 {
			return nil, apierr.MissingRef("item", id, "id")
		}
		op.Save(old[i])
		return old[i], fillQuoteItem(op, q, old[i], sent)
	}
	if !sent.Has("price") && !sent.Has("price_data") {
		return nil, missingParam("price")
	}
	return op.Make("item", q.ID(), object.New(nil), func(making *resource.Op) error {
		item := making.Object
		item.Set("adjustable_quantity", nil)
		if err := op.Hide(item, "discounts", "taxes"); err != nil {
			return err
		}
		return fillQuoteItem(op, q, item, sent)
	})
}

// fillQuoteItem reads what was sent for an item. What it comes to is worked out by sumQuote.
func fillQuoteItem(op *resource.Op, q, item, sent *object.Object) error {
	if err := priceQuoteItem(op, q, item, sent); err != nil {
		return err
	}
	private, err := op.Private(item)
	if err != nil {
		return err
	}
	if sent.Has("discounts") {
		given, err := offerDiscounts(op, q, "discounts", sent.Array("discounts"))
		if err != nil {
			return err
		}
		private.Set(discountIDs, given)
	}
	if sent.Has("tax_rates") {
		rates := sent.Array("tax_rates")
		for i, v := range rates {
			id, _ := v.(string)
			if _, err := op.Get("tax_rate", id, "tax_rates["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
		private.Set(taxRateIDs, rates)
	}
	return op.SetPrivate(item, private)
}

// priceQuoteItem gives an item its price and its quantity.
func priceQuoteItem(op *resource.Op, q, item, sent *object.Object) error {
	price, err := sentPrice(op, sent)
	if err != nil {
		return err
	}
	if price != nil {
		product, err := op.Get("product", price.Ref("product"), "price")
		if err != nil {
			return err
		}
		item.Set("price", price.Clone())
		item.Set("description", product.String("name"))
	}
	price = item.Object("price")
	if currency := q.String("currency"); price.String("currency") != currency && !hasCurrency(op, price, currency) {
		return apierr.Invalid("", "price", "The price specified only supports `%s`. This doesn't match the expected currency: `%s`.", price.String("currency"), currency)
	}
	item.Set("currency", q.String("currency"))
	if sent.Has("quantity") {
		item.Set("quantity", sent.Int("quantity"))
	}
	if price.Object("recurring").String("usage_type") == "metered" {
		if sent.Has("quantity") {
			return apierr.Invalid("", "quantity", "A metered price has no quantity: it is billed by what is used.")
		}
		item.Set("quantity", nil)
	} else if item.Get("quantity") == nil {
		item.Set("quantity", 1)
	}
	return nil
}

// sentPrice is the price that an item names, or the one that it came with; nil if it keeps its own.
func sentPrice(op *resource.Op, sent *object.Object) (*object.Object, error) {
	id, data := sent.String("price"), sent.Object("price_data")
	switch {
	case id != "" && data != nil:
		return nil, onlyOne("price", "price_data")
	case data != nil:
		own := data.Clone()
		own.Set("active", false) // it is for this quote alone
		price, err := op.Create("price", own)
		return price, within(err, "price_data")
	case id == "":
		return nil, nil
	}
	price, err := op.Get("price", id, "price")
	if err == nil && !price.Bool("active") && !op.Params.Has("from_quote") { // a copy offers what its original did
		return nil, apierr.Invalid("", "price", "The price specified is inactive. This field only accepts active prices.")
	}
	return price, err
}

// quoteItems are items of a quote, in their order.
func quoteItems(op *resource.Op, q *object.Object, which string) ([]*object.Object, error) {
	return itemsIn(op, q, which)
}

// quoteRecurs reports whether a quote offers anything that recurs, all of it equally often.
func quoteRecurs(op *resource.Op, q *object.Object) (bool, error) {
	items, err := quoteItems(op, q, quotedItems)
	if err != nil {
		return false, err
	}
	var often money.Interval
	for i, item := range items {
		price := item.Object("price")
		if price.Object("recurring") == nil {
			continue
		}
		interval := intervalOf(price)
		if often.Unit != "" && interval != often {
			return false, apierr.Invalid("", "line_items["+strconv.Itoa(i)+"][price]", "All recurring prices of a quote must have the same interval.")
		}
		often = interval
	}
	return often.Unit != "", nil
}

// listQuoteItems answers a page of a quote's items.
func listQuoteItems(which string) resource.Hook {
	return func(op *resource.Op) error {
		q, err := op.Find("quote", op.Path[0])
		if err != nil {
			return err
		}
		if q == nil {
			return apierr.Missing("quote", op.Path[0], "id")
		}
		items, err := quoteItems(op, q, which)
		if err != nil {
			return err
		}
		all := make([]any, len(items))
		for i, item := range items {
			all[i] = item
		}
		op.List, err = resource.PageOf(all, op.Params, "/v1/quotes/"+q.ID()+"/"+which, "item")
		return err
	}
}

// includeQuoteItems shows the first items of a quote.
func includeQuoteItems(which string) func(g resource.Glance, q, private *object.Object) (any, error) {
	return func(g resource.Glance, q, private *object.Object) (any, error) {
		return firstItems(g, private.Array(which), "/v1/quotes/"+q.ID()+"/"+which)
	}
}
