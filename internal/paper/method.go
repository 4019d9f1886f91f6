package paper

import "strings"

// methods are the names of ways to pay that are not their types with a capital.
var methods = map[string]string{
	"acss_debit": "Pre-authorised debit", "au_becs_debit": "BECS Direct Debit", "bacs_debit": "Bacs Direct Debit", "sepa_debit": "SEPA Direct Debit", "us_bank_account": "Bank account",
	"ideal": "iDEAL", "eps": "EPS", "paypal": "PayPal", "p24": "Przelewy24", "cashapp": "Cash App Pay", "wechat_pay": "WeChat Pay", "customer_balance": "Bank transfer",
	"amex": "American Express", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay", "eftpos_au": "eftpos", "cartes_bancaires": "Cartes Bancaires",
}

// Method writes what something was paid with: Visa •••• 4242. It is empty for a payment of no known kind.
func Method(kind, brand, last4 string) string {
	if kind == "card" {
		kind = brand
	}
	name := methods[kind]
	if name == "" && kind != "" {
		text := strings.ReplaceAll(kind, "_", " ")
		name = strings.ToUpper(text[:1]) + text[1:]
	}
	if last4 != "" {
		name += " •••• " + last4
	}
	return name
}
