package member

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// keptKinds are the kinds of objects that say something of a member, found by the customer.
var keptKinds = []string{"subscription", "invoice", "payment_method", "install", "member_session", "share", "grant", "mail"}

// Export is all that is kept of a member, by its kind.
func Export(op *resource.Op, customer *object.Object) (*object.Object, error) {
	all := object.New(nil)
	all.Set("customer", customer.Clone())
	for _, kind := range keptKinds {
		found, err := op.Lookup(kind, "customer", customer.ID())
		if err != nil {
			return nil, err
		}
		list := make([]any, len(found))
		for i, o := range found {
			list[i] = o.Clone()
		}
		all.Set(kind, list)
	}
	return all, nil
}

// Delete deletes a member with all that is theirs: the customer, whose subscriptions end, the installs' link to them,
// the signed-in browsers, the short links and what was written to them. Invoices and payments stay, as those who sell must keep them.
func Delete(op *resource.Op, customer *object.Object) error {
	installs, err := op.Lookup("install", "customer", customer.ID())
	if err != nil {
		return err
	}
	for _, ins := range installs {
		if err := Revoke(op, ins); err != nil {
			return err
		}
	}
	for _, kind := range []string{"member_session", "share", "mail"} {
		found, err := op.Lookup(kind, "customer", customer.ID())
		if err != nil {
			return err
		}
		for _, o := range found {
			if err := op.Delete(o); err != nil {
				return err
			}
		}
	}
	codes, err := op.Lookup("login_code", "email", customer.String("email"))
	if err != nil {
		return err
	}
	for _, code := range codes {
		if err := op.Delete(code); err != nil {
			return err
		}
	}
	return op.Remove(customer)
}
