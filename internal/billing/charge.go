package billing

import (
	"errors"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// A charge is one attempt to take money.
//
//	(new) --approved--> succeeded --refund--> succeeded, amount_refunded grows
//	(new) --approved, capture=false--> succeeded, captured=false --capture--> captured
//	                                                             --seven days--> expired
//	(new) --bank takes time--> pending --> succeeded or failed
//	(new) --declined--> failed
//
// A declined charge is stored and listed as failed, and the request ends with 402 and error.charge.
// What it shows of the method is in charge_details.go, capture and expiry in charge_capture.go, what follows the money in
// charge_funds.go, refunds in refund.go.
//
// Emits charge.succeeded, charge.pending or charge.failed.
func init() {
	register(resource.Rules{
		Object: "charge", Figures: chargeFigures, Prepare: sharedCharge, Create: createCharge, Created: followCharge,
		Actions: resource.Actions{
			"POST /v1/charges/{charge}/capture": captureCharge,
			"POST /v1/charges/{charge}/refund":  refundThisCharge,
		},
		Timers: map[string]resource.Hook{chargeExpiry: expireCharge, chargeSettlement: settleFunds, chargeAnswer: answerCharge},
	})
}

// createCharge is the older way to pay, without a payment intent.
func createCharge(op *resource.Op) error {
	if err := testOnly(op, "A charge without a PaymentIntent"); err != nil {
		return err
	}
	if err := checkCharge(op.Params); err != nil {
		return err
	}
	with, err := chargeSource(op)
	if err != nil {
		return err
	}
	if with.id == "" {
		with.id = op.NewID("card")
	}
	a := attempt{with: with, capture: op.Params.Get("capture") != false, sync: true}
	a.answer = bank.Pay(with.method, processor.Attempt{Amount: op.Params.Int("amount"), Currency: op.Params.String("currency"), Ready: true, Authenticated: with.authenticated})
	if a.answer.Step == processor.Authenticate {
		// Without a payment intent nobody can be asked to authenticate.
		a.answer = processor.Answer{Step: processor.Declined, Outcome: needsAuthentication}
	}
	return a.charge(op)
}

// needsAuthentication is how a bank answers that wants to see the holder first.
var needsAuthentication = processor.Outcome{
	Decline: &processor.Decline{Code: "authentication_required", DeclineCode: "authentication_required", Message: "Your card was declined. This transaction requires authentication."},
	Type:    "issuer_declined", NetworkStatus: "declined_by_network", Reason: "authentication_required", RiskLevel: "normal", RiskScore: 32,
	SellerMessage: "The bank returned the decline code `authentication_required`.",
}

// instrument is what a payment is made with: what the processor knows of it, and what answers show.
type instrument struct {
	id      string // of the payment method, card or source
	method  processor.Method
	billing *object.Object // billing_details
	shown   *object.Object // the hash of its type in the payment method; nil for what has none
	mandate string         // the permission to debit it, if it needs one
	// detailType is the type that a charge shows, if it is not the method's: ach_debit.
	detailType string
	// authenticated says that the holder has agreed to this payment already, as on the page of a source.
	authenticated bool
}

// attempt is one try to take a payment, and what the processor said.
type attempt struct {
	with    instrument
	answer  processor.Answer
	capture bool                // at once, not later
	sync    bool                // the balance transaction is made at once, not a moment later
	remote  *processor.Progress // what the processor said, in live mode
}

// charge fills op.Object, which its parameters were merged into, writes it and announces it. It ends with an ErrKept when
// the payment was declined.
func (a attempt) charge(op *resource.Op) error {
	charge := op.Object
	paid := a.answer.Step == processor.Approved
	captured := paid && a.capture
	charge.Set("paid", paid)
	charge.Set("captured", captured || a.answer.Step == processor.Processing)
	charge.Set("amount_captured", 0)
	if captured {
		charge.Set("amount_captured", charge.Int("amount"))
	}
	charge.Set("status", map[processor.Step]string{processor.Approved: "succeeded", processor.Processing: "pending"}[a.answer.Step])
	if paid {
		if err := showReceipt(op, charge); err != nil {
			return err
		}
	}
	if d := a.answer.Outcome.Decline; d != nil {
		charge.Set("status", "failed")
		charge.Set("failure_code", d.Code)
		charge.Set("failure_message", d.Message)
	}
	charge.Set("calculated_statement_descriptor", charge.Get("statement_descriptor"))
	charge.Set("outcome", chargeOutcome(a.answer.Outcome))
	if charge.Get("fraud_details") == nil {
		charge.Set("fraud_details", object.New(nil))
	}
	reportFraud(charge, a.answer.Outcome)
	charge.Set("billing_details", a.with.billing)
	charge.Set("payment_method_details", paymentDetails(a, charge.Int("amount")))
	charge.Set("payment_method", a.with.id)
	charge.Set("application", actingApplication(op))
	charge.Delete("refunds") // shown when it is expanded
	return a.announce(op)
}

// announce writes the charge and its event. A declined charge stays, and the caller hears of the decline.
func (a attempt) announce(op *resource.Op) error {
	charge := op.Object
	if a.remote != nil {
		if err := noteFee(op, charge, *a.remote); err != nil {
			return err
		}
	}
	if a.sync && charge.Bool("captured") && charge.Bool("paid") {
		if err := postCharge(op, charge, a.answer.Aftermath.Available); err != nil {
			return err
		}
	}
	if err := op.EmitCreated(); err != nil {
		return err
	}
	switch {
	case a.answer.Outcome.Decline != nil:
		if err := op.Emit("charge.failed", charge); err != nil {
			return err
		}
		return resource.ErrKept{Err: cardError(a.answer.Outcome.Decline, charge.ID())}
	case a.answer.Step == processor.Processing:
		return op.Emit("charge.pending", charge)
	case !charge.Bool("captured"):
		if err := op.SetTimer(chargeExpiry, charge, op.Now().Add(authorizationLife)); err != nil {
			return err
		}
	case !a.sync:
		if err := op.SetTimer(chargeSettlement, charge, op.Now()); err != nil {
			return err
		}
	}
	return op.Emit("charge.succeeded", charge)
}

// followCharge lets happen what the method of a charge without a payment intent was made for.
func followCharge(op *resource.Op) error {
	charge := op.Object
	switch {
	case charge.String("status") == "pending":
		return awaitAnswer(op, charge)
	case charge.String("status") != "succeeded" || !charge.Bool("captured"):
		return nil
	}
	return followPayment(op, charge)
}

// checkCharge checks what can be said without a card.
func checkCharge(params *object.Object) error {
	for _, name := range []string{"amount", "currency"} {
		if !params.Has(name) {
			return missingParam(name)
		}
	}
	if err := checkAmount(params.Int("amount"), params.String("currency")); err != nil {
		return err
	}
	return checkReceiptEmail(params)
}

func checkReceiptEmail(params *object.Object) error {
	if email := params.String("receipt_email"); email != "" && !isEmail(email) {
		return apierr.Invalid("email_invalid", "receipt_email", "Invalid email address: %s", email)
	}
	return nil
}

func missingParam(name string) *apierr.Error {
	return apierr.Invalid("parameter_missing", name, "Missing required param: %s.", name)
}

// isEmail is as strict as it can be without turning away an address that works.
func isEmail(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(text, " \t\r\n") && !strings.Contains(domain, "@")
}

// checkAmount keeps an amount within what can be charged in its currency.
func checkAmount(amount int64, currency string) error {
	if err := checkCurrency(currency); err != nil {
		return err
	}
	switch {
	case amount < 1:
		return apierr.Invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case amount < money.Minimum(currency):
		return apierr.Invalid("amount_too_small", "amount", "Amount must be at least %s", money.FormatCode(money.Minimum(currency), currency))
	case amount > money.Maximum:
		return apierr.Invalid("amount_too_large", "amount", "Amount must be no more than %s", money.Format(money.Maximum, currency))
	}
	return nil
}

// chargeSource finds what a charge is to be taken from: what was sent, or the customer's default.
func chargeSource(op *resource.Op) (instrument, error) {
	customerID, sent := op.Params.String("customer"), op.Params.String("source")
	switch {
	case customerID == "" && sent == "" && !op.Params.Has("card"):
		return instrument{}, apierr.Invalid("parameter_missing", "", "Must provide source or customer.")
	case customerID == "" && strings.HasPrefix(sent, "src_"):
		src, err := op.Get("source", sent, "source")
		if err != nil {
			return instrument{}, err
		}
		return sourceInstrument(op, src)
	case customerID == "" || op.Params.Object("card") != nil:
		s, err := givenCard(op, op.Params)
		return s.instrument(), err
	}
	customer, err := op.Get("customer", customerID, "customer")
	if err != nil {
		return instrument{}, err
	}
	id := sent
	if id == "" {
		id = customer.Ref("default_source")
	}
	if id == "" {
		return instrument{}, apierr.Invalid("missing", "card", "Cannot charge a customer that has no active card")
	}
	return keptInstrument(op, customerID, id)
}

func checkCurrency(currency string) error {
	if !money.Known(currency) {
		return apierr.Invalid("", "currency", "Invalid currency: %s. Use the three letters of a currency that can be charged, such as usd or eur.", currency)
	}
	return nil
}

// declinedCharge is the decline in an error, or nil if the error is something else.
func declinedCharge(err error) *apierr.Error {
	var kept resource.ErrKept
	if errors.As(err, &kept) {
		return kept.Err
	}
	return nil
}
