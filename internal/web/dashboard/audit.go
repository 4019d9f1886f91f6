package dashboard

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/audit"
	"sharesmart/internal/people"
)

func init() {
	register(Page{Pattern: "GET /audit", Role: people.Developer, Signed: true, Handler: showAudit})
	register(Page{Pattern: "GET /audit.csv", Role: people.Owner, Signed: true, Handler: exportAudit})
}

const auditPage = 50

// trail is a page of the audit log.
type trail struct {
	Entries []auditEntry
	Filters []filter
	Older   string // the address of the next page
	N       int64
	Head    string
	Owns    bool
}

// filter is what the list is narrowed by, and the address of the list without it.
type filter struct{ Name, Value, Without string }

// auditEntry is an entry as it is shown.
type auditEntry struct{ audit.Entry }

// Who is who did it, in words.
func (e auditEntry) Who() string {
	if e.Actor.Name != "" {
		return e.Actor.Name
	}
	return sentence(strings.ReplaceAll(e.Actor.Kind, "_", " "))
}

// What is what was done, in words: "Key rolled".
func (e auditEntry) What() string {
	return sentence(strings.NewReplacer(".", " ", "_", " ").Replace(e.Action))
}

// More are the details, in order of their names.
func (e auditEntry) More() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(e.Details)) {
		all = append(all, name+" "+e.Details[name])
	}
	return all
}

// auditFilters are what the log can be narrowed by.
var auditFilters = []string{"actor", "action", "subject"}

func (v *Visit) auditQuery() audit.Query {
	return audit.Query{Account: v.Account, Actor: v.Query("actor"), Action: v.Query("action"), Subject: v.Query("subject"), Limit: auditPage}
}

func showAudit(v *Visit) error {
	q := v.auditQuery()
	q.After = v.Query("after")
	entries, more, err := audit.List(v.Store, q)
	if err != nil {
		return err
	}
	t := &trail{Owns: v.may(people.Owner)}
	for _, e := range entries {
		t.Entries = append(t.Entries, auditEntry{e})
	}
	kept := url.Values{}
	for _, name := range auditFilters {
		if value := v.Query(name); value != "" {
			kept.Set(name, value)
		}
	}
	for _, name := range auditFilters {
		if value := kept.Get(name); value != "" {
			rest := maps.Clone(kept)
			rest.Del(name)
			t.Filters = append(t.Filters, filter{name, value, v.Path("/audit?" + rest.Encode())})
		}
	}
	if more {
		kept.Set("after", entries[len(entries)-1].ID)
		t.Older = v.Path("/audit?" + kept.Encode())
	}
	if t.N, t.Head, err = audit.Head(v.Store); err != nil {
		return err
	}
	return v.Show("audit", "Audit log", t)
}

// exportAudit writes the account's whole log as CSV, newest first.
func exportAudit(v *Visit) error {
	q := v.auditQuery()
	entries, more, err := audit.List(v.Store, q)
	if err != nil {
		return err
	}
	out := v.download("audit")
	if out.Write([]string{"n", "time", "actor_kind", "actor", "ip", "action", "environment", "subject", "details", "previous_hash", "hash"}) != nil {
		return nil // nobody is there any more
	}
	for {
		for _, e := range entries {
			if out.Write(auditFields(auditEntry{e})) != nil {
				return nil
			}
		}
		if !more || v.R.Context().Err() != nil {
			break
		}
		q.After = entries[len(entries)-1].ID
		if entries, more, err = audit.List(v.Store, q); err != nil {
			return err
		}
	}
	out.Flush()
	return nil
}

func auditFields(e auditEntry) []string {
	fields := []string{
		strconv.FormatInt(e.N, 10), time.Unix(e.Time, 0).UTC().Format(time.RFC3339), e.Actor.Kind, e.Who(), e.Actor.IP, e.Action, e.Env, e.Subject, strings.Join(e.More(), "; "), e.Prev, e.Hash,
	}
	for i := range fields {
		fields[i] = cellText(fields[i])
	}
	return fields
}
