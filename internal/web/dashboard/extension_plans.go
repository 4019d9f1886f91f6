package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/web/dashboard/view"
)

func init() {
	register(Page{Pattern: "POST /extensions/{extension}/plans", Role: people.Developer, Handler: addPlan})
	register(Page{Pattern: "POST /extensions/{extension}/plans/{price}", Role: people.Developer, Handler: arrangePlan})
	register(Page{Pattern: "POST /extensions/{extension}/grants", Role: people.Support, Handler: giveGrant})
	register(Page{Pattern: "POST /extensions/{extension}/grants/{grant}/revoke", Role: people.Support, Handler: revokeGrant})
}

// plan is a price of an extension, and what it unlocks.
type plan struct {
	Price, Product *object.Object
	Features       []string
	Free           bool
	First, Last    bool // among the paid ones
}

// Amount is what the plan costs: "$5.00 USD every month".
func (p plan) Amount() string {
	if p.Free {
		return "Free"
	}
	r := p.Price.Object("recurring")
	every := r.String("interval")
	if n := r.Int("interval_count"); n > 1 {
		every = strconv.FormatInt(n, 10) + " " + every + "s"
	}
	return view.Money(p.Price.Int("unit_amount"), p.Price.String("currency")) + " every " + every
}

// plansOf are the plans of an extension, the free one first, as its pages show them.
func (v *Visit) plansOf(e *object.Object) ([]plan, error) {
	list, err := v.ask(http.MethodGet, "/v1/extensions/"+e.ID()+"/prices", nil)
	if err != nil {
		return nil, err
	}
	var plans []plan
	features := map[string][]string{} // several prices are of one product
	for _, price := range objects(list.Array("data")) {
		p := plan{Price: price, Product: price.Object("product"), Free: price.ID() == e.Ref("free_price")}
		if _, known := features[p.Product.ID()]; !known && p.Product != nil {
			if features[p.Product.ID()], err = v.featuresOf(p.Product.ID()); err != nil {
				return nil, err
			}
		}
		p.Features = features[p.Product.ID()]
		plans = append(plans, p)
	}
	if paid := slices.IndexFunc(plans, func(p plan) bool { return !p.Free }); paid >= 0 {
		plans[paid].First, plans[len(plans)-1].Last = true, true
	}
	return plans, nil
}

func (v *Visit) featuresOf(product string) ([]string, error) {
	list, err := v.ask(http.MethodGet, "/v1/products/"+url.PathEscape(product)+"/features", url.Values{"limit": {"100"}})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range objects(list.Array("data")) {
		names = append(names, f.Object("entitlement_feature").String("name"))
	}
	return names, nil
}

// addPlan makes a product with a price and puts it on the extension's pages, or another price of a product that is there.
func addPlan(v *Visit) error {
	e, err := v.ask(http.MethodGet, "/v1/extensions/"+url.PathEscape(v.R.PathValue("extension")), nil)
	if err != nil {
		return err
	}
	form, faults := v.newPrice()
	if len(faults) > 0 {
		return v.showExtensionWith(http.StatusUnprocessableEntity, faults)
	}
	price, err := v.ask(http.MethodPost, "/v1/prices", form)
	if err != nil {
		return v.toExtension(err, "")
	}
	if err := v.unlock(price.Ref("product"), v.trimmed("features")); err != nil {
		return v.toExtension(err, "")
	}
	if price.Int("unit_amount") == 0 && e.Ref("free_price") == "" {
		return v.changed(e.ID(), url.Values{"free_price": {price.ID()}}, "plan")
	}
	return v.changed(e.ID(), pricesForm(append(pricesOf(e), price.ID())), "plan")
}

// newPrice reads the form of a new plan.
func (v *Visit) newPrice() (form url.Values, faults map[string]string) {
	faults = map[string]string{}
	currency := strings.ToLower(v.trimmed("currency"))
	amount, err := money.ParseUnits(v.trimmed("amount"), currency)
	if err != nil {
		faults["amount"] = "Enter an amount such as 5 or 4.50, or 0 for a free plan"
	}
	form = url.Values{"currency": {currency}, "unit_amount": {strconv.FormatInt(amount, 10)}, "recurring[interval]": {v.trimmed("interval")}}
	switch name, product := v.trimmed("plan_name"), v.trimmed("product"); {
	case product != "":
		form.Set("product", product)
	case name == "":
		faults["plan_name"] = "Enter the name of the plan, or choose one that is there"
	default:
		form.Set("product_data[name]", name)
	}
	return form, faults
}

