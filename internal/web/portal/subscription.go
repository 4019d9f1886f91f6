package portal

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// subscription is one as its customer sees it.
type subscription struct {
	*object.Object
	Items   []*item
	Status  string         // what has to be known first; empty for nothing
	Badge   string         // how that is shown
	Trial   int64          // when the trial ends; 0 if there is none
	Ends    int64          // when it ends; 0 if it goes on
	Renews  int64          // when it is paid again; 0 if it is not
	Owed    *object.Object // the invoice that waits to be paid; nil for none
	Method  *object.Object // what pays; nil if nothing does
	Planned *item          // what it is from its next period on; nil if that is what it is now
}

// item is one thing that is subscribed to.
type item struct {
	*object.Object
	Name     string
	Price    *object.Object
	Quantity int64
}

// Name is what a subscription is called: its first item's name.
func (s *subscription) Name() string { return s.Items[0].Name }

// over are the statuses of subscriptions that have ended.
var over = []string{"canceled", "incomplete_expired"}

// live are the customer's subscriptions that have not ended, newest first.
func (v *visit) live(op *resource.Op) ([]*object.Object, error) {
	all, err := op.Lookup("subscription", "customer", v.Customer.ID())
	return slices.DeleteFunc(all, func(s *object.Object) bool { return slices.Contains(over, s.String("status")) }), err
}

// named is the subscription that the address names. One that has ended is not there any more.
func (v *visit) named(op *resource.Op) (*subscription, error) {
	sub, err := v.own(op, "subscription", v.r.PathValue("subscription"))
	if err != nil {
		return nil, err
	}
	return v.subscription(op, sub)
}

func (v *visit) subscription(op *resource.Op, sub *object.Object) (*subscription, error) {
	s := &subscription{Object: sub, Ends: sub.Int("cancel_at")}
	for _, o := range sub.Object("items").Array("data") {
		held := o.(*object.Object)
		it, err := v.item(op, held.Object("price"), held.Int("quantity"))
		if err != nil {
			return nil, err
		}
		it.Object = held
		s.Items = append(s.Items, it)
		s.Renews = max(s.Renews, held.Int("current_period_end"))
	}
	s.stand()
	for _, step := range []func(*resource.Op, *subscription) error{v.readOwed, v.readMethod, v.readPlanned} {
		if err := step(op, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (v *visit) item(op *resource.Op, price *object.Object, quantity int64) (*item, error) {
	product, err := op.Find("product", price.Ref("product"))
	return &item{Name: product.String("name"), Price: price, Quantity: quantity}, err
}

// stand works out what has to be known first, and what comes next.
func (s *subscription) stand() {
	switch status := s.String("status"); {
	case status == "past_due" || status == "unpaid":
		s.Status, s.Badge = "Payment failed", "bad"
	case status == "incomplete":
		s.Status, s.Badge, s.Renews = "Not paid yet", "warn", 0
	case status == "paused":
		s.Status, s.Badge, s.Renews = "Paused", "neutral", 0
	case s.Ends > 0:
		s.Status, s.Badge = "Canceled", "neutral"
	case status == "trialing":
		s.Status, s.Badge = "Trial", "info"
	}
	if s.String("status") == "trialing" {
		s.Trial = s.Int("trial_end")
	}
	if s.Ends > 0 {
		s.Renews = 0
	}
}

// readOwed finds the invoice that waits to be paid: that of the last period, or of a change.
func (v *visit) readOwed(op *resource.Op, s *subscription) error {
	in, err := op.Find("invoice", s.Ref("latest_invoice"))
	if err == nil && in.String("status") == "open" && in.Int("amount_remaining") > 0 {
		s.Owed = in
	}
	return err
}

// readMethod finds what pays.
func (v *visit) readMethod(op *resource.Op, s *subscription) (err error) {
	id := s.Ref("default_payment_method")
	if id == "" {
		id = v.Customer.Object("invoice_settings").Ref("default_payment_method")
	}
	s.Method, err = op.Find("payment_method", id)
	return err
}

// readPlanned finds what the subscription is from its next period on.
func (v *visit) readPlanned(op *resource.Op, s *subscription) error {
	schedule, err := op.Find("subscription_schedule", s.Ref("schedule"))
	if schedule == nil || err != nil {
		return err
	}
	for _, o := range schedule.Array("phases") {
		phase := o.(*object.Object)
		if phase.Int("start_date") <= v.now || len(phase.Array("items")) != 1 {
			continue
		}
		next := phase.Array("items")[0].(*object.Object)
		price, err := op.Find("price", next.Ref("price"))
		if price == nil || err != nil {
			return err
		}
		if s.Planned, err = v.item(op, price, next.Int("quantity")); err != nil {
			return err
		}
		s.Renews = phase.Int("start_date")
		return nil
	}
	return nil
}

// Next says what happens to a subscription by itself; empty for nothing.
func (v *visit) Next(s *subscription) (text string) {
	switch {
	case s.Planned != nil:
		text = v.say("It changes on %s.", v.Date(s.Renews)) + " " + v.say("Then it is %s: %s.", s.Planned.Name, v.PriceText(s.Planned.Price, s.Planned.Quantity))
	case s.Ends > 0:
		text = v.say("It ends on %s and is not renewed.", v.Date(s.Ends))
	case s.Trial > 0:
		text = v.say("Your trial ends on %s.", v.Date(s.Trial))
	case s.Renews > 0 && s.Owed == nil:
		text = v.say("It is renewed on %s.", v.Date(s.Renews))
	}
	if s.Get("pause_collection") != nil {
		text = strings.TrimSpace(text + " " + v.say("Payments are paused."))
	}
	return text
}

// Cancelable reports whether the customer can end a subscription.
func (v *visit) Cancelable(s *subscription) bool {
	return v.Can(subscriptionCancel) && s.Ends == 0 && s.String("status") != "incomplete" && !slices.Contains(over, s.String("status"))
}

// Renewable reports whether the customer can take back that a subscription ends.
func (v *visit) Renewable(s *subscription) bool {
	return v.Can(subscriptionCancel) && s.Ends > v.now && !slices.Contains(over, s.String("status"))
}

// Updatable reports whether the customer can change what they pay for: one thing, by quantity and not by use, that is paid
// for by itself and goes on. What waits to be paid comes first.
func (v *visit) Updatable(s *subscription) bool {
	status := s.String("status")
	return v.Can(subscriptionUpdate) && len(s.Items) == 1 && s.Ends == 0 && (status == "active" || status == "trialing") && s.Get("pending_update") == nil &&
		s.Items[0].Price.Object("recurring").String("usage_type") == "licensed" && s.String("collection_method") == "charge_automatically"
}
