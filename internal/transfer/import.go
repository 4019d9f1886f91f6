package transfer

import (
	"context"
	"encoding/json"
	"errors"
)

// imported are the kinds that are carried over, in the order in which they need each other.
var imported = []struct{ kind, path, below string }{
	{"product", "/v1/products", ""},
	{"price", "/v1/prices?expand[]=data.tiers", ""},
	{"coupon", "/v1/coupons", ""},
	{"customer", "/v1/customers", "/payment_methods?type=card"},
	{"subscription", "/v1/subscriptions", ""},
}

// batch is how many objects are written at once.
const batch = 25

// Outcome is what became of objects that were handed over: how many are new, how many were there already, and for those
// that could not come, why.
type Outcome struct {
	Made    int               `json:"made"`
	Known   int               `json:"known"`
	Refused map[string]string `json:"refused,omitempty"`
}

func (o *Outcome) add(more Outcome) {
	o.Made += more.Made
	o.Known += more.Known
	for id, why := range more.Refused {
		if o.Refused == nil {
			o.Refused = map[string]string{}
		}
		o.Refused[id] = why
	}
}

// Import reads what is sold and to whom, and hands it to put in batches of one kind. What is there already is left as it is,
// so a run that was interrupted is run again. told hears how far it is after each batch.
func (s *Source) Import(ctx context.Context, put func(kind string, docs []json.RawMessage) (Outcome, error), told func(kind string, o Outcome)) error {
	for _, k := range imported {
		var methods []json.RawMessage
		p := &pile{kind: k.kind, put: put, told: told}
		below := &pile{kind: "payment_method", put: put, told: told}
		err := s.Each(ctx, k.path, func(doc json.RawMessage) error {
			if err := p.add(doc); err != nil || k.below == "" {
				return err
			}
			var o struct{ ID string }
			if err := json.Unmarshal(doc, &o); err != nil {
				return err
			}
			return s.Each(ctx, k.path+"/"+o.ID+k.below, func(doc json.RawMessage) error {
				methods = append(methods, doc)
				return nil
			})
		})
		if err = errors.Join(err, p.flush()); err != nil {
			return err
		}
		for _, doc := range methods { // after their customers
			if err := below.add(doc); err != nil {
				return err
			}
		}
		if err := below.flush(); err != nil {
			return err
		}
	}
	return nil
}

// pile collects objects of a kind.
type pile struct {
	kind string
	docs []json.RawMessage
	so   Outcome
	put  func(kind string, docs []json.RawMessage) (Outcome, error)
	told func(kind string, o Outcome)
}

func (p *pile) add(doc json.RawMessage) error {
	if p.docs = append(p.docs, doc); len(p.docs) < batch {
		return nil
	}
	return p.flush()
}

func (p *pile) flush() error {
	if len(p.docs) == 0 {
		return nil
	}
	got, err := p.put(p.kind, p.docs)
	if err != nil {
		return err
	}
	p.docs = nil
	p.so.add(got)
	p.told(p.kind, p.so)
	return nil
}
