package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
)

// A feature is something that a product unlocks for those who pay for it. Features are attached to products; who has
// which follows from what they subscribe to.
//
//	active --active=false--> archived --active=true--> active
//
// Its lookup key is what a program asks for, so it is unique and never changes.
func init() {
	register(resource.Rules{Object: "entitlements.feature", Create: createFeature})
	register(resource.Rules{Object: "product_feature", Create: createProductFeature})
}

func createFeature(op *resource.Op) error {
	f := op.Object
	f.Set("active", true)
	key := f.String("lookup_key")
	holders, err := op.Lookup("entitlements.feature", "lookup_key", key)
	if err != nil {
		return err
	}
	if len(holders) > 0 {
		return apierr.Invalid("resource_already_exists", "lookup_key", "A feature with the lookup key `%s` already exists.", key)
	}
	return nil
}

func createProductFeature(op *resource.Op) error {
	feature := op.Object.Object("entitlement_feature")
	if !feature.Bool("active") {
		return apierr.Invalid("", "entitlement_feature", "The feature `%s` is archived, so it cannot be attached.", feature.ID())
	}
	product, err := op.Get("product", op.MadeBelow(), "product")
	if err != nil {
		return err
	}
	attached, err := op.Below("product_feature", product)
	if err != nil {
		return err
	}
	for _, other := range attached {
		if other.Object("entitlement_feature").ID() == feature.ID() {
			return apierr.Invalid("resource_already_exists", "entitlement_feature", "The feature `%s` is attached to this product already.", feature.ID())
		}
	}
	return nil
}

// followEntitlements recomputes what a customer is entitled to.
func followEntitlements(*resource.Op, string) error { return nil }
