package resource

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/spec"
)

// checkCustomerAccount refuses to take an account for a customer: only accounts of Stripe's API v2 that are configured as
// one can stand for it, and there are none here. Lists by such an account are empty.
func (e *Engine) checkCustomerAccount(c *call) error {
	const name = "customer_account"
	id := c.in.Params.String(name)
	if id == "" || e.options.Mock || c.Op.Class == spec.List || c.Op.Class == spec.SubList {
		return nil
	}
	k := e.kind("account")
	d, err := e.getDoc(e.store, c.Grant.Namespace, k, k.docID(id))
	if isMissing(err) || err == nil && (d.Deleted || d.Kind != k.name) {
		return e.missing(c.Grant.Namespace, k, id, name, true)
	}
	if err != nil {
		return err
	}
	return apierr.Invalid("", name, "The account %s cannot be used as a customer, because it has no customer configuration.", id)
}
