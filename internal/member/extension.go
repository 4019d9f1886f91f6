package member

import (
	"fmt"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An extension is what a seller sells: its plans are prices, the paid ones in the order in which they are shown, and one
// that costs nothing. It has keys of its own, which sign what its installs may believe without asking.
//
// Emits extension.created, extension.updated, extension.deleted.
func init() {
	register(resource.Rules{
		Object: "extension", Create: createExtension, Update: updateExtension, Delete: deleteExtension,
		Actions: resource.Actions{"GET /v1/extensions/{extension}/prices": listPrices},
		Index:   map[string]func(*object.Object) []string{"house": houseIndex},
	})
}

// What an extension has where nothing else was said.
const (
	defaultDevices   = 5
	defaultGraceDays = 14
	mostGraceDays    = 366
	mostDevices      = 1000
	mostTrialDays    = 730
)

func createExtension(op *resource.Op) error {
	e := op.Object
	e.Set("active", !op.Params.Has("active") || op.Params.Bool("active"))
	if !op.Params.Has("device_limit") {
		e.Set("device_limit", int64(defaultDevices))
	}
	if !op.Params.Has("grace_period_days") {
		e.Set("grace_period_days", int64(defaultGraceDays))
	}
	if err := checkExtension(op, e); err != nil {
		return err
	}
	return makeKeys(op, e)
}

func updateExtension(op *resource.Op) error { return checkExtension(op, op.Object) }

// checkExtension refuses plans that cannot be subscribed to, and numbers that make no sense.
func checkExtension(op *resource.Op, e *object.Object) error {
	if e.Get("prices") == nil {
		e.Set("prices", []any{})
	}
	for _, limit := range []struct {
		name        string
		least, most int64
	}{{"device_limit", 1, mostDevices}, {"grace_period_days", 0, mostGraceDays}, {"trial_period_days", 0, mostTrialDays}} {
		if n := e.Int(limit.name); n < limit.least && e.Get(limit.name) != nil || n > limit.most {
			return apierr.Invalid("parameter_invalid_integer", limit.name, "This value must be between %d and %d.", limit.least, limit.most)
		}
	}
	if id := e.Ref("free_price"); id != "" {
		price, err := planPrice(op, id, "free_price")
		if err != nil {
			return err
		}
		if price.Int("unit_amount") != 0 || price.Get("unit_amount") == nil {
			return apierr.Invalid("", "free_price", "The price `%s` is not free: its unit_amount must be 0.", id)
		}
	}
	for i, v := range e.Array("prices") {
		id, _ := v.(string)
		if _, err := planPrice(op, id, fmt.Sprintf("prices[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func planPrice(op *resource.Op, id, param string) (*object.Object, error) {
	price, err := op.Get("price", id, param)
	if err == nil && price.Object("recurring") == nil {
		err = apierr.Invalid("", param, "The price `%s` is paid once. A plan needs a recurring price.", id)
	}
	return price, err
}

// deleteExtension signs its installs out.
func deleteExtension(op *resource.Op) error {
	installs, err := op.Lookup("install", "extension", op.Object.ID())
	if err != nil {
		return err
	}
	for _, ins := range installs {
		if err := Revoke(op, ins); err != nil {
			return err
		}
	}
	return nil
}

// listPrices shows what an extension's plans cost, the free one first, with their products.
func listPrices(op *resource.Op) error {
	prices, err := PricesOf(op, op.Object)
	if err != nil {
		return err
	}
	items := make([]any, 0, len(prices))
	for _, price := range prices {
		product, err := op.Find("product", price.Ref("product"))
		if err != nil {
			return err
		}
		shown := price.Clone()
		if product != nil {
			shown.Set("product", product.Clone())
		}
		items = append(items, shown)
	}
	op.List = resource.NewList("/v1/extensions/"+op.Object.ID()+"/prices", items, false)
	return nil
}

// houseIndex finds the extension that the server's own pages sell.
func houseIndex(e *object.Object) []string {
	if PagesOf(e) == "" {
		return []string{"true"}
	}
	return nil
}

// PricesOf are the prices of an extension's plans, the free one first.
func PricesOf(op *resource.Op, ext *object.Object) ([]*object.Object, error) {
	p, err := plansOf(op, ext)
	if err != nil || p.free == nil {
		return p.paid, err
	}
	return append([]*object.Object{p.free}, p.paid...), nil
}
