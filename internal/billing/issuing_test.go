package billing_test

import (
	"net/http"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
)

// issued is a card with a status.
func issued(s *servertest.Server, status string) string {
	holder := s.Post("/v1/issuing/cardholders", "name", "Jenny Rosen", "type", "individual", "billing[address][line1]", "10 Main Street", "billing[address][city]", "San Francisco",
		"billing[address][state]", "CA", "billing[address][postal_code]", "94111", "billing[address][country]", "US").OK().ID()
	return s.Post("/v1/issuing/cards", "currency", "usd", "type", "virtual", "cardholder", holder, "status", status).OK().ID()
}

func TestIssuingAuthorization(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status string
		want   map[string]any
	}{
		{"active", map[string]any{"approved": true, "status": "pending", "amount": 700, "merchant_amount": 700, "currency": "usd", "pending_request": nil}},
		{"inactive", map[string]any{"approved": false, "status": "closed", "amount": 0, "pending_request": nil}},
	} {
		s := servertest.New(t)
		card := issued(s, c.status)
		wantEvents(t, s, []string{"issuing_authorization.created", "issuing_authorization.request", "issuing_authorization.updated"}, func() {
			wantFields(t, s.Post("/v1/test_helpers/issuing/authorizations", "card", card, "amount", "700").OK(), c.want)
		})
		asked := s.Get("/v1/events", "type", "issuing_authorization.request").OK().Array("data")[0].(*object.Object)
		wantFields(t, asked.Object("data").Object("object"), map[string]any{"approved": false, "amount": 0, "pending_request.amount": 700})
		sound(t, s)
	}
	s := servertest.New(t)
	s.Post("/v1/test_helpers/issuing/authorizations", "card", "ic_none", "amount", "700").Fails(400, "resource_missing")
}

// Stripe's command line asks at an address that was there before the test helpers.
func TestIssuingAuthorizationOfOld(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	card := issued(s, "active")
	wantEvents(t, s, []string{"issuing_authorization.created", "issuing_authorization.request", "issuing_authorization.updated"}, func() {
		a := s.Do(servertest.Request{Method: http.MethodPost, Path: "/v1/issuing/cards/" + card + "/test/authorizations", Unchecked: true,
			Form: []string{"held_amount", "100", "held_currency", "usd", "authorization_method", "online"}, Header: http.Header{"Stripe-Version": {"2022-11-15"}}})
		wantFields(t, a.OK(), map[string]any{"approved": true, "amount": 100, "authorization_method": "online", "card.id": card})
	})
	s.Post("/v1/issuing/cards/"+card+"/test/authorizations", "held_amount", "100").Fails(404, "")
}

func TestIssuingTransaction(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	card := issued(s, "active")
	const helpers = "/v1/test_helpers/issuing/transactions/"
	var id string
	wantEvents(t, s, []string{"issuing_transaction.created", "issuing_transaction.purchase_details_receipt_updated"}, func() {
		made := s.Post(helpers+"create_force_capture", "card", card, "amount", "100", "merchant_data[name]", "Rocket Rides",
			"purchase_details[receipt][0][description]", "Ride", "purchase_details[receipt][0][quantity]", "1", "purchase_details[receipt][0][unit_cost]", "100").OK()
		id = made.ID()
		wantFields(t, made, map[string]any{"type": "capture", "amount": -100, "merchant_amount": -100, "currency": "usd", "card": card, "merchant_data.name": "Rocket Rides", "authorization": nil})
	})
	wantFields(t, s.Get("/v1/issuing/transactions/"+id, "expand[]", "purchase_details").OK(), map[string]any{"purchase_details.receipt.0.description": "Ride", "purchase_details.receipt.0.unit_cost": 100})
	wantEvents(t, s, []string{"issuing_transaction.created"}, func() {
		wantFields(t, s.Post(helpers+"create_unlinked_refund", "card", card, "amount", "100").OK(), map[string]any{"type": "refund", "amount": 100})
	})
	wantEvents(t, s, []string{"issuing_transaction.updated"}, func() { s.Post("/v1/issuing/transactions/"+id, "metadata[order_id]", "6735").OK() })
	s.Post(helpers+"create_force_capture", "card", "ic_none", "amount", "100").Fails(400, "resource_missing")
	sound(t, s)
}

func TestVerificationSession(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	const path = "/v1/identity/verification_sessions"
	id := s.Post(path, "type", "document", "metadata[a]", "b").OK().ID()
	wantEvents(t, s, []string{"identity.verification_session.canceled"}, func() {
		wantFields(t, s.Post(path+"/"+id+"/cancel").OK(), map[string]any{"status": "canceled", "url": nil})
	})
	s.Post(path+"/"+id+"/cancel").Fails(400, "")
	wantEvents(t, s, []string{"identity.verification_session.redacted"}, func() {
		wantFields(t, s.Post(path+"/"+id+"/redact").OK(), map[string]any{"status": "canceled", "redaction.status": "processing"})
		advance(t, s, servertest.Start.Unix())
	})
	wantFields(t, s.Get(path+"/"+id).OK(), map[string]any{"redaction.status": "redacted", "metadata.a": nil})
	s.Post(path+"/"+id+"/redact").Fails(400, "")
	other := s.Post(path, "type", "document").OK().ID()
	wantEvents(t, s, []string{"identity.verification_session.canceled", "identity.verification_session.redacted"}, func() {
		wantFields(t, s.Post(path+"/"+other+"/redact").OK(), map[string]any{"status": "canceled"})
		advance(t, s, servertest.Start.Unix())
	})
	sound(t, s)
}
