package transfer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

// part is what belongs to an object and is listed elsewhere: it is sent along with the object in a field.
type part struct {
	field string
	// path is where it is listed, with %s for the object's id; wanted whether there is any, by what the object says of itself.
	path   string
	wanted func(o *summary) bool
	// paths, in the place of both, are where several lists of it are.
	paths func(o *summary, now int64) []string
	// parts belong to each of the part's objects in turn.
	parts []part
}

// summary is what of an object says what has to be read besides.
type summary struct {
	ID       string
	Status   string
	Refunds  json.RawMessage // a list of a charge's, an array of a credit note's
	Noted    int64           `json:"post_payment_credit_notes_amount"`
	Lowered  int64           `json:"pre_payment_credit_notes_amount"`
	Customer string
	Schedule string
	Items    struct {
		Data []struct {
			Begun int64 `json:"current_period_start"`
			Price struct{ Recurring struct{ Meter string } }
		}
	}
	Lines struct {
		HasMore bool `json:"has_more"`
	}
}

// kind is one that is carried over.
type kind struct {
	name, path string
	below      string // of what is listed below each object, and comes as objects of the kind belowKind
	belowKind  string
	parts      []part
}

// imported are the kinds that are carried over, in the order in which they need each other. The names of the fields are
// package billing's.
var imported = []kind{
	{name: "product", path: "/v1/products"},
	{name: "billing.meter", path: "/v1/billing/meters"},
	{name: "price", path: "/v1/prices?expand[]=data.tiers&expand[]=data.currency_options"},
	{name: "coupon", path: "/v1/coupons?expand[]=data.applies_to&expand[]=data.currency_options"},
	{name: "tax_rate", path: "/v1/tax_rates"},
	{name: "customer", path: "/v1/customers", below: "/payment_methods?type=card", belowKind: "payment_method", parts: []part{
		{field: "imported_balance", path: "/v1/customers/%s/balance_transactions", wanted: func(*summary) bool { return true }},
	}},
	{name: "promotion_code", path: "/v1/promotion_codes?expand[]=data.restrictions.currency_options"},
	{name: "charge", path: "/v1/charges?expand[]=data.balance_transaction&expand[]=data.refunds", parts: []part{{
		field: "imported_refunds", path: "/v1/refunds?charge=%s&expand[]=data.balance_transaction&expand[]=data.failure_balance_transaction",
		wanted: hasRefunds,
	}}},
	{name: "balance_transaction", path: "/v1/balance_transactions?expand[]=data.source"},
	{name: "payment_intent", path: "/v1/payment_intents?expand[]=data.latest_charge"},
	{name: "dispute", path: "/v1/disputes"},
	{name: "payout", path: "/v1/payouts"},
	{name: "invoice", path: "/v1/invoices?expand[]=data.payments", parts: []part{moreLines("/v1/invoices/%s/lines"), {
		field: "imported_notes", path: "/v1/credit_notes?invoice=%s", wanted: func(o *summary) bool { return o.Noted+o.Lowered > 0 },
		parts: []part{moreLines("/v1/credit_notes/%s/lines")},
	}, {
		field: "imported_items", path: "/v1/invoiceitems?invoice=%s", wanted: func(o *summary) bool { return o.Status == "draft" },
	}}},
	{name: "subscription", path: "/v1/subscriptions?expand[]=data.discounts", parts: []part{{field: "imported_usage", paths: usagePaths}, {field: "imported_schedules", paths: schedulePaths}}},
	{name: "subscription_schedule", path: "/v1/subscription_schedules?scheduled=true"},
	{name: "invoiceitem", path: "/v1/invoiceitems?pending=true"}, // last, for a subscription that begins would bill them
}

// hasRefunds reports whether a charge shows any.
func hasRefunds(o *summary) bool {
	var list struct{ Data []json.RawMessage }
	return json.Unmarshal(o.Refunds, &list) == nil && len(list.Data) > 0
}

// minute is what the times are multiples of between which use is summed up.
const minute = 60

// usagePaths are where it says what a subscription's customer has used since its periods began, by meter.
func usagePaths(o *summary, now int64) (paths []string) {
	for _, item := range o.Items.Data {
		if meter := item.Price.Recurring.Meter; meter != "" {
			from, until := item.Begun-item.Begun%minute, now-now%minute
			if from < until {
				paths = append(paths, fmt.Sprintf("/v1/billing/meters/%s/event_summaries?customer=%s&start_time=%d&end_time=%d", meter, o.Customer, from, until))
			}
		}
	}
	return paths
}

// schedulePaths are where the schedule of a subscription is: with the others of its customer.
func schedulePaths(o *summary, _ int64) []string {
	if o.Schedule == "" {
		return nil
	}
	return []string{"/v1/subscription_schedules?customer=" + o.Customer}
}

// listed are where a part of an object is listed.
func (p *part) listed(o *summary, now int64) []string {
	switch {
	case p.paths != nil:
		return p.paths(o, now)
	case p.wanted(o):
		return []string{fmt.Sprintf(p.path, o.ID)}
	}
	return nil
}

// moreLines are those that a document has beyond the ones that it shows.
func moreLines(path string) part {
	return part{field: "imported_lines", path: path, wanted: func(o *summary) bool { return o.Lines.HasMore }}
}

// batch is how many objects are written at once, and mostBytes how much they may be then.
const (
	batch     = 25
	mostBytes = 4 << 20
)

