package checkout

import (
	"strconv"
	"strings"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
)

// goods are what is bought and what it comes to.
type goods struct {
	Items    []*item
	Optional []*item
	Sums     []sum
	Total    string
	Terms    terms
	Promo    *field   // where a code is typed; nil if none can be
	Code     *sum     // the code that counts
	Rates    []choice // ways of shipping
	Update   bool     // there is something to choose
}

// item is one thing that is bought, or that can be.
type item struct {
	Name, Description, Image string
	Amount, Each, Often      string
	Field                    *field // how much of it, or what it is worth to the customer; nil if that is settled
	Add                      *field // whether it is bought; nil for what is
	id                       string
	was                      int64 // what the session says of Field, and of Add: nothing
}

// sum is one line of the sums.
type sum struct {
	Label, Amount string
	Strong        bool
}

// choice is one of several.
type choice struct {
	ID, Value, Label, Note, Amount string
	Chosen                         bool
	Saved, Keepable, Forgets       bool // a payment method that need not be typed, that can be kept, and that can be removed
	Manual                         bool // that is paid by hand
}

// terms are what a subscription costs, in words.
type terms struct{ Free, Text string }

// The beginnings of the names of the fields that change an order, and the names of those that are one.
const (
	quantityOf  = "quantity-"
	amountOf    = "amount-"
	optionOf    = "option-"
	fieldPromo  = "promotion_code"
	fieldRate   = "shipping_rate"
	deedUnpromo = "unpromo"
	deedForget  = "forget-"
)

// isOrder reports whether a field is about what is bought.
func isOrder(name string) bool {
	return strings.HasPrefix(name, quantityOf) || strings.HasPrefix(name, amountOf) || strings.HasPrefix(name, optionOf) || name == fieldPromo || name == fieldRate
}

func (v *view) buildGoods() {
	group := v.page.Object("line_item_group")
	if group == nil {
		return
	}
	optional := map[string]bool{}
	for _, o := range v.visit.Array("optional_items") {
		offer := o.(*object.Object)
		optional[offer.String("item")] = true
		v.Optional = append(v.Optional, v.option(offer))
	}
	for _, l := range group.Array("line_items") {
		line := l.(*object.Object)
		it := v.item(line)
		if optional[line.ID()] {
			it.Field = nil
		}
		v.Items = append(v.Items, it)
		v.Update = v.Update || it.Field != nil
	}
	v.buildTerms()
	v.buildRates(group)
	v.buildSums(group)
	v.buildPromo(group)
	v.Update = v.Update || len(v.Optional) > 0
}

// item is a line item.
func (v *view) item(line *object.Object) *item {
	price, quantity := line.Object("price"), line.Int("quantity")
	it := &item{id: line.ID(), Name: line.String("name"), Description: line.String("description"), Amount: v.money(line.Int("subtotal")), Image: pictureOf(line)}
	every := price.Object("recurring")
	if every != nil {
		it.Often = v.Words.often(every.String("interval"), every.Int("interval_count"))
	}
	if unit, fixed := price.Get("unit_amount").(int64); fixed && price.String("currency") == v.session.String("currency") {
		if quantity > 1 || every != nil && v.trial() {
			it.Each = v.money(unit)
		}
		if every == nil && quantity > 1 {
			it.Each = put(v.Words.Apiece, v.money(unit))
		}
	}
	if every.String("usage_type") == "metered" {
		it.Amount, it.Each = v.Words.ByUse, ""
	}
	if quantity > 1 {
		it.Name += " × " + strconv.FormatInt(quantity, 10)
	}
	switch bounds, custom := line.Object("adjustable_quantity"), price.Object("custom_unit_amount"); {
	case custom != nil:
		it.Field, it.was = v.worth(line), line.Int("subtotal")
	case bounds.Bool("enabled"):
		it.Field, it.was = v.quantity(quantityOf+line.ID(), line.String("name"), quantity, bounds), quantity
	}
	return it
}

// pictureOf is where a picture of an item is; empty for none that a page may show.
func pictureOf(line *object.Object) string {
	for _, v := range line.Array("images") {
		if text, _ := v.(string); strings.HasPrefix(text, "https://") {
			return text
		}
	}
	return ""
}

