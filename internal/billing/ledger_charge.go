package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// postCharge writes down what a captured charge brought, less the fees.
func postCharge(op *resource.Op, charge *object.Object, available bool) error {
	kind := "charge"
	if isPayment(charge.ID()) {
		kind = "payment"
	}
	method := charge.Object("payment_method_details").String("type")
	fees, err := chargeFees(op, charge)
	if err != nil {
		return err
	}
	t, err := post(op, posting{
		kind: kind, source: charge.ID(), amount: charge.Int("amount_captured"), currency: charge.String("currency"), fees: fees,
		available: available, description: charge.String("description"), fund: fundOfMethod(method),
	})
	if err != nil {
		return err
	}
	charge.Set("balance_transaction", t.ID())
	return settleConnect(op, charge)
}

// chargeFees are what is kept of a charge. A connected account that charges by itself also pays its platform; where the
// platform charges for it, the fee is a matter of the transfer.
func chargeFees(op *resource.Op, charge *object.Object) ([]fee, error) {
	var out []fee
	if by := charge.Int("application_fee_amount"); by > 0 && charge.Object("transfer_data") == nil {
		out = append(out, fee{kind: "application_fee", amount: by, description: "application fee", application: charge.Ref("application")})
	}
	kept, known, err := remoteFee(op, charge)
	if err != nil {
		return nil, err
	}
	if !known {
		kept = processingFee(op, charge)
	}
	if kept > 0 {
		out = append(out, fee{kind: "stripe_fee", amount: kept, description: "Stripe processing fees"})
	}
	return out, nil
}

func processingFee(op *resource.Op, charge *object.Object) int64 {
	amount, details := charge.Int("amount_captured"), charge.Object("payment_method_details")
	switch method := details.String("type"); method {
	case "us_bank_account", "ach_debit":
		return op.Fees().BankDebit(amount)
	case "card":
		country := details.Object("card").String("country")
		return op.Fees().Card(amount, country != "" && country != "US")
	}
	return op.Fees().Card(amount, false)
}

// fundOfMethod is the balance that the money of a payment method goes to.
func fundOfMethod(method string) string {
	switch method {
	case "us_bank_account", "ach_debit":
		return "bank_account"
	case "fpx":
		return "fpx"
	}
	return cardFund
}
