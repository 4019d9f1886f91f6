package checkout

import (
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
)

// typed is what a form says, in the words of the API, and by which of its fields each part of that came.
type typed struct {
	params  *object.Object
	changes bool // of the order
	places  [][2]string
}

// place notes by which field a parameter came.
func (t *typed) place(param, name string) { t.places = append(t.places, [2]string{param, name}) }

// hash is a hash of the API with the pairs that say something.
func hash(pairs ...string) *object.Object {
	o := object.New(nil)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			o.Set(pairs[i], pairs[i+1])
		}
	}
	return o
}

// readOrder reads what the form changes of the order.
func (v *view) readOrder() *typed {
	t := &typed{params: object.New(nil)}
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
	for name, list := range map[string][]any{"line_items": lines, "optional_items": options} {
		if len(list) > 0 {
			t.params.Set(name, list)
			t.changes = true
		}
	}
	if rate := v.posted(fieldRate); rate != "" && rate != v.page.Object("line_item_group").Object("shipping_rate").ID() {
		t.params.Set(fieldRate, rate)
		t.changes = true
	}
	if code := v.posted(fieldPromo); v.Promo != nil && code != "" {
		t.params.Set(fieldPromo, code)
		t.changes = true
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

// readRegion reads where the customer is, so that the tax is worked out before they pay.
func (v *view) readRegion(t *typed) {
	of := billingOf
	if len(v.Shipping) > 0 {
		of = shippingOf
	}
	if where := v.postal(of); v.taxed() && where.String("country") != "" {
		t.params.Set("tax_region", where)
	}
}

// postal reads an address.
func (v *view) postal(of string) *object.Object {
	var pairs []string
	for _, name := range []string{"city", "country", "line1", "line2", "postal_code", "state"} {
		pairs = append(pairs, name, v.posted(of+name))
	}
	return hash(pairs...)
}

// billing is the billing address as it was typed, or that to which things are sent.
func (v *view) billing() *object.Object {
	if v.Same != nil && v.Same.Checked {
		return v.postal(shippingOf)
	}
	return v.postal(billingOf)
}

// readBuyer reads all that is not about the order.
func (v *view) readBuyer(t *typed) {
	details := hash(fieldPhone, v.posted(fieldPhone), fieldBusiness, v.posted(fieldBusiness), fieldIndividual, v.posted(fieldIndividual))
	if v.Email == "" && v.posted(fieldEmail) != "" {
		details.Set("email", v.posted(fieldEmail))
	}
	if v.typesCard() && v.posted(fieldHolder) != "" {
		details.Set("name", v.posted(fieldHolder))
	}
	if where := v.billing(); len(v.Billing) > 0 || v.typesCard() {
		details.Set("address", where)
	}
	v.readTaxID(details)
	t.params.Set("customer_details", details)
	if len(v.Shipping) > 0 {
		sent := hash("name", v.posted(shippingOf+"name"))
		sent.Set("address", v.postal(shippingOf))
		t.params.Set("shipping_details", sent)
	}
	v.readCustom(t)
	if len(v.Consents) > 0 {
		t.params.Set("consent", v.consent())
	}
	if v.Save != nil && v.keepable() {
		t.params.Set("save_payment_method", v.Save.Checked)
	}
	for param, name := range map[string]string{
		"customer_details[email]": fieldEmail, "customer_details[phone]": fieldPhone, "customer_details[business_name]": fieldBusiness, "customer_details[individual_name]": fieldIndividual,
		"customer_details[address]": v.placeField(), "customer_details[tax_ids]": fieldTaxID, "shipping_details": shippingOf + "country", "consent[terms_of_service]": fieldTerms, "payment_method": fieldMethod,
	} {
		t.place(param, name)
	}
}

// placeField is the field by which the customer says where they are.
func (v *view) placeField() string {
	if len(v.Shipping) > 0 && (len(v.Billing) == 0 || v.Same != nil && v.Same.Checked) {
		return shippingOf + "country"
	}
	return billingOf + "country"
}

// readTaxID finds out which kind of number a tax id is: customers know theirs, and seldom what it is called elsewhere.
func (v *view) readTaxID(details *object.Object) {
	number := v.posted(fieldTaxID)
	if len(v.Business) == 0 {
		return
	}
	if number == "" {
		details.Set("tax_ids", []any{})
		return
	}
	country := v.billing().String("country")
	if country == "" {
		country = v.session.Object("customer_details").Object("address").String("country")
	}
	kind := v.taxIDKind(country, number)
	if kind == "" {
		v.faults[fieldTaxID] = v.Words.WrongTaxID
		return
	}
	details.Set("tax_ids", []any{hash("type", kind, "value", number)})
}

func (v *view) readCustom(t *typed) {
	var sent []any
	for _, f := range v.Custom {
		if f.Value == "" {
			continue
		}
		t.place("custom_fields["+strconv.Itoa(len(sent))+"]", f.Name)
		sent = append(sent, hash("key", strings.TrimPrefix(f.Name, customOf), "value", f.Value))
	}
	if len(sent) > 0 {
		t.params.Set("custom_fields", sent)
	}
}

func (v *view) consent() *object.Object {
	given := object.New(nil)
	for _, f := range v.Consents {
		switch {
		case f.Name == fieldTerms && f.Checked:
			given.Set("terms_of_service", "accepted")
		case f.Name == fieldPromotions && f.Checked:
			given.Set("promotions", "opt_in")
		case f.Name == fieldPromotions:
			given.Set("promotions", "opt_out")
		}
	}
	return given
}

// blame puts what a rule refused beside the field that it is about, or above the form.
func (v *view) blame(t *typed, refusal *apierr.Error) {
	name := ""
	for _, place := range t.places {
		if strings.HasPrefix(refusal.Param, place[0]) {
			name = place[1]
		}
	}
	if text := v.Words.Refusal(refusal.Code, refusal.DeclineCode); text != "" && (name == "" || name == fieldMethod) {
		v.refuse(refusal.Code, refusal.DeclineCode, refusal.Message)
		return
	}
	if _, typedPromo := t.params.Get(fieldPromo).(string); name == "" && refusal.Param == "" && typedPromo && refusal.Code != "amount_too_small" {
		name = fieldPromo // the rules of a code are about no parameter
	}
	text := v.Words.wrong(name, refusal)
	for f := range v.all() {
		if f.Name == name {
			v.faults[name] = text
			return
		}
	}
	v.Notice = text
}
