package dashboard

import (
	"errors"
	"net/http"

	"sharesmart/internal/people"
	"sharesmart/internal/web/ui"
)

// Developer is the account in which whoever sends a request to any page of the server is signed in and may make sandboxes;
// empty if there is none. A fault of the store counts as nobody, and is told to the log.
func (p *Pages) Developer(r *http.Request) (account string) {
	token := ui.Cookie(r, sessionCookie)
	if token == "" {
		return ""
	}
	_, who, err := p.People.Session(r.Context(), token)
	if err != nil {
		if !errors.Is(err, people.ErrNotFound) {
			p.Log.Error("who is signed in was not found out", "error", err)
		}
		return ""
	}
	if account = p.homeOf(who); who.Roles[account] < people.Developer {
		return ""
	}
	return account
}

// homeOf is the account that a person sees if no address says otherwise.
func (p *Pages) homeOf(who *people.Person) string {
	if who == nil || who.Roles[p.Account] != people.Nobody {
		return p.Account
	}
	return who.Home()
}
