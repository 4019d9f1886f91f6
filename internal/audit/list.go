package audit

import (
	"errors"
	"fmt"

	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// Query asks for entries, newest first. Empty fields take all.
type Query struct {
	Account, Actor, Action, Subject string
	After                           string // the id of the entry that the page begins behind
	Limit                           int
}

// List finds entries; more says that there are older ones.
func List(from store.Reader, q Query) (entries []Entry, more bool, err error) {
	sq := store.Query{
		NS: store.Control, Kind: kindEntry, Limit: q.Limit,
		Where: control.Where("account", q.Account, "actor", q.Actor, "action", q.Action, "subject", q.Subject),
	}
	if q.After != "" {
		d, err := from.Get(store.Control, q.After)
		if err != nil || d.Kind != kindEntry {
			return nil, false, store.ErrNotFound
		}
		sq.After = &store.Position{Created: d.Created, Seq: d.Seq}
	}
	page, err := from.List(sq)
	if err != nil {
		return nil, false, err
	}
	for _, d := range page.Docs {
		var e Entry
		if err := control.Decode(d, &e); err != nil {
			return nil, false, err
		}
		entries = append(entries, e)
	}
	return entries, page.More, nil
}

// Head is how many entries there are and the hash of the last, for who wants to keep it elsewhere.
func Head(from store.Reader) (n int64, hash string, err error) {
	var h head
	_, err = control.Load(from, headID, &h)
	if errors.Is(err, store.ErrNotFound) {
		return 0, "", nil
	}
	return h.N, h.Hash, err
}

// maxProblems is how many are told: where one entry is wrong, those that were written to fit it are wrong as well.
const maxProblems = 20

// Verify says what is wrong with the chain; nothing if it is whole.
func Verify(from store.Reader) (problems []string, err error) {
	n, hash, err := Head(from)
	if err != nil {
		return nil, err
	}
	wrong := func(format string, values ...any) {
		if len(problems) < maxProblems {
			problems = append(problems, "audit log: "+fmt.Sprintf(format, values...))
		}
	}
	newest, begun := n, false
	err = control.Each(from, store.Query{Kind: kindEntry}, func(d store.Doc) error {
		var e Entry
		if err := control.Decode(d, &e); err != nil {
			return err
		}
		if !begun && e.N > n { // written since the head was read
			newest = max(newest, e.N)
			return nil
		}
		begun = true
		sum, err := e.sum()
		if err != nil {
			return err
		}
		switch {
		case sum != e.Hash || e.ID != d.ID:
			wrong("entry %d (%s) was changed", e.N, d.ID)
		case e.N != n:
			wrong("entry %d is missing or out of place: entry %d (%s) is there instead", n, e.N, d.ID)
		case e.Hash != hash:
			wrong("entry %d (%s) is not the one that was followed by the next", e.N, d.ID)
		}
		n, hash = e.N-1, e.Prev
		return nil
	})
	if err != nil {
		return nil, err
	}
	if n != 0 || hash != "" {
		wrong("the first %d entries are missing", n)
	}
	end, _, err := Head(from)
	if newest > end {
		wrong("entry %d is beyond the end, which is entry %d", newest, end)
	}
	return problems, err
}
