package people

import (
	"context"
	"errors"
	"strings"

	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

const kindView = "person_view"

// View is a page with filters that a person keeps under a name. It is that person's alone, in one account, whatever the mode.
type View struct {
	ID      string `json:"id"`
	Person  string `json:"person"`
	Account string `json:"account"`
	Page    string `json:"page"` // its path, without account and mode: "/logs"
	Name    string `json:"name"`
	Query   string `json:"query"` // of the address
	Created int64  `json:"created"`
}

const (
	maxViews = 50 // of a person and a page
	maxQuery = 2000
)

// SaveView keeps a view. One of the same name is replaced. The error is an *Invalid where the name is at fault.
func (r *Registry) SaveView(ctx context.Context, v View) (*View, error) {
	v.Name = strings.TrimSpace(v.Name)
	switch {
	case v.Name == "" || len(v.Name) > maxName:
		return nil, &Invalid{"name", "Enter a name for the view"}
	case len(v.Query) > maxQuery:
		return nil, &Invalid{"name", "These are too many filters to keep"}
	}
	err := r.update(ctx, func(tx store.Tx) error {
		all, err := views(tx, v.Person, v.Account, v.Page)
		if err != nil {
			return err
		}
		if len(all) >= maxViews {
			return &Invalid{"name", "There are too many views of this page. Delete one first"}
		}
		for _, old := range all {
			if old.Name == v.Name {
				if err := removeView(tx, v.Person, old.ID); err != nil {
					return err
				}
			}
		}
		now := r.now()
		v.ID, v.Created = clock.Long(r.clock, "view_", v.Person, now), now.Unix()
		return control.Put(tx, &store.Doc{ID: v.ID, Kind: kindView, Refs: []store.Ref{{Field: "page", Value: v.place()}}}, v, now.Unix())
	})
	return &v, err
}

func (v *View) place() string { return v.Person + " " + v.Account + " " + v.Page }

// Views are a person's views of a page, the newest first.
func (r *Registry) Views(person, account, page string) ([]*View, error) {
	return views(r.store, person, account, page)
}

func views(from store.Reader, person, account, page string) ([]*View, error) {
	of := View{Person: person, Account: account, Page: page}
	var all []*View
	err := control.Each(from, store.Query{Kind: kindView, Where: control.Where("page", of.place())}, func(d store.Doc) error {
		v := &View{}
		all = append(all, v)
		return control.Decode(d, v)
	})
	return all, err
}

// DeleteView forgets a view of a person. It is ErrNotFound if that person has none with the id.
func (r *Registry) DeleteView(ctx context.Context, person, id string) (*View, error) {
	v := &View{}
	err := r.update(ctx, func(tx store.Tx) error {
		if _, err := control.Load(tx, id, v); err != nil {
			if errors.Is(err, store.ErrNotFound) {
				return ErrNotFound
			}
			return err
		}
		return removeView(tx, person, id)
	})
	return v, err
}

func removeView(tx store.Tx, person, id string) error {
	v := &View{}
	d, err := control.Load(tx, id, v)
	if errors.Is(err, store.ErrNotFound) || err == nil && (d.Kind != kindView || v.Person != person) {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	return control.Remove(tx, d)
}
