package billing_test

import "testing"

// An invoice is paid with what was sent to a source; of what is a little less the rest may be forgiven.
func TestPayFromReceiver(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, sent, form string
		status           int
		code             string
		want             map[string]any // of the invoice
		left             string         // status of the source
	}{
		{
			name: "enough", sent: "amount_1500@example.com", status: 200, left: "chargeable",
			want: map[string]any{"status": "paid", "amount_paid": 1000, "amount_paid_off_stripe": 0, "amount_remaining": 0, "payments.data.0.payment.type": "charge", "payments.data.0.status": "paid", "payments.data.1.status": "canceled"},
		},
		{name: "too little", sent: "amount_990@example.com", status: 400, code: "invalid_charge_amount", left: "chargeable", want: map[string]any{"status": "open", "amount_remaining": 1000, "attempted": false}},
		{name: "not forgiven", sent: "amount_990@example.com", form: "forgive=false", status: 400, code: "invalid_charge_amount", left: "chargeable", want: map[string]any{"status": "open"}},
		{
			name: "forgiven", sent: "amount_990@example.com", form: "forgive=true", status: 200, left: "pending",
			want: map[string]any{"status": "paid", "amount_paid": 1000, "amount_paid_off_stripe": 10, "amount_remaining": 0, "payments.data.0.amount_paid": 990},
		},
		{name: "more than enough", sent: "amount_1500@example.com", form: "forgive=true", status: 200, left: "chargeable", want: map[string]any{"status": "paid", "amount_paid_off_stripe": 0}},
		{name: "nothing sent", sent: "amount_0@example.com", form: "forgive=true", status: 400, code: "invalid_source_usage", left: "pending", want: map[string]any{"status": "open"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newInvoiced(t, "")
			src := v.Post("/v1/sources", "type", "ach_credit_transfer", "currency", "usd", "owner[email]", c.sent).OK().ID()
			v.Post("/v1/customers/"+v.customer+"/sources", "source", src).OK()
			v.settleNow()
			path := v.invoice("1000")
			v.Post(path + "/finalize").OK()
			a := v.Post(path+"/pay", append(form(c.form), "source", src)...)
			if c.status == 200 {
				a.OK()
			} else {
				a.Fails(c.status, c.code)
			}
			wantFields(t, v.Get(path, "expand[]", "payments").OK(), c.want)
			wantFields(t, v.Get("/v1/sources/"+src).OK(), map[string]any{"status": c.left})
			sound(t, v.Server)
		})
	}
	t.Run("somebody else's", func(t *testing.T) {
		t.Parallel()
		v := newInvoiced(t, "")
		src := v.Post("/v1/sources", "type", "ach_credit_transfer", "currency", "usd", "owner[email]", "amount_1500@example.com").OK().ID()
		v.settleNow()
		v.Post(v.invoice("1000")+"/pay", "source", src, "forgive", "true").Fails(400, "resource_missing")
	})
	t.Run("a card has nothing to forgive", func(t *testing.T) {
		t.Parallel()
		v := newInvoiced(t, "pm_card_visa")
		wantFields(t, v.Post(v.invoice("1000")+"/pay", "forgive", "true").OK(), map[string]any{"status": "paid", "amount_paid": 1000, "amount_paid_off_stripe": 0})
	})
}

// settleNow does what is due.
func (v *invoiced) settleNow() {
	v.t.Helper()
	if err := v.Engine.RunDue(v.t.Context()); err != nil {
		v.t.Fatal(err)
	}
}
