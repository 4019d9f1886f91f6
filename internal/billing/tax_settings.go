package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Tax settings say where an account sells from, and what holds for prices that say nothing of tax themselves.
//
//	pending --head_office--> active
//
// Emits tax.settings.updated.
func init() {
	register(resource.Rules{Object: "tax.settings", Actions: resource.Actions{
		"GET /v1/tax/settings":  showTaxSettings,
		"POST /v1/tax/settings": changeTaxSettings,
	}})
}

// presetTaxCode is what is sold where neither the line, nor its product, nor the settings say it.
const presetTaxCode = "txcd_10000000"

// taxSettings are the settings of the account. Without a head office there is no automatic tax.
func taxSettings(op *resource.Op) (*object.Object, error) {
	settings, err := op.Singleton("tax.settings")
	if err != nil {
		return nil, err
	}
	completeTaxSettings(settings)
	return settings, nil
}

func completeTaxSettings(settings *object.Object) {
	defaults := settings.Sub("defaults")
	defaults.Set("provider", "stripe")
	for _, name := range []string{"tax_behavior", "tax_code"} {
		if !defaults.Has(name) {
			defaults.Set(name, nil)
		}
	}
	status, details := "active", object.New(nil)
	if settings.Object("head_office") == nil {
		missing := []any{"head_office"}
		if defaults.String("tax_code") == "" {
			missing = []any{"defaults.tax_code", "head_office"}
		}
		status = "pending"
		details.Set("missing_fields", missing)
		settings.Set("head_office", nil)
	}
	settings.Set("status", status)
	settings.Set("status_details", newParams(status, details))
}

func showTaxSettings(op *resource.Op) (err error) {
	op.Result, err = taxSettings(op)
	return err
}

func changeTaxSettings(op *resource.Op) error {
	settings, err := taxSettings(op)
	if err != nil {
		return err
	}
	before := settings.Clone()
	if err := op.Merge(settings, op.Params); err != nil {
		return err
	}
	if err := checkTaxDefaults(op); err != nil {
		return err
	}
	if sent := op.Params.Object("head_office"); sent != nil {
		if err := setHeadOffice(settings, sent.Object("address")); err != nil {
			return err
		}
	}
	completeTaxSettings(settings)
	op.Result = settings
	previous := object.Diff(before, settings)
	if previous == nil {
		return nil
	}
	op.Save(settings)
	return op.EmitChanged("tax.settings.updated", settings, previous)
}

func checkTaxDefaults(op *resource.Op) error {
	if code := op.Params.Object("defaults").String("tax_code"); code != "" {
		_, err := op.Get("tax_code", code, "defaults[tax_code]")
		return err
	}
	return nil
}

// setHeadOffice puts an address in the place of the one that was there. It must say where sales come from.
func setHeadOffice(settings, address *object.Object) error {
	const param = "head_office[address]"
	country, state := address.String("country"), address.String("state")
	switch {
	case country == "":
		return missingParam(param + "[country]")
	case !isCountry(country):
		return apierr.Invalid("country_unsupported", param+"[country]", "Country '%s' is unknown. Use a two-letter code such as US or DE.", country)
	case country == "US" && placeOf(states, state) == nil || country == "CA" && placeOf(provinces, state) == nil:
		return apierr.Invalid("", param+"[state]", "Enter the two-letter code of the state or province of the head office.")
	}
	settings.Set("head_office", newParams("address", postalAddress(address)))
	return nil
}
