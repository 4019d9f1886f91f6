package billing

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An active entitlement says that a customer may use a feature. It is there, with the same id, as long as a subscription
// of theirs that is trialing, active or past due has a product with the feature.
//
// The summary of a customer holds all of them. It is what the event shows, and is compared with what the customer should
// have, so that a change that changes nothing costs a few reads and tells of nothing.
//
// Emits entitlements.active_entitlement_summary.updated, once for each customer and change. Unlike Stripe's it holds
// the whole list, however long.

// entitlementSummary is a kind that only events show. A customer's is found by the customer's id.
const entitlementSummary = "entitlements.active_entitlement_summary"

// followEntitled recomputes what a customer is entitled to after a change of a subscription, if that entitles to
// other products than before.
func followEntitled(op *resource.Op, s *object.Object, before []string) error {
	now := entitlingProducts(s)
	for _, product := range slices.Concat(before, now) {
		if slices.Contains(before, product) && slices.Contains(now, product) {
			continue
		}
		attached, err := productFeatures(op, product)
		if err != nil {
			return err
		}
		if len(attached) > 0 { // most products have none, and then nobody need look at the customer's other subscriptions
			return followEntitlements(op, s.Ref("customer"))
		}
	}
	return nil
}

// entitlingProducts are the products of a subscription whose features its customer may use.
func entitlingProducts(s *object.Object) []string {
	switch s.String("status") {
	case "trialing", "active", "past_due":
	default:
		return nil
	}
	var out []string
	for _, item := range subscriptionItems(s) {
		if id := item.Object("price").Ref("product"); id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// followEntitlements recomputes what a customer is entitled to. New subscriptions, and those that now have another
// customer, must be written before.
func followEntitlements(op *resource.Op, customer string) error {
	features, err := featuresFor(op, customer)
	if err != nil {
		return err
	}
	summary, err := op.Find(entitlementSummary, customer)
	if err != nil {
		return err
	}
	had := summary.Object("entitlements").Array("data")
	keeps, err := endEntitlements(op, had, features)
	if err != nil {
		return err
	}
	has, err := beginEntitlements(op, customer, keeps, features)
	if err != nil || len(has) == len(keeps) && len(keeps) == len(had) {
		return err
	}
	return tellEntitlements(op, customer, summary, had, has)
}

// featuresFor are the features that a customer should have.
func featuresFor(op *resource.Op, customer string) ([]*object.Object, error) {
	subscriptions, err := op.Lookup("subscription", "customer", customer)
	if err != nil {
		return nil, err
	}
	var products []string
	var out []*object.Object
	for _, s := range slices.Backward(subscriptions) {
		for _, product := range entitlingProducts(s) {
			if slices.Contains(products, product) {
				continue
			}
			products = append(products, product)
			attached, err := productFeatures(op, product)
			if err != nil {
				return nil, err
			}
			for _, a := range slices.Backward(attached) {
				f := a.Object("entitlement_feature")
				if f.Bool("active") && !slices.ContainsFunc(out, func(o *object.Object) bool { return o.ID() == f.ID() }) {
					out = append(out, f)
				}
			}
		}
	}
	return out, nil
}

// endEntitlements deletes those that a customer had for other features, and returns the rest.
func endEntitlements(op *resource.Op, had []any, features []*object.Object) (keeps []any, err error) {
	for _, v := range had {
		e := v.(*object.Object)
		if slices.ContainsFunc(features, func(f *object.Object) bool { return f.ID() == e.Ref("feature") }) {
			keeps = append(keeps, v)
			continue
		}
		gone, err := op.Find("entitlements.active_entitlement", e.ID())
		if gone != nil {
			err = op.Delete(gone)
		}
		if err != nil {
			return nil, err
		}
	}
	return keeps, nil
}

// beginEntitlements makes those that a customer lacks, and returns all, the newest first.
func beginEntitlements(op *resource.Op, customer string, has []any, features []*object.Object) ([]any, error) {
	for _, f := range features {
		if slices.ContainsFunc(has, func(v any) bool { return v.(*object.Object).Ref("feature") == f.ID() }) {
			continue
		}
		params := newParams("feature", f.ID(), "lookup_key", f.String("lookup_key"))
		e, err := op.Make("entitlements.active_entitlement", customer, params, func(*resource.Op) error { return nil })
		if err != nil {
			return nil, err
		}
		has = append([]any{e.Clone()}, has...)
	}
	return has, nil
}

// tellEntitlements writes the summary and its event.
func tellEntitlements(op *resource.Op, customer string, summary *object.Object, had, has []any) error {
	if summary == nil {
		op.Choose(entitlementSummary, customer)
		var err error
		if summary, err = op.Make(entitlementSummary, "", newParams(), func(op *resource.Op) error {
			op.Object.Set("customer", customer)
			op.Object.Set("entitlements", resource.NewList("/v1/customer/"+customer+"/entitlements", has, false))
			op.Object.Set("livemode", op.Live())
			return nil
		}); err != nil {
			return err
		}
	} else {
		summary.Object("entitlements").Set("data", has)
		op.Save(summary)
	}
	previous := newParams("entitlements", newParams("data", had))
	return op.EmitChanged("entitlements.active_entitlement_summary.updated", summary, previous)
}
