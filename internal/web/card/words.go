package card

import "strings"

// Words are what the fields say, in one language.
type Words struct {
	Number, Expiry, ExpiryHint, CVC, CVCHint           string
	TestCards, TestHint, CardPays, CardAsks, CardFails string
	NeedsScript, Unreachable, CardAt                   string // of the processor's field
	ToBank, ToBankText, Continue                       string // of the page of a bank
	enterNumber, enterExpiry, enterCVC                 string
	refusals                                           map[string]string
}

// WordsFor are the words for a language, in English where there are none for it.
func WordsFor(lang string) *Words {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w := languages[base]; w != nil {
		return w
	}
	return languages["en"]
}

// Refusal is why a card was refused, in the customer's words; empty if there are none for it.
func (w *Words) Refusal(code, declineCode string) string {
	if text := w.refusals[declineCode]; text != "" {
		return text
	}
	return w.refusals[code]
}

var languages = map[string]*Words{"en": english, "de": german}

var english = &Words{
	Number: "Card number", Expiry: "Expiry", ExpiryHint: "MM / YY", CVC: "Security code", CVCHint: "3 or 4 digits",
	TestCards: "Test cards", TestHint: "This is test mode: no money moves, and only test cards work, with any future expiry and any security code.",
	CardPays: "is accepted", CardAsks: "asks for authentication", CardFails: "is declined",
	enterNumber: "Enter the number on the card", enterExpiry: "Enter the expiry as on the card, such as 09 / 28", enterCVC: "Enter the 3 or 4 digits on the card",
	NeedsScript: "Allow scripts on this page to type in a card, then try again.", Unreachable: "The fields for the card could not be loaded. Check your connection and load the page again.",
	CardAt: "Your card goes to %s directly. This page never sees its number.", ToBank: "One moment", ToBankText: "Your bank wants to confirm that it is you. You are taken to its page.", Continue: "Go on at your bank",
	refusals: map[string]string{
		"test_mode_live_card": "This is test mode: use a test card, such as 4242 4242 4242 4242", "card_declined": "The card was declined. Try another one", "insufficient_funds": "The card does not have enough money. Try another one",
		"expired_card": "The card has expired. Try another one", "incorrect_cvc": "The security code is not right", "invalid_cvc": "The security code is not right", "incorrect_number": "The card number is not right", "invalid_number": "The card number is not right",
		"invalid_expiry_month": "The month is not right", "invalid_expiry_year": "The year is not right, or it is over", "processing_error": "The bank could not be reached. Try again in a moment",
		"payment_intent_authentication_failure": "Your bank could not confirm that it is you. Try again, or use another card",
		"setup_intent_authentication_failure":   "Your bank could not confirm that it is you. Try again, or use another card",
	},
}

var german = &Words{
	Number: "Kartennummer", Expiry: "Gültig bis", ExpiryHint: "MM / JJ", CVC: "Prüfziffer", CVCHint: "3 oder 4 Ziffern",
	TestCards: "Testkarten", TestHint: "Das ist der Testmodus: Es fließt kein Geld, und nur Testkarten werden angenommen, mit jedem künftigen Datum und jeder Prüfziffer.",
	CardPays: "wird angenommen", CardAsks: "verlangt eine Bestätigung", CardFails: "wird abgelehnt",
	enterNumber: "Geben Sie die Nummer auf der Karte ein", enterExpiry: "Geben Sie das Datum wie auf der Karte ein, zum Beispiel 09 / 28", enterCVC: "Geben Sie die 3 oder 4 Ziffern auf der Karte ein",
	NeedsScript: "Bitte erlauben Sie Skripte auf dieser Seite, um eine Karte einzugeben, und versuchen Sie es noch einmal.", Unreachable: "Die Felder für die Karte konnten nicht geladen werden. Prüfen Sie Ihre Verbindung und laden Sie die Seite neu.",
	CardAt: "Ihre Karte geht direkt an %s. Diese Seite sieht ihre Nummer nie.", ToBank: "Einen Moment", ToBankText: "Ihre Bank möchte bestätigen, dass Sie es sind. Sie werden auf ihre Seite geleitet.", Continue: "Bei der Bank fortfahren",
	refusals: map[string]string{
		"test_mode_live_card": "Das ist der Testmodus: Nehmen Sie eine Testkarte, zum Beispiel 4242 4242 4242 4242", "card_declined": "Die Karte wurde abgelehnt. Versuchen Sie eine andere", "insufficient_funds": "Auf der Karte ist nicht genug Geld. Versuchen Sie eine andere",
		"expired_card": "Die Karte ist abgelaufen. Versuchen Sie eine andere", "incorrect_cvc": "Die Prüfziffer stimmt nicht", "invalid_cvc": "Die Prüfziffer stimmt nicht", "incorrect_number": "Die Kartennummer stimmt nicht", "invalid_number": "Die Kartennummer stimmt nicht",
		"invalid_expiry_month": "Der Monat stimmt nicht", "invalid_expiry_year": "Das Jahr stimmt nicht oder ist vorbei", "processing_error": "Die Bank war nicht erreichbar. Versuchen Sie es gleich noch einmal",
		"payment_intent_authentication_failure": "Ihre Bank konnte nicht bestätigen, dass Sie es sind. Versuchen Sie es noch einmal oder mit einer anderen Karte",
		"setup_intent_authentication_failure":   "Ihre Bank konnte nicht bestätigen, dass Sie es sind. Versuchen Sie es noch einmal oder mit einer anderen Karte",
	},
}
