package invoice

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/web/card"
)

// words are what the page says beside what stands on the invoice itself, which package paper has.
type words struct {
	Pay, PayTitle, Name, Paying                                               string
	Error, Skip, Waiting, Processing, NotHere, Live, VoidText, PaidText       string
	Invoice, Receipt, Details, Goods, Total, From, History, Secure            string
	changed, gone, goneText, cannot, cannotText, unread, unreadText           string
	broken, brokenText                                                        string
	HandTitle, HandBy, HandText, Amount, Reference, Before                    string // of paying by hand
	PaidTitle, Told, ToldHint, Proof, ProofHint, TellButton, ToldOn, ToldText string
	OtherWay, GoOn, handGone, handEmpty, handFile, handMore                   string
	*card.Words
}

func wordsFor(lang string) *words {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w := languages[base]; w != nil {
		return w
	}
	return languages["en"]
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
	Pay: "Pay %s", PayTitle: "Pay by card", Name: "Name on the card (optional)", Paying: "Paying …",
	Error: "Error", Skip: "Skip to payment", Waiting: "Your bank still waits for you to confirm a payment. You can also pay with another card below.",
	Processing: "A payment is on its way. This page shows when it has arrived.", NotHere: "This invoice cannot be paid by card here. Ask the seller how to pay it.",
	Live: "Payments are not taken here yet. Ask the seller how to pay it.", VoidText: "This invoice was voided. Nothing is to be paid.", PaidText: "Thank you. Nothing is left to pay.",
	Invoice: "Download invoice", Receipt: "Download receipt", Details: "Details", Goods: "What this is for", From: "from", History: "Payment history",
	changed: "This invoice has changed since you opened the page. Look at the amount, then pay again.",
	gone:    "There is no invoice here", goneText: "The address is not complete, or the link is no longer valid. Ask the seller for a new one.",
	cannot: "This page cannot do that", cannotText: "Open it in a browser.", unread: "The form could not be read", unreadText: "Go back and try again. Nothing was paid.",
	HandTitle: "Pay another way", HandBy: "Pay by %s", HandText: "Nothing is charged. You are shown how to pay, and the seller marks the invoice as paid when your payment has arrived.",
	Amount: "Amount", Reference: "Reference", Before: "Due", PaidTitle: "Have you paid?", Told: "Your reference (optional)", ToldHint: "By which name or number the payment can be found",
	Proof: "Proof of the payment (optional)", ProofHint: "PDF, JPEG or PNG, up to 5 MB", TellButton: "I have paid", ToldOn: "You told the seller on %s that you have paid.", ToldText: "They look for your payment. This page shows when it has arrived.",
	OtherWay: "Choose another way", GoOn: "Go on", handGone: "This cannot be paid in that way any more. Choose another one.", handEmpty: "Write by what the payment can be found, or choose a file",
	handFile: "Choose a PDF, JPEG or PNG of up to 5 MB", handMore: "No more files are taken here. Ask the seller.",
	broken: "This did not work", brokenText: "The fault is ours and nothing was paid. Try again in a moment.",
	Words: card.WordsFor("en"),
}

var german = &words{
	Pay: "%s bezahlen", PayTitle: "Mit Karte bezahlen", Name: "Name auf der Karte (freiwillig)", Paying: "Wird bezahlt …",
	Error: "Fehler", Skip: "Zur Zahlung springen", Waiting: "Ihre Bank wartet noch darauf, dass Sie eine Zahlung bestätigen. Sie können unten auch mit einer anderen Karte bezahlen.",
	Processing: "Eine Zahlung ist unterwegs. Diese Seite zeigt, wenn sie angekommen ist.", NotHere: "Diese Rechnung kann hier nicht mit Karte bezahlt werden. Fragen Sie den Verkäufer, wie sie bezahlt werden kann.",
	Live: "Hier werden noch keine Zahlungen angenommen. Fragen Sie den Verkäufer, wie die Rechnung bezahlt werden kann.", VoidText: "Diese Rechnung wurde storniert. Es ist nichts zu bezahlen.", PaidText: "Vielen Dank. Es ist nichts mehr zu bezahlen.",
	Invoice: "Rechnung herunterladen", Receipt: "Beleg herunterladen", Details: "Einzelheiten", Goods: "Wofür", From: "von", History: "Zahlungen",
	changed: "Diese Rechnung hat sich geändert, seit Sie die Seite geöffnet haben. Prüfen Sie den Betrag und bezahlen Sie dann noch einmal.",
	gone:    "Hier ist keine Rechnung", goneText: "Die Adresse ist nicht vollständig, oder der Link gilt nicht mehr. Bitten Sie den Verkäufer um einen neuen.",
	cannot: "Das kann diese Seite nicht", cannotText: "Öffnen Sie sie in einem Browser.", unread: "Das Formular war nicht lesbar", unreadText: "Gehen Sie zurück und versuchen Sie es noch einmal. Es wurde nichts bezahlt.",
	HandTitle: "Anders bezahlen", HandBy: "Bezahlen mit: %s", HandText: "Es wird nichts abgebucht. Sie erfahren, wie Sie bezahlen, und der Verkäufer verbucht die Rechnung als bezahlt, wenn Ihre Zahlung da ist.",
	Amount: "Betrag", Reference: "Verwendungszweck", Before: "Zahlbar bis", PaidTitle: "Haben Sie bezahlt?", Told: "Ihr Verweis (freiwillig)", ToldHint: "Unter welchem Namen oder welcher Nummer die Zahlung zu finden ist",
	Proof: "Beleg der Zahlung (freiwillig)", ProofHint: "PDF, JPEG oder PNG, bis 5 MB", TellButton: "Ich habe bezahlt", ToldOn: "Sie haben dem Verkäufer am %s gesagt, dass Sie bezahlt haben.", ToldText: "Er sucht Ihre Zahlung. Diese Seite zeigt, wenn sie angekommen ist.",
	OtherWay: "Anders bezahlen", GoOn: "Weiter", handGone: "So kann hier nicht mehr bezahlt werden. Wählen Sie einen anderen Weg.", handEmpty: "Schreiben Sie, woran die Zahlung zu erkennen ist, oder wählen Sie eine Datei",
	handFile: "Wählen Sie ein PDF, JPEG oder PNG von höchstens 5 MB", handMore: "Hier werden keine weiteren Dateien angenommen. Fragen Sie den Verkäufer.",
	broken: "Das hat nicht geklappt", brokenText: "Der Fehler liegt bei uns, und es wurde nichts bezahlt. Versuchen Sie es gleich noch einmal.",
	Words: card.WordsFor("de"),
}

// handFault says why paying by hand was refused.
func (w *words) handFault(refused *apierr.Error) string {
	switch {
	case refused.Code == "parameter_missing":
		return w.handEmpty
	case refused.Param == fieldProof && strings.HasPrefix(refused.Message, "No more"):
		return w.handMore
	case refused.Param == fieldProof, strings.HasPrefix(refused.Param, fieldProof+"["):
		return w.handFile
	}
	return w.handGone
}
