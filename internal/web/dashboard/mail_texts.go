package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"sharesmart/internal/mail"
	"sharesmart/internal/people"
	"sharesmart/internal/resource"
)

func init() {
	register(Page{Pattern: "GET /mail-texts", Role: people.Viewer, Handler: listTexts})
	register(Page{Pattern: "GET /mail-texts/{text}", Role: people.Viewer, Handler: showText})
	register(Page{Pattern: "GET /mail-texts/{text}/preview", Role: people.Viewer, Framed: true, Handler: previewText})
	register(Page{Pattern: "POST /mail-texts/{text}", Role: people.Developer, Handler: changeText})
}

// languageNames are the languages of messages, as they call themselves.
var languageNames = map[string]string{"en": "English", "de": "Deutsch"}

// textRow is a message in the list, with the languages that have a text of the seller’s own.
type textRow struct {
	mail.Text
	Own []string
}

func listTexts(v *Visit) error {
	private, err := v.survey().SelfPrivate()
	if err != nil {
		return err
	}
	var rows []textRow
	for _, t := range mail.Texts {
		row := textRow{Text: t}
		for _, language := range mail.Languages() {
			if _, own := t.Own(private, language); own {
				row.Own = append(row.Own, languageNames[language])
			}
		}
		rows = append(rows, row)
	}
	return v.Show("mail_texts", "Mail texts", rows)
}

// textView is one message in a language.
type textView struct {
	*mail.Text
	mail.Wording
	Language  string
	Languages []choice
	Own       bool
	Standard  mail.Wording
	Preview   string // the address of the frame
	To        string // who gets the test
}

func (v *Visit) language() string {
	if asked := v.Query("lang"); slices.Contains(mail.Languages(), asked) {
		return asked
	}
	return mail.Languages()[0]
}

func showText(v *Visit) error { return v.showText(http.StatusOK, nil, nil) }

var textDone = map[string]string{"saved": "Saved. Messages use it from now on.", "standard": "Back to the standard text.", "sent": "The test is on its way to you.", "held": "The test was written. This server sends no mail, so it stays in the outbox."}

// showText shows the page of a message; with a wording that was not kept, what is wrong with it.
func (v *Visit) showText(status int, typed *mail.Wording, faults map[string]string) error {
	t := mail.FindText(v.R.PathValue("text"))
	if t == nil {
		return notFound(v)
	}
	private, err := v.survey().SelfPrivate()
	if err != nil {
		return err
	}
	data := &textView{Text: t, Language: v.language()}
	data.Standard = t.Standard(data.Language)
	if data.Wording, data.Own = t.Own(private, data.Language); !data.Own {
		data.Wording = data.Standard
	}
	path := v.Path("/mail-texts/" + t.ID)
	asked := url.Values{"lang": {data.Language}}
	if v.R.Method == http.MethodGet && v.R.Form.Has("subject") {
		typed = &mail.Wording{Subject: v.R.Form.Get("subject"), Body: v.R.Form.Get("body")}
		faults = textFaults(t.Check(*typed))
	}
	if typed != nil {
		data.Wording = *typed
	}
	if typed != nil && faults == nil {
		asked.Set("subject", typed.Subject)
		asked.Set("body", typed.Body)
	}
	data.Preview = path + "/preview?" + asked.Encode()
	for _, language := range mail.Languages() {
		data.Languages = append(data.Languages, choice{languageNames[language], path + "?lang=" + language, language == data.Language})
	}
	if v.Person != nil {
		data.To = v.Person.Email
	}
	v.frames()
	return v.Render(status, "mail_text", &View{Title: t.Name, Data: data, Faults: faults, Good: textDone[v.R.URL.Query().Get("done")]})
}

// textFaults says what is wrong with a wording, by field; nil if nothing is.
func textFaults(err error) map[string]string {
	var wrong *mail.TextError
	if !errors.As(err, &wrong) {
		return nil
	}
	return map[string]string{wrong.Field: wrong.Message}
}

func previewText(v *Visit) error {
	t := mail.FindText(v.R.PathValue("text"))
	if t == nil {
		return notFound(v)
	}
	b, err := v.brand()
	if err != nil {
		return err
	}
	private, err := v.survey().SelfPrivate()
	if err != nil {
		return err
	}
	language := v.language()
	var own *mail.Wording
	if v.R.Form.Has("subject") {
		own = &mail.Wording{Subject: v.R.Form.Get("subject"), Body: v.R.Form.Get("body")}
		if t.Check(*own) != nil {
			own = nil
		}
	}
	_, html, _, err := mail.Sample(b, private, t, language, own)
	return v.framed([]byte(html), err)
}

// changeText keeps a wording, takes it back to ours, or sends it to whoever is signed in.
func changeText(v *Visit) error {
	t := mail.FindText(v.R.PathValue("text"))
	if t == nil {
		return notFound(v)
	}
	language := v.language()
	w := &mail.Wording{Subject: v.R.PostForm.Get("subject"), Body: v.R.PostForm.Get("body")}
	did := v.R.PostForm.Get("do")
	if did == "" {
		did = "saved"
	}
	if did != "standard" {
		if faults := textFaults(t.Check(*w)); faults != nil {
			return v.showText(http.StatusUnprocessableEntity, w, faults)
		}
	}
	_, err := v.Engine.Call(v.R.Context(), v.Namespace, func(op *resource.Op) error {
		switch did {
		case "test":
			return v.sendTest(op, t, language, w, &did)
		case "standard":
			w = nil
		}
		return t.Keep(op, language, w)
	})
	if err != nil {
		return err
	}
	return v.Lead(v.Path("/mail-texts/" + t.ID + "?lang=" + language + "&done=" + did))
}

func (v *Visit) sendTest(op *resource.Op, t *mail.Text, language string, w *mail.Wording, did *string) error {
	if v.Mail == nil || v.Person == nil {
		return people.ErrNotFound
	}
	sent, err := mail.SendSample(v.Mail, op, t, language, v.Person.Email, w)
	if *did = "held"; err == nil && sent.String("status") == "queued" {
		*did = "sent"
	}
	return err
}
