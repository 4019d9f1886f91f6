package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A connected account is a seller that works through this one.
//
//	(new) --> charges and payouts disabled --DELETE--> gone
//
// What it can do is asked for as capabilities, which stay inactive: nobody checks who is behind it yet.
//
// Emits account.updated.
func init() {
	register(resource.Rules{Object: "account", Self: ownAccount, Create: createAccount, Update: askCapabilities})
}

func createAccount(op *resource.Op) error {
	a := op.Object
	if a.String("country") == "" {
		a.Set("country", "US")
	}
	code := strings.ToUpper(a.String("country"))
	i := slices.IndexFunc(countries, func(c country) bool { return c.code == code })
	if i < 0 {
		return apierr.Invalid("country_unsupported", "country", "Accounts in %s are not supported.", code)
	}
	a.Set("country", code)
	if !op.Params.Has("default_currency") {
		a.Set("default_currency", countries[i].currency)
	}
	if !op.Params.Has("type") {
		a.Set("type", "standard")
	}
	for _, name := range []string{"charges_enabled", "payouts_enabled", "details_submitted"} {
		a.Set(name, false)
	}
	a.Set("capabilities", object.New(nil))
	return askCapabilities(op)
}

// askCapabilities notes what the account would like to do, or no longer.
func askCapabilities(op *resource.Op) error {
	for name, v := range op.Params.Object("capabilities").All() {
		sent, _ := v.(*object.Object)
		capabilities := op.Object.Sub("capabilities")
		if !sent.Bool("requested") {
			capabilities.Delete(name)
		} else if capabilities.String(name) == "" {
			capabilities.Set(name, "inactive")
		}
	}
	return nil
}

func ownAccount(*object.Object, bool) {}
