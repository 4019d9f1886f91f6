package processor

import (
	"crypto/sha256"
	"strings"
	"time"
)

// maxYears is how far ahead a card can expire.
const maxYears = 50

var (
	invalidNumber   = &Decline{Code: "invalid_number", Param: "number", Message: "The card number is not a valid credit card number."}
	incorrectNumber = &Decline{Code: "incorrect_number", Param: "number", Message: "Your card number is incorrect."}
	invalidMonth    = &Decline{Code: "invalid_expiry_month", Param: "exp_month", Message: "Your card's expiration month is invalid."}
	invalidYear     = &Decline{Code: "invalid_expiry_year", Param: "exp_year", Message: "Your card's expiration year is invalid."}
	invalidCVC      = &Decline{Code: "invalid_cvc", Param: "cvc", Message: "Your card's security code is invalid."}
	// liveCard keeps real numbers out: they are neither needed nor wanted here.
	liveCard = &Decline{Code: "card_declined", DeclineCode: "test_mode_live_card",
		Message: "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing."}
)

// checkDetails looks for what is wrong with a number and a date before any bank is asked.
func checkDetails(d Details, now time.Time) *Decline {
	switch {
	case len(d.Number) < 12 || len(d.Number) > 19 || strings.Trim(d.Number, "0123456789") != "":
		return invalidNumber
	case !luhn(d.Number):
		return incorrectNumber
	}
	return CheckExpiry(d.ExpMonth, d.ExpYear, now)
}

// CheckExpiry says what is wrong with a date of expiry; nil if the card can be used now.
func CheckExpiry(month, year int64, now time.Time) *Decline {
	thisYear := int64(now.Year())
	switch {
	case month < 1 || month > 12 || year == thisYear && month < int64(now.Month()):
		return invalidMonth
	case year < thisYear || year > thisYear+maxYears:
		return invalidYear
	}
	return nil
}

// checkCVC wants three digits, or four from American Express. None at all is allowed.
func checkCVC(cvc string, b Brand) *Decline {
	if cvc == "" {
		return nil
	}
	digits := strings.Trim(cvc, "0123456789") == ""
	if digits && (len(cvc) == 3 || b == Amex && len(cvc) == 4) {
		return nil
	}
	return invalidCVC
}

// luhn checks the last digit of a card number.
func luhn(number string) bool {
	sum := 0
	for i := range number {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// Fingerprint tells whether two cards have the same number, without telling the number. It differs between accounts.
func Fingerprint(account, number string) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	sum := sha256.Sum256([]byte(account + "\x00" + number))
	text := make([]byte, 16)
	for i := range text {
		text[i] = digits[int(sum[i])%len(digits)]
	}
	return string(text)
}
