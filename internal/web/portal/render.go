package portal

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/web/country"
	"sharesmart/internal/web/ui"
)

// page is what a template sees.
type page struct {
	*visit
	Title  string // in English; it is translated where it is shown
	Data   any
	Faults map[string]string // what is wrong, by the field
	Notice string            // what has to be read first
	Good   string            // what was done
}

func (v *visit) render(status int, name string, p *page) error {
	p.visit = v
	return book().Render(v.w, status, v.Lang, name, p)
}

// show renders a page.
func (v *visit) show(name, title string, data any) error {
	return v.render(http.StatusOK, name, &page{Title: title, Data: data})
}

// note shows a page that only says something.
func (v *visit) note(status int, title, text string) error {
	return v.render(status, "note", &page{Title: title, Data: text})
}

// say writes a text in the visitor's language.
func (v *visit) say(text string, values ...any) string { return texts[v.Lang].Say(text, values...) }

// Style and Script are the files of every page.
func (v *visit) Style() string  { return styleAsset.Path }
func (v *visit) Script() string { return scriptAsset.Path }

// Back is where the customer goes back to; empty for nowhere.
func (v *visit) Back() template.URL { return ui.Link(v.Return) }

// Leave is where a customer goes who does not do what the page is for: home, or away if they came for nothing else.
func (v *visit) Leave() template.URL {
	if v.Flow != nil {
		return v.Back()
	}
	return template.URL(v.Base) //nolint:gosec // it is a path of ours, and is escaped as an attribute
}

// Terms and Privacy are the seller's pages about those.
func (v *visit) Terms() template.URL   { return v.profile("terms_of_service_url") }
func (v *visit) Privacy() template.URL { return v.profile("privacy_policy_url") }

func (v *visit) profile(name string) template.URL {
	own := ""
	if v.Brand != nil {
		own = map[string]string{"terms_of_service_url": v.Brand.Terms, "privacy_policy_url": v.Brand.Privacy}[name]
	}
	return ui.Link(cmp.Or(v.configuration.Object("business_profile").String(name), own))
}

// Headline is what the seller says to their customers.
func (v *visit) Headline() string {
	return v.configuration.Object("business_profile").String("headline")
}

// Money writes an amount in the smallest unit of a currency.
func (v *visit) Money(amount int64, currency string) string {
	return (&paper.Document{Language: v.Lang, Currency: currency}).Amount(amount)
}

// Date writes a day in UTC.
func (v *visit) Date(unix int64) string {
	return (&paper.Document{Language: v.Lang}).Date(time.Unix(unix, 0).UTC())
}

// Lines are those of an address, as they stand on a letter.
func (v *visit) Lines(address *object.Object) []string {
	lines := []string{address.String("line1"), address.String("line2"), strings.TrimSpace(address.String("postal_code") + " " + address.String("city")), address.String("state")}
	for _, c := range country.In(v.Lang) {
		if c.Code == address.String("country") {
			lines = append(lines, c.Name)
		}
	}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

// MethodText is a payment method as a customer knows it: Visa •••• 4242.
func (v *visit) MethodText(method *object.Object) string {
	kind := method.String("type")
	part := method.Object(kind)
	return paper.Method(kind, part.String("brand"), part.String("last4"))
}

// every are the words for how often something is paid.
var every = map[string][2]string{
	"day": {"a day", "every %d days"}, "week": {"a week", "every %d weeks"}, "month": {"a month", "every %d months"}, "year": {"a year", "every %d years"},
}

// PriceText is what a number of something costs, and how often: $10.00 a month.
func (v *visit) PriceText(price *object.Object, quantity int64) string {
	recurring := price.Object("recurring")
	unit, fixed := price.Get("unit_amount").(int64)
	switch {
	case recurring.String("usage_type") == "metered":
		return v.say("billed by use")
	case !fixed, price.Object("transform_quantity") != nil:
		return v.say("depends on the quantity")
	case unit == 0:
		return v.say("free")
	}
	return v.Money(unit*quantity, price.String("currency")) + " " + v.often(recurring)
}

// Each is what one of something costs.
func (v *visit) Each(price *object.Object) string {
	return v.Money(price.Int("unit_amount"), price.String("currency"))
}

func (v *visit) often(recurring *object.Object) string {
	words := every[recurring.String("interval")]
	if n := recurring.Int("interval_count"); n > 1 {
		return v.say(words[1], n)
	}
	return v.say(words[0])
}

// tongue is the language of the page: that of the session, of the customer, or of the browser.
func (v *visit) tongue() string {
	if locale := v.session.String("locale"); locale != "" && locale != "auto" {
		return known(locale, ui.English)
	}
	for _, l := range v.Customer.Array("preferred_locales") {
		if locale, _ := l.(string); known(locale, "") != "" {
			return known(locale, "")
		}
	}
	return book().Accepted(v.r)
}

// known is the language of a locale, if there are pages in it.
func known(locale, fallback string) string {
	if base, _, _ := strings.Cut(strings.ToLower(locale), "-"); base != "" && book().Has(base) {
		return base
	}
	return fallback
}
