package billing

import (
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An update with payment_behavior=pending_if_incomplete counts only once its invoice is paid:
//
//	(update) --invoice paid--> applied
//	         --not paid--> pending_update --invoice paid--> applied
//	                                      --23 hours, end of the period or the trial, another update, invoice void--> gone
//
// The update is made in full, so that its invoice is right, and what came of it is put aside until then: the private part
// of the subscription keeps it as "pending". Items that it adds exist, but belong to no subscription yet.

const (
	pendingIfIncomplete = "pending_if_incomplete"
	// pendingTime is how long the invoice of an update can be paid.
	pendingTime = 23 * time.Hour
)

// What such an update can change. Source: Stripe, Pending updates reference.
var (
	pendingParams = []string{"expand", "payment_behavior", "proration_behavior", "proration_date", "billing_cycle_anchor", "items", "trial_end", "trial_from_plan", "add_invoice_items", "off_session",
		"discounts", "metadata"}
	pendingItemParams = []string{"id", "price", "price_data", "quantity", "tax_rates", "discounts", "deleted", "clear_usage"}
	pendingFields     = []string{"billing_cycle_anchor", "trial_start", "trial_end", "status", "discounts", "metadata"}
)

// checkPendingParams refuses what a pending update cannot change.
func checkPendingParams(op *resource.Op, s *object.Object) error {
	if op.Params.String("payment_behavior") != pendingIfIncomplete {
		return nil
	}
	refuse := func(name string) error {
		return apierr.Invalid("", name, "`%s` is not supported with `payment_behavior=pending_if_incomplete`.", name)
	}
	if s.String("collection_method") == "send_invoice" {
		return refuse("collection_method")
	}
	for _, name := range op.Params.Keys() {
		if !slices.Contains(pendingParams, name) {
			return refuse(name)
		}
	}
	for _, v := range op.Params.Array("items") {
		for _, name := range v.(*object.Object).Keys() {
			if !slices.Contains(pendingItemParams, name) {
				return refuse("items[" + name + "]")
			}
		}
	}
	return nil
}

// propose writes the invoice of an update, puts the update aside, and tries to pay.
//
// Emits invoice.created and what paying does; customer.subscription.updated, either with what changed or with the
// pending_update.
func (c *change) propose(op *resource.Op, b *subscriptionBill) error {
	in, err := b.write(op, func(*object.Object) error { return nil })
	if in == nil || err != nil {
		return err
	}
	in.Set("auto_advance", false) // only requests try to pay
	if err := c.putAside(op, in); err != nil {
		return err
	}
	if err := tryNow(op, in); err != nil || c.s.Get("pending_update") == nil {
		return err
	}
	private, err := op.Private(c.s)
	if err != nil {
		return err
	}
	private.Object("pending").Set("shown", true)
	if err := op.SetPrivate(c.s, private); err != nil {
		return err
	}
	return op.SetTimer(subscriptionPending, c.s, unix(c.s.Object("pending_update").Int("expires_at")))
}

// putAside keeps what came of an update, and lets the subscription and its items be what they were.
func (c *change) putAside(op *resource.Op, in *object.Object) error {
	items, err := itemsOf(op, c.s)
	if err != nil {
		return err
	}
	fields, shown, kept := object.New(nil), make([]any, len(items)), make([]any, len(items))
	for _, name := range pendingFields {
		fields.Set(name, c.s.Get(name))
	}
	for i, item := range items {
		private, err := op.Private(item)
		if err != nil {
			return err
		}
		shown[i], kept[i] = item.Clone(), newParams("item", item.Clone(), "private", private.Clone())
		if err := c.takeBackItem(op, item); err != nil {
			return err
		}
	}
	update := c.pendingUpdate(op, shown)
	latest := c.s.Get("latest_invoice")
	restore(c.s, c.was)
	c.s.Set("latest_invoice", latest)
	c.s.Set("pending_update", update)
	op.Save(c.s)
	private, err := op.Private(c.s)
	if err != nil {
		return err
	}
	private.Set("pending", newParams("invoice", in.ID(), "fields", fields, "items", kept))
	return op.SetPrivate(c.s, private)
}

// pendingUpdate is what a subscription shows of an update that waits.
func (c *change) pendingUpdate(op *resource.Op, items []any) *object.Object {
	expires := op.Now().Add(pendingTime).Unix()
	for _, h := range c.held {
		expires = min(expires, h.item.Int("current_period_end")) // that of the trial, as long as it lasts
	}
	update := object.New(nil)
	update.Set("expires_at", expires)
	for _, name := range []string{"billing_cycle_anchor", "discounts", "metadata", "trial_end"} {
		update.Set(name, nil)
		if !object.Equal(c.s.Get(name), c.was.Get(name)) {
			update.Set(name, c.s.Get(name))
		}
	}
	for _, name := range []string{"discount", "subscription_items", "trial_from_plan"} {
		update.Set(name, nil)
	}
	if !object.Equal(c.s.Object("items").Get("data"), c.was.Object("items").Get("data")) {
		update.Set("subscription_items", items)
	}
	return update
}

// takeBackItem lets an item be what it was. A new one belongs to no subscription for now.
func (c *change) takeBackItem(op *resource.Op, item *object.Object) error {
	op.Save(item)
	for _, h := range c.held {
		if h.item.ID() == item.ID() {
			restore(item, h.item)
			return op.SetPrivate(item, h.private)
		}
	}
	item.Set("subscription", "")
	return nil
}

// restore lets an object be what another one is.
func restore(o, was *object.Object) {
	for _, name := range slices.Clone(o.Keys()) {
		if !was.Has(name) {
			o.Delete(name)
		}
	}
	for name, v := range was.Clone().All() {
		o.Set(name, v)
	}
}

// isProposal reports whether an invoice is for an update of a subscription that waits for it.
func isProposal(op *resource.Op, s, in *object.Object) (bool, error) {
	if in == nil || s.Get("pending_update") == nil {
		return false, nil
	}
	private, err := op.Private(s)
	return private.Object("pending").String("invoice") == in.ID(), err
}

// settleUpdate applies an update whose invoice is paid, and gives it up if that is void. It is over then.
func settleUpdate(op *resource.Op, s, in *object.Object) (over bool, err error) {
	switch in.String("status") {
	case "paid":
		return true, applyUpdate(op, s)
	case "void":
		return true, tellExpired(op, s)
	}
	return false, nil
}

// applyUpdate makes a subscription what an update wanted.
// Emits customer.subscription.updated, and .pending_update_applied if it had to wait.
func applyUpdate(op *resource.Op, s *object.Object) error {
	pending, err := dropPending(op, s)
	if err != nil {
		return err
	}
	kept := pending.Array("items")
	data := make([]any, len(kept))
	for i, v := range kept {
		one := v.(*object.Object)
		item, err := op.Get("subscription_item", one.Object("item").ID(), "")
		if err != nil {
			return err
		}
		restore(item, one.Object("item"))
		op.Save(item)
		if err := op.SetPrivate(item, one.Object("private").Clone()); err != nil {
			return err
		}
		data[i] = item.Clone()
	}
	gone, err := itemsOf(op, s)
	if err != nil {
		return err
	}
	s.Sub("items").Set("data", data)
	fields := pending.Object("fields")
	for name, v := range fields.All() {
		if name != "status" {
			s.Set(name, v)
		}
	}
	if to := fields.String("status"); to != s.String("status") {
		if err := op.Move(s, to); err != nil {
			return err
		}
	}
	if err := dropItems(op, s, gone); err != nil {
		return err
	}
	if err := setTimers(op, s, true); err != nil {
		return err
	}
	if err := op.EmitUpdated(s); err != nil || !pending.Bool("shown") {
		return err
	}
	if err := op.Emit("customer.subscription.pending_update_applied", s); err != nil {
		return err
	}
	if err := keepInPhase(op, s); err != nil {
		return err
	}
	return followEntitlements(op, s.Ref("customer"))
}

// dropItems deletes those items that a subscription does not have any more.
func dropItems(op *resource.Op, s *object.Object, items []*object.Object) error {
	for _, item := range items {
		if slices.ContainsFunc(subscriptionItems(s), func(o *object.Object) bool { return o.ID() == item.ID() }) {
			continue
		}
		if err := op.Delete(item); err != nil {
			return err
		}
	}
	return nil
}

// dropPending forgets that an update waits, and answers what it was.
func dropPending(op *resource.Op, s *object.Object) (*object.Object, error) {
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	pending := private.Object("pending")
	private.Delete("pending")
	s.Set("pending_update", nil)
	op.Save(s)
	if err := op.SetTimer(subscriptionPending, s, time.Time{}); err != nil {
		return nil, err
	}
	return pending, op.SetPrivate(s, private)
}

// discardUpdate gives up an update that waits, and with it its invoice.
// Emits payment_intent.canceled, invoice.voided.
func discardUpdate(op *resource.Op, s *object.Object) error {
	pending, err := dropPending(op, s)
	if err != nil {
		return err
	}
	var added []*object.Object
	for _, v := range pending.Array("items") {
		item, err := op.Find("subscription_item", v.(*object.Object).Object("item").ID())
		if err != nil {
			return err
		}
		if item != nil {
			added = append(added, item)
		}
	}
	if err := dropItems(op, s, added); err != nil {
		return err
	}
	in, err := op.Get("invoice", pending.String("invoice"), "")
	if err != nil || in.String("status") != "open" {
		return err
	}
	return voidInvoice(op, in)
}

// tellExpired gives up an update that waits.
// Emits what discardUpdate does, customer.subscription.updated, customer.subscription.pending_update_expired.
func tellExpired(op *resource.Op, s *object.Object) error {
	if err := discardUpdate(op, s); err != nil {
		return err
	}
	if err := op.EmitUpdated(s); err != nil {
		return err
	}
	return op.Emit("customer.subscription.pending_update_expired", s)
}

// expireUpdate gives up an update whose invoice was not paid in time.
func expireUpdate(op *resource.Op) error {
	if hasEnded(op.Object) || op.Object.Get("pending_update") == nil {
		return nil
	}
	return tellExpired(op, op.Object)
}
