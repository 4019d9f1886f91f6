package billing

import (
	"fmt"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// auditIntents proves that payment intents and their charges tell the same story.
func auditIntents(s *resource.Survey) (problems []string, err error) {
	charges := map[string]*object.Object{}
	if err := s.Each("charge", func(c *object.Object) error {
		charges[c.ID()] = c
		return nil
	}); err != nil {
		return nil, err
	}
	err = s.Each("payment_intent", func(pi *object.Object) error {
		if why := contradiction(pi, charges[pi.Ref("latest_charge")]); why != "" {
			problems = append(problems, fmt.Sprintf("payment intent %s is %s, but %s", pi.ID(), pi.String("status"), why))
		}
		return nil
	})
	return problems, err
}

// contradiction is what an intent and its latest charge disagree about, or nothing.
func contradiction(pi, charge *object.Object) string {
	captured, received, capturable := charge.Bool("captured"), pi.Int("amount_received"), pi.Int("amount_capturable")
	status := pi.String("status")
	switch {
	case status == succeeded && (!captured || !charge.Bool("paid")):
		return "its charge was not captured"
	case status == succeeded && received != charge.Int("amount_captured"):
		return fmt.Sprintf("it received %d where its charge captured %d", received, charge.Int("amount_captured"))
	case status != succeeded && received != 0:
		return fmt.Sprintf("it received %d", received)
	case status == requiresCapture && (captured || charge.Bool("refunded") || capturable != charge.Int("amount")):
		return "its charge holds another amount"
	case status != requiresCapture && capturable != 0:
		return fmt.Sprintf("%d can be captured", capturable)
	case status == processing && charge.String("status") != "pending":
		return "its charge is " + charge.String("status")
	case (status == requiresAction) != (pi.Get("next_action") != nil):
		return "its next action says otherwise"
	case status == canceled && charge.Bool("paid") && !charge.Bool("refunded"):
		return "its charge is still there"
	}
	return ""
}
