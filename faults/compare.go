//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// stored is what is looked at of an object or event.
type stored struct {
	ID       string
	Metadata struct{ Key, N string }
	Data     struct{ Object *stored }
}

// each visits all objects of a list, page by page.
func (w *workload) each(ctx context.Context, url, path string, visit func(o *stored)) error {
	for after := ""; ; {
		a, err := call(ctx, w.client, http.MethodGet, url+path+"limit=100"+after, "", "")
		if err != nil {
			return err
		}
		var page struct {
			Data []stored
			More bool `json:"has_more"`
		}
		if err := json.Unmarshal(a.body, &page); err != nil || a.status != http.StatusOK {
			return fmt.Errorf("list %s: answer %d: %s", path, a.status, a.body)
		}
		for i := range page.Data {
			visit(&page.Data[i])
		}
		if !page.More {
			return nil
		}
		after = "&starting_after=" + page.Data[len(page.Data)-1].ID
	}
}

// compare looks whether all that was acknowledged is there, once, with one event each.
func (w *workload) compare(ctx context.Context, url string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := map[string][]string{} // ids by key
	for _, path := range []string{"/v1/customers?", "/v1/payment_intents?"} {
		if err := w.each(ctx, url, path, func(o *stored) {
			if o.Metadata.Key != "" {
				found[o.Metadata.Key] = append(found[o.Metadata.Key], o.ID)
			}
		}); err != nil {
			return err
		}
	}
	for key, c := range w.creations {
		if ids := strings.Join(found[key], ", "); ids != c.id {
			return fmt.Errorf("key %s was answered %q; stored are %q", key, c.id, ids)
		}
	}
	if len(found) != len(w.creations) {
		return fmt.Errorf("%d keys were used, and objects of %d are stored", len(w.creations), len(found))
	}
	return w.compareEvents(ctx, url)
}

// compareEvents looks for one event for each creation and for each write.
func (w *workload) compareEvents(ctx context.Context, url string) error {
	created, wrote := map[string]int{}, map[string]int{}
	for path, visit := range map[string]func(o *stored){
		"/v1/events?type=customer.created&":         func(o *stored) { created[o.ID]++ },
		"/v1/events?type=payment_intent.succeeded&": func(o *stored) { created[o.ID]++ },
		"/v1/events?type=customer.updated&":         func(o *stored) { wrote[o.Metadata.N]++ },
	} {
		if err := w.each(ctx, url, path, func(e *stored) { visit(e.Data.Object) }); err != nil {
			return err
		}
	}
	for key, c := range w.creations {
		if created[c.id] != 1 {
			return fmt.Errorf("%s, made by key %s, has %d events that tell of it", c.id, key, created[c.id])
		}
	}
	for value, acknowledged := range w.written {
		if n := wrote[value]; n > 1 || acknowledged && n != 1 {
			return fmt.Errorf("the write of %s (acknowledged: %t) has %d events", value, acknowledged, n)
		}
	}
	return nil
}
