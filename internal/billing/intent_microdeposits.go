package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// verifyPaymentDeposits proves that a bank account is the customer's, and goes on with the payment.
func verifyPaymentDeposits(op *resource.Op) error {
	kept, err := checkIntentDeposits(op, op.Object)
	if err != nil {
		return err
	}
	return actedOn(op, op.Object, kept, Authenticated)
}

// depositErrors are the errors for what a customer tells wrongly, by amounts and by code.
var depositErrors = map[processor.DepositCheck][2]string{
	processor.DepositsDiffer:  {"payment_method_microdeposit_verification_amounts_mismatch", "payment_method_microdeposit_verification_descriptor_code_mismatch"},
	processor.DepositsTooMany: {"payment_method_microdeposit_verification_attempts_exceeded", "payment_method_microdeposit_verification_attempts_exceeded"},
	processor.DepositsTimeout: {"payment_method_microdeposit_verification_timeout", "payment_method_microdeposit_verification_timeout"},
}

// checkIntentDeposits compares what the customer tells with what was deposited. It returns the attempt.
func checkIntentDeposits(op *resource.Op, intent *object.Object) (*object.Object, error) {
	private, err := op.Private(intent)
	if err != nil {
		return nil, err
	}
	kept := private.Object("attempt")
	if intent.String("status") != requiresAction || processor.Step(kept.Int("step")) != processor.Microdeposit {
		return nil, unexpectedState(intent, "You cannot verify microdeposits for this %s because it is not waiting for them.", intentNoun(intent))
	}
	amounts, code := op.Params.Array("amounts"), op.Params.String("descriptor_code")
	if (len(amounts) == 0) == (code == "") {
		return nil, apierr.Invalid("parameter_missing", "amounts", "You must provide exactly one of amounts and descriptor_code.")
	}
	if code == "" && len(amounts) != 2 {
		return nil, apierr.Invalid("payment_method_microdeposit_verification_amounts_invalid", "amounts", "You must provide the two amounts that were deposited.")
	}
	pm, err := op.Get("payment_method", intent.Ref("payment_method"), "")
	if err != nil {
		return nil, err
	}
	check := bank.CheckDeposits(keptMethod(op, pm).Bank, integers(amounts), code)
	if check == processor.DepositsMatch {
		return kept, nil
	}
	by := 0
	if code != "" {
		by = 1
	}
	return nil, apierr.Invalid(depositErrors[check][by], "", "%s", depositWords[check])
}

var depositWords = map[processor.DepositCheck]string{
	processor.DepositsDiffer:  "The amounts or the code that you provided do not match what was sent to the bank account.",
	processor.DepositsTooMany: "You have exceeded the number of allowed verification attempts.",
	processor.DepositsTimeout: "The time to verify the microdeposits has passed.",
}

func integers(values []any) []int64 {
	out := make([]int64, len(values))
	for i, v := range values {
		out[i], _ = v.(int64)
	}
	return out
}
