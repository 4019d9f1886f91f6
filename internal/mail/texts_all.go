package mail

import "strings"

// The ids of texts that are none of a mail's kinds.
const (
	textInvitation       = "invitation"
	textReset            = "password_reset"
	textNotice           = "sign_in_changed"
	textStranger         = "unknown_address"
	textEndpointDisabled = "endpoint_disabled"
)

func paragraphs(texts ...string) string { return strings.Join(texts, "\n\n") }

// Texts are all that can be said in other words, those to customers first.
var Texts = []Text{
	{kindReceipt, "Receipt", "After a payment", []string{"amount", "date", "method", "customer"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.receipt, v("seller")), w.receiptHeading, put(w.receiptText, v("amount"))}
	}},
	{kindInvoice, "Invoice", "When an invoice is sent", []string{"number", "amount", "due_date", "customer"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.invoice, v("number"), v("seller")), put(w.invoiceHeading, v("number")), put(w.invoiceDue, v("amount"), v("due_date"))}
	}},
	{kindPaymentFailed, "Payment failed", "When a renewal could not be paid", []string{"amount", "method", "retry_date", "number", "customer"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.failed, v("seller")), w.failedHeading, paragraphs(put(w.failedText, v("amount"), v("method")), put(w.failedAgain, v("retry_date")), w.failedDo)}
	}},
	{kindTrialEnding, "Trial ends", "Three days before a trial ends", []string{"plan", "date", "price", "method", "customer"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.trial, v("plan"), v("date")), put(w.trialHeading, v("date")), paragraphs(put(w.trialText, v("plan"), v("date")), put(w.trialPrice, v("price")), put(w.trialTaken, v("method")))}
	}},
	{kindPlanChanged, "Plan changed", "When a customer has changed their plan", []string{"old_plan", "plan", "price", "customer"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.plan, v("plan")), put(w.planHeading, v("plan")), put(w.changed, v("old_plan"), v("plan"))}
	}},
	{kindCanceling, "Plan will end", "When a subscription was canceled and runs on to its end", []string{"plan", "date", "customer"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.ending, v("date")), put(w.endingHeading, v("date")), put(w.endingText, v("plan"), v("date"))}
	}},
	{kindCanceled, "Plan has ended", "When a subscription has ended", []string{"plan", "customer"}, func(w *words, v func(string) string) Wording {
		return Wording{w.ended, w.endedHeading, put(w.endedText, v("plan"))}
	}},
	{kindRefund, "Refund", "When money is given back", []string{"amount", "method", "date", "customer"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.refund, v("seller")), w.refundHeading, paragraphs(put(w.refundMethod, v("amount"), v("method")), w.refundWait)}
	}},
	{kindWelcome, "Welcome", "When somebody has signed up", []string{"product", "email"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.welcome, v("product")), put(w.welcome, v("product")), put(w.welcomeText, v("email"))}
	}},
	{kindSignIn, "Sign-in code", "When a member signs in", []string{"product", "minutes"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.signIn, v("product")), w.signInHeading, put(w.signInText, v("minutes"))}
	}},
	{textStranger, "Unknown address", "When somebody signs in with an address that no member has", []string{"product", "email"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.signIn, v("product")), w.strangerHeading, put(w.strangerText, v("email"))}
	}},
	{textInvitation, "Invitation", "When somebody is invited to the Dashboard", []string{"role"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.invited, v("seller")), put(w.invited, v("seller")), put(w.invitedText, v("role"))}
	}},
	{textReset, "New password", "When somebody has forgotten their password to the Dashboard", nil, func(w *words, v func(string) string) Wording {
		return Wording{put(w.reset, v("seller")), w.resetHeading, w.resetText}
	}},
	{textNotice, "Sign-in changed", "When how somebody signs in to the Dashboard has changed", []string{"what"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.notice, v("seller")), w.noticeHeading, v("what")}
	}},
	{kindEndpointFailing, "Webhook endpoint fails", "To the account’s own address, after three days", []string{"url", "date", "reason"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.endpointFails, v("seller")), put(w.endpointFails, v("seller")), put(w.endpointText, v("date"))}
	}},
	{textEndpointDisabled, "Webhook endpoint disabled", "To the account’s own address, after seven days", []string{"url", "date", "reason"}, func(w *words, v func(string) string) Wording {
		return Wording{put(w.endpointDisabled, v("seller")), put(w.endpointDisabled, v("seller")), put(w.endpointText, v("date"))}
	}},
}
