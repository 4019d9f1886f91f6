package billing_test

import (
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// company is all that a company must give but for its persons.
var company = append(without(ready, "business_type", "individual[first_name]", "individual[last_name]", "individual[email]", "individual[phone]", "individual[dob][day]",
	"individual[dob][month]", "individual[dob][year]", "individual[ssn_last_4]", "individual[address][line1]", "individual[address][city]",
	"individual[address][state]", "individual[address][postal_code]"),
	"business_type", "company", "company[name]", "Rosen Inc", "company[phone]", "+15555550100", "company[tax_id]", "000000000",
	"company[address][line1]", "1 Main St", "company[address][city]", "Columbus", "company[address][state]", "OH", "company[address][postal_code]", "43214")

// person is all that a company's representative must give.
func person(form []string) []string {
	var out []string
	for i := 0; i < len(form); i += 2 {
		if name, ok := strings.CutPrefix(form[i], "individual["); ok {
			name, rest, _ := strings.Cut(name, "]")
			out = append(out, name+rest, form[i+1])
		}
	}
	return append(out, "relationship[representative]", "true", "relationship[title]", "CEO")
}

func TestPersons(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	a := s.Post("/v1/accounts", company...).OK()
	due := texts(a.At("requirements", "currently_due"))
	if !slices.Contains(due, "representative.first_name") || slices.Contains(due, "company.tax_id") {
		t.Errorf("due are %q", due)
	}
	wantFields(t, a, map[string]any{"charges_enabled": false, "company.tax_id_provided": true, "company.name": "Rosen Inc"})
	path := "/v1/accounts/" + a.ID()
	var id string
	wantEvents(t, s, []string{"person.created", "capability.updated", "capability.updated", "account.updated"}, func() {
		p := s.Post(path+"/persons", without(person(ready), "last_name")...).OK()
		id = p.ID()
		wantFields(t, p, map[string]any{
			"account": a.ID(), "first_name": "Jenny", "ssn_last_4_provided": true, "id_number_provided": false, "relationship.representative": true,
			"relationship.owner": false, "relationship.title": "CEO", "dob.year": 1901,
		})
	})
	wantFields(t, s.Get(path).OK(), map[string]any{"charges_enabled": false, "requirements.currently_due": []any{id + ".last_name"}, "individual": nil})
	wantFields(t, s.Get(path+"/persons/"+id).OK(), map[string]any{"verification.status": "unverified", "requirements.currently_due": []any{"last_name"}})
	events := wantEvents(t, s, []string{"capability.updated", "capability.updated", "person.updated", "account.updated"}, func() {
		s.Post(path+"/persons/"+id, "last_name", "Rosen").OK()
	})
	for _, e := range events {
		if e.String("account") != a.ID() {
			t.Errorf("%s is of account %q", e.String("type"), e.String("account"))
		}
	}
	wantFields(t, events[3].Object("data"), map[string]any{"object.charges_enabled": true, "previous_attributes.charges_enabled": false})
	wantFields(t, s.Get(path).OK(), map[string]any{"charges_enabled": true, "payouts_enabled": true, "capabilities.card_payments": "active"})
	wantFields(t, s.Get(path+"/people/"+id).OK(), map[string]any{"id": id, "verification.status": "verified"})
	owner := s.Post(path+"/people", with(person(ready), "relationship[representative]", "false", "relationship[owner]", "true")...).OK().ID()
	for query, want := range map[string][]string{
		"": {owner, id}, "relationship[representative]=true": {id}, "relationship[owner]=true": {owner}, "relationship[director]=true": {},
	} {
		if got := s.Get(path+"/persons", formOf(query)...).IDs(); !slices.Equal(got, want) {
			t.Errorf("persons with %q: %q, want %q", query, got, want)
		}
	}
	wantEvents(t, s, []string{"person.deleted", "capability.updated", "capability.updated", "account.updated"}, func() {
		wantFields(t, s.Delete(path+"/persons/"+id).OK(), map[string]any{"deleted": true})
	})
	wantFields(t, s.Get(path).OK(), map[string]any{"charges_enabled": false})
	refuse(t, s, []refusal{
		{"no mail", path + "/persons", "email=jenny", "email_invalid", "email", "jenny"},
		{"no day", path + "/persons", "dob[day]=32 dob[month]=1 dob[year]=1980", "", "dob", "32"},
		{"not four", path + "/persons", "ssn_last_4=12", "", "ssn_last_4", "4 digits"},
	})
}

// An individual is a person, whichever way it is changed.
func TestIndividual(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	a := s.Post("/v1/accounts", without(ready, "individual[last_name]")...).OK()
	path := "/v1/accounts/" + a.ID()
	id := a.Object("individual").ID()
	wantFields(t, s.Get(path+"/persons/"+id).OK(), map[string]any{"first_name": "Jenny", "relationship.representative": true})
	wantEvents(t, s, []string{"capability.updated", "capability.updated", "person.updated", "account.updated"}, func() {
		wantFields(t, s.Post(path, "individual[last_name]", "Rosen").OK(), map[string]any{"charges_enabled": true, "individual.last_name": "Rosen", "individual.id": id})
	})
	s.Post(path+"/persons/"+id, "first_name", "John").OK()
	wantFields(t, s.Get(path).OK(), map[string]any{"individual.first_name": "John"})
	wantFields(t, s.Post(path, "tos_acceptance[date]", "1788264001").OK(), map[string]any{"charges_enabled": true})
	wantFields(t, s.Post(path, "individual[id_number]", "111111111").OK(), map[string]any{"charges_enabled": false, "individual.verification.details_code": "failed_keyed_identity"})
	wantFields(t, s.Post(path, "individual[verification][document][front]", "file_identity_document_success").OK(), map[string]any{"charges_enabled": true, "individual.verification.status": "verified"})
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	a := s.Post("/v1/accounts", without(ready, "capabilities[card_payments][requested]")...).OK()
	path := "/v1/accounts/" + a.ID() + "/capabilities"
	wantFields(t, s.Get(path+"/transfers").OK(), map[string]any{"id": "transfers", "account": a.ID(), "requested": true, "requested_at": 1788264000, "status": "active"})
	wantFields(t, s.Get(path+"/card_payments").OK(), map[string]any{"requested": false, "status": "unrequested"})
	s.Get(path+"/nothing").Fails(404, "resource_missing")
	if got := s.Get(path).IDs(); !slices.Equal(got, []string{"transfers"}) {
		t.Errorf("capabilities %q", got)
	}
	wantEvents(t, s, []string{"capability.updated", "capability.updated", "account.updated"}, func() {
		s.Post(path+"/card_payments", "requested", "true").OK()
	})
	wantFields(t, s.Get(path+"/card_payments").OK(), map[string]any{"requested": true, "status": "active"})
	wantFields(t, s.Get("/v1/accounts/"+a.ID()).OK(), map[string]any{"capabilities.card_payments": "active"})
	s.Post(path+"/transfers", "requested", "false").OK()
	wantFields(t, s.Get("/v1/accounts/"+a.ID()).OK(), map[string]any{"capabilities.transfers": nil, "charges_enabled": true})
	other := s.Post("/v1/accounts", ready...).OK().ID()
	wantFields(t, s.Get("/v1/accounts/"+other+"/capabilities/transfers").OK(), map[string]any{"account": other, "status": "active"})
}

func TestExternalAccounts(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	a := s.Post("/v1/accounts", without(ready, "external_account")...).OK()
	path := "/v1/accounts/" + a.ID() + "/external_accounts"
	var first *object.Object
	wantEvents(t, s, []string{"account.external_account.created", "account.updated"}, func() {
		first = s.Post(path, "external_account[object]", "bank_account", "external_account[country]", "US", "external_account[currency]", "usd",
			"external_account[account_number]", "000123456789", "external_account[routing_number]", "110000000", "external_account[account_holder_name]", "Jenny").OK()
	})
	wantFields(t, first, map[string]any{
		"object": "bank_account", "account": a.ID(), "customer": nil, "last4": "6789", "routing_number": "110000000", "currency": "usd", "status": "new",
		"default_for_currency": true, "account_holder_name": "Jenny",
	})
	wantFields(t, s.Get("/v1/accounts/"+a.ID()).OK(), map[string]any{"payouts_enabled": true, "external_accounts.data.0.id": first.ID(), "requirements.currently_due": []any{}})
	card := s.Post(path, "external_account", "tok_visa_debit", "default_for_currency", "true", "metadata[k]", "v").OK()
	wantFields(t, card, map[string]any{"object": "card", "account": a.ID(), "default_for_currency": true, "metadata.k": "v", "funding": "debit", "currency": "usd"})
	wantFields(t, s.Get(path+"/"+first.ID()).OK(), map[string]any{"default_for_currency": false})
	for query, want := range map[string][]string{"object=card": {card.ID()}, "object=bank_account": {first.ID()}} {
		if got := s.Get(path, formOf(query)...).IDs(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	s.Delete(path+"/"+card.ID()).Fails(400, "")
	s.Post(path+"/"+card.ID(), "default_for_currency", "false").Fails(400, "")
	wantEvents(t, s, []string{"account.external_account.updated", "account.external_account.updated", "account.updated"}, func() {
		s.Post(path+"/"+first.ID(), "default_for_currency", "true", "account_holder_name", "John", "metadata[k]", "w").OK()
	})
	wantFields(t, s.Get(path+"/"+first.ID()).OK(), map[string]any{"default_for_currency": true, "account_holder_name": "John", "metadata.k": "w"})
	wantFields(t, s.Post(path+"/"+card.ID(), "exp_month", "5", "exp_year", "2031").OK(), map[string]any{"exp_month": 5, "exp_year": 2031})
	wantEvents(t, s, []string{"account.external_account.deleted", "account.updated"}, func() {
		wantFields(t, s.Delete(path+"/"+card.ID()).OK(), map[string]any{"deleted": true})
	})
	euro := s.Post(path, "bank_account[country]", "DE", "bank_account[currency]", "eur", "bank_account[account_number]", "DE89370400440532013000").OK()
	wantFields(t, euro, map[string]any{"default_for_currency": true, "currency": "eur"})
	refuse(t, s, []refusal{
		{"nothing", path, "metadata[k]=v", "parameter_missing", "external_account", ""},
		{"no number", path, "external_account[object]=bank_account external_account[country]=US", "parameter_missing", "external_account[account_number]", ""},
		{"no such token", path, "external_account=btok_none", "resource_missing", "external_account", "btok_none"},
		{"a credit card", path, "external_account=tok_visa", "invalid_card_type", "external_account", "debit"},
	})
}

// TestOwnAccount asks for an account from each side.
func TestOwnAccount(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	own := map[string]any{
		"id": s.Account.ID, "charges_enabled": true, "payouts_enabled": true, "details_submitted": true, "country": "US", "default_currency": "usd",
		"settings.payouts.schedule.interval": "daily", "business_profile.name": "ShareSmart", "capabilities.card_payments": "active",
	}
	for _, path := range []string{"/v1/account", "/v1/accounts/" + s.Account.ID} {
		wantFields(t, s.Get(path).OK(), own)
	}
	s.Delete("/v1/accounts/"+s.Account.ID).Fails(400, "")
	a := s.Post("/v1/accounts", ready...).OK().ID()
	for _, path := range []string{"/v1/account", "/v1/accounts/" + a} {
		wantFields(t, as(s, a, "GET", path).OK(), map[string]any{"id": a, "charges_enabled": true, "type": "custom"})
	}
	events := wantEvents(t, s, []string{"account.updated"}, func() {
		as(s, a, "POST", "/v1/accounts/"+a, "business_profile[name]", "Rosen").OK()
	})
	wantFields(t, events[0], map[string]any{"account": a})
	wantFields(t, s.Get("/v1/accounts/"+a).OK(), map[string]any{"business_profile.name": "Rosen"})
	if got := as(s, a, "GET", "/v1/accounts/"+a+"/persons").IDs(); len(got) != 1 {
		t.Errorf("the account sees %d persons of its own, want 1", len(got))
	}
	card := as(s, a, "POST", "/v1/accounts/"+a+"/external_accounts", "external_account", "tok_visa_debit").OK().ID()
	wantFields(t, as(s, a, "POST", "/v1/external_accounts/"+card, "metadata[k]", "v").OK(), map[string]any{"metadata.k": "v", "account": a})
	other := s.Post("/v1/accounts", ready...).OK().ID()
	as(s, other, "POST", "/v1/external_accounts/"+card, "metadata[k]", "w").Fails(404, "resource_missing")
	wantFields(t, as(s, a, "GET", "/v1/accounts/"+a+"/capabilities/transfers").OK(), map[string]any{"status": "active"})
	as(s, a, "GET", "/v1/accounts/"+s.Account.ID).Fails(404, "resource_missing")
	wantFields(t, s.Post("/v1/accounts/"+s.Account.ID, "business_profile[name]", "Shop").OK(), map[string]any{"business_profile.name": "Shop", "charges_enabled": true})
	wantFields(t, s.Get("/v1/account").OK(), map[string]any{"business_profile.name": "Shop"})
	if got := s.Get("/v1/accounts").IDs(); !slices.Equal(got, []string{other, a}) {
		t.Errorf("accounts %q, want %s and %s", got, other, a)
	}
}

func TestControllers(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	for _, c := range []struct {
		form string
		want map[string]any
	}{
		{"type=standard", map[string]any{"type": "standard", "controller.fees.payer": "account", "controller.losses.payments": "stripe", "controller.requirement_collection": "stripe", "controller.stripe_dashboard.type": "full"}},
		{"type=express", map[string]any{"type": "express", "controller.fees.payer": "application_express", "controller.losses.payments": "application", "controller.stripe_dashboard.type": "express"}},
		{"type=custom", map[string]any{"type": "custom", "controller.requirement_collection": "application", "controller.stripe_dashboard.type": "none", "controller.is_controller": true}},
		{"controller[fees][payer]=account", map[string]any{"type": "standard"}},
		{"controller[fees][payer]=application controller[losses][payments]=application controller[stripe_dashboard][type]=express", map[string]any{"type": "express", "controller.fees.payer": "application"}},
		{"controller[losses][payments]=application controller[stripe_dashboard][type]=none", map[string]any{"type": "none", "controller.requirement_collection": "stripe"}},
	} {
		wantFields(t, s.Post("/v1/accounts", formOf(c.form)...).OK(), c.want)
	}
	refuse(t, s, []refusal{
		{"both", "/v1/accounts", "type=custom controller[fees][payer]=account", "parameters_exclusive", "type", "controller"},
		{"collects with a dashboard", "/v1/accounts", "controller[requirement_collection]=application", "", "controller[requirement_collection]", "none"},
		{"no mail", "/v1/accounts", "type=custom email=jenny", "email_invalid", "email", "jenny"},
		{"no page", "/v1/accounts", "type=custom business_profile[url]=nowhere", "url_invalid", "business_profile[url]", "URL"},
	})
}

func TestRejectAccount(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	path := "/v1/accounts/" + s.Post("/v1/accounts", ready...).OK().ID()
	wantFields(t, s.Post(path+"/reject", "reason", "boredom").Fails(400, ""), map[string]any{"param": "reason"})
	wantEvents(t, s, []string{"capability.updated", "capability.updated", "account.updated"}, func() {
		wantFields(t, s.Post(path+"/reject", "reason", "fraud").OK(), map[string]any{
			"charges_enabled": false, "payouts_enabled": false, "requirements.disabled_reason": "rejected.fraud", "capabilities.transfers": "inactive",
		})
	})
	wantFields(t, s.Post(path, "business_profile[name]", "Rosen").OK(), map[string]any{"charges_enabled": false})
	wantFields(t, s.Post(path+"/unreject").OK(), map[string]any{"charges_enabled": true, "requirements.disabled_reason": nil, "capabilities.transfers": "active"})
	s.Post(path+"/unreject").Fails(400, "")
}

func TestAccountLinks(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	custom := s.Post("/v1/accounts", ready...).OK().ID()
	express := s.Post("/v1/accounts", with(ready, "type", "express")...).OK().ID()
	bare := s.Post("/v1/accounts", "type", "express", "capabilities[transfers][requested]", "true").OK().ID()
	const urls = " refresh_url=https://example.com/again return_url=https://example.com/back"
	link := s.Post("/v1/account_links", formOf("account="+custom+" type=account_update"+urls)...).OK()
	wantFields(t, link, map[string]any{"created": 1788264000, "expires_at": 1788264300})
	if !strings.HasPrefix(link.String("url"), s.URL+"/setup/s/"+custom+"/") {
		t.Errorf("the link leads to %s", link.String("url"))
	}
	session := s.Post("/v1/account_sessions", "account", express, "components[payments][enabled]", "true", "components[payments][features][refund_management]", "true").OK()
	wantFields(t, session, map[string]any{
		"account": express, "components.payments.enabled": true, "components.payments.features.refund_management": true,
		"components.payments.features.dispute_management": false, "components.payouts.enabled": false,
	})
	if !strings.HasPrefix(session.String("client_secret"), "accs_secret__") {
		t.Errorf("the session's secret is %s", session.String("client_secret"))
	}
	if got := s.Post("/v1/accounts/" + express + "/login_links").OK().String("url"); !strings.HasPrefix(got, s.URL+"/express/"+express+"/") {
		t.Errorf("the login link leads to %s", got)
	}
	refuse(t, s, []refusal{
		{"an update where Stripe collects", "/v1/account_links", "account=" + express + " type=account_update" + urls, "", "type", "account_update"},
		{"nobody", "/v1/account_links", "account=acct_none type=account_onboarding" + urls, "resource_missing", "account", "acct_none"},
		{"no way back", "/v1/account_links", "account=" + custom + " type=account_onboarding refresh_url=https://example.com", "parameter_missing", "return_url", ""},
		{"a bad way back", "/v1/account_links", "account=" + custom + " type=account_onboarding refresh_url=example return_url=https://example.com", "url_invalid", "refresh_url", ""},
		{"no components", "/v1/account_sessions", "account=" + custom + " components[payments][enabled]=false", "", "components", ""},
		{"login without the dashboard", "/v1/accounts/" + custom + "/login_links", "", "", "", "Express"},
		{"login before onboarding", "/v1/accounts/" + bare + "/login_links", "", "", "", "onboarding"},
	})
}