// Outcome is what became of objects that were handed over: how many are new, how many were there already, for those that
// could not come, why, and for some that came, what is to be done about them where they come from.
type Outcome struct {
	Made    int               `json:"made"`
	Known   int               `json:"known"`
	Refused map[string]string `json:"refused,omitempty"`
	Noted   map[string]string `json:"noted,omitempty"`
}

func (o *Outcome) add(more Outcome) {
	o.Made += more.Made
	o.Known += more.Known
	o.Refused = joined(o.Refused, more.Refused)
	o.Noted = joined(o.Noted, more.Noted)
}

// joined is a map with what another has; nil if neither has anything.
func joined(to, more map[string]string) map[string]string {
	if to == nil && len(more) > 0 {
		to = map[string]string{}
	}
	maps.Copy(to, more)
	return to
}

// Target is where an import goes.
type Target struct {
	// Known are those of some ids that are there already; where it says true nothing more is read. It may be nil.
	Known func(kind string, ids []string) (map[string]bool, error)
	// Put takes a batch of objects of one kind.
	Put func(kind string, docs []json.RawMessage) (Outcome, error)
	// Told hears how far it is after each batch.
	Told func(kind string, o Outcome)
}

// Import reads an account, and hands what there is to a target in batches of one kind. What is there already is left as it
// is, so a run that was interrupted is run again, and a later run takes what is new.
func (s *Source) Import(ctx context.Context, to Target) error {
	for _, k := range imported {
		var below []json.RawMessage
		p := &pile{source: s, kind: k, to: to}
		err := s.Each(ctx, k.path, func(doc json.RawMessage) error {
			if k.belowKind != "" {
				found, err := s.below(ctx, k, doc)
				if err != nil {
					return err
				}
				below = append(below, found...)
			}
			return p.add(ctx, doc)
		})
		if err = errors.Join(err, p.flush(ctx)); err != nil {
			return err
		}
		under := &pile{source: s, kind: kind{name: k.belowKind}, to: to}
		for _, doc := range below { // after what they belong to
			if err := under.add(ctx, doc); err != nil {
				return err
			}
		}
		if err := under.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// below reads what is listed below an object.
func (s *Source) below(ctx context.Context, k kind, doc json.RawMessage) (all []json.RawMessage, err error) {
	var o summary
	if err := json.Unmarshal(doc, &o); err != nil {
		return nil, err
	}
	err = s.Each(ctx, "/v1/customers/"+o.ID+k.below, func(doc json.RawMessage) error {
		all = append(all, doc)
		return nil
	})
	return all, err
}

// whole is an object with its parts.
func (s *Source) whole(ctx context.Context, doc json.RawMessage, parts []part) (json.RawMessage, error) {
	var o summary
	if err := json.Unmarshal(doc, &o); err != nil {
		return nil, err
	}
	for _, p := range parts {
		var list []json.RawMessage
		for _, path := range p.listed(&o, s.Clock.Now().Unix()) {
			err := s.Each(ctx, path, func(doc json.RawMessage) error {
				doc, err := s.whole(ctx, doc, p.parts)
				list = append(list, doc)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		var err error
		if doc, err = with(doc, p.field, list); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

// with is a document with a field more, the others in their order.
func with(doc json.RawMessage, field string, list []json.RawMessage) (json.RawMessage, error) {
	if len(list) == 0 {
		return doc, nil
	}
	value, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	open := bytes.TrimRight(doc, " \t\r\n")
	return fmt.Appendf(nil, "%s,%q:%s}", bytes.TrimSuffix(open, []byte("}")), field, value), nil
}

// pile collects objects of a kind.
type pile struct {
	source *Source
	kind   kind
	docs   []json.RawMessage
	so     Outcome
	to     Target
}

func (p *pile) add(ctx context.Context, doc json.RawMessage) error {
	if p.docs = append(p.docs, doc); len(p.docs) < batch {
		return nil
	}
	return p.flush(ctx)
}

func (p *pile) flush(ctx context.Context) error {
	if len(p.docs) == 0 {
		return nil
	}
	fresh, err := p.fresh(ctx)
	if err != nil {
		return err
	}
	p.so.Known += len(p.docs) - len(fresh)
	p.docs = nil
	for len(fresh) > 0 {
		n := few(fresh)
		got, err := p.to.Put(p.kind.name, fresh[:n])
		if err != nil {
			return err
		}
		p.so.add(got)
		fresh = fresh[n:]
	}
	p.to.Told(p.kind.name, p.so)
	return nil
}

// few is how many of some objects are handed over at once: as many as are no more than mostBytes together, and one at least.
func few(docs []json.RawMessage) (n int) {
	size := len(docs[0])
	for n = 1; n < len(docs) && size+len(docs[n]) <= mostBytes; n++ {
		size += len(docs[n])
	}
	return n
}

// fresh are the objects that are not there yet, with their parts.
func (p *pile) fresh(ctx context.Context) (docs []json.RawMessage, err error) {
	ids := make([]string, len(p.docs))
	for i, doc := range p.docs {
		var o summary
		if err := json.Unmarshal(doc, &o); err != nil {
			return nil, err
		}
		ids[i] = o.ID
	}
	known := map[string]bool{}
	if p.to.Known != nil {
		if known, err = p.to.Known(p.kind.name, ids); err != nil {
			return nil, err
		}
	}
	for i, doc := range p.docs {
		if known[ids[i]] {
			continue
		}
		if doc, err = p.source.whole(ctx, doc, p.kind.parts); err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return docs, nil
}
