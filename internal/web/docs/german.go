package docs

import "sharesmart/internal/web/ui"

// german are the texts around the sections in German. The sections themselves are in English.
var german = ui.Texts{
	"(optional)":    "(freiwillig)",
	"Contents":      "Inhalt",
	"Documentation": "Dokumentation",
	"Error":         "Fehler",
	"Next":          "Weiter",
	"Next to this":  "Benachbarte Abschnitte",
	"No":            "Nein",
	"Open the page again and send it once more.": "Öffnen Sie die Seite erneut und senden Sie es noch einmal.",
	"Previous":                           "Zurück",
	"Response":                           "Antwort",
	"Sample in %s":                       "Beispiel in %s",
	"Samples":                            "Beispiele",
	"Send":                               "Senden",
	"Take it back":                       "Zurücknehmen",
	"Thanks. It was helpful to you.":     "Danke. Es hat Ihnen geholfen.",
	"Thanks. It was not helpful to you.": "Danke. Es hat Ihnen nicht geholfen.",
	"That was a lot at once":             "Das war viel auf einmal",
	"The address is not complete, or what was here is gone.":            "Die Adresse ist nicht vollständig, oder was hier war, ist fort.",
	"The fault is ours and nothing was changed. Try again in a moment.": "Der Fehler liegt bei uns, und nichts wurde geändert. Versuchen Sie es gleich noch einmal.",
	"There is nothing here":                         "Hier ist nichts",
	"This did not work":                             "Das hat nicht geklappt",
	"This form did not come from here":              "Dieses Formular kam nicht von hier",
	"This is too long. Say it in 1,000 characters.": "Das ist zu lang. Sagen Sie es in 1.000 Zeichen.",
	"To the start of the documentation":             "Zum Anfang der Dokumentation",
	"Wait some minutes, then say it again.":         "Warten Sie einige Minuten und sagen Sie es dann noch einmal.",
	"Was this section helpful?":                     "War dieser Abschnitt hilfreich?",
	"What did you look for?":                        "Was haben Sie gesucht?",
	"What helped?":                                  "Was hat geholfen?",
	"Yes":                                           "Ja",
}
