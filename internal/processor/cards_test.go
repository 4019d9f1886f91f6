package processor

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What each published name stands for. want is what a payment ends with, and what follows it.
func TestNamedCards(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, number, kind, want string }{
		{"visa", "4242424242424242", "visa credit US", "ok"},
		{"us", "4242424242424242", "visa credit US", "ok"},
		{"visa_debit", "4000056655665556", "visa debit US", "ok"},
		{"mastercard", "5555555555554444", "mastercard credit US", "ok"},
		{"mastercard_debit", "5200828282828210", "mastercard debit US", "ok"},
		{"mastercard_prepaid", "5105105105105100", "mastercard prepaid US", "ok"},
		{"amex", "378282246310005", "amex credit US", "ok"},
		{"amex_threeDSecureNotSupported", "378282246310005", "amex credit US", "ok"},
		{"discover", "6011111111111117", "discover credit US", "ok"},
		{"diners", "3056930009020004", "diners credit US", "ok"},
		{"jcb", "3566002020360505", "jcb credit JP", "ok"},
		{"unionpay", "6200000000000005", "unionpay credit CN", "ok"},
		{"visa_cartesBancaires", "4000002500001001", "visa debit FR", "ok"},
		{"mastercard_cartesBancaires", "5555552500001001", "mastercard debit FR", "ok"},
		{"visa_debit_eftposAuCoBranded", "4000050360000001", "visa debit AU", "ok"},
		{"mastercard_debit_eftposAuCoBranded", "5555050360000080", "mastercard debit AU", "ok"},
		{"debit_visaFsaProductCode", "4000051230000072", "visa debit US", "ok"},
		{"debit_visaHsaProductCode", "4000051230000072", "visa debit US", "ok"},
		{"mastercard_debit_mastercardFsaProductCode", "5200828282828897", "mastercard debit US", "ok"},

		{"chargeDeclined", "4000000000000002", "visa credit US", "declined card_declined/generic_decline"},
		{"visa_chargeDeclined", "4000000000000002", "visa credit US", "declined card_declined/generic_decline"},
		{"chargeDeclinedInsufficientFunds", "4000000000009995", "visa credit US", "declined card_declined/insufficient_funds"},
		{"visa_chargeDeclinedInsufficientFunds", "4000000000009995", "visa credit US", "declined card_declined/insufficient_funds"},
		{"visa_debit_chargeDeclinedInsufficientFunds", "4000000000009995", "visa debit US", "declined card_declined/insufficient_funds"},
		{"visa_chargeDeclinedLostCard", "4000000000009987", "visa credit US", "declined card_declined/lost_card"},
		{"visa_chargeDeclinedStolenCard", "4000000000009979", "visa credit US", "declined card_declined/stolen_card"},
		{"chargeDeclinedExpiredCard", "4000000000000069", "visa credit US", "declined expired_card/"},
		{"visa_chargeDeclinedExpiredCard", "4000000000000069", "visa credit US", "declined expired_card/"},
		{"chargeDeclinedIncorrectCvc", "4000000000000127", "visa credit US", "declined incorrect_cvc/"},
		{"visa_chargeDeclinedIncorrectCvc", "4000000000000127", "visa credit US", "declined incorrect_cvc/"},
		{"chargeDeclinedProcessingError", "4000000000000119", "visa credit US", "declined processing_error/"},
		{"visa_chargeDeclinedProcessingError", "4000000000000119", "visa credit US", "declined processing_error/"},
		{"visa_chargeDeclinedVelocityLimitExceeded", "4000000000006975", "visa credit US", "declined card_declined/card_velocity_exceeded"},
		{"chargeCustomerFail", "4000000000000341", "visa credit US", "declined card_declined/generic_decline"},
		{"visa_chargeCustomerFail", "4000000000000341", "visa credit US", "declined card_declined/generic_decline"},
		{"visa_chargeCustomerFailLostCard", "4000000000000341", "visa credit US", "declined card_declined/lost_card"},
		{"visa_chargeCustomerFailStolenCard", "4000000000000341", "visa credit US", "declined card_declined/stolen_card"},

		{"radarBlock", "4100000000000019", "visa credit US", "blocked card_declined/fraudulent"},
		{"chargeDeclinedFraudulent", "4100000000000019", "visa credit US", "blocked card_declined/fraudulent"},
		{"visa_chargeDeclinedFraudulent", "4100000000000019", "visa credit US", "blocked card_declined/fraudulent"},
		{"riskLevelHighest", "4000000000004954", "visa credit US", "blocked card_declined/fraudulent"},
		{"riskLevelElevated", "4000000000009235", "visa credit US", "ok elevated review"},
		{"highFraudDisputeScore", "4000008400000407", "visa credit US", "ok"},
		{"highEfwScore", "4000008400000159", "visa credit US", "ok"},
		{"radarDynamicRiskThreshold", "4000008400001017", "visa credit US", "ok"},
		{"freeTrialAbuseBlock", "4001858821843804", "visa credit US", "ok"},
		{"adaptive3dsChallenge", "4000008405600003", "visa credit US", "ok"},
		{"cvcCheckFail", "4000000000000101", "visa credit US", "ok"},
		{"avsZipFail", "4000000000000036", "visa credit US", "ok"},
		{"cvcCheckFailElevatedRisk", "4000058400307872", "visa credit US", "ok elevated review"},
		{"avsZipFailElevatedRisk", "4000058400306072", "visa credit US", "ok elevated review"},
		{"avsLine1Fail", "4000000000000028", "visa credit US", "ok"},
		{"avsFail", "4000000000000010", "visa credit US", "ok"},
		{"avsUnchecked", "4000000000000044", "visa credit US", "ok"},

		{"createDispute", "4000000000000259", "visa credit US", "ok dispute:fraudulent"},
		{"createDisputeProductNotReceived", "4000000000002685", "visa credit US", "ok dispute:product_not_received"},
		{"createDisputeInquiry", "4000000000001976", "visa credit US", "ok inquiry:fraudulent"},
		{"createIssuerFraudRecord", "4000000000005423", "visa credit US", "ok warning:misc"},
		{"createMultipleDisputes", "4000000404000079", "visa credit US", "ok dispute:fraudulent dispute:product_not_received"},
		{"createCe3EligibleDispute", "4000000404000038", "visa credit US", "ok dispute:fraudulent"},
		{"createComplianceDispute", "4000008400000779", "visa credit US", "ok dispute:noncompliant"},
		{"createMastercardComplianceDispute", "5105008400000002", "mastercard credit US", "ok dispute:noncompliant"},
		{"createAutoRepresentmentEligibleDispute", "4000000001000043", "visa credit US", "ok dispute:fraudulent"},
		{"createRapidDisputeResolutionDispute", "4000000404004816", "visa credit US", "ok dispute:fraudulent"},
		{"createCe3BlockDispute", "4000000404005649", "visa credit US", "ok dispute:fraudulent"},
		{"createEthocaAlert", "5105000300000018", "mastercard credit US", "ok dispute:fraudulent"},
		{"pendingRefund", "4000000000007726", "visa credit US", "ok refund:pending"},
		{"refundFail", "4000000000005126", "visa credit US", "ok refund:expired_or_canceled_card"},
		{"bypassPending", "4000000000000077", "visa credit US", "ok available"},
		{"bypassPendingInternational", "4000003720000278", "visa credit IE", "ok available"},

		{"gb", "4000008260000000", "visa credit GB", "ok"},
		{"gb_debit", "4000058260000005", "visa debit GB", "ok"},
		{"gb_mastercard", "5555558265554449", "mastercard credit GB", "ok"},
		{"ae_mastercard", "5200007840000022", "mastercard credit AE", "ok"},
		{"th_credit", "4000007640000003", "visa credit TH", "ok"},
		{"th_debit", "4000057640000008", "visa debit TH", "ok"},
	} {
		for _, prefix := range []string{"tok_", "pm_card_"} {
			m, known := Simulator{}.Template(account, prefix+c.name, now)
			card := m.Card
			if got := strings.Join([]string{string(card.Brand), card.Funding, card.Country}, " "); !known || card.Number != c.number || got != c.kind {
				t.Errorf("%s%s is %s, %s; want %s, %s", prefix, c.name, card.Number, got, c.number, c.kind)
				continue
			}
			if got := summary(m, Simulator{}.Pay(m, Attempt{Amount: 100, Currency: "usd"})); got != c.want {
				t.Errorf("%s%s: %s, want %s", prefix, c.name, got, c.want)
			}
		}
	}
}

