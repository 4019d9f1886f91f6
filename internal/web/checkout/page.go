package checkout

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"strings"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
)

//go:embed pages.html
var pages string

var templates = template.Must(template.New("pages").Parse(pages))

// challenge is what the challenge shows.
type challenge struct {
	Title       string
	Merchant    string
	Amount      string // empty when nothing is paid
	Method      string
	Description string
	Words       words
}

// words are what a kind of challenge says.
type words struct{ Title, Explain, Method, Complete, Fail string }

var (
	cardWords = words{
		"Confirm that it is you", "In test mode this page takes the place of your bank's. Choose how the check ends.",
		"Card", "Complete authentication", "Fail authentication",
	}
	redirectWords = words{
		"Authorise this payment", "In test mode this page takes the place of the payment provider's. Choose how the visit ends.",
		"Pay with", "Authorise test payment", "Fail test payment",
	}
	setupWords = words{
		"Allow later payments", "In test mode this page takes the place of the payment provider's. Choose how the visit ends.",
		"Pay with", "Authorise test setup", "Fail test setup",
	}
	voucherWords = words{
		"Pay this voucher", "In test mode nobody has to walk to a till or open a bank's app. Choose what becomes of the voucher.",
		"Pay with", "Pay test voucher", "Let the voucher expire",
	}
	depositWords = words{
		"Confirm your bank account", "In test mode no deposits are made. Choose whether the amounts that you type in are right.",
		"Account", "Confirm the amounts", "Fail the check",
	}
)

func newChallenge(merchant string, intent, method *object.Object) challenge {
	w := wordsFor(intent, method)
	c := challenge{Title: w.Title, Merchant: merchant, Method: methodName(method), Description: intent.String("description"), Words: w}
	if amount := intent.Int("amount"); amount > 0 {
		c.Amount = money.Format(amount, intent.String("currency"))
	}
	return c
}

func wordsFor(intent, method *object.Object) words {
	action := intent.Object("next_action").String("type")
	switch {
	case action == "verify_with_microdeposits":
		return depositWords
	case strings.HasSuffix(action, "_display_details"):
		return voucherWords
	case method.String("type") == "card", method.String("type") == "three_d_secure":
		return cardWords
	case intent.String("object") == "setup_intent":
		return setupWords
	}
	return redirectWords
}

// methodNames are the names of payment methods that are not their types with a capital.
var methodNames = map[string]string{
	"acss_debit": "Pre-authorised debit", "au_becs_debit": "BECS Direct Debit", "bacs_debit": "Bacs Direct Debit", "blik": "BLIK", "eps": "EPS", "fpx": "FPX",
	"ideal": "iDEAL", "mobilepay": "MobilePay", "mb_way": "MB WAY", "nz_bank_account": "Bank account", "oxxo": "OXXO", "p24": "Przelewy24", "paynow": "PayNow",
	"paypal": "PayPal", "payto": "PayTo", "promptpay": "PromptPay", "sepa_debit": "SEPA Direct Debit", "twint": "TWINT", "upi": "UPI", "us_bank_account": "Bank account",
	"three_d_secure": "Card", "wechat_pay": "WeChat Pay", "cashapp": "Cash App Pay",
}

var brandNames = map[string]string{
	"amex": "American Express", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay", "eftpos_au": "eftpos", "cartes_bancaires": "Cartes Bancaires",
}

// methodName is a payment method as a customer knows it: Visa •••• 3220.
func methodName(method *object.Object) string {
	kind := method.String("type")
	part := method.Object(kind)
	name, known := methodNames[kind]
	if kind == "card" {
		kind = part.String("brand")
		name, known = brandNames[kind]
	}
	if !known {
		name = capitals(kind)
	}
	if last4 := part.String("last4"); last4 != "" {
		return name + " •••• " + last4
	}
	return name
}

// capitals writes a type as words: amazon_pay as Amazon Pay.
func capitals(kind string) string {
	parts := strings.Split(kind, "_")
	for i, part := range parts {
		if part != "" {
			parts[i] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return strings.Join(parts, " ")
}

// done is what follows when there is no page to go to: the shop's page hears of it and closes the window.
type done struct {
	Title, Text, Merchant string
	Object, ID, Status    string
	next                  string
}

func newDone(merchant string, intent *object.Object, outcome string) done {
	failed := intent.String("status") == "requires_payment_method" || intent.String("status") == "failed"
	d := done{Merchant: merchant, Object: intent.String("object"), ID: intent.ID(), Status: "failed", Title: "This was not confirmed", Text: "Nothing was paid. Go back to the shop to try again. You can close this window."}
	switch {
	case outcome == "canceled":
		d.Title = "You turned back"
	case failed && outcome == "succeeded":
		d.Title, d.Text = "The payment was declined", "You were recognised, but the payment did not go through. Go back to the shop to choose another way to pay. You can close this window."
	case !failed:
		d.Status, d.Title, d.Text = "succeeded", "Thank you", "The shop knows that it was you. You can close this window."
	}
	return d
}

// note is a page that only says something.
type note struct{ Title, Text string }

// render writes a page. It is made before anything is sent, so that a fault of a template cannot send half of one.
func (p *Pages) render(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := templates.ExecuteTemplate(&page, name, data); err != nil {
		p.Log.Error("render a page", "page", name, "error", err)
		http.Error(w, "This did not work.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write(page.Bytes())
}
