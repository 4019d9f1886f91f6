// Package manual owns the ways to pay that no processor has a part in: bank transfer, PayPal, cash at the desk. A seller
// offers them with what the customer has to know, and marks by hand what was paid.
//
// They are in the private part of the account, so that each mode and each sandbox has its own. What becomes of a payment is
// package billing's.
package manual

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Limits of what a seller can say.
const (
	MaxMethods      = 10
	MaxName         = 60
	MaxInstructions = 1000
	MaxDays         = 90
	defaultDays     = 14
)

// idPrefix is what Stripe's ids of a seller's own types of payment methods begin with, and idLength what follows.
const (
	idPrefix = "cpmt_"
	idLength = 24
)

const (
	keptMethods = "manual_methods"
	keptDays    = "manual_days"
)

// Method is one way to pay.
type Method struct {
	ID           string
	Name         string // "Bank transfer"
	Instructions string // lines: where the money goes to
}

// Offer is what a seller offers.
type Offer struct {
	Methods []Method
	Days    int64 // until when a customer has to pay who has chosen one of them
}

// In reads the offer of the account that a survey is of.
func In(s *resource.Survey) (*Offer, error) {
	private, err := s.SelfPrivate()
	return of(private), err
}

// For reads the offer of the account that an operation is in.
func For(op *resource.Op) (*Offer, error) {
	private, err := brand.Kept(op)
	return of(private), err
}

func of(private *object.Object) *Offer {
	o := &Offer{Days: private.Int(keptDays)}
	if o.Days == 0 {
		o.Days = defaultDays
	}
	for _, v := range private.Array(keptMethods) {
		if m, ok := v.(*object.Object); ok {
			o.Methods = append(o.Methods, MethodOf(m))
		}
	}
	return o
}

// MethodOf reads a method that was written down.
func MethodOf(m *object.Object) Method {
	return Method{m.String("id"), m.String("name"), m.String("instructions")}
}

// Object is how a method is written down.
func (m Method) Object() *object.Object {
	return object.Of("id", m.ID, "name", m.Name, "instructions", m.Instructions)
}

// Lines are the instructions, line by line.
func (m Method) Lines() []string { return strings.Split(m.Instructions, "\n") }

// Find is the method with an id; nil if it is not offered.
func (o *Offer) Find(id string) *Method {
	for i := range o.Methods {
		if o.Methods[i].ID == id {
			return &o.Methods[i]
		}
	}
	return nil
}

// Put offers a method, or changes the one with its id. An empty id is a new one.
func (o *Offer) Put(op *resource.Op, m Method) error {
	m.Name, m.Instructions = strings.TrimSpace(m.Name), strings.TrimSpace(strings.ReplaceAll(m.Instructions, "\r\n", "\n"))
	known := o.Find(m.ID)
	switch {
	case m.Name == "":
		return apierr.Invalid("", "name", "Enter what customers know it by, such as Bank transfer.")
	case len([]rune(m.Name)) > MaxName:
		return apierr.Invalid("", "name", "Enter a name of at most %d characters.", MaxName)
	case m.Instructions == "":
		return apierr.Invalid("", "instructions", "Enter how to pay, such as the number of your bank account.")
	case len([]rune(m.Instructions)) > MaxInstructions:
		return apierr.Invalid("", "instructions", "Enter at most %d characters.", MaxInstructions)
	case m.ID != "" && known == nil:
		return apierr.Invalid("resource_missing", "name", "This way to pay was removed in the meantime.")
	case known != nil:
		*known = m
		return o.keep(op)
	case len(o.Methods) >= MaxMethods:
		return apierr.Invalid("", "name", "There can be %d ways to pay. Remove one first.", MaxMethods)
	}
	m.ID = idPrefix + op.Secret(idLength)
	o.Methods = append(o.Methods, m)
	return o.keep(op)
}

// Remove offers a method no more. Who has chosen it already still sees how to pay.
func (o *Offer) Remove(op *resource.Op, id string) error {
	kept := o.Methods[:0]
	for _, m := range o.Methods {
		if m.ID != id {
			kept = append(kept, m)
		}
	}
	o.Methods = kept
	return o.keep(op)
}

// Allow sets how many days customers have to pay.
func (o *Offer) Allow(op *resource.Op, days int64) error {
	if days < 1 || days > MaxDays {
		return apierr.Invalid("", "days", "Enter a number of days from 1 to %d.", MaxDays)
	}
	o.Days = days
	return o.keep(op)
}

func (o *Offer) keep(op *resource.Op) error {
	list := make([]any, len(o.Methods))
	for i, m := range o.Methods {
		list[i] = m.Object()
	}
	return brand.Note(op, func(private *object.Object) {
		private.Set(keptMethods, list)
		private.Set(keptDays, o.Days)
	})
}
