package billing

import "sharesmart/internal/resource"

// A feedback option is a reason that customers can give for cancelling a subscription.
//
//	active --deactivate--> inactive
//
// It has no events.
func init() {
	register(resource.Rules{
		Object: "billing.feedback_option", Create: createFeedbackOption,
		States:  resource.States{"active": {"inactive"}},
		Actions: resource.Actions{"POST /v1/billing/feedback_options/{id}/deactivate": deactivateFeedbackOption},
	})
}

func createFeedbackOption(op *resource.Op) error {
	op.Object.Set("status", "active")
	op.Object.Sub("status_transitions").Set("deactivated_at", nil)
	return nil
}

func deactivateFeedbackOption(op *resource.Op) error {
	if err := op.Move(op.Object, "inactive"); err != nil {
		return err
	}
	op.Object.Sub("status_transitions").Set("deactivated_at", op.Now().Unix())
	return nil
}