// unlock gives a product features by their names, separated by commas. Those that are not there are made.
func (v *Visit) unlock(product, names string) error {
	for name := range strings.SplitSeq(names, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		feature, err := v.feature(name)
		if err != nil {
			return err
		}
		if _, err := v.ask(http.MethodPost, "/v1/products/"+url.PathEscape(product)+"/features", url.Values{"entitlement_feature": {feature}}); err != nil {
			return err
		}
	}
	return nil
}

// feature is the id of the feature that has the lookup key of a name.
func (v *Visit) feature(name string) (string, error) {
	key := lookupKey(name)
	known, err := v.ask(http.MethodGet, "/v1/entitlements/features", url.Values{"lookup_key": {key}})
	if err != nil {
		return "", err
	}
	if all := objects(known.Array("data")); len(all) > 0 {
		return all[0].ID(), nil
	}
	made, err := v.ask(http.MethodPost, "/v1/entitlements/features", url.Values{"name": {name}, "lookup_key": {key}})
	if err != nil {
		return "", err
	}
	return made.ID(), nil
}

// lookupKey makes a name into what programs call it: "Short links" is short_links.
func lookupKey(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "_")
}

// arrangePlan moves a paid plan up or down on the pages, or takes any plan off them.
func arrangePlan(v *Visit) error {
	e, err := v.ask(http.MethodGet, "/v1/extensions/"+url.PathEscape(v.R.PathValue("extension")), nil)
	if err != nil {
		return err
	}
	id, prices := v.R.PathValue("price"), pricesOf(e)
	i := slices.Index(prices, id)
	switch to := v.R.PostForm.Get("to"); {
	case to == "off" && id == e.Ref("free_price"):
		return v.changed(e.ID(), url.Values{"free_price": {""}}, "off")
	case i < 0:
		return notFound(v)
	case to == "off":
		return v.changed(e.ID(), pricesForm(slices.Delete(prices, i, i+1)), "off")
	case to == "up" && i > 0:
		prices[i-1], prices[i] = prices[i], prices[i-1]
	case to == "down" && i+1 < len(prices):
		prices[i+1], prices[i] = prices[i], prices[i+1]
	}
	return v.changed(e.ID(), pricesForm(prices), "moved")
}

func pricesOf(e *object.Object) []string {
	var ids []string
	for _, one := range e.Array("prices") {
		if id, ok := one.(string); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func pricesForm(ids []string) url.Values {
	if len(ids) == 0 {
		return url.Values{"prices": {""}}
	}
	return url.Values{"prices[]": ids}
}

func giveGrant(v *Visit) error {
	form := url.Values{"extension": {v.R.PathValue("extension")}, "email": {v.trimmed("email")}, "price": {v.trimmed("price")}, "reason": {v.trimmed("reason")}}
	if form.Get("email") == "" {
		return v.showExtensionWith(http.StatusUnprocessableEntity, map[string]string{"email": "Enter the address of whom it is for"})
	}
	if until := v.trimmed("expires_at"); until != "" {
		at, err := endOfDay(until)
		if err != nil {
			return v.showExtensionWith(http.StatusUnprocessableEntity, map[string]string{"expires_at": "Enter a day such as 2027-01-31"})
		}
		form.Set("expires_at", strconv.FormatInt(at, 10))
	}
	for name := range form {
		if form.Get(name) == "" {
			form.Del(name)
		}
	}
	_, err := v.ask(http.MethodPost, "/v1/grants", form)
	return v.toExtension(err, "granted")
}

func revokeGrant(v *Visit) error {
	_, err := v.ask(http.MethodPost, "/v1/grants/"+url.PathEscape(v.R.PathValue("grant"))+"/revoke", nil)
	return v.toExtension(err, "revoked")
}
