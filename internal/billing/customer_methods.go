package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// What a customer pays with unless something else is said.

// attachGiven attaches the payment method that comes along with a new customer.
// Emits payment_method.attached.
func attachGiven(op *resource.Op) error {
	id := op.Params.String("payment_method")
	if id == "" {
		return nil
	}
	settings := op.Params.Object("invoice_settings")
	if settings.String("default_payment_method") == id { // a published name stands for one method here, not for two
		id = op.Object.Object("invoice_settings").Ref("default_payment_method")
	}
	pm, err := getMethod(op, id, "payment_method")
	if err != nil {
		return err
	}
	if err := checkSavable(pm); err != nil {
		return err
	}
	return attachTo(op, pm, op.Object.ID())
}

// savable are the types of payment methods that can be used again. Of the others, a customer pays each time anew.
var savable = map[string]bool{
	"acss_debit": true, "alipay": true, "amazon_pay": true, "au_becs_debit": true, "bacs_debit": true, "boleto": true, "card": true, "cashapp": true,
	"custom": true, "kakao_pay": true, "klarna": true, "kr_card": true, "link": true, "naver_pay": true, "nz_bank_account": true, "paypal": true, "payto": true,
	"pix": true, "revolut_pay": true, "sepa_debit": true, "twint": true, "upi": true, "us_bank_account": true,
}

// checkSavable refuses to keep a payment method with a customer that is for one use.
func checkSavable(pm *object.Object) error {
	kind := pm.String("type")
	if savable[kind] || pm.Ref("customer") != "" {
		return nil
	}
	return apierr.Invalid("", "", "PaymentMethods of type '%s' cannot be saved to customers.", kind)
}

// checkDefaults refuses a default that is not the customer's own.
func checkDefaults(op *resource.Op) error {
	c := op.Object
	if id := op.Params.String("default_source"); id != "" {
		kept, err := keptSource(op, c.ID(), id)
		if err != nil {
			return err
		}
		if kept == nil {
			return apierr.Invalid("missing", "default_source", "Customer %s does not have a linked source with ID %s.", c.ID(), id)
		}
	}
	if op.Params.Object("invoice_settings").String("default_payment_method") == "" {
		return nil
	}
	id := c.Object("invoice_settings").Ref("default_payment_method")
	pm, err := op.Find("payment_method", id)
	if err != nil || op.Mocks() {
		return err
	}
	if pm.Ref("customer") != c.ID() {
		return apierr.Invalid("resource_missing", "invoice_settings[default_payment_method]",
			"The customer does not have a payment method with the ID %s. The payment method must be attached to the customer.", id)
	}
	return nil
}
