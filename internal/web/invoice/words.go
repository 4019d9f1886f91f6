package invoice

import (
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
)

// words are what the page says beside what stands on the invoice itself, which package paper has.
type words struct {
	Pay, PayTitle, Number, Expiry, ExpiryHint, CVC, CVCHint, Name, Paying         string
	TestCards, TestHint, CardPays, CardAsks, CardFails                            string
	Error, Skip, Continue, Waiting, Processing, NotHere, Live, VoidText, PaidText string
	Invoice, Receipt, Details, Goods, Total, From, History, Secure                string
	changed, gone, goneText, cannot, cannotText, unread, unreadText               string
	broken, brokenText                                                            string
	enterNumber, enterExpiry, enterCVC                                            string
	refusals                                                                      map[string]string
}

func wordsFor(lang string) *words {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w := languages[base]; w != nil {
		return w
	}
	return languages["en"]
}

// refusal is why a card was refused, in the customer's words; empty if there are none for it.
func (w *words) refusal(code, declineCode string) string {
	if text := w.refusals[declineCode]; text != "" {
		return text
	}
	return w.refusals[code]
}

// standing says why an invoice cannot be paid here.
func (w *words) standing(d *paper.Document, intent *object.Object) string {
	switch {
	case intent.String("status") == "processing":
		return w.Processing
	case d.Status == paper.Paid:
		return w.PaidText
	case d.Status == paper.Void:
		return w.VoidText
	case d.Test:
		return w.NotHere
	}
	return w.Live
}

var languages = map[string]*words{"en": english, "de": german}

var english = &words{
	Pay: "Pay %s", PayTitle: "Pay by card", Number: "Card number", Expiry: "Expiry", ExpiryHint: "MM / YY", CVC: "Security code", CVCHint: "3 or 4 digits", Name: "Name on the card (optional)", Paying: "Paying …",
	TestCards: "Test cards", TestHint: "This is test mode: no money moves, and only test cards work, with any future expiry and any security code.",
	CardPays: "is accepted", CardAsks: "asks for authentication", CardFails: "is declined",
	Error: "Error", Skip: "Skip to payment", Continue: "Go on at your bank", Waiting: "Your bank still waits for you to confirm a payment. You can also pay with another card below.",
	Processing: "A payment is on its way. This page shows when it has arrived.", NotHere: "This invoice cannot be paid by card here. Ask the seller how to pay it.",
	Live: "Payments are not taken here yet. Ask the seller how to pay it.", VoidText: "This invoice was voided. Nothing is to be paid.", PaidText: "Thank you. Nothing is left to pay.",
	Invoice: "Download invoice", Receipt: "Download receipt", Details: "Details", Goods: "What this is for", From: "from", History: "Payment history",
	changed: "This invoice has changed since you opened the page. Look at the amount, then pay again.",
	gone:    "There is no invoice here", goneText: "The address is not complete, or the link is no longer valid. Ask the seller for a new one.",
	cannot: "This page cannot do that", cannotText: "Open it in a browser.", unread: "The form could not be read", unreadText: "Go back and try again. Nothing was paid.",
	broken: "This did not work", brokenText: "The fault is ours and nothing was paid. Try again in a moment.",
	enterNumber: "Enter the number on the card", enterExpiry: "Enter the expiry as on the card, such as 09 / 28", enterCVC: "Enter the 3 or 4 digits on the card",
	refusals: map[string]string{
		"test_mode_live_card": "This is test mode: use a test card, such as 4242 4242 4242 4242", "card_declined": "The card was declined. Try another one", "insufficient_funds": "The card does not have enough money. Try another one",
		"expired_card": "The card has expired. Try another one", "incorrect_cvc": "The security code is not right", "invalid_cvc": "The security code is not right", "incorrect_number": "The card number is not right", "invalid_number": "The card number is not right",
		"invalid_expiry_month": "The month is not right", "invalid_expiry_year": "The year is not right, or it is over", "processing_error": "The bank could not be reached. Try again in a moment",
		"payment_intent_authentication_failure": "Your bank could not confirm that it is you. Try again, or use another card",
	},
}

