package checkout_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestHostedMisses has forms in which something is missing or wrong: each fault stands beside its field, the customer is
// put into the first, and nothing is tried.
func TestHostedMisses(t *testing.T) {
	t.Parallel()
	const all = "phone_number_collection[enabled]=true&billing_address_collection=required&shipping_address_collection[allowed_countries][0]=DE&consent_collection[terms_of_service]=required&" +
		"custom_fields[0][key]=po&custom_fields[0][type]=numeric&custom_fields[0][label][type]=custom&custom_fields[0][label][custom]=Order number&custom_fields[0][numeric][minimum_length]=3"
	const rest = "email=jenny@example.com&phone=1&shipping-name=Jo&shipping-country=DE&shipping-line1=Weg 1&shipping-city=Bonn&terms=1&custom-po=123&"
	for _, c := range []struct {
		name, begin, typed string
		faults             []string // the first is where the customer is put
	}{
		{"nothing at all", "", "email=&number=&expiry=&cvc=&name=", []string{"email", "number", "expiry", "cvc", "name"}},
		{"no e-mail address", "", "email=jenny", []string{"email"}},
		{"half a card", "", "expiry=13/34", []string{"expiry"}},
		{"no country", "", "billing-country=EMPTY", []string{"billing-country"}},
		{"a country that is none", "", "billing-country=QQ", []string{"billing-country"}},
		{"all that can be asked", all, "email=&number=&expiry=&cvc=&name=", []string{"email", "phone", "shipping-name", "shipping-country", "shipping-line1", "shipping-city", "number", "expiry", "cvc", "name", "custom-po", "terms"}},
		{"another address", all, rest + "same=&billing-country=EMPTY", []string{"billing-country", "billing-line1", "billing-city"}},
		{"too short a number", all, rest + "custom-po=12", []string{"custom-po"}},
		{"a number that is none", all, rest + "custom-po=abc", []string{"custom-po"}},
		{"a country that nothing is sent to", all, rest + "shipping-country=FR", []string{"shipping-country"}},
		{"no agreement", all, rest + "terms=", []string{"terms"}},
		{"a choice that is none", "custom_fields[0][key]=size&custom_fields[0][type]=dropdown&custom_fields[0][label][type]=custom&custom_fields[0][label][custom]=Size&custom_fields[0][dropdown][options][0][label]=Small&custom_fields[0][dropdown][options][0][value]=s",
			"custom-size=xl", []string{"custom-size"}},
		{"no tax id of the country", "tax_id_collection[enabled]=true", "billing-country=US&tax_id=12345", []string{"tax_id"}},
		{"a tax id that is missing", "tax_id_collection[enabled]=true&tax_id_collection[required]=if_supported", "billing-country=DE", []string{"tax_id"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStall(t)
			o := s.session(c.begin)
			text := wantShown(t, s.post(s.path(o), s.fill(s.path(o), c.typed)), 422, "<title>Error: ")
			for i, name := range c.faults {
				field := `<[a-z]+ id="` + name + `"[^>]*>`
				tag := find(text, field)
				if !strings.Contains(text, `id="`+name+`-fault"`) || !strings.Contains(tag, `aria-invalid="true"`) || !strings.Contains(tag, name+`-fault"`) {
					t.Errorf("nothing is said beside %s: %s", name, tag)
				}
				if strings.Contains(tag, " autofocus") != (i == 0) {
					t.Errorf("the customer is not put into the first field: %s", tag)
				}
			}
			if n := strings.Count(text, `-fault">`); n != len(c.faults) {
				t.Errorf("%d faults, want %v:\n%s", n, c.faults, text)
			}
			if n := s.charges(); n != 0 {
				t.Errorf("%d charges", n)
			}
		})
	}
	s := newStall(t)
	o := s.session("")
	wantShown(t, s.post(s.path(o), url.Values{"name": {strings.Repeat("x", 70<<10)}}), 400, "The form could not be read")
}

// TestHostedEscapes has a seller and a customer write what a browser would run.
func TestHostedEscapes(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script>`
	s := newStall(t)
	s.Post("/v1/accounts/"+s.Account.ID, "business_profile[name]", "Shop"+evil).OK()
	product := s.Post("/v1/products", "name", "Pot"+evil, "description", "Fine"+evil, "images[]", `https://shop.example/a.png?"onload="alert(1)`, "default_price_data[currency]", "usd", "default_price_data[unit_amount]", "2000").OK()
	s.names["EVIL"] = product.Ref("default_price")
	o := s.Post("/v1/checkout/sessions", "mode", "payment", "success_url", success, "cancel_url", "javascript://shop.example/%0aalert(1)", "line_items[0][price]", s.names["EVIL"], "line_items[0][quantity]", "1",
		"custom_fields[0][key]", "a", "custom_fields[0][type]", "text", "custom_fields[0][label][type]", "custom", "custom_fields[0][label][custom]", "Note"+evil, "allow_promotion_codes", "true",
		"consent_collection[terms_of_service]", "required", "custom_text[submit][message]", "See [this](javascript:alert(1)) and [that](https://shop.example/\"onclick=\"alert(1)) "+evil, "custom_text[after_submit][message]", "[open"+evil).OK()
	form := s.fill(s.path(o), "do=update")
	for _, name := range []string{"email", "name", "promotion_code", "custom-a", "billing-postal_code"} {
		form.Set(name, "typed"+evil)
	}
	text := wantShown(t, s.get(s.path(o)), 200, "Shop&#34;&gt;&lt;script&gt;", "Pot&#34;&gt;", "Fine&#34;&gt;", "Note&#34;&gt;", `[this](javascript:alert(1))`, "[open&#34;&gt;", "!javascript://")
	again := wantShown(t, s.post(s.path(o), form), 422, "typed&#34;&gt;&lt;script&gt;")
	for _, page := range []string{text, again} {
		if strings.Contains(page, "<script>") || strings.Contains(page, `"onload`) || strings.Contains(page, `"onclick`) || strings.Contains(page, `href="javascript`) || strings.Count(page, "<script ") != 1 {
			t.Errorf("the page runs what it should not:\n%s", page)
		}
	}
}

// TestHostedHelps says where the seller helps.
func TestHostedHelps(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	o := s.session("")
	wantShown(t, s.get(s.path(o)), 200, "!Questions?")
	s.Post("/v1/accounts/"+s.Account.ID, "business_profile[support_email]", "help@shop.example", "business_profile[support_url]", "https://shop.example/help").OK()
	wantShown(t, s.get(s.path(o)), 200, "Questions?", `href="mailto:help@shop.example"`, `href="https://shop.example/help"`)
}

// TestHostedTongues speaks the language that the seller chose, or that the browser asks for.
func TestHostedTongues(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	for _, c := range []struct{ locale, accepts, lang, says string }{
		{"", "", "en", ">Pay $20.00</button>"},
		{"auto", "fr, de-AT;q=0.8", "de-AT", ">20,00\u00a0$ bezahlen</button>"},
		{"de", "en", "de", "Deutschland"},
		{"fr", "de", "en", "Germany"},
		{"", "fr", "en", "Card number"},
	} {
		begin := ""
		if c.locale != "" {
			begin = "locale=" + c.locale
		}
		wantShown(t, s.get(s.path(s.session(begin)), "Accept-Language", c.accepts), 200, `<html lang="`+c.lang+`">`, c.says)
	}
}
