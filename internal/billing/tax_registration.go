package billing

import (
	"slices"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A tax registration says that the account collects tax somewhere. Automatic tax is charged where one is active.
//
//	scheduled --active_from--> active --expires_at--> expired
//
// A registration is never deleted: it expires. There are no events.
func init() {
	register(resource.Rules{
		Object: "tax.registration", Unmerged: []string{"active_from", "expires_at", "country_options"},
		Create: createTaxRegistration, Update: timeTaxRegistration,
		Timers: map[string]resource.Hook{registrationTurn: turnTaxRegistration},
	})
}

const (
	// registrationTurn is when a registration becomes active, and later when it expires.
	registrationTurn = "tax.registration.turn"
	standardScheme   = "standard"
)

func createTaxRegistration(op *resource.Op) error {
	r, country := op.Object, strings.ToUpper(op.Params.String("country"))
	sent := op.Params.Object("country_options")
	key := strings.ToLower(country)
	shape := r.Schema().Prop("country_options").Schema().Prop(key)
	if shape == nil {
		return apierr.Invalid("", "country", "The country %s is not supported for tax registrations.", country)
	}
	options := sent.Object(key)
	if options == nil || sent.Len() != 1 {
		return apierr.Invalid("parameter_missing", "country_options["+key+"]", "The registration's country is %s, so the options of that country are needed and no others: country_options[%s].", country, key)
	}
	if err := checkCountryOptions(country, options, "country_options["+key+"]"); err != nil {
		return err
	}
	options = options.Clone()
	completeScheme(options, shape.Schema())
	kept := object.New(nil)
	kept.Set(key, options)
	r.Set("country", country)
	r.Set("country_options", kept)
	r.Set("expires_at", nil)
	return timeTaxRegistration(op)
}

// checkCountryOptions wants to know which state or province a registration is for.
func checkCountryOptions(country string, options *object.Object, param string) error {
	switch {
	case country == "US":
		state := strings.ToUpper(options.String("state"))
		if placeOf(states, state) == nil {
			return apierr.Invalid("", param+"[state]", "Invalid US state: %s.", options.String("state"))
		}
		options.Set("state", state)
	case country == "CA" && options.String("type") == provinceStandard:
		province := options.Object(provinceStandard)
		if province == nil {
			return missingParam(param + "[" + provinceStandard + "]")
		}
		code := strings.ToUpper(province.String("province"))
		if p := placeOf(provinces, code); p == nil || len(p.taxes) < 2 {
			return apierr.Invalid("", param+"["+provinceStandard+"][province]", "Invalid province: %s. Use a province that has a tax of its own: BC, MB, QC or SK.", province.String("province"))
		}
		province.Set("province", code)
	}
	return nil
}

// completeScheme says which sales a standard registration is for, where that can be chosen.
func completeScheme(options *object.Object, shape *spec.Schema) {
	if options.String("type") == standardScheme && shape.Prop(standardScheme) != nil && options.At(standardScheme, "place_of_supply_scheme") == nil {
		options.Sub(standardScheme).Set("place_of_supply_scheme", standardScheme)
	}
}

// timeTaxRegistration reads when a registration holds, and sets its status and timer.
func timeTaxRegistration(op *resource.Op) error {
	r := op.Object
	for _, name := range []string{"active_from", "expires_at"} {
		switch v := op.Params.Get(name).(type) {
		case int64:
			r.Set(name, v)
		case string:
			r.Set(name, map[string]any{"now": op.Now().Unix()}[v])
		}
	}
	if until := r.Get("expires_at"); until != nil && r.Int("expires_at") < r.Int("active_from") {
		return apierr.Invalid("", "expires_at", "`expires_at` must be after `active_from`.")
	}
	return turnTaxRegistration(op)
}

// turnTaxRegistration sets the status that a registration has now, and the time of the next.
func turnTaxRegistration(op *resource.Op) error {
	r, now := op.Object, op.Now().Unix()
	status, next := "active", r.Int("expires_at")
	switch {
	case r.Int("active_from") > now:
		status, next = "scheduled", r.Int("active_from")
	case r.Get("expires_at") != nil && next <= now:
		status, next = "expired", 0
	}
	r.Set("status", status)
	op.Save(r)
	at := time.Time{}
	if next != 0 {
		at = time.Unix(next, 0)
	}
	return op.SetTimer(registrationTurn, r, at)
}

// registrations are where the account collects tax at a time.
type registrations []*object.Object

// registered finds the registrations that hold at a time, which may be past. look is an operation, or an answer's glance.
func registered(look interface {
	Lookup(kind, field, value string) ([]*object.Object, error)
}, at time.Time) (registrations, error) {
	var out registrations
	for _, status := range []string{"active", "expired", "scheduled"} {
		all, err := look.Lookup("tax.registration", "status", status)
		if err != nil {
			return nil, err
		}
		out = append(out, all...)
	}
	return slices.DeleteFunc(out, func(r *object.Object) bool {
		until := r.Get("expires_at")
		return r.Int("active_from") > at.Unix() || until != nil && r.Int("expires_at") <= at.Unix()
	}), nil
}

const (
	provinceStandard = "province_standard"
	stateSalesTax    = "state_sales_tax"
)

// collects reports whether one of a location's taxes is collected there, for goods or for services.
func (rs registrations) collects(where taxLocation, kind string, goods bool) bool {
	return slices.ContainsFunc(rs, func(r *object.Object) bool {
		country := r.String("country")
		options := r.Object("country_options").Object(strings.ToLower(country))
		scheme := options.String("type")
		switch {
		case where.country == "US":
			return country == "US" && scheme == stateSalesTax && options.String("state") == where.state
		case where.country == "CA" && kind != "gst" && kind != "hst":
			return country == "CA" && scheme == provinceStandard && options.Object(provinceStandard).String("province") == where.state
		case where.country == "CA":
			return country == "CA" && scheme != provinceStandard
		case scheme == "oss_union" || scheme == "oss_non_union" && !goods || scheme == "ioss" && goods:
			return inEurope(where.country)
		case scheme == "oss_non_union" || scheme == "ioss":
			return false
		}
		inbound := options.At(standardScheme, "place_of_supply_scheme") == "inbound_goods"
		return country == where.country && (goods || !inbound)
	})
}

// smallSeller reports whether the account is below the threshold in a member state of the European Union, so that it
// charges that state's tax in the others as well.
func (rs registrations) smallSeller(country string) bool {
	return inEurope(country) && slices.ContainsFunc(rs, func(r *object.Object) bool {
		options := r.Object("country_options").Object(strings.ToLower(country))
		return options.At(standardScheme, "place_of_supply_scheme") == "small_seller"
	})
}
