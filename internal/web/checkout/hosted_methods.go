package checkout

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/web/card"
)

// What a customer can pay with: a card that they have saved, or typed just now; a card; and what takes them to the page of
// a bank or a wallet. What is paid with a number that is not a card's, or by scanning a code, is not offered here.

// cardMethod is the choice to type a card.
const cardMethod = "card"

// elsewhere are the types of payment methods for which nothing has to be typed here.
var elsewhere = map[string]bool{
	"affirm": true, "afterpay_clearpay": true, "alipay": true, "alma": true, "amazon_pay": true, "bancontact": true, "billie": true, "eps": true, "giropay": true, "grabpay": true, "ideal": true,
	"kakao_pay": true, "klarna": true, "mobilepay": true, "naver_pay": true, "p24": true, "payco": true, "paypal": true, "revolut_pay": true, "samsung_pay": true, "satispay": true, "twint": true, "zip": true,
}

// needsMethod reports whether a payment method is needed: a session that costs nothing may do without.
func (v *view) needsMethod() bool {
	return v.kind == "setup" || v.session.Int("amount_total") > 0 || v.session.String("payment_method_collection") != "if_required"
}

// takesCards reports whether a card can be paid with: real money takes a processor.
func (v *view) takesCards() bool { return v.Test || v.Remote != nil }

// offers are the types that can be paid with here: cards first.
func (v *view) offers() []string {
	var types []string
	for _, t := range v.session.Array("payment_method_types") {
		if kind, _ := t.(string); kind == cardMethod && v.takesCards() {
			types = slices.Insert(types, 0, kind)
		} else if elsewhere[kind] && v.Test {
			types = append(types, kind)
		}
	}
	return types
}

// buildMethods offers what the customer has saved, and what they can pay with besides.
func (v *view) buildMethods() {
	if !v.needsMethod() || !v.Payable {
		return
	}
	if kept := v.kept(); kept != nil {
		typed := savedMethod(kept, v.Words.JustTyped)
		typed.Keepable = true
		v.Methods = append(v.Methods, typed)
	}
	for _, o := range v.page.Object("customer").Array("payment_methods") {
		if pm := o.(*object.Object); pm.String("type") == cardMethod {
			saved := savedMethod(pm, v.Words.expires(pm.Object("card")))
			saved.Forgets = v.page.Object("customer").Bool("can_detach_payment_method")
			v.Methods = append(v.Methods, saved)
		}
	}
	label := v.Words.Card
	if len(v.Methods) > 0 {
		label = v.Words.NewCard
	}
	for _, kind := range v.offers() {
		if kind != cardMethod {
			label = methodName(hash("type", kind))
		} else {
			v.buildCard()
		}
		v.Methods = append(v.Methods, choice{ID: fieldMethod + "-" + kind, Value: kind, Label: label, Keepable: kind == cardMethod})
	}
	v.offerManual()
	pick := v.picked()
	for i := range v.Methods {
		v.Methods[i].Chosen = v.Methods[i].Value == pick
	}
}

func savedMethod(pm *object.Object, note string) choice {
	return choice{ID: fieldMethod + "-" + pm.ID(), Value: pm.ID(), Label: methodName(pm), Note: note, Saved: true}
}

// kept is the card that was typed into this page before; nil for none.
func (v *view) kept() *object.Object {
	if pm := v.visit.Object("kept"); pm.String("type") == cardMethod {
		return pm
	}
	return nil
}

// picked is what the customer pays with: what they typed just now, what they chose, else the first that there is; empty if
// nothing is paid.
func (v *view) picked() string {
	pick := v.posted(fieldMethod)
	if kept := v.kept(); kept != nil && (pick == cardMethod || pick == "") {
		return kept.ID()
	}
	if len(v.Methods) == 0 || v.offered(pick) != nil {
		return pick
	}
	return v.Methods[0].Value
}

// offered is one of the choices; nil if it is none.
func (v *view) offered(value string) *choice {
	i := slices.IndexFunc(v.Methods, func(c choice) bool { return c.Value == value })
	if i < 0 {
		return nil
	}
	return &v.Methods[i]
}

// saved reports whether a payment method is one that need not be typed.
func (v *view) saved(value string) bool {
	c := v.offered(value)
	return c != nil && c.Saved
}

// typesCard reports whether the customer types a card.
func (v *view) typesCard() bool { return len(v.Methods) > 0 && v.picked() == cardMethod }

// keepable reports whether what is paid with is a card that is not saved yet.
func (v *view) keepable() bool { return v.typesCard() || v.picked() == v.kept().ID() }

// buildCard asks for a card. The number and the code are never sent back.
func (v *view) buildCard() {
	w, typed := v.Words, card.Read(v.form)
	if v.Remote == nil {
		v.Card = v.cardFields(typed)
	}
	holder := v.field(fieldHolder, w.Holder, v.session.Object("customer_details").String("name")).must(w.EnterHolder)
	holder.Autocomplete = "cc-name"
	v.Card = append(v.Card, holder)
	if !v.wholeAddress() && !v.taxed() {
		v.Card = append(v.Card, v.region()...)
	}
	if v.session.Object("saved_payment_method_options").String("payment_method_save") == "enabled" {
		v.Save = v.check(fieldSave, put(w.SaveCard, v.Seller), false)
	}
}

// cardFields are those for the card itself.
func (v *view) cardFields(typed card.Typed) []*field {
	w := v.Words
	number := &field{Name: card.Number, Label: w.Number, Type: "text", Autocomplete: "cc-number", Mode: "numeric", Length: 30}
	expiry := &field{Name: card.Expiry, Label: w.Expiry, Hint: w.ExpiryHint, Type: "text", Autocomplete: "cc-exp", Mode: "numeric", Length: 9, Half: true, Value: typed.Expiry}
	code := &field{Name: card.CVC, Label: w.CVC, Hint: w.CVCHint, Type: "text", Autocomplete: "cc-csc", Mode: "numeric", Length: 4, Half: true}
	return []*field{number, expiry, code}
}

// newCard are the parameters of the card that was typed, if it was, and whole.
func (v *view) newCard() *object.Object {
	typed := card.Read(v.form)
	if !v.typesCard() || v.Remote != nil || len(typed.Missing(v.Words.Words)) > 0 {
		return nil
	}
	params, details := typed.Params(), hash("name", v.posted(fieldHolder))
	if where := v.billing(); where.Len() > 0 {
		details.Set("address", where)
	}
	if details.Len() > 0 {
		params.Set("billing_details", details)
	}
	return params
}

// newMethod are the parameters of what the customer pays with, if that is not saved.
func (v *view) newMethod() *object.Object {
	if pick := v.picked(); elsewhere[pick] {
		return hash("type", pick)
	}
	return v.newCard()
}

// offerManual offers what is paid by hand: how, is said when it is chosen.
func (v *view) offerManual() {
	for _, o := range v.visit.Array("manual") {
		m := o.(*object.Object)
		v.Methods = append(v.Methods, choice{ID: fieldMethod + "-" + m.ID(), Value: m.ID(), Label: m.String("name"), Note: v.Words.ManualNote, Manual: true})
	}
}

// paysManually reports whether the customer has chosen to pay by hand.
func (v *view) paysManually() bool {
	c := v.offered(v.picked())
	return c != nil && c.Manual
}
