package site

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// awaited is the invoice of a plan that begins when it is paid by hand; nil if none waits.
func (v *visit) awaited(op *resource.Op) (*object.Object, error) {
	subs, err := op.Lookup("subscription", "customer", v.Customer.ID())
	if err != nil {
		return nil, err
	}
	for _, sub := range subs {
		if sub.String("status") != "incomplete" || !billed(sub) {
			continue
		}
		in, err := op.Find("invoice", sub.Ref("latest_invoice"))
		if err != nil || in.String("status") == "open" {
			return in, err
		}
	}
	return nil, nil
}

// billed reports whether the bills of a subscription are sent, to be paid by hand.
func billed(sub *object.Object) bool { return sub.String("collection_method") == "send_invoice" }

// toBill leads to the page of the newest bill of a subscription, which says how to pay it. A bill that is still a draft is
// final then, so that nobody waits for it.
func (v *visit) toBill(sub *object.Object) error {
	in, err := v.call("GET /v1/invoices/" + sub.Ref("latest_invoice"))
	if err == nil && in.String("status") == "draft" {
		in, err = v.call("POST /v1/invoices/" + in.ID() + "/finalize")
	}
	if err != nil {
		return err
	}
	to := in.String("hosted_invoice_url")
	if in.String("status") != "open" {
		to = v.Base + "/account?done=changed"
	}
	v.lead(to)
	return nil
}
