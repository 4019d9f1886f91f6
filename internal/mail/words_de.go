package mail

var german = &words{
	Tag: "de", Questions: "Fragen? Schreiben Sie an", Test: "Testmodus: Es ist kein Geld geflossen.", TermsPage: "AGB", PrivacyPage: "Datenschutz",

	signIn: "Anmelden bei %s", signInHeading: "Ihr Anmeldecode", signInText: "Geben Sie diesen Code dort ein, wo Sie sich anmelden möchten. Er gilt %s Minuten.", signInLink: "Hier anmelden",
	signInIgnore:    "Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun. Wer den Code hat, kann sich anmelden, geben Sie ihn also nicht weiter.",
	strangerHeading: "Diese Adresse kennen wir nicht", strangerText: "Jemand wollte sich mit %s anmelden, aber kein Mitglied hat diese Adresse. Vielleicht haben Sie sich mit einer anderen registriert.", strangerLink: "Registrieren",
	strangerIgnore: "Wenn Sie das nicht waren, müssen Sie nichts tun.",
	welcome:        "Willkommen bei %s", welcomeText: "Ihr Konto ist bereit. Installieren Sie die Erweiterung und melden Sie sich dort mit %s an.", welcomeButton: "Herunterladen",
	welcomeAfter: "Dieser Link gilt auch, wenn Sie später einen weiteren Browser einrichten. Wenn Sie sich nicht registriert haben, müssen Sie nichts tun.",

	invited: "Einladung zu %s", invitedText: "Sie sind als %s zum Dashboard eingeladen.", invitedButton: "Annehmen", invitedAfter: "Die Einladung gilt %s Tage. Wenn Sie nicht wissen, worum es geht, müssen Sie nichts tun.",
	reset: "Neues Passwort für %s", resetHeading: "Neues Passwort wählen", resetText: "Jemand hat für Ihre Adresse ein neues Passwort angefordert. Das alte gilt, bis Sie ein anderes wählen.", resetButton: "Neues Passwort wählen",
	resetAfter: "Der Link gilt einmal, %s Minuten lang. Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun: Ohne ihn kommt niemand hinein.",
	notice:     "Ihre Anmeldung bei %s hat sich geändert", noticeHeading: "Ihre Anmeldung hat sich geändert", noticeButton: "Profil prüfen", noticeAfter: "Wenn Sie das nicht waren, wählen Sie gleich ein neues Passwort und melden Sie sich überall ab.",
	notices: map[string]string{
		PasswordChanged: "Ihr Passwort wurde geändert, und Sie wurden in anderen Browsern abgemeldet.", CodesOn: "Eine Authenticator-App wurde hinzugefügt: Zum Anmelden gehört ab jetzt ein Code.",
		CodesOff: "Die Authenticator-App wurde entfernt: Das Passwort allein genügt zum Anmelden.", PasskeyAdded: "Ein Passkey wurde hinzugefügt.", PasskeyRemoved: "Ein Passkey wurde entfernt.",
		RecoveryCodesMade: "Neue Wiederherstellungscodes wurden erzeugt. Die alten gelten nicht mehr.",
	},
	roles: map[string]string{"viewer": "Betrachter", "support": "Kundenbetreuer", "developer": "Entwickler", "owner": "Inhaber"},

	receipt: "Ihr Zahlungsbeleg von %s", receiptHeading: "Danke für Ihre Zahlung", receiptText: "Wir haben %s erhalten.", receiptAttached: "Der Beleg ist angehängt.",
	paidOn: "Datum", paidWith: "Bezahlt mit", invoiceNumber: "Rechnung", total: "Gesamtbetrag", more: "und mehr",
	viewInvoice: "Rechnung ansehen",

	failed: "Ihre Zahlung an %s ist fehlgeschlagen", failedHeading: "Ihre Zahlung ist fehlgeschlagen", failedText: "Wir konnten %s nicht einziehen: %s.",
	failedAgain: "Wir versuchen es am %s noch einmal.", failedEnd: "Wir versuchen es nicht von selbst noch einmal.", failedDo: "Sie können gleich bezahlen, auch mit einer anderen Karte.", payNow: "%s bezahlen",
	due: "Offener Betrag",

	invoice: "Rechnung %s von %s", invoiceHeading: "Rechnung %s", invoiceDue: "%s sind am %s fällig.", invoiceNow: "%s sind jetzt fällig.", invoicePay: "Ansehen und bezahlen", invoiceAttached: "Die Rechnung ist angehängt.",

	trial: "Ihre Testphase von %s endet am %s", trialHeading: "Ihre Testphase endet am %s", trialText: "Sie testen %s. Die Testphase endet am %s.",
	trialPrice: "Danach kostet es %s.", trialTaken: "Die erste Zahlung wird dann von Ihrer Zahlungsart eingezogen: %s. Sie müssen nichts tun.",
	trialMethod: "Hinterlegen Sie vorher eine Zahlungsart, wenn Sie es behalten möchten.", trialEnds: "Sie haben schon entschieden, dann aufzuhören. Es wird nichts abgebucht.",

	plan: "Ihr Tarif ist jetzt %s", planHeading: "Ihr Tarif ist jetzt %s", upgraded: "Sie sind von %s auf %s umgestiegen.", downgraded: "Sie sind von %s zu %s gewechselt.",
	changed: "Sie sind von %s zu %s gewechselt.", price: "Preis",

	ending: "Ihr Tarif endet am %s", endingHeading: "Ihr Tarif endet am %s", endingText: "Sie haben %s gekündigt. Sie können es bis zum %s nutzen, und es wird nichts mehr abgebucht.",
	endingAfter: "Wenn Sie es sich anders überlegen, können Sie das bis dahin zurücknehmen.",
	ended:       "Ihr Tarif ist beendet", endedHeading: "Ihr Tarif ist beendet", endedText: "%s ist beendet, und es wird nichts mehr abgebucht. Sie sind jederzeit wieder willkommen.",
	endedUnpaid: "%s ist beendet, weil nicht bezahlt wurde.",

	refund: "Ihre Erstattung von %s", refundHeading: "Ihre Erstattung ist unterwegs", refundText: "Wir haben %s erstattet.", refundMethod: "Wir haben %s erstattet: %s.",
	endpointFails: "Ein Webhook-Endpunkt von %s versagt", endpointDisabled: "Ein Webhook-Endpunkt von %s wurde abgeschaltet", endpointURL: "Endpunkt", endpointReason: "Letzter Versuch",
	endpointText: "Seit dem %s ist an diesem Endpunkt kein Ereignis angekommen.", endpointSoon: "Bleibt das sieben Tage lang so, wird er abgeschaltet. Bis dahin wird jedes Ereignis drei Tage lang immer wieder gesendet.",
	endpointOff: "Es wird nichts mehr an ihn gesendet. Sobald er wieder arbeitet, schalten Sie ihn ein und senden Sie erneut, was ihm entgangen ist.",

	refundWait: "Es kann bis zu zehn Tage dauern, bis Ihre Bank es anzeigt.", refundOn: "Datum", reference: "Referenz",

	yourPlan: "Ihr Tarif",
	every:    map[string]string{"day": "pro Tag", "week": "pro Woche", "month": "pro Monat", "year": "pro Jahr"},
	several:  map[string]string{"day": "alle %s Tage", "week": "alle %s Wochen", "month": "alle %s Monate", "year": "alle %s Jahre"},
}
