package resource

import (
	"context"
	"encoding/base64"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// search serves GET /v1/<kind>/search. What was acknowledged is found at once.
func search(e *Engine, c *call) (*Answer, error) {
	k := e.kind(c.Op.Kind)
	if k.rules == nil || k.rules.Search == nil {
		return nil, apierr.NotImplemented(c.Op.Method + " " + c.Op.Path)
	}
	query, err := parseSearch(c.in.Params.String("query"), k.rules.Search)
	if err != nil {
		return nil, err
	}
	query.read = k.rules.SearchValues
	q, err := e.searchQuery(c, k, query)
	if err != nil {
		return nil, err
	}
	found, err := e.store.Search(context.Background(), q)
	if err != nil {
		return nil, err
	}
	return e.renderSearch(c, found, q.Count)
}

func (e *Engine) searchQuery(c *call, k *kindInfo, query searchQuery) (store.SearchQuery, error) {
	q := store.SearchQuery{NS: c.Namespace.NS, Kind: k.name, Any: query.terms(), Match: func(d store.Doc) bool {
		o, err := object.Parse(d.Data, k.schema)
		return err == nil && query.matches(o)
	}}
	q.Limit = limitOf(c.in.Params)
	for _, path := range c.in.Params.Array("expand") {
		q.Count = q.Count || path == "total_count"
	}
	if token := c.in.Params.String("page"); token != "" {
		seq, ok := parsePage(token)
		if !ok {
			return q, apierr.Validation("", "page", "Invalid page token: %s", token)
		}
		q.After = seq
	}
	return q, nil
}

// A page token is opaque to clients: it holds the place in the order where the next page begins.
func pageToken(seq int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte("seq:" + strconv.FormatInt(seq, 36)))
}

func parsePage(token string) (int64, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < 5 || string(raw[:4]) != "seq:" {
		return 0, false
	}
	seq, err := strconv.ParseInt(string(raw[4:]), 36, 64)
	return seq, err == nil && seq > 0
}

func (e *Engine) renderSearch(c *call, found store.SearchPage, count bool) (*Answer, error) {
	if len(found.Docs) == 0 && e.options.Mock {
		o, err := e.fixtureOf(c.Op.Kind, "")
		if err != nil {
			return nil, err
		}
		return &Answer{Status: 200, Body: searchResult([]any{o}, c.RawPath, "", 1)}, nil
	}
	docs, err := e.renderDocs(c, found.Docs)
	if err != nil {
		return nil, err
	}
	items := make([]any, len(docs))
	for i, d := range docs {
		if items[i], err = object.Parse(d, nil); err != nil {
			return nil, err
		}
	}
	next, total := "", -1
	if found.More {
		next = pageToken(found.Docs[len(found.Docs)-1].Seq)
	}
	if count {
		total = found.Total
	}
	return &Answer{Status: 200, Body: searchResult(items, c.RawPath, next, total)}, nil
}

func searchResult(items []any, url, next string, total int) []byte {
	o := object.New(nil)
	o.Set("object", "search_result")
	o.Set("data", items)
	o.Set("has_more", next != "")
	o.Set("next_page", nil)
	if next != "" {
		o.Set("next_page", next)
	}
	if total >= 0 {
		o.Set("total_count", total)
	}
	o.Set("url", url)
	return o.JSON()
}
