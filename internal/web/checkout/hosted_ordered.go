package checkout

import (
	"strconv"
	"strings"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
)

// What a form changes of the order.

// readOrder reads what the form changes of the order, and what the customer does besides paying.
func (v *view) readOrder() *typed {
	t := &typed{params: object.New(nil)}
	v.readItems(t)
	if rate := v.posted(fieldRate); rate != "" && rate != v.page.Object("line_item_group").Object("shipping_rate").ID() {
		t.change(fieldRate, rate)
	}
	if code := v.posted(fieldPromo); v.Promo != nil && code != "" {
		t.change(fieldPromo, code)
	}
	if v.posted("do") == deedUnpromo {
		t.params.Set(fieldPromo, "")
	}
	if id, ok := strings.CutPrefix(v.posted("do"), deedForget); ok {
		t.params.Set("payment_method_to_detach", id)
	}
	if v.saved(v.posted(fieldMethod)) {
		t.params.Set("payment_method", v.posted(fieldMethod))
	}
	t.place("discounts", fieldPromo)
	t.place("promotion_code", fieldPromo)
	return t
}

func (v *view) readItems(t *typed) {
	var lines, options []any
	for _, it := range v.Items {
		if chosen := v.readItem(it); chosen != nil {
			t.place("line_items["+strconv.Itoa(len(lines))+"]", it.Field.Name)
			lines = append(lines, chosen)
		}
	}
	for _, it := range v.Optional {
		if chosen := v.readOption(it); chosen != nil {
			t.place("optional_items["+strconv.Itoa(len(options))+"]", it.Add.Name)
			options = append(options, chosen)
		}
	}
	if len(lines) > 0 {
		t.change("line_items", lines)
	}
	if len(options) > 0 {
		t.change("optional_items", options)
	}
}

// readItem is what the form changes of a line item; nil for nothing.
func (v *view) readItem(it *item) *object.Object {
	if it.Field == nil || v.posted(it.Field.Name) == "" {
		return nil
	}
	what, n, ok := "quantity", int64(0), false
	if strings.HasPrefix(it.Field.Name, amountOf) {
		what = "amount"
		n, ok = v.minor(v.posted(it.Field.Name))
	} else {
		n, ok = whole(v.posted(it.Field.Name))
	}
	switch {
	case !ok && what == "amount":
		v.faults[it.Field.Name] = v.Words.EnterAmount
	case !ok:
		v.faults[it.Field.Name] = v.Words.EnterQuantity
	case n != it.was:
		chosen := hash("id", it.id)
		chosen.Set(what, n)
		return chosen
	}
	return nil
}

// readOption is what the form changes of an optional item; nil for nothing.
func (v *view) readOption(it *item) *object.Object {
	wanted := int64(0)
	if it.Add.Checked {
		wanted = max(it.was, 1)
		if it.Field != nil {
			n, ok := whole(v.posted(it.Field.Name))
			if !ok || n == 0 {
				v.faults[it.Field.Name] = v.Words.EnterQuantity
				return nil
			}
			wanted = n
		}
	}
	if wanted == it.was {
		return nil
	}
	chosen := hash("price", it.id)
	if it.Field != nil || wanted == 0 {
		chosen.Set("quantity", wanted)
	}
	return chosen
}

func whole(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 32)
	return n, err == nil && n >= 0
}

// minor reads an amount as people write it, 12.50 or 12,5, in the smallest unit of the currency.
func (v *view) minor(text string) (int64, bool) {
	decimals := money.Decimals(v.session.String("currency"))
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0$€£", r) {
			return -1
		}
		return r
	}, text)
	units, parts, _ := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	if len(parts) > decimals || units == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(units+parts+strings.Repeat("0", decimals-len(parts)), 10, 64)
	return n, err == nil && n >= 0 && n <= money.Maximum
}
