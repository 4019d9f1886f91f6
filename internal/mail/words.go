package mail

import (
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/paper"
)

// words are a language. Where a text has %s, something is put in its place, in this order. How amounts and days are
// written is package paper's.
type words struct {
	Tag             string
	Questions, Test string
	TermsPage       string
	PrivacyPage     string

	signIn, signInHeading, signInText, signInLink, signInIgnore string
	strangerHeading, strangerText, strangerLink, strangerIgnore string
	welcome, welcomeText, welcomeButton, welcomeAfter           string

	invited, invitedText, invitedButton, invitedAfter       string
	reset, resetHeading, resetText, resetButton, resetAfter string
	notice, noticeHeading, noticeButton, noticeAfter        string
	notices, roles                                          map[string]string // by what they are about

	receipt, receiptHeading, receiptText, receiptAttached string
	paidOn, paidWith, invoiceNumber, total, more          string
	viewInvoice                                           string

	failed, failedHeading, failedText, failedAgain, failedEnd, failedDo, payNow string
	due                                                                         string

	invoice, invoiceHeading, invoiceDue, invoiceNow, invoicePay, invoiceAttached string

	trial, trialHeading, trialText, trialPrice, trialTaken, trialMethod, trialEnds string

	plan, planHeading, upgraded, downgraded, changed, price string

	ending, endingHeading, endingText, endingAfter string
	ended, endedHeading, endedText, endedUnpaid    string

	refund, refundHeading, refundText, refundMethod, refundWait, refundOn, reference string

	endpointFails, endpointDisabled, endpointText, endpointURL, endpointReason, endpointSoon, endpointOff string

	yourPlan string
	every    map[string]string // how often a price is paid: once in each
	several  map[string]string // once in %s of them
}

var languages = map[string]*words{"en": english, "de": german}

// wordsFor are the words of the first of the languages that there are words in; English if there are none.
func wordsFor(preferred []any) *words {
	for _, v := range preferred {
		tag, _ := v.(string)
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if w := languages[base]; w != nil {
			return w
		}
	}
	return english
}

// put puts values in the places that a text has for them.
func put(text string, values ...string) string {
	var b strings.Builder
	for _, v := range values {
		before, after, found := strings.Cut(text, "%s")
		if !found {
			break
		}
		b.WriteString(before + v)
		text = after
	}
	return b.String() + text
}

// amount writes an amount as invoices do.
func (w *words) amount(amount int64, currency string) string {
	return (&paper.Document{Language: w.Tag, Currency: currency}).AmountWithCode(amount)
}

// day writes a day of a time in unix seconds.
func (w *words) day(unix int64) string {
	return (&paper.Document{Language: w.Tag}).Date(time.Unix(unix, 0).UTC())
}

// often writes how often a price is paid; empty for once.
func (w *words) often(unit string, count int64) string {
	if count <= 1 {
		return w.every[unit]
	}
	return put(w.several[unit], strconv.FormatInt(count, 10))
}

