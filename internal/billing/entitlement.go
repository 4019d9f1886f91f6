package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A feature is something that a product unlocks for those who pay for it. Features are attached to products; who has
// which follows from what they subscribe to (entitlement_active.go).
//
//	active --active=false--> archived --active=true--> active
//
// Its lookup key is what a program asks for: no two active features have the same one, and it never changes. An archived
// feature stays attached, but entitles nobody.
//
// Emits what the entitlements of subscribers do that change with it, here and when a product gains or loses a feature.
func init() {
	register(resource.Rules{Object: "entitlements.feature", Create: createFeature, Update: updateFeature})
	register(resource.Rules{
		Object: "product_feature", Create: createProductFeature, Created: gainFeature, Delete: loseFeature,
		Index: filters{"feature": at("entitlement_feature")},
	})
}

func createFeature(op *resource.Op) error {
	op.Object.Set("active", true)
	return featureKeyFree(op)
}

// featureKeyFree refuses a lookup key that another active feature has.
func featureKeyFree(op *resource.Op) error {
	key := op.Object.String("lookup_key")
	holders, err := op.Lookup("entitlements.feature", "lookup_key", key)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(holders, func(f *object.Object) bool { return f != op.Object && f.Bool("active") }) {
		return apierr.Invalid("resource_already_exists", "lookup_key", "A feature with the lookup key `%s` already exists.", key)
	}
	return nil
}

// updateFeature shows what changed in the products that have the feature, and lets their subscribers follow if it was
// archived or is back.
func updateFeature(op *resource.Op) error {
	f := op.Object
	turned := f.Bool("active") != op.Before.Bool("active")
	if turned && f.Bool("active") {
		if err := featureKeyFree(op); err != nil {
			return err
		}
	}
	attached, err := op.Lookup("product_feature", "feature", f.ID())
	if err != nil {
		return err
	}
	for _, a := range attached {
		a.Set("entitlement_feature", f.Clone())
		op.Save(a)
	}
	if !turned {
		return nil
	}
	for i, a := range attached {
		if err := followProduct(op, op.Parent(a), i == 0); err != nil {
			return err
		}
	}
	return nil
}

func createProductFeature(op *resource.Op) error {
	feature := op.Object.Object("entitlement_feature")
	if !feature.Bool("active") {
		return apierr.Invalid("", "entitlement_feature", "The feature `%s` is archived, so it cannot be attached.", feature.ID())
	}
	attached, err := productFeatures(op, op.MadeBelow())
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

// productFeatures are the features attached to a product, the newest first; none if the product is gone.
func productFeatures(op *resource.Op, product string) ([]*object.Object, error) {
	p, err := op.Find("product", product)
	if p == nil || err != nil {
		return nil, err
	}
	return op.Below("product_feature", p)
}

func gainFeature(op *resource.Op) error { return followProduct(op, op.MadeBelow(), true) }

func loseFeature(op *resource.Op) error {
	product := op.Parent(op.Object)
	if err := op.Delete(op.Object); err != nil {
		return err
	}
	return followProduct(op, product, true)
}
