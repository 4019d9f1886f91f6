package portal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// method is a payment method that the customer has saved.
type method struct {
	*object.Object
	Default bool
	Pays    bool // a subscription that goes on is paid with it
}

// Expires is until when a card is good: 04 / 30; empty for what is no card.
func (m *method) Expires() string {
	c := m.Object.Object("card")
	if c == nil {
		return ""
	}
	return fmt.Sprintf("%02d / %02d", c.Int("exp_month"), c.Int("exp_year")%100)
}

func (v *visit) defaultMethod() string {
	return v.Customer.Object("invoice_settings").Ref("default_payment_method")
}

// methods are what the customer has saved: the default first, then the newest.
func (v *visit) methods(op *resource.Op) ([]*method, error) {
	all, err := op.Lookup("payment_method", "customer", v.Customer.ID())
	if err != nil {
		return nil, err
	}
	subs, err := v.live(op)
	if err != nil {
		return nil, err
	}
	var found []*method
	for _, pm := range all {
		m := &method{Object: pm, Default: pm.ID() == v.defaultMethod()}
		m.Pays = slices.ContainsFunc(subs, func(s *object.Object) bool {
			own := s.Ref("default_payment_method")
			return s.Int("cancel_at") == 0 && (own == pm.ID() || own == "" && m.Default)
		})
		found = append(found, m)
	}
	slices.SortStableFunc(found, func(a, b *method) int {
		switch {
		case a.Default:
			return -1
		case b.Default:
			return 1
		}
		return 0
	})
	return found, nil
}

// method is the one that the address names.
func (v *visit) method(op *resource.Op) (*method, error) {
	all, err := v.methods(op)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(m *method) bool { return m.ID() == v.r.PathValue("method") })
	if i < 0 {
		return nil, errNothing
	}
	return all[i], nil
}

// payWith lets a method pay from now on: all that is billed, whatever paid for a subscription before.
func (v *visit) payWith(op *resource.Op, id string) error {
	if err := op.Update(v.Customer, object.Of("invoice_settings", object.Of("default_payment_method", id))); err != nil {
		return err
	}
	subs, err := v.live(op)
	if err != nil {
		return err
	}
	for _, s := range subs {
		if own := s.Ref("default_payment_method"); own == "" || own == id {
			continue
		}
		if err := op.Update(s, object.Of("default_payment_method", id)); err != nil {
			return err
		}
	}
	return nil
}

func makeDefault(v *visit) error {
	return v.act("default", func(op *resource.Op) error {
		m, err := v.method(op)
		if err != nil {
			return err
		}
		return v.payWith(op, m.ID())
	}, methodUpdate)
}

// showRemove asks whether the customer means it.
func showRemove(v *visit) error {
	var m *method
	if err := v.load(func(op *resource.Op) (err error) {
		m, err = v.method(op)
		return err
	}); err != nil {
		return err
	}
	return v.show("remove", "Remove the payment method", m)
}

// removeMethod forgets a method. One that pays has to be replaced first.
func removeMethod(v *visit) error {
	var m *method
	err := v.load(func(op *resource.Op) (err error) {
		m, err = v.method(op)
		return err
	})
	switch {
	case errors.Is(err, errNothing):
		v.lead(v.Base) // removed already
		return nil
	case err != nil:
		return err
	case m.Pays:
		return v.note(http.StatusConflict, "This cannot be removed yet", "It pays for a plan of yours. Let another payment method pay first.")
	}
	if _, err := v.call("POST /v1/payment_methods/" + m.ID() + "/detach"); err != nil && refusal(err) == nil {
		return err
	}
	v.lead(v.Base + "?done=removed")
	return nil
}
