package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A verification session asks a person to prove who they are.
//
//	requires_input --cancel--> canceled
//	requires_input, verified, canceled --redact--> the same, and what was collected is gone soon after
//
// Nobody verifies here, so a session stays at requires_input until then.
//
// Emits identity.verification_session.created, .canceled, .redacted.
func init() {
	register(resource.Rules{
		Object: "identity.verification_session",
		Create: beginVerification,
		States: resource.States{"requires_input": {"canceled"}},
		Actions: resource.Actions{
			"POST /v1/identity/verification_sessions/{session}/cancel": cancelVerification,
			"POST /v1/identity/verification_sessions/{session}/redact": redactVerification,
		},
		Timers: map[string]resource.Hook{verificationRedaction: finishRedaction},
	})
}

// verificationRedaction is the timer by which the data of a session is gone.
const verificationRedaction = "identity.redaction"

func beginVerification(op *resource.Op) error {
	op.Object.Set("status", "requires_input")
	if !op.Params.Has("type") {
		op.Object.Set("type", "document")
	}
	return nil
}

func cancelVerification(op *resource.Op) error {
	v := op.Object
	if status := v.String("status"); status != "requires_input" {
		return apierr.Invalid("", "", "You cannot cancel this VerificationSession because it has a status of %s. Only a VerificationSession with a status of requires_input can be canceled.", status)
	}
	return endVerification(op, v)
}

// endVerification cancels a session.
// Emits identity.verification_session.canceled.
func endVerification(op *resource.Op, v *object.Object) error {
	if err := op.Move(v, "canceled"); err != nil {
		return err
	}
	v.Set("url", nil)
	return op.Emit("identity.verification_session.canceled", v)
}

// redactVerification begins to remove what a session has collected. One that waits for it is canceled.
func redactVerification(op *resource.Op) error {
	v := op.Object
	if v.Object("redaction") != nil {
		return apierr.Invalid("", "", "This VerificationSession has been redacted already, or is being redacted.")
	}
	if status := v.String("status"); !slices.Contains([]string{"requires_input", "verified", "canceled"}, status) {
		return apierr.Invalid("", "", "You cannot redact this VerificationSession because it has a status of %s.", status)
	}
	v.Set("redaction", newParams("status", "processing"))
	if v.String("status") == "requires_input" {
		if err := endVerification(op, v); err != nil {
			return err
		}
	}
	op.Save(v)
	return op.SetTimer(verificationRedaction, v, op.Now())
}

// finishRedaction removes it.
// Emits identity.verification_session.redacted.
func finishRedaction(op *resource.Op) error {
	v := op.Object
	for _, name := range []string{"last_error", "last_verification_report", "options"} {
		v.Set(name, nil)
	}
	v.Set("metadata", object.New(nil))
	v.Object("redaction").Set("status", "redacted")
	if err := op.SetPrivate(v, object.New(nil)); err != nil {
		return err
	}
	op.Save(v)
	return op.Emit("identity.verification_session.redacted", v)
}
