package checkout

import (
	"html/template"
	"strings"

	"sharesmart/internal/object"
)

// What the seller wants to know and have agreed to, and what the button says.

// buildCustom asks what the seller wants to know.
func (v *view) buildCustom() {
	for _, o := range v.page.Array("custom_fields") {
		own := o.(*object.Object)
		kind := own.String("type")
		part := own.Object(kind)
		known := part.String("value")
		if known == "" {
			known = part.String("default_value")
		}
		f := v.field(customOf+own.String("key"), own.Object("label").String("custom"), known)
		f.Autocomplete = "off"
		if most := part.Int("maximum_length"); most > 0 {
			f.Length = int(most)
		}
		if kind == "numeric" {
			f.Mode = "numeric"
		}
		if own.Bool("optional") {
			v.may(f)
		} else {
			f.must(v.Words.FillIn)
		}
		if kind == "dropdown" {
			f.Options = []option{{"", v.Words.Choose, f.Value == ""}}
			for _, o := range part.Array("options") {
				one := o.(*object.Object)
				f.Options = append(f.Options, option{one.String("value"), one.String("label"), one.String("value") == f.Value})
			}
		}
		v.Custom = append(v.Custom, f)
	}
}

// buildConsents asks what the customer has to agree to, and may.
func (v *view) buildConsents() {
	asked, given := v.session.Object("consent_collection"), v.session.Object("consent")
	if asked.String("promotions") == "auto" {
		v.Consents = append(v.Consents, v.check(fieldPromotions, put(v.Words.Promotions, v.Seller), given.String("promotions") == "opt_in"))
	}
	if asked.String("terms_of_service") == "required" {
		label := v.page.Object("custom_text").Object("terms_of_service_acceptance").String("message")
		if label == "" {
			label = put(v.Words.AgreeTerms, v.Seller)
		}
		v.Consents = append(v.Consents, v.check(fieldTerms, label, given.String("terms_of_service") == "accepted").must(v.Words.MustAgree))
	}
}

// payLabel is what the button says, and what it says while it is at it.
func (v *view) payLabel() (label, busy string) {
	w := v.Words
	switch submit := v.session.String("submit_type"); {
	case v.kind == "setup":
		return w.SaveButton, w.Saving
	case v.kind == "subscription" && v.Terms.Free != "":
		return w.StartTrial, w.Busy
	case v.kind == "subscription" || submit == "subscribe":
		return w.Subscribe, w.Busy
	case v.session.Int("amount_total") == 0:
		return w.Complete, w.Busy
	case submit == "donate":
		return put(w.Donate, v.Total), w.Paying
	case submit == "book":
		return put(w.Book, v.Total), w.Paying
	}
	return put(w.PayAmount, v.Total), w.Paying
}

// agreement says what the customer agrees to by pressing the button: later payments.
func (v *view) agreement() string {
	if position, _ := v.session.At("consent_collection", "payment_method_reuse_agreement", "position").(string); position == "hidden" {
		return ""
	}
	switch {
	case v.kind == "setup":
		return put(v.Words.AgreeSetup, v.Seller)
	case v.kind == "subscription" && len(v.offers()) > 0:
		return put(v.Words.AgreeSubscription, v.Seller)
	}
	return ""
}

// Text writes what the seller says, with its links.
func (v *view) Text(text string) template.HTML { return linked(text) }

// linked escapes a text and makes links of what is written as [name](https://...).
func linked(text string) template.HTML {
	var out strings.Builder
	for text != "" {
		before, rest, found := strings.Cut(text, "[")
		out.WriteString(template.HTMLEscapeString(before))
		if !found {
			break
		}
		name, after, named := strings.Cut(rest, "](")
		target, last, closed := strings.Cut(after, ")")
		if !named || !closed || !strings.HasPrefix(target, "https://") || strings.ContainsAny(name, "[]") {
			out.WriteString("[")
			text = rest
			continue
		}
		out.WriteString(`<a href="` + template.HTMLEscapeString(target) + `" target="_blank" rel="noopener noreferrer">` + template.HTMLEscapeString(name) + `</a>`)
		text = last
	}
	return template.HTML(out.String()) //nolint:gosec // every part of it was escaped
}
