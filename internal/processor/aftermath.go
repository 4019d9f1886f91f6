package processor

// The disputes that cards bring, with the reason codes of Visa or Mastercard. A breach of a network's rules has none.
var (
	disputedFraud      = DisputeCase{Reason: "fraudulent", NetworkCode: "10.4"}
	disputedDelivery   = DisputeCase{Reason: "product_not_received", NetworkCode: "13.1"}
	inquiryFraud       = DisputeCase{Reason: "fraudulent", Inquiry: true, NetworkCode: "10.4"}
	disputedMastercard = DisputeCase{Reason: "fraudulent", NetworkCode: "4837"}
	noncompliant       = DisputeCase{Reason: "noncompliant"}
)

// aftermathCards work, and something follows. Disputes that a service for their prevention would stop are opened: no
// seller is enrolled in one.
var aftermathCards = []testCard{
	{"4000000000000259", Visa, "credit", "US", []string{"createDispute"}, disputes(disputedFraud)},
	{"4000000000002685", Visa, "credit", "US", []string{"createDisputeProductNotReceived"}, disputes(disputedDelivery)},
	{"4000000000001976", Visa, "credit", "US", []string{"createDisputeInquiry"}, disputes(inquiryFraud)},
	{"4000000000005423", Visa, "credit", "US", []string{"createIssuerFraudRecord"}, behaviour{aftermath: Aftermath{FraudWarning: "misc"}}},
	{"4000000404000079", Visa, "credit", "US", []string{"createMultipleDisputes"}, disputes(disputedFraud, disputedDelivery)},
	{"4000000404000038", Visa, "credit", "US", []string{"createCe3EligibleDispute"}, disputes(disputedFraud)},
	{"4000008400000779", Visa, "credit", "US", []string{"createComplianceDispute"}, disputes(noncompliant)},
	{"5105008400000002", Mastercard, "credit", "US", []string{"createMastercardComplianceDispute"}, disputes(noncompliant)},
	{"4000000001000043", Visa, "credit", "US", []string{"createAutoRepresentmentEligibleDispute"}, disputes(disputedFraud)},
	{"4000000404004816", Visa, "credit", "US", []string{"createRapidDisputeResolutionDispute"}, disputes(disputedFraud)},
	{"4000000404005649", Visa, "credit", "US", []string{"createCe3BlockDispute"}, disputes(disputedFraud)},
	{"5105000300000018", Mastercard, "credit", "US", []string{"createEthocaAlert"}, disputes(disputedMastercard)},

	{"4000000000007726", Visa, "credit", "US", []string{"pendingRefund"}, behaviour{refund: Refund{Pending: true}}},
	{"4000000000005126", Visa, "credit", "US", []string{"refundFail"}, behaviour{refund: Refund{Fails: "expired_or_canceled_card"}}},

	{"4000000000000077", Visa, "credit", "US", []string{"bypassPending"}, behaviour{aftermath: Aftermath{Available: true}}},
	{"4000003720000278", Visa, "credit", "IE", []string{"bypassPendingInternational"}, behaviour{aftermath: Aftermath{Available: true}}},
}

func disputes(cases ...DisputeCase) behaviour {
	return behaviour{aftermath: Aftermath{Disputes: cases}}
}

// verdicts are those on the published words.
var verdicts = map[string]Verdict{"winning_evidence": Won, "losing_evidence": Lost, "escalate_inquiry_evidence": Escalated}

// Evidence knows the published words.
func (Simulator) Evidence(text string) Verdict { return verdicts[text] }
