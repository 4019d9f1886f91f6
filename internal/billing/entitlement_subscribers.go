package billing

import (
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// How the subscribers of a product follow when it gains or loses a feature: the first of them at once, the others in
// batches, each a transaction of its own, so that nobody waits long for them. How far it got is kept with the product:
// whatever stops it, it goes on from there. A change in between begins anew.

const (
	// featureChange is the timer of a product whose subscribers have yet to follow.
	featureChange = "product.features"
	// followBatch is how many subscriptions are looked at in one transaction.
	followBatch = 100
)

// followProduct lets the subscribers of a product follow a change of its features. At once does the first batch in
// this transaction; later ones are left to the timer.
func followProduct(op *resource.Op, id string, atOnce bool) error {
	product, err := op.Find("product", id)
	if product == nil || err != nil {
		return err
	}
	if !atOnce {
		return followFrom(op, product, "", op.Now())
	}
	return followSome(op, product, "")
}

// followMore goes on where the last batch ended.
func followMore(op *resource.Op) error {
	private, err := op.Private(op.Object)
	if err != nil {
		return err
	}
	return followSome(op, op.Object, private.String("followed"))
}

// followSome lets a batch of subscribers follow, those after a subscription.
func followSome(op *resource.Op, product *object.Object, after string) error {
	batch, err := op.Oldest("subscription", resource.Selection{Field: "product", Values: []string{product.ID()}, After: after, Limit: followBatch})
	if err != nil {
		return err
	}
	for _, s := range batch {
		if err := followEntitlements(op, s.Ref("customer")); err != nil {
			return err
		}
	}
	if len(batch) < followBatch {
		return followFrom(op, product, "", time.Time{})
	}
	return followFrom(op, product, batch[len(batch)-1].ID(), op.Now())
}

// followFrom lets the timer go on after a subscription, at a time; the zero time ends it.
func followFrom(op *resource.Op, product *object.Object, after string, at time.Time) error {
	private, err := op.Private(product)
	if err != nil {
		return err
	}
	if private.String("followed") != after {
		private.Delete("followed")
		if after != "" {
			private.Set("followed", after)
		}
		if err := op.SetPrivate(product, private); err != nil {
			return err
		}
	}
	return op.SetTimer(featureChange, product, at)
}
