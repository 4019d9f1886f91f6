package billing

import (
	"fmt"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// auditBalances proves that the entries of each balance are a chain, and that customers have the balances that they end
// with. It holds one number for each customer and currency in memory.
func auditBalances(s *resource.Survey) (problems []string, err error) {
	ends := map[string]map[string]int64{}
	if err := s.Each("customer_balance_transaction", func(t *object.Object) error {
		customer, currency := t.Ref("customer"), t.String("currency")
		if ends[customer] == nil {
			ends[customer] = map[string]int64{}
		}
		if want := ends[customer][currency] + t.Int("amount"); t.Int("ending_balance") != want {
			problems = append(problems, fmt.Sprintf("balance transaction %s: it ends with %d, not %d", t.ID(), t.Int("ending_balance"), want))
		}
		ends[customer][currency] = t.Int("ending_balance")
		return nil
	}); err != nil {
		return nil, err
	}
	err = s.Each("customer", func(c *object.Object) error {
		for currency, end := range ends[c.ID()] {
			if got := balanceIn(c, currency); got != end {
				problems = append(problems, fmt.Sprintf("customer %s: the balance in %s is %d, its transactions end with %d", c.ID(), currency, got, end))
			}
		}
		if len(ends[c.ID()]) == 0 && c.Int("balance") != 0 {
			problems = append(problems, fmt.Sprintf("customer %s: the balance is %d without a transaction", c.ID(), c.Int("balance")))
		}
		return nil
	})
	return problems, err
}
