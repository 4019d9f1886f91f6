package webhook

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// pending is the status of a delivery that is to be made.
const pending = "pending"

// record makes the deliveries of an event, in its transaction. An event that no endpoint wants costs a map look-up.
func (s *Sender) record(op *resource.Op, a resource.Announcement) (n int, err error) {
	own, err := s.endpointsIn(op, a.Namespace)
	if err != nil {
		return 0, err
	}
	foreign := a.Account != a.Namespace.Account // a connected account's own object lives with its platform
	thin := a.Object.String("object") == kindThin
	for _, e := range own {
		if e.wants(a.Type, foreign, thin) {
			n++
			if err := add(op, e, a, foreign); err != nil {
				return n, err
			}
		}
	}
	if a.Platform == nil {
		return n, nil
	}
	there, err := s.endpointsOfPlatform(op, a)
	for _, e := range there {
		if !e.wants(a.Type, true, thin) {
			continue
		}
		home, err := op.In(a.Platform.Account)
		if err != nil {
			return n, err
		}
		n++
		if err := add(home, e, a, true); err != nil {
			return n, err
		}
	}
	return n, err
}

func (s *Sender) endpointsOfPlatform(op *resource.Op, a resource.Announcement) ([]*endpoint, error) {
	if all, ok := s.cached(a.Platform); ok {
		return all, nil
	}
	home, err := op.In(a.Platform.Account)
	if err != nil {
		return nil, err
	}
	return s.endpointsIn(home, a.Platform)
}

// add makes one delivery.
func add(op *resource.Op, e *endpoint, a resource.Announcement, foreign bool) error {
	account := ""
	if foreign {
		account = a.Account
	}
	related := a.Object.ID()
	if a.Object.String("object") == kindThin {
		related = a.Object.Object("related_object").String("id")
	}
	params := object.Of("account", account, "event", a.ID, "related_object", related, "type", a.Type, "webhook_endpoint", e.id)
	return newDelivery(op, params, a.Listed)
}

// newDelivery makes a delivery, at the place in lists that its event has, and sees to it that it is sent.
func newDelivery(op *resource.Op, params *object.Object, listed int64) error {
	now := op.WallNow() // deliveries go by no test clock
	d, err := op.Make(kindDelivery, "", params, func(op *resource.Op) error {
		op.Object.Set("created", now.Unix())
		op.Object.Set("status", pending)
		return nil
	})
	if err != nil {
		return err
	}
	op.PlaceAt(d, listed)
	return op.SetJob(jobDeliver, now)
}
