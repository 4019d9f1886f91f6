// Package view writes values of objects as pages show them: cells of tables, JSON with links, and what differs between two
// versions.
package view

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/dashboard/explorer"
)

// Links makes the addresses of objects.
type Links struct {
	// Base is what the addresses of an account's pages in its mode begin with: "/dashboard/test".
	Base string
	// KindOf tells what an id is of, from how it begins; empty if it cannot.
	KindOf func(id string) string
}

// Object is where an object is shown; empty if its kind is unknown.
func (l Links) Object(kind, id string) string {
	switch {
	case id == "" || kind == "":
		return ""
	case kind == "event":
		return l.Base + "/events/" + url.PathEscape(id)
	case kind == "test_helpers.test_clock":
		return l.Base + "/clocks/" + url.PathEscape(id)
	}
	return l.Base + "/objects/" + url.PathEscape(kind) + "/" + url.PathEscape(id)
}

// ID is where the object with an id is shown, as far as the id tells.
func (l Links) ID(id string) string {
	if strings.HasPrefix(id, "req_") {
		return l.Base + "/logs/" + url.PathEscape(id)
	}
	if len(id) > 80 || !strings.Contains(id, "_") || strings.Contains(id, "_secret_") {
		return ""
	}
	return l.Object(l.KindOf(id), id)
}

// Cell is a value in a table or beside its name.
type Cell struct {
	Text string
	Href string
	Tone string // of a badge: good, warn, bad, info, quiet; empty for no badge
	Code bool   // it is an id
	At   *Moment
	// End says that it is a number, which stands at the right.
	End bool
}

// Empty reports whether there is nothing to show.
func (c Cell) Empty() bool { return c.Text == "" && c.At == nil }

// Moment is a time as it is shown, in UTC.
type Moment struct{ time.Time }

// At makes a moment of unix seconds; nil of 0.
func At(unix int64) *Moment {
	if unix == 0 {
		return nil
	}
	return &Moment{time.Unix(unix, 0).UTC()}
}

// Stamp is the time for machines.
func (m Moment) Stamp() string { return m.Format(time.RFC3339) }

// Short is the time in a list: "30 Nov 2026, 09:41".
func (m Moment) Short() string { return m.Format("2 Jan 2006, 15:04") }

// Day is the day alone: "30 Nov 2026".
func (m Moment) Day() string { return m.Format("2 Jan 2006") }

// Exact is the time with all that is known of it.
func (m Moment) Exact() string { return m.Format("2 January 2006, 15:04:05 UTC") }

// Cell shows a field of an object.
func (l Links) Cell(o *object.Object, c explorer.Column) Cell {
	v := o.Get(c.Name)
	if v == nil {
		return Cell{End: c.Look == explorer.Money || c.Look == explorer.Number}
	}
	switch c.Look {
	case explorer.Money:
		return Cell{Text: Money(o.Int(c.Name), o.String("currency")), End: true}
	case explorer.Number:
		return Cell{Text: Scalar(v), End: true}
	case explorer.Status:
		text := Scalar(v)
		return Cell{Text: explorer.Label(text), Tone: Tone(text)}
	case explorer.Flag:
		return Cell{Text: map[bool]string{true: "Yes", false: "No"}[o.Bool(c.Name)]}
	case explorer.Time:
		return Cell{At: At(o.Int(c.Name))}
	case explorer.Reference:
		return l.reference(o, c.Name)
	}
	if text, ok := v.(string); ok && isChoice(o.Schema(), c.Name) {
		return Cell{Text: explorer.Label(text)}
	}
	return Cell{Text: Scalar(v)}
}

// isChoice reports whether a field has one of a few words.
func isChoice(s *spec.Schema, name string) bool {
	if s == nil || s.Prop(name) == nil {
		return false
	}
	return len(s.Prop(name).Schema().Concrete().Enum) > 0
}

// reference shows the id in a field, which a link leads from if it can be told what it is of.
func (l Links) reference(o *object.Object, name string) Cell {
	id := o.Ref(name)
	href := l.ID(id)
	if href == "" && id != "" {
		if s := o.Schema(); s != nil && s.Prop(name) != nil {
			for _, target := range s.Prop(name).Schema().Expansion() {
				if target.Resource != "" && !strings.HasPrefix(target.Name, "deleted_") {
					href = l.Object(target.Name, id)
					break
				}
			}
		}
		if href == "" && spec.Component(name) != nil && spec.Component(name).Resource != "" {
			href = l.Object(name, id)
		}
	}
	return Cell{Text: id, Href: href, Code: true}
}

// Money writes an amount with its currency in capitals: "$12.00 USD".
func Money(amount int64, currency string) string {
	if currency == "" {
		return strconv.FormatInt(amount, 10)
	}
	text := money.FormatCode(amount, currency)
	return strings.TrimSuffix(text, currency) + strings.ToUpper(currency)
}

// Scalar is a value in a line of text.
func Scalar(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return strings.Join(strings.Fields(string(object.AppendValue(nil, v, 0))), " ")
}

// tones are what statuses mean, by the word. What is not here says neither good nor bad.
var tones = map[string]string{}

func init() {
	for tone, words := range map[string]string{
		"good": "succeeded paid active complete completed available verified ready enabled approved accepted won sent delivered fulfilled posted captured finalized " +
			"processed issued true shipped",
		"info": "open trialing processing in_transit pending in_progress advancing submitted requested scheduled not_started in_review initiated created queued closed_loop",
		"warn": "past_due requires_action requires_capture requires_confirmation requires_payment_method requires_source requires_source_action incomplete " +
			"warning_needs_response warning_under_review needs_response under_review partially_funded paused unverified overdue requires_authorization requires_input",
		"bad": "failed uncollectible unpaid blocked lost incomplete_expired internal_failure rejected declined errored disputed undeliverable restricted",
	} {
		for word := range strings.FieldsSeq(words) {
			tones[word] = tone
		}
	}
}

// Tone is the meaning of a status.
func Tone(status string) string {
	if tone := tones[status]; tone != "" {
		return tone
	}
	return "quiet"
}