// quantity is the field for how much is bought.
func (v *view) quantity(name, of string, is int64, bounds *object.Object) *field {
	f := v.field(name, v.Words.Quantity, strconv.FormatInt(is, 10))
	f.Of = put(v.Words.QuantityOf, of)
	f.Type, f.Mode, f.Autocomplete, f.Length = "number", "numeric", "off", 6
	f.Min = strconv.FormatInt(bounds.Int("minimum"), 10)
	if most := bounds.Int("maximum"); most > 0 {
		f.Max = strconv.FormatInt(most, 10)
	}
	return f
}

// worth is the field for what something is worth to the customer.
func (v *view) worth(line *object.Object) *field {
	custom, shown := line.Object("price").Object("custom_unit_amount"), ""
	if amount := line.Int("subtotal"); amount > 0 {
		shown = v.plain(amount)
	}
	f := v.field(amountOf+line.ID(), put(v.Words.Worth, strings.ToUpper(v.session.String("currency"))), shown)
	f.Mode, f.Autocomplete, f.Length = "decimal", "off", 14
	least, most := custom.Int("minimum"), custom.Int("maximum")
	switch {
	case least > 0 && most > 0:
		f.Hint = put(v.Words.Between, v.money(least), v.money(most))
	case least > 0:
		f.Hint = put(v.Words.AtLeast, v.money(least))
	case most > 0:
		f.Hint = put(v.Words.AtMost, v.money(most))
	}
	return f
}

// plain writes an amount as it is typed: 12.50.
func (v *view) plain(amount int64) string {
	decimals := money.Decimals(v.session.String("currency"))
	text := strconv.FormatInt(amount, 10)
	for len(text) <= decimals {
		text = "0" + text
	}
	if decimals == 0 {
		return text
	}
	return text[:len(text)-decimals] + v.Words.point + text[len(text)-decimals:]
}

// option is something that can be bought as well.
func (v *view) option(offer *object.Object) *item {
	price := offer.Object("price")
	it := &item{id: price.ID(), Name: offer.String("name"), Description: offer.String("description"), was: offer.Int("quantity")}
	if unit, fixed := price.Get("unit_amount").(int64); fixed && price.String("currency") == v.session.String("currency") {
		it.Amount = v.money(unit)
	}
	if every := price.Object("recurring"); every != nil {
		it.Often = v.Words.often(every.String("interval"), every.Int("interval_count"))
	}
	it.Add = v.check(optionOf+it.id, it.Name, it.was > 0)
	if bounds := offer.Object("adjustable_quantity"); bounds != nil {
		it.Field = v.quantity(quantityOf+it.id, it.Name, max(it.was, offer.Int("offered")), bounds)
	}
	return it
}

// buildRates shows the ways of shipping.
func (v *view) buildRates(group *object.Object) {
	chosen := group.Object("shipping_rate").ID()
	if v.form.Has(fieldRate) {
		chosen = v.posted(fieldRate)
	}
	for i, o := range v.page.Array("shipping_options") {
		rate := o.(*object.Object).Object("shipping_rate")
		c := choice{ID: fieldRate + "-" + strconv.Itoa(i), Value: rate.ID(), Label: rate.String("display_name"), Amount: v.money(rate.Int("amount")), Chosen: rate.ID() == chosen}
		if rate.Int("amount") == 0 {
			c.Amount = v.Words.Free
		}
		c.Note = v.Words.estimate(rate.Object("delivery_estimate"))
		v.Rates = append(v.Rates, c)
	}
}

// buildPromo offers a field for a code, or shows the one that counts.
func (v *view) buildPromo(group *object.Object) {
	if !v.page.Bool("allow_promotion_codes") {
		return
	}
	for _, o := range group.Array("discount_amounts") {
		if code := o.(*object.Object).Object("promotion_code").String("code"); code != "" {
			v.Code = &sum{Label: code}
			return
		}
	}
	if coupons := v.visit.Array("coupons"); len(coupons) > 0 { // it takes nothing off yet, as in a trial
		v.Code = &sum{Label: v.Words.CodeCounts}
		return
	}
	v.Promo = v.field(fieldPromo, v.Words.Promo, "")
	v.Promo.Autocomplete, v.Promo.Length = "off", 100
}
