package mail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A seller may say in their own words what messages say in ours: the subject, and the paragraphs above the facts and the
// button. Where something of the message is to stand, the text has its name in braces: {amount}. The text stays text: it is
// escaped in HTML as everything is. A paragraph that names something which a message has not is left out of that message.
//
// The texts are in the private part of the account, by what they are and by language.

// Text is a message that can be said in other words.
type Text struct {
	ID, Name string
	When     string   // it is sent
	Names    []string // of what can stand in it, beside {seller}
	standard func(w *words, v func(string) string) Wording
}

// Wording is what is said. Body has paragraphs with empty lines between them.
type Wording struct{ Subject, Heading, Body string }

// keptTexts is the place of the texts in the private part of an account.
const keptTexts = "mail_texts"

const (
	mostSubject = 200
	mostBody    = 5000
)

// TextError says what is wrong with a text, and in which field.
type TextError struct{ Field, Message string }

func (e *TextError) Error() string { return e.Message }

var placeholder = regexp.MustCompile(`\{([^{}\n]*)\}`)

// FindText is the text with an id; nil if there is none.
func FindText(id string) *Text {
	i := slices.IndexFunc(Texts, func(t Text) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return &Texts[i]
}

// Placeholders are the names of what can stand in the text.
func (t *Text) Placeholders() []string { return append(slices.Clone(t.Names), "seller") }

// Standard is our wording in a language, with the places named.
func (t *Text) Standard(language string) Wording {
	return t.standard(languages[language], func(name string) string { return "{" + name + "}" })
}

// Own is the seller's wording in a language; false if it is ours. private is the private part of their account.
func (t *Text) Own(private *object.Object, language string) (Wording, bool) {
	own := private.Object(keptTexts).Object(t.ID).Object(language)
	return Wording{Subject: own.String("subject"), Body: own.String("body")}, own != nil
}

// Check refuses a wording that could not be sent: *TextError.
func (t *Text) Check(w Wording) error {
	switch {
	case strings.TrimSpace(w.Subject) == "":
		return &TextError{"subject", "A message needs a subject."}
	case strings.ContainsFunc(w.Subject, unicode.IsControl):
		return &TextError{"subject", "The subject is one line."}
	case len(w.Subject) > mostSubject:
		return &TextError{"subject", fmt.Sprintf("The subject has %d bytes, and may have %d.", len(w.Subject), mostSubject)}
	case strings.TrimSpace(w.Body) == "":
		return &TextError{"body", "A message needs a text."}
	case len(w.Body) > mostBody:
		return &TextError{"body", fmt.Sprintf("The text has %d bytes, and may have %d.", len(w.Body), mostBody)}
	}
	for _, part := range []struct{ field, text string }{{"subject", w.Subject}, {"body", w.Body}} {
		if err := t.checkPlaces(part.text); err != "" {
			return &TextError{part.field, err}
		}
	}
	return nil
}

// checkPlaces says what is wrong with the braces of a text; empty if nothing is.
func (t *Text) checkPlaces(text string) string {
	known := t.Placeholders()
	for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(known, found[1]) {
			return fmt.Sprintf("There is no %s in this message. Use {%s}.", found[0], strings.Join(known, "}, {"))
		}
	}
	if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}") {
		return "A brace stands alone. Braces go around names: {" + known[0] + "}."
	}
	return ""
}

// Keep writes down a wording of the account that an operation is in; nil takes it back to ours. It is checked before.
func (t *Text) Keep(op *resource.Op, language string, w *Wording) error {
	if w != nil {
		if err := t.Check(*w); err != nil {
			return err
		}
	}
	return brand.Note(op, func(private *object.Object) {
		text := private.Sub(keptTexts).Sub(t.ID)
		if w == nil {
			text.Delete(language)
			return
		}
		text.Set(language, object.Of("subject", strings.TrimSpace(w.Subject), "body", strings.TrimSpace(strings.ReplaceAll(w.Body, "\r\n", "\n"))))
	})
}

// fill puts values in their places; false if one of them is empty.
func fill(text string, values map[string]string) (string, bool) {
	whole := true
	filled := placeholder.ReplaceAllStringFunc(text, func(place string) string {
		value := values[place[1:len(place)-1]]
		whole = whole && value != ""
		return value
	})
	return filled, whole
}

var emptyLines = regexp.MustCompile(`\n[ \t]*\n\s*`)

// reword says what the seller has to say in their own words.
func (msg *message) reword() {
	l := &msg.letter
	own := l.Seller.texts.Object(msg.says).Object(l.Words.Tag)
	if own == nil {
		return
	}
	if msg.values == nil {
		msg.values = map[string]string{}
	}
	if msg.values["seller"] == "" {
		msg.values["seller"] = l.Seller.Name
	}
	if subject, _ := fill(own.String("subject"), msg.values); oneLine(subject) != "" {
		l.Subject = oneLine(subject)
	}
	l.Text = nil
	for _, part := range emptyLines.Split(own.String("body"), -1) {
		if text, whole := fill(part, msg.values); whole && strings.TrimSpace(text) != "" {
			l.Text = append(l.Text, text)
		}
	}
}

// with names a value for the seller's own words.
func (msg *message) with(pairs ...string) {
	if msg.values == nil {
		msg.values = map[string]string{}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		msg.values[pairs[i]] = pairs[i+1]
	}
}

// Languages are those that messages are written in, English first.
func Languages() []string { return []string{english.Tag, german.Tag} }
