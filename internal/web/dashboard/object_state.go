package dashboard

import (
	"slices"
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/web/dashboard/explorer"
)

// possible are the statuses in which an action can succeed, by the kind and the action's label. What is not here is offered
// always: the API knows best.
var possible = map[string]map[string]string{
	"invoice": {
		"Finalize": "draft", "Edit": "draft open", "Pay": "open uncollectible", "Send": "draft open paid uncollectible", "Void": "open uncollectible", "Mark uncollectible": "open",
		"Delete": "draft", "Create credit note": "open paid uncollectible", "Add lines": "draft", "Update lines": "draft", "Remove lines": "draft", "Attach payment": "open",
	},
	"payment_intent": {
		"Refund": "succeeded", "Cancel": "requires_payment_method requires_capture requires_confirmation requires_action processing", "Capture": "requires_capture",
		"Confirm": "requires_payment_method requires_confirmation", "Increment authorization": "requires_capture", "Authenticate": "requires_action",
		"Verify microdeposits": "requires_action", "Apply customer balance": "requires_payment_method",
	},
	"subscription": {"Cancel": "active trialing past_due unpaid incomplete paused", "Resume": "paused", "Edit": "active trialing past_due unpaid incomplete paused",
		"Create subscription item": "active trialing past_due unpaid", "Migrate": "active trialing past_due"},
	"credit_note": {"Void": "issued"},
	"order":       {"Pay": "created", "Add order return": "paid fulfilled"},
	"charge":      {"Refund": "succeeded"},
	"quote":       {"Finalize": "draft", "Accept": "open", "Cancel": "draft open", "Edit": "draft"},
	"payout":      {"Cancel": "pending", "Reverse": "paid"},
	"refund":      {"Cancel": "requires_action pending"},
	"dispute":     {"Close": "needs_response warning_needs_response", "Edit": "needs_response warning_needs_response"},
	"topup":       {"Cancel": "pending"},

	"test_helpers.test_clock": {"Advance": "ready internal_failure", "Step": "ready internal_failure"},
}

// makesSense reports whether an action can succeed, as far as the status tells.
func makesSense(o *object.Object, a *explorer.Action) bool {
	statuses, known := possible[o.String("object")][a.Label]
	if !known {
		return true
	}
	if o.Bool("refunded") || o.Int("amount_refunded") > 0 && o.Int("amount_refunded") == o.Int("amount") {
		return a.Label != "Refund"
	}
	return slices.Contains(strings.Fields(statuses), o.String("status"))
}

// unixText is a time as the fields of forms take it, in UTC.
func unixText(unix int64) string { return time.Unix(unix, 0).UTC().Format(timeInput) }
