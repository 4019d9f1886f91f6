package portal

import "sharesmart/internal/web/ui"

// german are the texts of the pages in German.
var german = ui.Texts{
	"Error": "Fehler", "Skip to the content": "Zum Inhalt springen", "Test mode: no real money moves": "Testmodus: Es fließt kein echtes Geld", "Back to %s": "Zurück zu %s", "Terms": "Bedingungen",
	"Privacy": "Datenschutz", "To the overview": "Zur Übersicht", "Back": "Zurück", "Cancel": "Abbrechen", "Save": "Speichern", "Remove": "Entfernen", "Continue": "Weiter", "Confirm": "Bestätigen", "Choose": "Bitte wählen",

	"a day": "pro Tag", "every %d days": "alle %d Tage", "a week": "pro Woche", "every %d weeks": "alle %d Wochen", "a month": "pro Monat", "every %d months": "alle %d Monate", "a year": "pro Jahr", "every %d years": "alle %d Jahre",
	"billed by use": "nach Verbrauch", "depends on the quantity": "je nach Menge", "free": "kostenlos",

	"This form did not come from here": "Dieses Formular kam nicht von hier", "Open the page again and send it once more.": "Öffnen Sie die Seite neu und senden Sie es noch einmal.",
	"This page has expired": "Diese Seite ist abgelaufen",
	"It works for an hour, so that nobody else can use it. Open it again from where you came from.": "Sie gilt eine Stunde, damit niemand anders sie benutzen kann. Öffnen Sie sie noch einmal von dort, wo Sie herkamen.",
	"This cannot be done here": "Das geht hier nicht", "The seller does not offer it on this page. Ask them for help.": "Der Verkäufer bietet es auf dieser Seite nicht an. Bitten Sie ihn um Hilfe.",
	"There is nothing here": "Hier ist nichts", "The address is not complete, or what was here is gone.": "Die Adresse ist nicht vollständig, oder was hier war, gibt es nicht mehr.",
	"This did not work": "Das hat nicht geklappt", "The fault is ours and nothing was changed. Try again in a moment.": "Der Fehler liegt bei uns, und es wurde nichts geändert. Versuchen Sie es gleich noch einmal.",
	"This cannot be done": "Das geht nicht", "There is nothing left to do here": "Hier ist nichts mehr zu tun", "It was done already, or is not possible any more.": "Es ist schon geschehen oder nicht mehr möglich.",
	"Your changes are saved": "Ihre Änderungen sind gespeichert",

	"Your plan is canceled.": "Ihr Tarif ist gekündigt.", "Your plan goes on.": "Ihr Tarif läuft weiter.", "Thank you for staying. The discount counts from your next invoice on.": "Schön, dass Sie bleiben. Der Rabatt gilt ab der nächsten Rechnung.",
	"Your plan was changed.": "Ihr Tarif wurde geändert.", "Your plan changes with its next period.": "Ihr Tarif ändert sich zum nächsten Zeitraum.", "Your plan stays as it is.": "Ihr Tarif bleibt, wie er ist.",
	"Your payment method was saved. It pays from now on.": "Ihr Zahlungsmittel wurde gespeichert. Ab jetzt wird damit bezahlt.", "It pays from now on.": "Ab jetzt wird damit bezahlt.",
	"Your payment method was removed.": "Ihr Zahlungsmittel wurde entfernt.", "Your details were saved.": "Ihre Angaben wurden gespeichert.",

	"Your plans and payments": "Ihre Tarife und Zahlungen", "Your plans": "Ihre Tarife", "It changes on %s.": "Er ändert sich am %s.", "Then it is %s: %s.": "Dann ist es %s: %s.", "It ends on %s and is not renewed.": "Er endet am %s und wird nicht verlängert.",
	"Your trial ends on %s.": "Ihre Probezeit endet am %s.", "It is renewed on %s.": "Er verlängert sich am %s.", "Payments are paused.": "Die Zahlungen ruhen.", "Paid with %s": "Bezahlt mit %s",
	"Your change counts when %s are paid.": "Ihre Änderung gilt, sobald %s bezahlt sind.", "%s are not paid yet.": "%s sind noch nicht bezahlt.", "Pay now": "Jetzt bezahlen", "Pay with %s": "Mit %s bezahlen", "Pay with another card": "Mit anderer Karte bezahlen", "Thank you, the payment has arrived.": "Vielen Dank, die Zahlung ist angekommen.", "Keep the plan": "Tarif behalten", "Do not change it": "Nicht ändern",
	"Change the plan": "Tarif ändern", "Cancel the plan": "Tarif kündigen", "You have no plan at the moment.": "Sie haben zurzeit keinen Tarif.",
	"Payment failed": "Zahlung fehlgeschlagen", "Not paid yet": "Noch nicht bezahlt", "Paused": "Ruht", "Canceled": "Gekündigt", "Trial": "Probezeit",

	"Payment methods": "Zahlungsmittel", "Default": "Standard", "Expires %s": "Gültig bis %s", "Make it the default": "Als Standard nehmen", "No payment method is saved.": "Es ist kein Zahlungsmittel gespeichert.",
	"Add a payment method": "Zahlungsmittel hinzufügen", "It pays for your plans from now on.": "Ab jetzt werden Ihre Tarife damit bezahlt.", "Saving …": "Wird gespeichert …", "Save the card": "Karte speichern",
	"Cards are not taken on this page yet. Ask the seller how you can pay.": "Karten werden auf dieser Seite noch nicht angenommen. Fragen Sie den Verkäufer, wie Sie bezahlen können.",
	"One moment":                "Einen Moment",
	"Remove the payment method": "Zahlungsmittel entfernen", "It pays for a plan of yours. Let another payment method pay first.": "Damit wird ein Tarif bezahlt. Lassen Sie zuerst ein anderes Zahlungsmittel bezahlen.",
	"To use it again, you would have to enter it again.": "Um es wieder zu benutzen, müssten Sie es neu eingeben.", "Keep it": "Behalten", "This cannot be removed yet": "Das kann noch nicht entfernt werden",

	"Your details": "Ihre Angaben", "Name": "Name", "E-mail": "E-Mail", "Phone": "Telefon", "Billing address": "Rechnungsadresse", "Shipping address": "Lieferadresse", "Tax ID": "Steuernummer", "Change your details": "Angaben ändern",
	"Add a tax ID": "Steuernummer hinzufügen", "Such as a VAT number. It stands on your invoices.": "Zum Beispiel die USt-IdNr. Sie steht auf Ihren Rechnungen.", "Country": "Land", "Address": "Adresse", "Address, second line": "Adresse, zweite Zeile",
	"Postal code": "Postleitzahl", "City": "Ort", "State or region": "Bundesland oder Region", "Enter an address such as jenny@example.com": "Geben Sie eine Adresse wie jenny@example.com ein",
	"Enter who it is for": "Geben Sie den Namen ein", "Enter the street and the number": "Geben Sie Straße und Hausnummer ein", "This cannot be used": "Das geht so nicht",
	"This is no tax ID of your country. Check the number, and the country of your address": "Das ist keine Steuernummer Ihres Landes. Prüfen Sie die Nummer und das Land Ihrer Adresse",

	"Invoices": "Rechnungen", "View": "Ansehen", "Nothing was billed so far.": "Bisher wurde nichts berechnet.", "More invoices": "Weitere Rechnungen", "The newest invoices": "Die neuesten Rechnungen", "Older invoices": "Ältere Rechnungen",
	"Open": "Offen", "Paid": "Bezahlt", "Not paid": "Nicht bezahlt", "Void": "Storniert",

	"Cancel your plan": "Tarif kündigen", "Stay, and pay %s less": "Bleiben und %s weniger bezahlen", "On your next invoice.": "Auf Ihrer nächsten Rechnung.", "For %d months.": "Für %d Monate.", "For as long as you keep the plan.": "Solange Sie den Tarif behalten.",
	"Stay with the discount": "Mit Rabatt bleiben", "It ends at once. You cannot take that back.": "Er endet sofort. Das lässt sich nicht zurücknehmen.",
	"%s of what you have paid are credited to your account.": "%s von dem, was Sie bezahlt haben, werden Ihnen gutgeschrieben.", "You can use it until %s. Then it ends, and nothing more is billed.": "Sie können ihn bis zum %s nutzen. Dann endet er, und es wird nichts mehr berechnet.",
	"Why do you cancel? (optional)": "Warum kündigen Sie? (freiwillig)", "What could we do better? (optional)": "Was könnten wir besser machen? (freiwillig)",
	"The customer service was not good enough": "Der Kundendienst war nicht gut genug", "The quality was not good enough": "Die Qualität war nicht gut genug", "Something is missing": "Mir fehlt etwas", "Another reason": "Ein anderer Grund",
	"I use something else now": "Ich benutze jetzt etwas anderes", "It is too complicated": "Es ist zu kompliziert", "It costs too much": "Es ist zu teuer", "I do not use it enough": "Ich nutze es zu wenig",

	"Log in": "Anmelden", "Enter the e-mail that you bought with. We mail you a code; there is no password.": "Geben Sie die E-Mail-Adresse ein, mit der Sie gekauft haben. Wir mailen Ihnen einen Code; ein Passwort gibt es nicht.",
	"Mail me a code": "Code mailen", "Enter the code": "Code eingeben", "If a customer has the address %s, a mail with six digits is on its way to it.": "Wenn ein Kunde die Adresse %s hat, ist eine Mail mit sechs Ziffern dorthin unterwegs.",
	"Code": "Code", "It counts for ten minutes.": "Er gilt zehn Minuten.", "No mail?": "Keine Mail?", "Send it again": "Noch einmal senden", "or": "oder", "use another address": "eine andere Adresse nehmen", "One click and you are in.": "Ein Klick und Sie sind drin.",
	"This code is not right, or it was used or is too old": "Dieser Code stimmt nicht, wurde schon benutzt oder ist zu alt", "This link was used, or is too old. Ask for a new one.": "Dieser Link wurde schon benutzt oder ist zu alt. Lassen Sie sich einen neuen schicken.",
	"Several codes were sent to this address. Use the last one, or try again in an hour": "An diese Adresse gingen schon mehrere Codes. Nehmen Sie den letzten oder versuchen Sie es in einer Stunde noch einmal",
	"Too many tries": "Zu viele Versuche", "Wait ten minutes, then try again.": "Warten Sie zehn Minuten und versuchen Sie es dann noch einmal.",

	"Change your plan": "Tarif ändern", "Nothing changes before you have seen what it costs.": "Es ändert sich nichts, bevor Sie gesehen haben, was es kostet.", "Plan": "Tarif", "Your plan": "Ihr Tarif", "each": "je Stück", "Quantity": "Menge",
	"Promotion code (optional)": "Gutscheincode (freiwillig)", "Keep it as it is": "So lassen", "Choose one of these plans": "Wählen Sie einen dieser Tarife", "This is what you have now. Choose something else": "Das haben Sie jetzt. Wählen Sie etwas anderes",
	"Enter a number from %d on": "Geben Sie eine Zahl ab %d ein", "Enter a number from %d to %d": "Geben Sie eine Zahl von %d bis %d ein",
	"This code is not known, or does not count any more": "Diesen Code gibt es nicht, oder er gilt nicht mehr", "This code cannot be used for this plan": "Dieser Code gilt nicht für diesen Tarif",

	"Confirm the change": "Änderung bestätigen", "The change": "Die Änderung", "So far": "Bisher", "From now on": "Ab jetzt", "From %s on": "Ab %s", "Your plan stays as it is until %s. Nothing is billed for the change.": "Ihr Tarif bleibt bis zum %s, wie er ist. Für die Änderung wird nichts berechnet.",
	"Your trial ends with the change.": "Mit der Änderung endet Ihre Probezeit.", "Billed now": "Wird jetzt berechnet", "Nothing is billed now": "Jetzt wird nichts berechnet", "Your next invoice, on %s, will be:": "Ihre nächste Rechnung vom %s:",
	"Discount": "Rabatt", "Tax": "Steuer", "From your balance": "Aus Ihrem Guthaben", "Due now": "Jetzt fällig", "Due then": "Dann fällig", "%s are left over, and pay your next invoices.": "%s bleiben übrig und bezahlen Ihre nächsten Rechnungen.",
	"No payment method is saved: what is due is paid on the next page.": "Es ist kein Zahlungsmittel gespeichert: Was fällig ist, bezahlen Sie auf der nächsten Seite.", "Confirm and pay %s": "Bestätigen und %s bezahlen",
	"This costs something else by now. Look at it again, then confirm.": "Das kostet inzwischen etwas anderes. Sehen Sie es noch einmal an und bestätigen Sie dann.",
}
