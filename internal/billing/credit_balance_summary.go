package billing

import (
	"maps"
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The credit balance summary is what is left of the credits of a customer, by currency. It is not stored.
func init() {
	register(resource.Rules{
		Object:  "billing.credit_balance_summary",
		Actions: resource.Actions{"GET /v1/billing/credit_balance_summary": summariseCredits},
	})
}

// summariseCredits answers the available balance, which can be applied now, and the ledger balance, in which credits
// that are not effective yet are as well.
func summariseCredits(op *resource.Op) error {
	customer := op.Params.String("customer")
	if customer == "" {
		return missingParam("customer")
	}
	if _, err := op.Get("customer", customer, "customer"); err != nil {
		return err
	}
	grants, err := summarisedGrants(op, customer)
	if err != nil {
		return err
	}
	available, ledger := map[string]int64{}, map[string]int64{}
	for _, g := range grants {
		left, err := creditsLeft(op, g)
		if err != nil {
			return err
		}
		ledger[creditCurrency(g)] += left
		if creditState(g, op.Now().Unix()) == "granted" {
			available[creditCurrency(g)] += left
		}
	}
	balances := []any{}
	for _, currency := range slices.Sorted(maps.Keys(ledger)) {
		balances = append(balances, newParams("available_balance", creditAmount(available[currency], currency), "ledger_balance", creditAmount(ledger[currency], currency)))
	}
	s, err := op.Singleton("billing.credit_balance_summary")
	if err != nil {
		return err
	}
	s.Set("balances", balances)
	s.Set("customer", customer)
	s.Set("customer_account", op.Params.Get("customer_account"))
	op.Result = s
	return nil
}

// summarisedGrants are the grants that a summary's filter asks for: one, or those of a scope.
func summarisedGrants(op *resource.Op, customer string) ([]*object.Object, error) {
	filter := op.Params.Object("filter")
	if filter.String("type") == "credit_grant" {
		id := filter.String("credit_grant")
		if id == "" {
			return nil, missingParam("filter[credit_grant]")
		}
		g, err := op.Get("billing.credit_grant", id, "filter[credit_grant]")
		if err != nil {
			return nil, err
		}
		if g.Ref("customer") != customer {
			return nil, apierr.MissingRef("billing.credit_grant", id, "filter[credit_grant]")
		}
		return []*object.Object{g}, nil
	}
	scope := filter.Object("applicability_scope")
	if scope == nil {
		return nil, missingParam("filter[applicability_scope]")
	}
	grants, err := op.Lookup("billing.credit_grant", "customer", customer)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(grants, func(g *object.Object) bool { return !inScope(g, scope) }), nil
}

// inScope reports whether a grant has the scope that is asked for: metered prices as such, or one of some prices.
func inScope(grant, asked *object.Object) bool {
	scope := grant.Object("applicability_config").Object("scope")
	if asked.Has("price_type") {
		return scope.String("price_type") == asked.String("price_type")
	}
	return slices.ContainsFunc(asked.Array("prices"), func(v any) bool {
		id := v.(*object.Object).String("id")
		return slices.ContainsFunc(scope.Array("prices"), func(has any) bool { return has.(*object.Object).String("id") == id })
	})
}
