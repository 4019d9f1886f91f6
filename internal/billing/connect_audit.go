package billing

import (
	"fmt"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What must hold of all transfers and fees together: what went back of one is what its reversals or refunds sum to, and
// never more than the whole.

func auditTransfers(s *resource.Survey) ([]string, error) {
	return auditParts(s, "transfer", "amount_reversed", "transfer_reversal", "transfer")
}

func auditFees(s *resource.Survey) ([]string, error) {
	return auditParts(s, "application_fee", "amount_refunded", "fee_refund", "fee")
}

// auditParts compares a field of each whole with the sum of the parts that name it.
func auditParts(s *resource.Survey, whole, field, part, link string) (problems []string, err error) {
	sums := map[string]int64{}
	if err := s.Each(part, func(o *object.Object) error {
		sums[o.Ref(link)] += o.Int("amount")
		return nil
	}); err != nil {
		return nil, err
	}
	err = s.Each(whole, func(o *object.Object) error {
		gone, sum := o.Int(field), sums[o.ID()]
		if gone != sum || gone > o.Int("amount") {
			problems = append(problems, fmt.Sprintf("%s %s of %d says %d as %s, and its parts sum to %d", whole, o.ID(), o.Int("amount"), gone, field, sum))
		}
		return nil
	})
	return problems, err
}
