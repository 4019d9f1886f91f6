package explorer

import (
	"slices"
	"strings"

	"sharesmart/internal/spec"
)

// Look is how a value is shown.
type Look uint8

// The looks.
const (
	Text Look = iota
	Money
	Status
	Flag
	Time
	Reference // the id of another object
	Number
)

// Column is a field of an object as a list shows it.
type Column struct {
	Name  string // of the field
	Label string
	Look  Look
}

// What a list shows is chosen by what fields are called: first what names the object, then money, then where it stands, then
// to whom it belongs, then when it was made. Of each group the first fields that a kind has are taken.
var groups = []struct {
	most  int
	names []string
}{
	{2, []string{"name", "number", "email", "title", "display_name", "nickname", "description", "display_nickname", "code", "lookup_key", "url", "domain_name",
		"filename", "subject", "event_name", "slug", "path", "to", "label", "business_name", "merchant_amount", "host"}},
	{1, []string{"total", "amount", "amount_total", "unit_amount", "amount_due", "merchant_amount", "net", "percent_off", "percentage", "price", "value"}},
	{1, []string{"status", "state", "active", "enabled", "valid", "actionable", "paid", "verified", "subscription_status"}},
	{1, []string{"type", "kind", "reason", "duration", "interval", "purpose", "collection_method", "object_name", "mode", "cadence"}},
	{2, []string{"customer", "product", "subscription", "invoice", "payment_intent", "charge", "cardholder", "card", "account", "member", "extension", "destination",
		"financial_account", "order", "authorization", "frozen_time", "deletes_after", "value_list"}},
	{1, []string{"created", "created_at", "start_date", "date"}},
}

// leastColumns is how many columns a list has, if the kind has so many fields.
const leastColumns = 4

// ColumnsOf are the columns of a list of a kind.
func ColumnsOf(kind string) []Column { return columnsOf(spec.Component(kind)) }

func columnsOf(s *spec.Schema) []Column {
	var out []Column
	for _, g := range groups {
		taken := 0
		for _, name := range g.names {
			if p := s.Prop(name); p != nil && taken < g.most && isShown(p) {
				out = append(out, columnOf(s, p))
				taken++
			}
		}
	}
	for i := range s.Props {
		if len(out) >= leastColumns {
			break
		}
		p := &s.Props[i]
		known := slices.ContainsFunc(out, func(c Column) bool { return c.Name == p.Name })
		if !known && p.Required && isShown(p) && p.Name != "currency" {
			out = append(out, columnOf(s, p))
		}
	}
	return out
}

// unshown are fields that all objects have, or that say nothing in a list.
var unshown = []string{"id", "object", "livemode", "metadata", "client_secret", "secret"}

// isShown reports whether a field fits into a cell.
func isShown(p *spec.Prop) bool {
	if slices.Contains(unshown, p.Name) {
		return false
	}
	s := plain(p.Schema())
	return s.CanExpand() || p.Schema().CanExpand() || s.Kind == spec.String || s.Kind == spec.Integer || s.Kind == spec.Number || s.Kind == spec.Boolean
}

// plain is the shape of a field without what it may be expanded to.
func plain(s *spec.Schema) *spec.Schema {
	for _, alt := range s.AnyOf() {
		if alt.Kind == spec.String || alt.Kind == spec.Integer || alt.Kind == spec.Number || alt.Kind == spec.Boolean {
			return alt
		}
	}
	return s
}

func columnOf(s *spec.Schema, p *spec.Prop) Column {
	return Column{Name: p.Name, Label: Label(p.Name), Look: LookOf(s, p.Name)}
}

// LookOf is how a field of a kind is shown.
func LookOf(of *spec.Schema, name string) Look {
	p := of.Prop(name)
	if p == nil {
		return Text
	}
	s := plain(p.Schema())
	switch {
	case p.Schema().CanExpand():
		return Reference
	case s.Format == spec.UnixTime, s.Kind == spec.Integer && (name == "created" || strings.HasSuffix(name, "_at")):
		return Time
	case s.Kind == spec.Boolean:
		return Flag
	case s.Kind == spec.Integer && of.Prop("currency") != nil && isMoney(name):
		return Money
	case s.Kind == spec.Integer || s.Kind == spec.Number:
		return Number
	case name == "status" || name == "state":
		return Status
	case spec.Component(name) != nil && spec.Component(name).Resource != "":
		return Reference
	}
	return Text
}

// isMoney reports whether a number is an amount in the object's currency.
func isMoney(name string) bool {
	for _, word := range []string{"amount", "total", "balance", "net", "fee", "tax"} {
		for part := range strings.SplitSeq(name, "_") {
			if part == word || part == word+"s" {
				return !strings.HasSuffix(name, "_count") && !strings.HasSuffix(name, "_number")
			}
		}
	}
	return false
}

// Fields are the names of a kind's fields that fit into a cell, the id first, for exports.
func Fields(kind string) []string {
	s := spec.Component(kind)
	names := []string{"id"}
	for i := range s.Props {
		if p := &s.Props[i]; isShown(p) {
			names = append(names, p.Name)
		}
	}
	return names
}
