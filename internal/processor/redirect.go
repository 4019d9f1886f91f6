package processor

import "strings"

// redirectTypes are the types of payment methods whose holder agrees elsewhere: on the page of a bank or a wallet, or by
// scanning a code.
var redirectTypes = set("affirm afterpay_clearpay alipay alma amazon_pay bancontact billie blik cashapp crypto eps fpx giropay grabpay ideal " +
	"kakao_pay klarna kr_card mb_way mobilepay naver_pay pay_by_bank payco paynow paypal payto pix promptpay p24 revolut_pay samsung_pay satispay " +
	"sofort swish twint upi wechat_pay zip")

// slowTypes are those whose money comes later, though the holder has agreed.
var slowTypes = set("sofort")

// voucherTypes are those whose holder is told how to pay, and goes and pays.
var voucherTypes = set("boleto konbini multibanco oxxo")

// plainTypes are those that pay at once.
var plainTypes = set("card_present customer_balance interac_present link")

func set(words string) map[string]bool {
	in := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		in[word] = true
	}
	return in
}

// payElsewhere takes a payment that no card and no bank account is typed for. A method that was made ready is used without
// its holder.
func (m Method) payElsewhere(a Attempt) Answer {
	agreed := a.Authenticated || a.OffSession && a.Ready
	switch {
	case voucherTypes[m.Type] && !a.Setup:
		return Answer{Step: Voucher, Outcome: debited(), Settlement: voucher(a.Email)}
	case redirectTypes[m.Type] && !agreed:
		return Answer{Step: Redirect}
	case slowTypes[m.Type] && !a.Setup:
		return Answer{Step: Processing, Outcome: debited()}
	}
	return Answer{Step: Approved, Outcome: debited()}
}

var voucherExpired = &Decline{Code: "payment_intent_payment_attempt_expired", Message: "The payment attempt expired before the customer paid."}

// voucherEmails are the ends of addresses that were published for vouchers.
var voucherEmails = [...]struct {
	ending string
	does   Settlement
}{
	{"succeed_immediately", Settlement{}},
	{"expire_immediately", Settlement{Decline: voucherExpired}},
	{"expire_with_delay", Settlement{After: delayed, Decline: voucherExpired}},
	{"fill_never", Settlement{Never: true}},
}

// voucher says when a voucher is paid, or that it is not: the address of its holder tells, and three minutes are usual.
func voucher(email string) Settlement {
	name, _, _ := strings.Cut(email, "@")
	for _, e := range voucherEmails {
		if strings.HasSuffix(name, e.ending) {
			return e.does
		}
	}
	return Settlement{After: delayed}
}
