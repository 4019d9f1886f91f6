package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A capability is something that a connected account may do: take card payments, receive transfers.
//
//	unrequested --requested=true--> inactive --what it needs is given--> active
//	                                         --it is being verified--> pending
//	any --requested=false--> unrequested
//
// All capabilities are there with the account; lists show those that were asked for once.
//
// Emits capability.updated, then account.updated.
func init() {
	register(resource.Rules{Object: "capability", Inborn: inbornCapability, Update: updateCapability})
}

// inbornCapability is a capability that nobody asked for yet.
func inbornCapability(o *object.Object, account, id string) bool {
	if spec.Component("account_capabilities").Prop(id) == nil {
		return false
	}
	o.Set("account", account)
	o.Set("requested", false)
	o.Set("requested_at", nil)
	o.Set("status", "unrequested")
	o.Set("requirements", noRequirements())
	o.Set("future_requirements", noRequirements())
	return true
}

// askCapability notes what the account would like to do, or no longer.
func askCapability(op *resource.Op, account *object.Object, name string, requested bool) error {
	all, err := op.Below("capability", account)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(c *object.Object) bool { return c.ID() == name }); i >= 0 {
		request(op, all[i], requested)
		op.Save(all[i])
		return nil
	}
	if !requested {
		return nil
	}
	op.Choose("capability", name)
	_, err = op.Make("capability", account.ID(), object.New(nil), func(op *resource.Op) error {
		inbornCapability(op.Object, account.ID(), name)
		request(op, op.Object, true)
		return nil
	})
	return err
}

func request(op *resource.Op, c *object.Object, requested bool) {
	c.Set("requested", requested)
	switch {
	case !requested:
		c.Set("requested_at", nil)
		c.Set("status", "unrequested")
	case c.Get("requested_at") == nil:
		c.Set("requested_at", op.Now().Unix())
		c.Set("status", "inactive")
	}
}

// updateCapability asks for one capability, or no longer.
func updateCapability(op *resource.Op) error {
	c := op.Object
	request(op, c, c.Bool("requested"))
	if c.Ref("account") == op.Account() {
		return nil // nobody reviews the platform
	}
	if err := op.EmitUpdated(c); err != nil { // so that the review finds it below the account
		return err
	}
	return reviewed(op, c.Ref("account"))
}

// takesPayments reports whether a capability is about payments, which need more than transfers do.
func takesPayments(name string) bool { return strings.HasSuffix(name, "_payments") }

// reviewCapabilities works out the status of each capability of an account. It says whether one of them takes payments,
// and whether one is active.
func reviewCapabilities(op *resource.Op, a *object.Object, n *needs, rejected string) (takes, active bool, err error) {
	all, err := op.Below("capability", a)
	if err != nil {
		return false, false, err
	}
	shown := a.Sub("capabilities")
	slices.Reverse(all) // in the order in which they were asked for
	asked := false
	for _, c := range all {
		due := n.of(takesPayments(c.ID()))
		status := capabilityStatus(c, due, n, rejected)
		setCapability(c, status, due, n, rejected)
		if status == "unrequested" {
			shown.Delete(c.ID())
		} else {
			shown.Set(c.ID(), status)
			asked = true
			takes = takes || takesPayments(c.ID())
			active = active || status == "active"
		}
		if err := op.EmitUpdated(c); err != nil {
			return false, false, err
		}
	}
	if !asked && a.String("type") == "standard" {
		return true, len(n.of(true)) == 0, nil
	}
	return takes, active, nil
}

func capabilityStatus(c *object.Object, due []string, n *needs, rejected string) string {
	switch {
	case !c.Bool("requested"):
		return "unrequested"
	case rejected != "" || len(due) > 0:
		return "inactive"
	case len(n.pending) > 0:
		return "pending"
	}
	return "active"
}

func setCapability(c *object.Object, status string, due []string, n *needs, rejected string) {
	reason := ""
	switch {
	case status == "unrequested":
		due, n = nil, &needs{}
	case rejected != "":
		reason = "rejected.other"
	case len(due) > 0:
		reason = "requirements.fields_needed"
	case status == "pending":
		reason = "pending.review"
	}
	c.Set("status", status)
	c.Set("requirements", n.show(due, reason))
}
