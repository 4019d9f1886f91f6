package member

import (
	"fmt"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The house's extension is ShareSmart itself, which the server's own pages sell. It is made with its two plans when
// somebody opens the pages for the first time, so that an account that is there for the API alone stays empty, and is the
// seller's to change from then on.
const (
	houseFree = "sharesmart_free"
	housePro  = "sharesmart_pro"
)

// housePlan is a plan as it is at first.
type housePlan struct {
	id, name, description string
	says                  []string // what pages say of it
	features              []houseFeature
	monthly, yearly       int64 // US cents
}

type houseFeature struct{ key, name string }

var housePlans = []housePlan{
	{
		id: houseFree, name: "ShareSmart Free", description: "Clean links from every page you are on.",
		says: []string{"Clean links without trackers", "Copy, QR code, mail and networks", "Your last 20 shares"},
	},
	{
		id: housePro, name: "ShareSmart Pro", description: "Short links, collections, and your history everywhere.",
		says:     []string{"Everything in Free", "Short links with click counts", "Several tabs as one collection", "Your history on all your devices", "Works offline"},
		features: []houseFeature{{FeatureShortLinks, "Short links"}, {FeatureCollections, "Collections"}, {FeatureHistory, "History on all devices"}},
		monthly:  500, yearly: 4800,
	},
}

// House is the extension that the server's own pages sell; nil if there is none.
func House(op *resource.Op) (*object.Object, error) {
	found, err := op.Lookup("extension", "house", "true")
	if len(found) == 0 || err != nil {
		return nil, err
	}
	return found[len(found)-1], nil
}

// MakeHouse makes the house's extension and its plans, as far as they are not there.
func MakeHouse(op *resource.Op) (*object.Object, error) {
	ext, err := House(op)
	if ext != nil || err != nil {
		return ext, err
	}
	params := object.Of("name", "ShareSmart", "description", "Share the page you are on.", "metadata", object.Of(houseKey, "true"))
	var prices []any
	for _, plan := range housePlans {
		made, err := plan.make(op)
		if err != nil {
			return nil, fmt.Errorf("plan %s: %w", plan.id, err)
		}
		if plan.monthly == 0 {
			params.Set("free_price", made[0])
			continue
		}
		prices = append(prices, made...)
	}
	params.Set("prices", prices)
	return op.Create("extension", params)
}

// make makes a plan as far as it is not there, and returns its prices.
func (p *housePlan) make(op *resource.Op) (prices []any, err error) {
	product, err := op.Find("product", p.id)
	if err != nil {
		return nil, err
	}
	if product == nil {
		if product, err = op.Create("product", object.Of("id", p.id, "name", p.name)); err != nil {
			return nil, err
		}
	}
	if err := p.describe(op, product); err != nil {
		return nil, err
	}
	monthly, err := p.price(op, "month", p.monthly)
	if err != nil || p.monthly == 0 {
		return []any{monthly}, err
	}
	yearly, err := p.price(op, "year", p.yearly)
	return []any{monthly, yearly}, err
}

func (p *housePlan) describe(op *resource.Op, product *object.Object) error {
	says := make([]any, len(p.says))
	for i, text := range p.says {
		says[i] = object.Of("name", text)
	}
	if err := op.Update(product, object.Of("description", p.description, "marketing_features", says)); err != nil {
		return err
	}
	for _, f := range p.features {
		known, err := op.Lookup("entitlements.feature", "lookup_key", f.key)
		if err != nil {
			return err
		}
		if len(known) == 0 {
			made, err := op.Create("entitlements.feature", object.Of("name", f.name, "lookup_key", f.key))
			if err != nil {
				return err
			}
			known = []*object.Object{made}
		}
		if _, err := op.CreateBelow("product_feature", op.DocID(product), object.Of("entitlement_feature", known[0].ID())); err != nil {
			return err
		}
	}
	return nil
}

// price finds a price of the plan, or makes it.
func (p *housePlan) price(op *resource.Op, interval string, amount int64) (string, error) {
	key := p.id + "_" + interval + "ly"
	known, err := op.Lookup("price", "lookup_key", key)
	if err != nil {
		return "", err
	}
	if len(known) > 0 {
		return known[0].ID(), nil
	}
	made, err := op.Create("price", object.Of("product", p.id, "currency", "usd", "unit_amount", amount, "nickname", interval+"ly", "lookup_key", key,
		"recurring", object.Of("interval", interval, "interval_count", int64(1), "usage_type", "licensed")))
	if err != nil {
		return "", err
	}
	return made.ID(), nil
}
