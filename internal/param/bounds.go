package param

import (
	"math"

	"sharesmart/internal/apierr"
)

// bound is what an integer may be, both ends included.
type bound struct{ least, most int64 }

// bounds holds what Stripe's document says in prose alone, by the name of the parameter: these names mean the same in
// all operations. What only one operation asks for (a quantity of at least 1 in Checkout) is that object's rule.
var bounds = map[string]bound{
	"amount_gte":         {1, math.MaxInt64},
	"day_of_month":       {1, 31},
	"days_until_due":     {0, math.MaxInt32},
	"divide_by":          {1, math.MaxInt64},
	"duration_in_months": {1, math.MaxInt32},
	"hour":               {0, 23},
	"interval_count":     {1, math.MaxInt32},
	"limit":              {1, 100},
	"max_redemptions":    {1, math.MaxInt64},
	"minute":             {0, 59},
	"minutes":            {0, 59},
	"month":              {1, 12},
	"quantity":           {0, math.MaxInt64},
	"second":             {0, 59},
	"trial_period_days":  {0, 730},
	"usage_gte":          {1, math.MaxInt64},
}

// errBound says which bound of its name a value breaks; nil if none.
func errBound(name string, v any) func(path string) *apierr.Error {
	n, ok := v.(int64)
	if !ok {
		return nil
	}
	b, ok := bounds[name]
	switch {
	case !ok:
		return nil
	case n < b.least:
		return func(path string) *apierr.Error { return errLess(path, b.least) }
	case n > b.most:
		return func(path string) *apierr.Error { return errMore(path, b.most) }
	}
	return nil
}
