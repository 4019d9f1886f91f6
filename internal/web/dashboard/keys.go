package dashboard

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/people"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

func init() {
	register(Page{Pattern: "GET /keys", Role: people.Developer, Handler: listKeys})
	register(Page{Pattern: "POST /oauth-redirects", Role: people.Developer, Handler: changeRedirects})
	register(Page{Pattern: "GET /keys/{id}", Role: people.Developer, Handler: showKey})
	register(Page{Pattern: "POST /keys/{id}", Role: people.Developer, FreshLive: true, Handler: changeKey})
	register(Page{Pattern: "POST /keys/{id}/roll", Role: people.Developer, FreshLive: true, Handler: rollKey})
	register(Page{Pattern: "POST /keys/{id}/expire", Role: people.Developer, FreshLive: true, Handler: expireKey})
	register(Page{Pattern: "POST /keys/{id}/delete", Role: people.Developer, FreshLive: true, Handler: deleteKey})
}

// shownKey is a key as pages show it.
type shownKey struct {
	*access.Key
	Over    bool   // of no use any more
	Soon    bool   // ends within a week
	account string // its version of the API; empty is the newest
}

const soon = 7 * 24 * time.Hour

func (v *Visit) shown(k *access.Key) (shownKey, error) {
	now := v.Clock.Now()
	account, err := v.Registry.Version(k.Account)
	return shownKey{k, k.Expired(now), !k.Expired(now) && k.Expired(now.Add(soon)), account}, err
}

// Type is the kind of key in words.
func (k shownKey) Type() string { return keyTypes[k.Kind] }

var keyTypes = map[string]string{access.SecretKey: "Secret", access.PublishableKey: "Publishable", access.RestrictedKey: "Restricted"}

// Speaks is the API version of requests that name none. Stripe.js, whose key is a publishable one, speaks the newest.
func (k shownKey) Speaks() string {
	if k.Kind == access.PublishableKey {
		return spec.Version
	}
	return cmp.Or(k.Version, k.Inherits())
}

// Inherits is the version that the key speaks if it has none of its own.
func (k shownKey) Inherits() string { return cmp.Or(k.account, spec.Version) }

// Versions are those that the key may be given, the newest first.
func (k shownKey) Versions() []string {
	all := slices.Clone(spec.Versions())
	if k.Version != "" && !slices.Contains(all, k.Version) {
		all = append(all, k.Version)
	}
	slices.Sort(all)
	slices.Reverse(all)
	return all
}

// Standing reports whether the key is good for requests.
func (k shownKey) Standing() bool { return !k.Over }

// keyList is what the list of keys shows.
type keyList struct {
	Keys, Over []shownKey
	ClientID   string // for OAuth; empty where there is none: in live mode, and for a connected account
	Redirects  string // addresses to which sellers may be led, one to a line
}

func listKeys(v *Visit) error {
	var named []string
	if v.hasOAuth() {
		var err error
		if named, err = v.Redirects(v.survey()); err != nil {
			return err
		}
	}
	return v.listKeys(http.StatusOK, strings.Join(named, "\n"), nil)
}

// hasOAuth reports whether sellers can connect accounts to the one of the page.
func (v *Visit) hasOAuth() bool { return !v.Namespace.Live && v.Namespace.Platform == "" }

func (v *Visit) listKeys(status int, redirects string, faults map[string]string) error {
	keys, err := v.Registry.ListKeys(v.R.Context(), v.Account, v.Namespace.Env)
	if err != nil {
		return err
	}
	list := keyList{Redirects: redirects}
	if v.hasOAuth() {
		list.ClientID = v.ClientID(v.Namespace)
	}
	for _, k := range keys {
		s, err := v.shown(k)
		if err != nil {
			return err
		}
		if s.Over {
			list.Over = append(list.Over, s)
		} else {
			list.Keys = append(list.Keys, s)
		}
	}
	return v.Render(status, "keys", &View{Title: "API keys", Data: list, Faults: faults, Good: said[v.Query("done")]})
}

// changeRedirects names where sellers may be led to.
func changeRedirects(v *Visit) error {
	if !v.hasOAuth() {
		return notFound(v)
	}
	list := strings.Fields(v.trimmed("redirects"))
	_, err := v.Engine.Call(v.R.Context(), v.Namespace, func(op *resource.Op) error { return v.SetRedirects(op, list) })
	if faults := faultsOf(err); faults != nil {
		return v.listKeys(http.StatusUnprocessableEntity, strings.Join(list, "\n"), faults)
	}
	if err != nil {
		return err
	}
	if err := v.note("oauth.redirects_changed", v.ClientID(v.Namespace), map[string]string{"redirects": strings.Join(list, " ")}); err != nil {
		return err
	}
	return v.Lead(v.Path("/keys?done=redirects-changed"))
}

