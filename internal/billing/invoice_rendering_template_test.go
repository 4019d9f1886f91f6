package billing_test

import (
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
)

func TestInvoiceRenderingTemplate(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	var id string
	b.do(func(op *resource.Op) error { // no operation makes one
		made, err := op.Make("invoice_rendering_template", "", object.New(nil), func(op *resource.Op) error {
			op.Object.Set("status", "active")
			op.Object.Set("version", 3)
			return nil
		})
		if err == nil {
			id = made.ID()
		}
		return err
	})
	at := "/v1/invoice_rendering_templates/" + id
	wantEvents(t, b.Server, nil, func() {
		wantFields(t, b.Post(at+"/archive").OK(), map[string]any{"id": id, "status": "archived", "version": 3})
	})
	b.Post(at+"/archive").Fails(400, "")
	for status, want := range map[string]int{"active": 0, "archived": 1} {
		if got := b.Get("/v1/invoice_rendering_templates", "status", status).IDs(); len(got) != want {
			t.Errorf("%d templates are %s, want %d", len(got), status, want)
		}
	}
	wantFields(t, b.Post(at+"/unarchive").OK(), map[string]any{"status": "active"})
	b.Post(at+"/unarchive").Fails(400, "")
	wantFields(t, b.Get(at, "version", "3").OK(), map[string]any{"id": id})
	b.Get(at, "version", "2").Fails(400, "resource_missing")
	b.Post("/v1/invoice_rendering_templates/inrtem_none/archive").Fails(404, "resource_missing")
}

func TestFeedbackOption(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	option := s.Post("/v1/billing/feedback_options", "description", "Too expensive").OK()
	wantFields(t, option, map[string]any{"status": "active", "description": "Too expensive", "status_transitions.deactivated_at": nil})
	at := "/v1/billing/feedback_options/" + option.ID()
	wantFields(t, s.Post(at, "description", "Too dear").OK(), map[string]any{"description": "Too dear", "status": "active"})
	wantFields(t, s.Post(at+"/deactivate").OK(), map[string]any{"status": "inactive", "status_transitions.deactivated_at": servertest.Start.Unix()})
	s.Post(at+"/deactivate").Fails(400, "")
	for status, want := range map[string]int{"active": 0, "inactive": 1} {
		if got := s.Get("/v1/billing/feedback_options", "status", status).IDs(); len(got) != want {
			t.Errorf("%d options are %s, want %d", len(got), status, want)
		}
	}
}
