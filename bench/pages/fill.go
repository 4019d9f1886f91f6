package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/clock"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

const putsAtOnce = 2000

// fill makes one member by way of the API, and copies what came of it under other ids.
func (w *world) fill(ctx context.Context, members, requests int) error {
	began := clock.Wall{}.Now()
	proto, err := w.prototype(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("a member is %d documents\n", len(proto.docs))
	if err := w.copyMembers(ctx, proto, members); err != nil {
		return err
	}
	fmt.Printf("%d documents after %s\n", members*len(proto.docs), clock.Wall{}.Now().Sub(began).Round(time.Second))
	keys, err := w.keys()
	if err != nil {
		return err
	}
	w.logRequests(proto, keys, requests, members)
	fmt.Printf("%d requests after %s\n", requests, clock.Wall{}.Now().Sub(began).Round(time.Second))
	return nil
}

// prototype is a member and the ids of what they have.
type prototype struct {
	docs []store.Doc
	ids  []string
}

// prototype makes what a member has, and reads it from the store.
func (w *world) prototype(ctx context.Context) (*prototype, error) {
	do := func(operation string, pairs ...string) (string, error) {
		form := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		o, err := w.engine.Do(ctx, w.ns, operation, form)
		return o.ID(), err
	}
	price, err := do("POST /v1/prices", "currency", "usd", "unit_amount", "500", "recurring[interval]", "month", "product_data[name]", "Pro")
	if err != nil {
		return nil, err
	}
	before, err := w.everything()
	if err != nil {
		return nil, err
	}
	customer, err := do("POST /v1/customers", "name", "Jenny Rosen", "email", "jenny.rosen@example.com", "payment_method", "pm_card_visa", "invoice_settings[default_payment_method]", "pm_card_visa")
	if err != nil {
		return nil, err
	}
	if _, err := do("POST /v1/subscriptions", "customer", customer, "items[0][price]", price); err != nil {
		return nil, err
	}
	after, err := w.everything()
	if err != nil {
		return nil, err
	}
	p := &prototype{}
	for id, d := range after {
		if _, was := before[id]; !was {
			p.docs = append(p.docs, d)
			p.ids = append(p.ids, id)
		}
	}
	return p, nil
}

// everything is what there is, by id.
func (w *world) everything() (map[string]store.Doc, error) {
	all := map[string]store.Doc{}
	for _, kind := range spec.Resources() {
		page, err := w.store.List(store.Query{NS: w.ns.NS, Kind: kind, Limit: 1000})
		if err != nil {
			return nil, err
		}
		for _, d := range page.Docs {
			all[d.ID] = d
		}
	}
	return all, nil
}

// copyMembers writes members that are like the prototype but for their ids, addresses and ages: one is made each minute.
func (w *world) copyMembers(ctx context.Context, p *prototype, members int) error {
	now := clock.Wall{}.Now().Unix()
	for from := 0; from < members; {
		n := min(members-from, max(1, putsAtOnce/len(p.docs)))
		err := w.store.Update(ctx, func(tx store.Tx) error {
			for i := from; i < from+n; i++ {
				for _, d := range p.member(i, now-int64(members-i)*20) {
					if err := tx.Put(w.ns.NS, &d); err != nil {
						return fmt.Errorf("put %s: %w", d.ID, err)
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		from += n
	}
	return nil
}

func (p *prototype) member(i int, created int64) []store.Doc {
	pairs := []string{"jenny.rosen@", fmt.Sprintf("jenny.%d@", i), strconv.FormatInt(p.docs[0].Created, 10), strconv.FormatInt(created, 10)}
	for j, id := range p.ids {
		pairs = append(pairs, id, idOf(id, i, j))
	}
	replace := strings.NewReplacer(pairs...)
	out := make([]store.Doc, len(p.docs))
	for j, d := range p.docs {
		one := store.Doc{ID: replace.Replace(d.ID), Kind: d.Kind, Parent: replace.Replace(d.Parent), Created: created, Data: []byte(replace.Replace(string(d.Data)))}
		if d.Kind == "event" { // it announces the only version that the copy has
			head, body, _ := strings.Cut(string(one.Data), "\n")
			id, _, _ := strings.Cut(head, "\t")
			one.Data = []byte(id + "\t1\n" + body)
		}
		for _, ref := range d.Refs {
			one.Refs = append(one.Refs, store.Ref{Field: ref.Field, Value: replace.Replace(ref.Value)})
		}
		out[j] = one
	}
	return out
}

// idOf is the id of what member i has in the place of the prototype's j-th document.
func idOf(id string, i, j int) string {
	suffix := fmt.Sprintf("%06s%02s", strconv.FormatInt(int64(i), 36), strconv.FormatInt(int64(j), 36))
	return id[:len(id)-len(suffix)] + strings.ReplaceAll(suffix, " ", "0")
}

// customer is the id of the customer of member i.
func (p *prototype) customer(i int) string {
	at := slices.IndexFunc(p.docs, func(d store.Doc) bool { return d.Kind == "customer" })
	return idOf(p.ids[at], i, at)
}

// logRequests fills the log as a business does: mostly reads, some writes, few errors, and one very rare kind.
func (w *world) logRequests(p *prototype, keys []*access.Key, requests, members int) {
	ids := clock.NewRequestIDs(clock.Wall{})
	now := clock.Wall{}.Now().UnixMicro()
	for i := range requests {
		seq := w.store.NextLogSeq()
		customer := p.customer(i % members)
		e := store.LogEntry{
			NS: w.ns.NS, Seq: seq, ID: ids.New(seq), Time: now - int64(requests-i)*2_000_000, Duration: int64(400 + i%3000), Method: "GET", Path: "/v1/customers/" + customer, Status: 200,
			Operation: "GetCustomersCustomer", KeyID: keys[i%len(keys)].ID, IP: fmt.Sprintf("10.0.%d.%d", i%7, i%250), UserAgent: "Stripe/v1 NodeBindings/18.0.0", Version: spec.Version,
			ObjectID: customer, ObjectVersion: 1,
		}
		switch {
		case i%200_000 == 77:
			e.Status, e.ErrorCode, e.Path, e.Operation, e.Method = 402, "card_declined", "/v1/payment_intents", "PostPaymentIntents", "POST"
		case i%50 == 0:
			e.Status, e.ErrorCode, e.Answer = 404, "resource_missing", `{"error": {"code": "resource_missing"}}`
		case i%4 == 0:
			e.Method, e.Path, e.Operation, e.Params = "POST", "/v1/payment_intents", "PostPaymentIntents", "amount=500&currency=usd&customer="+customer
		}
		w.store.Log(e)
		if i%100_000 == 99_999 {
			time.Sleep(2 * time.Second) // so that the log is written and not too much waits
		}
	}
	time.Sleep(2 * time.Second)
}
