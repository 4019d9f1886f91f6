package billing

import (
	"fmt"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// auditCredits proves that what is left of each credit grant is what its transactions sum up to, and no less than
// nothing. It holds one number for each grant in memory.
func auditCredits(s *resource.Survey) ([]string, error) {
	sums := map[string]int64{}
	err := s.Each("billing.credit_balance_transaction", func(t *object.Object) error {
		amount := t.Object(t.String("type")).Object("amount").Object("monetary").Int("value")
		if t.String("type") == "debit" {
			amount = -amount
		}
		sums[t.Ref("credit_grant")] += amount
		return nil
	})
	if err != nil {
		return nil, err
	}
	var problems []string
	err = s.Each("billing.credit_grant", func(g *object.Object) error {
		private, err := s.Private("billing.credit_grant", g.ID())
		if err != nil {
			return err
		}
		if left, sum := private.Int("left"), sums[g.ID()]; left != sum || left < 0 {
			problems = append(problems, fmt.Sprintf("credit grant %s: %d is left, its transactions sum to %d", g.ID(), left, sum))
		}
		return nil
	})
	return problems, err
}
