package dashboard

import (
	"net/http"
	"time"

	"sharesmart/internal/people"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/store"
)

func init() {
	register(Page{Pattern: "GET /{$}", Role: people.Viewer, Handler: showHome})
}

// home is what the first page shows: what wants to be done, and what has just gone wrong.
type home struct {
	Hints    []hint
	Requests int // of the last day
	Many     bool
	Failed   int
	Failures []failure
}

// hint is something that the person should see to, and where.
type hint struct{ Text, Do, Path string }

// failure is a request that failed.
type failure struct {
	store.LogEntry
	Path string
}

// Unix is when it came, in seconds.
func (f failure) Unix() int64 { return f.Time / int64(time.Second/time.Microsecond) }

const (
	homeRequests = 1000
	homeFailures = 5
)

func showHome(v *Visit) error {
	h := &home{}
	if err := v.hints(h); err != nil {
		return err
	}
	if err := v.lastDay(h); err != nil {
		return err
	}
	return v.Show("home", "Home", h)
}

// hints finds what wants to be done.
func (v *Visit) hints(h *home) error {
	if v.Person != nil {
		how, err := v.People.SecurityOf(v.Person.ID)
		if err != nil {
			return err
		}
		if how.TOTP == 0 && len(how.Passkeys) == 0 {
			h.Hints = append(h.Hints, hint{"Your password alone keeps others out.", "Add a passkey or an authenticator app", v.Path("/profile")})
		}
	}
	if !v.may(people.Developer) {
		return nil
	}
	keys, err := v.Registry.ListKeys(v.R.Context(), v.Account, v.Namespace.Env)
	if err != nil {
		return err
	}
	for _, k := range keys {
		shown, err := v.shown(k)
		if err != nil {
			return err
		}
		if shown.Soon {
			h.Hints = append(h.Hints, hint{"The key " + nameOr(k.Name, shown.Short()) + " ends on " + moment(k.Expires) + ".", "Roll it", v.Path("/keys/" + k.ID)})
		}
	}
	return nil
}

// lastDay counts the requests of the last day, and finds those that failed last.
func (v *Visit) lastDay(h *home) error {
	q := store.LogQuery{NS: v.Namespace.NS, From: v.Clock.Now().Add(-dayLong).UnixMicro(), Limit: homeRequests, Effort: logsEffort}
	page, err := v.Store.Logs(q)
	if err != nil {
		return err
	}
	h.Requests, h.Many = len(page.Entries), page.Next != 0
	for i := range page.Entries {
		if page.Entries[i].Status >= http.StatusBadRequest {
			h.Failed++
		}
	}
	q.From, q.Limit, q.Where = 0, homeFailures, []store.Cond{{Field: requestlog.Status, Values: []string{"4xx", "5xx"}}}
	if page, err = v.Store.Logs(q); err != nil {
		return err
	}
	for _, e := range page.Entries {
		h.Failures = append(h.Failures, failure{e, v.Path("/logs/" + e.ID)})
	}
	return nil
}