var german = &words{
	Pay: "%s bezahlen", PayTitle: "Mit Karte bezahlen", Number: "Kartennummer", Expiry: "Gültig bis", ExpiryHint: "MM / JJ", CVC: "Prüfziffer", CVCHint: "3 oder 4 Ziffern", Name: "Name auf der Karte (freiwillig)", Paying: "Wird bezahlt …",
	TestCards: "Testkarten", TestHint: "Das ist der Testmodus: Es fließt kein Geld, und nur Testkarten werden angenommen, mit jedem künftigen Datum und jeder Prüfziffer.",
	CardPays: "wird angenommen", CardAsks: "verlangt eine Bestätigung", CardFails: "wird abgelehnt",
	Error: "Fehler", Skip: "Zur Zahlung springen", Continue: "Bei der Bank fortfahren", Waiting: "Ihre Bank wartet noch darauf, dass Sie eine Zahlung bestätigen. Sie können unten auch mit einer anderen Karte bezahlen.",
	Processing: "Eine Zahlung ist unterwegs. Diese Seite zeigt, wenn sie angekommen ist.", NotHere: "Diese Rechnung kann hier nicht mit Karte bezahlt werden. Fragen Sie den Verkäufer, wie sie bezahlt werden kann.",
	Live: "Hier werden noch keine Zahlungen angenommen. Fragen Sie den Verkäufer, wie die Rechnung bezahlt werden kann.", VoidText: "Diese Rechnung wurde storniert. Es ist nichts zu bezahlen.", PaidText: "Vielen Dank. Es ist nichts mehr zu bezahlen.",
	Invoice: "Rechnung herunterladen", Receipt: "Beleg herunterladen", Details: "Einzelheiten", Goods: "Wofür", From: "von", History: "Zahlungen",
	changed: "Diese Rechnung hat sich geändert, seit Sie die Seite geöffnet haben. Prüfen Sie den Betrag und bezahlen Sie dann noch einmal.",
	gone:    "Hier ist keine Rechnung", goneText: "Die Adresse ist nicht vollständig, oder der Link gilt nicht mehr. Bitten Sie den Verkäufer um einen neuen.",
	cannot: "Das kann diese Seite nicht", cannotText: "Öffnen Sie sie in einem Browser.", unread: "Das Formular war nicht lesbar", unreadText: "Gehen Sie zurück und versuchen Sie es noch einmal. Es wurde nichts bezahlt.",
	broken: "Das hat nicht geklappt", brokenText: "Der Fehler liegt bei uns, und es wurde nichts bezahlt. Versuchen Sie es gleich noch einmal.",
	enterNumber: "Geben Sie die Nummer auf der Karte ein", enterExpiry: "Geben Sie das Datum wie auf der Karte ein, zum Beispiel 09 / 28", enterCVC: "Geben Sie die 3 oder 4 Ziffern auf der Karte ein",
	refusals: map[string]string{
		"test_mode_live_card": "Das ist der Testmodus: Nehmen Sie eine Testkarte, zum Beispiel 4242 4242 4242 4242", "card_declined": "Die Karte wurde abgelehnt. Versuchen Sie eine andere", "insufficient_funds": "Auf der Karte ist nicht genug Geld. Versuchen Sie eine andere",
		"expired_card": "Die Karte ist abgelaufen. Versuchen Sie eine andere", "incorrect_cvc": "Die Prüfziffer stimmt nicht", "invalid_cvc": "Die Prüfziffer stimmt nicht", "incorrect_number": "Die Kartennummer stimmt nicht", "invalid_number": "Die Kartennummer stimmt nicht",
		"invalid_expiry_month": "Der Monat stimmt nicht", "invalid_expiry_year": "Das Jahr stimmt nicht oder ist vorbei", "processing_error": "Die Bank war nicht erreichbar. Versuchen Sie es gleich noch einmal",
		"payment_intent_authentication_failure": "Ihre Bank konnte nicht bestätigen, dass Sie es sind. Versuchen Sie es noch einmal oder mit einer anderen Karte",
	},
}