var english = &words{
	Tag: "en", Questions: "Questions? Write to", Test: "Test mode: no money has moved.", TermsPage: "Terms", PrivacyPage: "Privacy",

	signIn: "Sign in to %s", signInHeading: "Your sign-in code", signInText: "Type this code where you want to sign in. It is valid for %s minutes.", signInLink: "Sign in here",
	signInIgnore:    "If you did not ask for it, you can ignore this message. Whoever has the code can sign in, so do not pass it on.",
	strangerHeading: "Nobody has this address here", strangerText: "Somebody asked to sign in with %s, but no member has this address. You may have signed up with another one.", strangerLink: "Sign up",
	strangerIgnore: "If that was not you, you can ignore this message.",
	welcome:        "Welcome to %s", welcomeText: "Your account is ready. Install the extension, and sign in there with %s.", welcomeButton: "Download",
	welcomeAfter: "You can use this link again whenever you set up another browser. If you have not signed up, you can ignore this message.",

	invited: "Join %s", invitedText: "You are invited to the Dashboard as %s.", invitedButton: "Join", invitedAfter: "The invitation is good for %s days. If you do not know what it is about, you can ignore this message.",
	reset: "A new password for %s", resetHeading: "Choose a new password", resetText: "Somebody asked for a new password for your address. The old one counts until you choose another.", resetButton: "Choose a new password",
	resetAfter: "The link works once, within %s minutes. If you did not ask for it, you can ignore this message: nobody gets in without it.",
	notice:     "How you sign in to %s has changed", noticeHeading: "How you sign in has changed", noticeButton: "Check your profile", noticeAfter: "If that was not you, choose a new password at once and sign out everywhere.",
	notices: map[string]string{
		PasswordChanged: "Your password was changed, and you were signed out in other browsers.", CodesOn: "An authenticator app was added: signing in needs a code from now on.",
		CodesOff: "The authenticator app was removed: the password alone signs you in.", PasskeyAdded: "A passkey was added.", PasskeyRemoved: "A passkey was removed.",
		RecoveryCodesMade: "New recovery codes were made. The old ones are of no use any more.",
	},
	roles: map[string]string{"viewer": "a viewer", "support": "a supporter", "developer": "a developer", "owner": "an owner"},

	receipt: "Your receipt from %s", receiptHeading: "Thank you for your payment", receiptText: "We have received %s.", receiptAttached: "The receipt is attached.",
	paidOn: "Date", paidWith: "Paid with", invoiceNumber: "Invoice", total: "Total", more: "and more",
	viewInvoice: "View the invoice",

	failed: "Your payment to %s did not go through", failedHeading: "Your payment did not go through", failedText: "We could not take %s from your %s.",
	failedAgain: "We will try again on %s.", failedEnd: "We will not try again by ourselves.", failedDo: "You can pay now, with this or another card.", payNow: "Pay %s",
	due: "Amount due",

	invoice: "Invoice %s from %s", invoiceHeading: "Invoice %s", invoiceDue: "%s is due on %s.", invoiceNow: "%s is due now.", invoicePay: "View and pay", invoiceAttached: "The invoice is attached.",

	trial: "Your trial of %s ends on %s", trialHeading: "Your trial ends on %s", trialText: "You have been trying %s. The trial ends on %s.",
	trialPrice: "After that it costs %s.", trialTaken: "The first payment will be taken from your %s. You need not do anything.",
	trialMethod: "To keep it, add a way to pay before that day.", trialEnds: "You have already chosen to stop then. Nothing will be charged.",

	plan: "Your plan is now %s", planHeading: "Your plan is now %s", upgraded: "You have upgraded from %s to %s.", downgraded: "You have gone from %s to %s.",
	changed: "You have changed from %s to %s.", price: "Price",

	ending: "Your plan ends on %s", endingHeading: "Your plan ends on %s", endingText: "You have canceled %s. You can use it until %s, and nothing more is charged.",
	endingAfter: "If you change your mind, you can take that back until then.",
	ended:       "Your plan has ended", endedHeading: "Your plan has ended", endedText: "%s has ended, and nothing more is charged. You are welcome back at any time.",
	endedUnpaid: "%s has ended because it was not paid.",

	refund: "Your refund from %s", refundHeading: "Your refund is on its way", refundText: "We have refunded %s.", refundMethod: "We have refunded %s to your %s.",
	endpointFails: "A webhook endpoint of %s fails", endpointDisabled: "A webhook endpoint of %s was disabled", endpointURL: "Endpoint", endpointReason: "Last attempt",
	endpointText: "Since %s no event has arrived at this endpoint.", endpointSoon: "If that goes on for seven days, it is disabled. Until then each event is tried again for three days.",
	endpointOff: "Nothing is sent to it any more. Once it works, enable it again, and send again what it has missed.",

	refundWait: "It can take up to ten days until your bank shows it.", refundOn: "Date", reference: "Reference",

	yourPlan: "your plan",
	every:    map[string]string{"day": "a day", "week": "a week", "month": "a month", "year": "a year"},
	several:  map[string]string{"day": "every %s days", "week": "every %s weeks", "month": "every %s months", "year": "every %s years"},
}
