package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// reviewAccount works out what an account still has to give and what it can do, and writes that into the account, its
// capabilities and its persons. The account and the persons are announced by the caller, the capabilities here.
//
// It costs three lists of what is below the account, which are short.
func reviewAccount(op *resource.Op, a *object.Object) error {
	if a.ID() == op.Account() {
		return nil
	}
	persons, err := reviewPersons(op, a)
	if err != nil {
		return err
	}
	paid, err := externalAccounts(op, a)
	if err != nil {
		return err
	}
	private, err := op.Private(a)
	if err != nil {
		return err
	}
	n := accountNeeds(a, persons, len(paid) > 0, private.Bool("tax_id_wrong"))
	showPersons(op, a, persons)
	listExternal(a, paid)
	rejected := ""
	if reason := private.String("rejected"); reason != "" {
		rejected = "rejected." + reason
	}
	takes, active, err := reviewCapabilities(op, a, n, rejected)
	if err != nil {
		return err
	}
	enable(a, n, n.of(takes), active, rejected)
	return nil
}

// enable says what the account as a whole can do.
func enable(a *object.Object, n *needs, due []string, active bool, rejected string) {
	all := append(slices.Clone(due), n.payouts...)
	slices.Sort(all)
	reason := rejected
	switch {
	case reason != "":
	case len(all) > 0:
		reason = "requirements.past_due"
	case len(n.pending) > 0:
		reason = "requirements.pending_verification"
	}
	submitted := !slices.ContainsFunc(due, func(field string) bool { return !strings.Contains(field, "verification.") })
	can := len(due) == 0 && len(n.pending) == 0 && rejected == ""
	a.Set("requirements", n.show(all, reason))
	a.Set("details_submitted", submitted)
	a.Set("charges_enabled", can && active && a.Object("tos_acceptance").String("service_agreement") != "recipient")
	a.Set("payouts_enabled", can && active && len(n.payouts) == 0)
}

// reviewAndTell reviews an account and announces what changed of it.
func reviewAndTell(op *resource.Op, a *object.Object) error {
	if err := reviewAccount(op, a); err != nil {
		return err
	}
	return op.EmitUpdated(a)
}

// reviewed reviews the account that something below it belongs to.
func reviewed(op *resource.Op, id string) error {
	a, err := op.Find("account", id)
	if a == nil || err != nil {
		return err
	}
	return reviewAndTell(op, a)
}
