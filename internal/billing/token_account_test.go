package billing_test

import (
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// TestAccountTokens opens an account with what its holder typed elsewhere, and changes its person in the same way.
func TestAccountTokens(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	tokenOf := func(kind string, form []string) string {
		named := make([]string, len(form))
		for i := range form {
			named[i] = form[i]
			if i%2 == 0 {
				name, rest, nested := strings.Cut(form[i], "[")
				named[i] = kind + "[" + name + "]"
				if nested {
					named[i] += "[" + rest
				}
			}
		}
		return s.Post("/v1/tokens", named...).OK().ID()
	}
	var said, typed []string
	for i := 0; i < len(ready); i += 2 {
		switch name := ready[i]; {
		case strings.HasPrefix(name, "individual") || name == "business_type":
			typed = append(typed, name, ready[i+1])
		case !strings.HasPrefix(name, "tos_acceptance"):
			said = append(said, name, ready[i+1])
		}
	}
	token := tokenOf("account", append(typed, "tos_shown_and_accepted", "true"))
	s.Post("/v1/accounts", append([]string{"account_token", token, "business_type", "individual"}, said...)...).Fails(400, "parameters_exclusive")
	account := s.Post("/v1/accounts", append([]string{"account_token", token}, said...)...).OK()
	wantFields(t, account, map[string]any{"charges_enabled": true, "business_type": "individual", "individual.first_name": "Jenny", "tos_acceptance.date": int(s.Clock.Now().Unix())})
	s.Post("/v1/accounts", append([]string{"account_token", token}, said...)...).Fails(400, "token_already_used")

	path := "/v1/accounts/" + account.ID()
	again := tokenOf("account", []string{"individual[first_name]", "Anna"})
	wantFields(t, s.Post(path, "account_token", again).OK(), map[string]any{"individual.first_name": "Anna", "individual.last_name": "Rosen"})
	person := tokenOf("person", []string{"first_name", "Maria"})
	s.Post(path, "account_token", person).Fails(400, "")
	wantFields(t, s.Post(path+"/persons/"+account.Object("individual").ID(), "person_token", person).OK(), map[string]any{"first_name": "Maria", "last_name": "Rosen"})

	company := s.Post("/v1/accounts", "type", "custom", "country", "US", "business_type", "company", "capabilities[transfers][requested]", "true").OK().ID()
	owner := tokenOf("person", []string{"first_name", "Olga", "relationship[owner]", "true"})
	wantFields(t, s.Post("/v1/accounts/"+company+"/persons", "person_token", owner).OK(), map[string]any{"first_name": "Olga", "relationship.owner": true})
}
