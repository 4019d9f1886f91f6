package billing

import (
	"fmt"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// auditRefunds proves that charges say what their refunds say. It holds one number for each refunded charge in memory.
func auditRefunds(s *resource.Survey) ([]string, error) {
	refunded := map[string]int64{}
	err := s.Each("refund", func(o *object.Object) error {
		if status := o.String("status"); status != "failed" && status != "canceled" {
			refunded[o.Ref("charge")] += o.Int("amount")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var problems []string
	err = s.Each("charge", func(o *object.Object) error {
		if why := auditCharge(o, refunded[o.ID()]); why != "" {
			problems = append(problems, fmt.Sprintf("charge %s: %s", o.ID(), why))
		}
		return nil
	})
	return problems, err
}

// auditCharge says what is wrong with a charge whose refunds sum to an amount; nothing if all is well. What was not
// captured counts as refunded from the capture on; an authorization that expired is refunded without a refund.
func auditCharge(charge *object.Object, refunds int64) string {
	amount, said := charge.Int("amount"), charge.Int("amount_refunded")
	released := said - refunds
	switch {
	case said < 0 || said > amount:
		return fmt.Sprintf("amount_refunded is %d of %d", said, amount)
	case charge.Bool("refunded") != (said == amount):
		return fmt.Sprintf("refunded is %t with %d of %d refunded", charge.Bool("refunded"), said, amount)
	case released == 0:
		return ""
	case !charge.Bool("captured") && released == amount:
		return ""
	case charge.Bool("captured") && released == amount-charge.Int("amount_captured"):
		return ""
	}
	return fmt.Sprintf("amount_refunded is %d, its refunds sum to %d", said, refunds)
}
