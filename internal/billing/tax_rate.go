package billing

import (
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A tax rate is a percentage that is added to an amount, or is already in it. What it is never changes, as invoices
// refer to it; it can only be archived.
//
//	active --active=false--> archived --active=true--> active
//
// Emits tax_rate.created, tax_rate.updated.
func init() {
	register(resource.Rules{
		Object: "tax_rate", Create: createTaxRate, Update: upperCountry,
		Index: map[string]func(o *object.Object) []string{"archived": archivedRate},
	})
}

// rateDecimals is how fine a percentage of tax may be.
const rateDecimals = 4

func createTaxRate(op *resource.Op) error {
	r := op.Object
	if !op.Params.Has("active") {
		r.Set("active", true)
	}
	if _, ok := percentOf(r.Get("percentage"), rateDecimals); !ok {
		return apierr.Invalid("", "percentage", "Invalid percentage: must be between 0 and 100 and have at most %d decimal places.", rateDecimals)
	}
	r.Set("effective_percentage", nil)
	r.Set("flat_amount", nil)
	r.Set("rate_type", "percentage")
	return upperCountry(op)
}

// percentOf reads a percentage from 0 to 100 with at most so many decimal places.
func percentOf(v any, decimals int) (percent float64, ok bool) {
	text := numberText(v)
	percent, err := strconv.ParseFloat(text, 64)
	_, fraction, _ := strings.Cut(text, ".")
	return percent, err == nil && percent >= 0 && percent <= 100 && len(fraction) <= decimals
}

// numberText is a number of a document as text.
func numberText(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case object.Number:
		return string(v)
	}
	return ""
}

// upperCountry writes a country's code as all of them are written.
func upperCountry(op *resource.Op) error {
	if code := op.Object.String("country"); code != "" {
		op.Object.Set("country", strings.ToUpper(code))
	}
	return nil
}
