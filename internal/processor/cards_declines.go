package processor

const (
	cardDeclined           = "card_declined"
	genericDecline         = "generic_decline"
	authenticationRequired = "authentication_required"
)

// What a seller should do after a decline.
const (
	tryAgainLater   = "try_again_later"
	doNotTryAgain   = "do_not_try_again"
	confirmCardData = "confirm_card_data"
)

// The declines, with the words that the API has for them. The codes of the networks are those of ISO 8583.
var (
	declined = &Decline{Code: cardDeclined, DeclineCode: genericDecline, AdviceCode: tryAgainLater, NetworkDeclineCode: "01",
		Message: "Your card was declined."}
	fraudulent = &Decline{Code: cardDeclined, DeclineCode: "fraudulent", Message: "Your card was declined."}
	noFunds    = &Decline{Code: cardDeclined, DeclineCode: "insufficient_funds", AdviceCode: tryAgainLater, NetworkDeclineCode: "51",
		Message: "Your card has insufficient funds."}
	lost = &Decline{Code: cardDeclined, DeclineCode: "lost_card", AdviceCode: doNotTryAgain, NetworkDeclineCode: "41",
		Message: "Your card was declined."}
	stolen = &Decline{Code: cardDeclined, DeclineCode: "stolen_card", AdviceCode: doNotTryAgain, NetworkDeclineCode: "43",
		Message: "Your card was declined."}
	tooOften = &Decline{Code: cardDeclined, DeclineCode: "card_velocity_exceeded", AdviceCode: tryAgainLater, NetworkDeclineCode: "65",
		Message: "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."}
	expired = &Decline{Code: "expired_card", Param: "exp_month", AdviceCode: confirmCardData, NetworkDeclineCode: "54",
		Message: "Your card has expired."}
	incorrectCVC = &Decline{Code: "incorrect_cvc", Param: "cvc", AdviceCode: confirmCardData, NetworkDeclineCode: "82",
		Message: "Your card's security code is incorrect."}
	processorFault = &Decline{Code: "processing_error", AdviceCode: tryAgainLater, NetworkDeclineCode: "96",
		Message: "An error occurred while processing your card. Try again in a little bit."}
	unauthenticated = &Decline{Code: authenticationRequired, DeclineCode: authenticationRequired,
		Message: "Your card was declined. This transaction requires authentication."}
)

// declineCards are refused by their bank.
var declineCards = []testCard{
	{"4000000000000002", Visa, "credit", "US", []string{"chargeDeclined", "visa_chargeDeclined"}, behaviour{decline: declined}},
	{"4000000000009995", Visa, "credit", "US", []string{"chargeDeclinedInsufficientFunds", "visa_chargeDeclinedInsufficientFunds"}, behaviour{decline: noFunds}},
	{"4000000000009995", Visa, "debit", "US", []string{"visa_debit_chargeDeclinedInsufficientFunds"}, behaviour{decline: noFunds, unpublished: true}},
	{"4000000000009987", Visa, "credit", "US", []string{"chargeDeclinedLostCard", "visa_chargeDeclinedLostCard"}, behaviour{decline: lost}},
	{"4000000000009979", Visa, "credit", "US", []string{"chargeDeclinedStolenCard", "visa_chargeDeclinedStolenCard"}, behaviour{decline: stolen}},
	{"4000000000000069", Visa, "credit", "US", []string{"chargeDeclinedExpiredCard", "visa_chargeDeclinedExpiredCard"}, behaviour{decline: expired}},
	{"4000000000000127", Visa, "credit", "US", []string{"chargeDeclinedIncorrectCvc", "visa_chargeDeclinedIncorrectCvc"}, behaviour{decline: incorrectCVC, needsCVC: true, cvc: "fail"}},
	{"4000000000000119", Visa, "credit", "US", []string{"chargeDeclinedProcessingError", "visa_chargeDeclinedProcessingError"}, behaviour{decline: processorFault}},
	{"4000000000006975", Visa, "credit", "US", []string{"chargeDeclinedVelocityLimitExceeded", "visa_chargeDeclinedVelocityLimitExceeded"}, behaviour{decline: tooOften}},
	{"4000000000000341", Visa, "credit", "US", []string{"chargeCustomerFail", "visa_chargeCustomerFail"}, behaviour{decline: declined, keeps: true}},
	{"4000000000000341", Visa, "credit", "US", []string{"visa_chargeCustomerFailLostCard"}, behaviour{decline: lost, keeps: true, unpublished: true}},
	{"4000000000000341", Visa, "credit", "US", []string{"visa_chargeCustomerFailStolenCard"}, behaviour{decline: stolen, keeps: true, unpublished: true}},
}