// summary says what becomes of a payment in a few words.
func summary(m Method, a Answer) string {
	words := []string{map[Step]string{Approved: "ok", Declined: "declined", Authenticate: "authenticate", Redirect: "redirect", Processing: "processing", Microdeposit: "microdeposit"}[a.Step]}
	if a.Outcome.Type == "blocked" {
		words[0] = "blocked"
	}
	if d := a.Outcome.Decline; d != nil {
		words = append(words, d.Code+"/"+d.DeclineCode)
	} else if a.Outcome.RiskLevel == "elevated" {
		words = append(words, "elevated")
	}
	if a.Aftermath.Review {
		words = append(words, "review")
	}
	for _, d := range a.Aftermath.Disputes {
		words = append(words, map[bool]string{false: "dispute:", true: "inquiry:"}[d.Inquiry]+d.Reason)
	}
	if w := a.Aftermath.FraudWarning; w != "" {
		words = append(words, "warning:"+w)
	}
	if a.Aftermath.Available {
		words = append(words, "available")
	}
	refund := Simulator{}.Refund(m)
	if refund.Pending {
		words = append(words, "refund:pending")
	}
	if refund.Fails != "" {
		words = append(words, "refund:"+refund.Fails)
	}
	return strings.Join(words, " ")
}

// Cards that have a number only, and all the countries.
func TestNumberedCards(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"2223003122003222": "mastercard credit US", "371449635398431": "amex credit US", "6011000990139424": "discover credit US",
		"6011981111111113": "discover debit US", "36227206271667": "diners credit US", "6555900000604105": "discover credit US",
		"6200000000000047": "unionpay debit CN", "6205500000000000004": "unionpay credit CN", "4000006820000007": "visa credit SA",
		"5062210000000009": "unknown credit MX", "3530111333300000": "jcb credit JP", "4000000000001208": "visa credit US", "4000000000003725": "visa credit US",
		"4000056655665572": "visa debit US", "4000056755665555": "visa debit US", "4001007020000002": "visa credit SG", "4000008260000075": "visa credit GB",
		"4001000360000005": "visa credit AU", "4000002760000008": "visa credit DE",
		// Those with a template are compared by it.
		"4000000320000021": "ar", "4000000760000002": "br", "4000001240000000": "ca", "4000001520000001": "cl", "4000001700000003": "co",
		"4000001880000005": "cr", "4000002180000000": "ec", "4000004840008001": "mx", "4000005910000000": "pa", "4000006000000066": "py",
		"4000006040000068": "pe", "4000008580000003": "uy", "4000007840000001": "ae", "4000000400000008": "at", "4000000560000004": "be",
		"4000001000000000": "bg", "4000001120000005": "by", "4000001910000009": "hr", "4000001960000008": "cy", "4000002030000002": "cz",
		"4000002080000001": "dk", "4000002330000009": "ee", "4000002460000001": "fi", "4000002500000003": "fr", "4000002760000016": "de",
		"4000002920000005": "gi", "4000003000000030": "gr", "4000003480000005": "hu", "4000003720000005": "ie", "4000003800000008": "it",
		"4000004280000005": "lv", "4000004380000004": "li", "4000004400000000": "lt", "4000004420000006": "lu", "4000004700000007": "mt",
		"4000005280000002": "nl", "4000005780000007": "no", "4000006160000005": "pl", "4000006200000007": "pt", "4000006420000001": "ro",
		"4000007050000006": "si", "4000007030000001": "sk", "4000007240000007": "es", "4000007520000008": "se", "4000007560000009": "ch",
		"4000000360000006": "au", "4000001560000002": "cn", "4000003440000004": "hk", "4000003560000008": "in", "4000003920000003": "jp",
		"4000004580000002": "my", "4000005540000008": "nz", "4000007020000003": "sg", "4000001580000008": "tw",
	} {
		if len(want) == 2 {
			if m, _ := (Simulator{}).Template(account, "pm_card_"+want, now); m.Card.Number != number {
				t.Errorf("pm_card_%s is %s, want %s", want, m.Card.Number, number)
			}
			want = "visa credit " + strings.ToUpper(want)
		}
		card, refused := Simulator{}.Typed(account, Details{Number: number, ExpMonth: 1, ExpYear: 2030}, now)
		if got := strings.Join([]string{string(card.Brand), card.Funding, card.Country}, " "); refused != nil || got != want {
			t.Errorf("%s is %s (%v), want %s", number, got, refused, want)
		}
		if a := (Simulator{}).Pay(Method{Type: "card", Card: card}, Attempt{}); a.Step != Approved {
			t.Errorf("%s does not pay: %+v", number, a)
		}
	}
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]Brand{
		"visa": {Visa}, "visa_cartesBancaires": {CartesBancaires, Visa}, "mastercard_debit_eftposAuCoBranded": {EftposAu, Mastercard},
	} {
		m, _ := Simulator{}.Template(account, "pm_card_"+name, now)
		if diff := cmp.Diff(want, m.Card.Networks()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := (Card{Brand: JCB}).Networks(); len(got) != 1 || got[0] != JCB {
		t.Errorf("a card without a test number has the networks %v", got)
	}
}

// A bank's refusal says what to do about it; that of Radar does not.
func TestAdvice(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"visa_chargeDeclined":                  {"try_again_later", "01"},
		"visa_chargeDeclinedInsufficientFunds": {"try_again_later", "51"},
		"visa_chargeDeclinedStolenCard":        {"do_not_try_again", "43"},
		"chargeDeclinedExpiredCard":            {"confirm_card_data", "54"},
		"radarBlock":                           {},
	} {
		m, _ := Simulator{}.Template(account, "pm_card_"+name, now)
		d := Simulator{}.Pay(m, Attempt{}).Outcome.Decline
		if got := [2]string{d.AdviceCode, d.NetworkDeclineCode}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// A template fails the checks it is named for, though nobody typed anything.
func TestTemplateChecks(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][3]string{
		"visa": {}, "cvcCheckFail": {"fail", "", ""}, "avsZipFail": {"", "fail", ""}, "avsLine1Fail": {"", "", "fail"}, "avsFail": {"", "fail", "fail"},
		"avsUnchecked": {"", "unavailable", "unavailable"}, "cvcCheckFailElevatedRisk": {"fail", "", ""}, "avsZipFailElevatedRisk": {"", "fail", ""},
	} {
		m, _ := Simulator{}.Template(account, "pm_card_"+name, now)
		if got := [3]string{m.Card.CVCCheck, m.Card.ZipCheck, m.Card.Line1Check}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
