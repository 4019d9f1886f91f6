package oauth

import "net/http"

// deauthorize gives up one account: client_id and stripe_user_id, with a secret key.
func (p *Pages) deauthorize(r *http.Request) (any, *Refusal, error) {
	grant := p.caller(r)
	account := r.PostForm.Get("stripe_user_id")
	switch {
	case grant == nil:
		return nil, noCaller(), nil
	case r.PostForm.Get("client_id") == "":
		return nil, invalid("No client_id was provided."), nil
	case account == "":
		return nil, invalid("No stripe_user_id was provided."), nil
	case r.PostForm.Get("client_id") != p.ClientID(grant.Namespace):
		return nil, &Refusal{http.StatusUnauthorized, "invalid_client", "The client_id is not that of the key's application."}, nil
	}
	found, err := p.Disconnect(r.Context(), grant.Namespace, account)
	if !found && err == nil {
		return nil, &Refusal{http.StatusUnauthorized, "invalid_client", "This application is not connected to stripe account " + account + ", or that account does not exist."}, nil
	}
	return map[string]string{"stripe_user_id": account}, nil, err
}
