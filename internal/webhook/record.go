package webhook

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// pending is the status of a delivery that is to be made.
const pending = "pending"

// record makes the deliveries of an event, in its transaction, or lets the event owe them. An event that no endpoint wants
// costs a map look-up.
func (s *Sender) record(op *resource.Op, a resource.Announcement) (r resource.Recorded, err error) {
	own, err := s.endpointsIn(op, a.Namespace)
	if err != nil {
		return r, err
	}
	foreign := a.Account != a.Namespace.Account // a connected account's own object lives with its platform
	thin := a.Object.String("object") == kindThin
	var wanting []*endpoint
	for _, e := range own {
		if e.wants(a.Type, foreign, thin) {
			wanting = append(wanting, e)
		}
	}
	if len(wanting) > 0 {
		r, err = s.recordFor(op, wanting, a, foreign)
	}
	if a.Platform == nil || err != nil {
		return r, err
	}
	n, err := s.recordAbove(op, a, thin)
	r.Made += n
	return r, err
}

// recordFor is record for endpoints that want an event of their account.
func (s *Sender) recordFor(op *resource.Op, wanting []*endpoint, a resource.Announcement, foreign bool) (r resource.Recorded, err error) {
	owes, err := s.mayOwe(op, a, foreign)
	if err != nil {
		return r, err
	}
	for _, e := range wanting {
		if owes {
			r.Owed = append(r.Owed, e.id)
			continue
		}
		r.Made++
		if err := add(op, e, a, foreign); err != nil {
			return r, err
		}
	}
	if owes {
		err = op.SetJob(jobDeliver, op.WallNow())
	}
	return r, err
}

// recordAbove is record for the endpoints of the platform that hear of connected accounts.
func (s *Sender) recordAbove(op *resource.Op, a resource.Announcement, thin bool) (n int, err error) {
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

// newDelivery makes a delivery and sees to it that it is sent.
func newDelivery(op *resource.Op, params *object.Object, listed int64) error {
	if _, err := makeDelivery(op, params, listed); err != nil {
		return err
	}
	return op.SetJob(jobDeliver, op.WallNow())
}

// makeDelivery makes a delivery that is pending, at the place in lists that its event has.
func makeDelivery(op *resource.Op, params *object.Object, listed int64) (*object.Object, error) {
	now := op.WallNow() // deliveries go by no test clock
	d, err := op.Make(kindDelivery, "", params, func(op *resource.Op) error {
		op.Object.Set("created", now.Unix())
		op.Object.Set("status", pending)
		return nil
	})
	if err == nil {
		op.PlaceAt(d, listed)
	}
	return d, err
}