// key finds the key of the page's address. One of another account or mode is not there.
func (v *Visit) key() (*access.Key, error) {
	k, err := v.Registry.FindKey(v.R.PathValue("id"))
	if err == nil && (k.Account != v.Account || k.Env != v.Namespace.Env) {
		return nil, store.ErrNotFound
	}
	return k, err
}

// keyPage is what the page of one key shows.
type keyPage struct {
	shownKey
	Networks string
	Rights   *matrix // of a restricted key
	Overlaps []overlap
	Versions []string // newest first
	Account  string   // the account's version
}

// overlap is how long a rolled key may live on.
type overlap struct {
	Value, Text string
	For         time.Duration
}

var overlaps = []overlap{{"0", "Now", 0}, {"1h", "In 1 hour", time.Hour}, {"24h", "In 24 hours", 24 * time.Hour}, {"7d", "In 7 days", access.MaxOverlap}}

func showKey(v *Visit) error {
	k, err := v.key()
	if err != nil {
		return err
	}
	return v.renderKey(http.StatusOK, k, &View{Good: said[v.Query("done")]})
}

func (v *Visit) renderKey(status int, k *access.Key, view *View) error {
	shown, err := v.shown(k)
	if err != nil {
		return err
	}
	data := &keyPage{shownKey: shown, Overlaps: overlaps, Networks: networksText(k.Networks)}
	if k.Kind == access.RestrictedKey {
		data.Rights = newMatrix(k.Rights)
	}
	view.Title, view.Data = k.Name, data
	if view.Title == "" {
		view.Title = data.Type() + " key"
	}
	return v.Render(status, "key", view)
}

func changeKey(v *Visit) error {
	k, err := v.key()
	if err != nil {
		return err
	}
	change := access.KeyChange{Name: clip(v.trimmed("name"), maxKeyName), Version: v.R.PostForm.Get("version")}
	if change.Networks, err = access.ParseNetworks(v.R.PostForm.Get("networks")); err != nil {
		k.Name = change.Name
		return v.renderKey(http.StatusUnprocessableEntity, k, &View{Faults: map[string]string{"networks": sentence(err.Error())}})
	}
	if k.Kind != access.PublishableKey {
		change.Version = v.R.PostForm.Get("version")
	}
	if change.Version != "" && change.Version != k.Version && !spec.KnownVersion(change.Version) {
		return v.renderKey(http.StatusUnprocessableEntity, k, &View{Faults: map[string]string{"version": "There is no such version."}})
	}
	if k.Kind == access.RestrictedKey {
		change.Rights = rightsFrom(v.R.PostForm)
	}
	if _, err := v.Registry.UpdateKey(v.R.Context(), k.ID, change); err != nil {
		return err
	}
	return v.Lead(v.Path("/keys/" + k.ID + "?done=key-changed"))
}

func rollKey(v *Visit) error {
	k, err := v.key()
	if err != nil {
		return err
	}
	for _, o := range overlaps {
		if o.Value != v.R.PostForm.Get("overlap") {
			continue
		}
		return v.reveal(func() (*access.Issued, error) { return v.Registry.RollKey(v.R.Context(), k.ID, o.For) })
	}
	return &people.Invalid{Field: "overlap", Text: "Choose when the old key ends"}
}

func expireKey(v *Visit) error {
	k, err := v.key()
	if err != nil {
		return err
	}
	if _, err := v.Registry.ExpireKey(v.R.Context(), k.ID); err != nil {
		return err
	}
	return v.Lead(v.Path("/keys?done=key-expired"))
}

func deleteKey(v *Visit) error {
	k, err := v.key()
	if err != nil {
		return err
	}
	if err := v.Registry.DeleteKey(v.R.Context(), k.ID); err != nil {
		return err
	}
	return v.Lead(v.Path("/keys?done=key-deleted"))
}

// reveal makes a key and shows it, once: the same form sent again leads to the list.
func (v *Visit) reveal(issue func() (*access.Issued, error)) error {
	if !v.once.take(v.R.PostForm.Get("once")) {
		return v.Lead(v.Path("/keys"))
	}
	k, err := issue()
	if err != nil {
		return err
	}
	shown, err := v.shown(k.Key)
	if err != nil {
		return err
	}
	return v.Show("key_new_shown", "Your new key", struct {
		shownKey
		Secret string
	}{shown, k.Secret})
}
