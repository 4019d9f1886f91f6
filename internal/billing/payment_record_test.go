package billing_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// aPayment is the form of a report of 10.00 usd; more is name=value.
func aPayment(more string) []string {
	return form("amount_requested[currency]=usd amount_requested[value]=1000 initiated_at=1788264000 payment_method_details[type]=custom " +
		"payment_method_details[custom][display_name]=newpay payment_method_details[custom][type]=cpmt_1 " + more)
}

// amountsOf are the amounts of a record: authorized canceled failed guaranteed refunded requested.
func amountsOf(o *object.Object) []int {
	var out []int
	for _, name := range []string{"authorized", "canceled", "failed", "guaranteed", "refunded", "requested"} {
		amount := o.Object("amount_" + name)
		if amount.String("currency") != "usd" {
			return nil
		}
		out = append(out, int(amount.Int("value")))
	}
	return out
}

func TestReportPayment(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	customer := s.Post("/v1/customers").OK().ID()
	for _, c := range []struct {
		name, form string
		want       []int
		fields     map[string]any
	}{
		{"begun", "", []int{0, 0, 0, 0, 0, 1000}, map[string]any{"reported_by": "self", "livemode": false, "customer_details": nil, "processor_details.type": "custom",
			"amount.value": 1000, "payment_method_details.custom.display_name": "newpay", "payment_method_details.custom.type": "cpmt_1", "payment_method_details.type": "custom"}},
		{"guaranteed", "outcome=guaranteed guaranteed[guaranteed_at]=1788264000", []int{1000, 0, 0, 1000, 0, 1000}, nil},
		{"failed", "outcome=failed failed[failed_at]=1788264000", []int{0, 0, 1000, 0, 0, 1000}, nil},
		{"with all", "customer_presence=on_session description=Tea metadata[a]=b customer_details[customer]=" + customer + " customer_details[email]=a@example.com " +
			"shipping_details[address][country]=DE shipping_details[name]=Jo processor_details[type]=custom processor_details[custom][payment_reference]=npp1",
			[]int{0, 0, 0, 0, 0, 1000}, map[string]any{"customer_presence": "on_session", "description": "Tea", "metadata.a": "b", "customer_details.customer": customer,
				"customer_details.email": "a@example.com", "customer_details.name": nil, "shipping_details.address.country": "DE", "processor_details.custom.payment_reference": "npp1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var record *object.Object
			wantEvents(t, s, nil, func() { record = s.Post("/v1/payment_records/report_payment", aPayment(c.form)...).OK() })
			attempt := s.Get("/v1/payment_attempt_records/" + record.String("latest_payment_attempt_record")).OK()
			for _, o := range []*object.Object{record, s.Get("/v1/payment_records/" + record.ID()).OK(), attempt} {
				if d := cmp.Diff(c.want, amountsOf(o)); d != "" {
					t.Errorf("the amounts of %s (-want +got):\n%s", o.ID(), d)
				}
				wantFields(t, o, c.fields)
			}
			wantFields(t, attempt, map[string]any{"payment_record": record.ID()})
			if !strings.HasPrefix(record.ID(), "pr_test_") || !strings.HasPrefix(attempt.ID(), "par_test_") {
				t.Errorf("the ids are %s and %s", record.ID(), attempt.ID())
			}
		})
	}
	card := s.Post("/v1/payment_methods", form("type=card card[token]=tok_visa")...).OK().ID()
	path, base := "/v1/payment_records/report_payment", "amount_requested[currency]=usd amount_requested[value]=1000 initiated_at=1788264000 "
	custom := "payment_method_details[type]=custom payment_method_details[custom][type]=cpmt_1 "
	refuse(t, s, []refusal{
		{"nothing", path, "", "parameter_missing", "amount_requested", "amount_requested"},
		{"no value", path, strings.Replace(base, "=1000", "=0", 1) + custom, "parameter_invalid_integer", "amount_requested[value]", "greater"},
		{"unknown currency", path, strings.Replace(base, "usd", "xxx", 1) + custom, "", "amount_requested[currency]", "Invalid currency"},
		{"no method", path, base + "payment_method_details[type]=custom", "parameter_missing", "payment_method_details[custom]", "Missing"},
		{"a card", path, base + "payment_method_details[payment_method]=" + card, "", "payment_method_details[payment_method]", "type card"},
		{"no such method", path, base + "payment_method_details[payment_method]=pm_none", "resource_missing", "payment_method_details[payment_method]", "No such PaymentMethod"},
		{"outcome without its time", path, base + custom + "outcome=guaranteed", "parameter_missing", "guaranteed", "Missing"},
		{"the other outcome's time", path, base + custom + "outcome=failed failed[failed_at]=1 guaranteed[guaranteed_at]=1", "", "guaranteed", "only specify"},
		{"stranger", path, base + custom + "customer_details[customer]=cus_none", "resource_missing", "customer_details[customer]", "No such customer"},
	})
	if n := len(s.Get("/v1/payment_records").IDs()); n != 4 {
		t.Errorf("%d records are listed, want 4", n)
	}
}

func TestReportOutcomes(t *testing.T) {
	t.Parallel()
	const guaranteed, failed, canceled, refund = "attempt_guaranteed guaranteed_at=1", "attempt_failed failed_at=1", "attempt_canceled canceled_at=1",
		"refund outcome=refunded processor_details[type]=custom processor_details[custom][refund_reference]=r1 refunded[refunded_at]=1"
	const again = "attempt initiated_at=1"
	for _, c := range []struct {
		name    string
		reports []string // the operation behind report_, and its form
		err     string   // of the last one
		param   string
		want    []int
		tries   int
	}{
		{"guaranteed", []string{guaranteed}, "", "", []int{1000, 0, 0, 1000, 0, 1000}, 1},
		{"failed", []string{failed}, "", "", []int{0, 0, 1000, 0, 0, 1000}, 1},
		{"canceled", []string{canceled}, "", "", []int{0, 1000, 0, 0, 0, 1000}, 1},
		{"guaranteed twice", []string{guaranteed, guaranteed}, "already guaranteed", "", []int{1000, 0, 0, 1000, 0, 1000}, 1},
		{"failed after all", []string{guaranteed, failed}, "already guaranteed", "", []int{1000, 0, 0, 1000, 0, 1000}, 1},
		{"guaranteed after all", []string{failed, guaranteed}, "already failed", "", []int{0, 0, 1000, 0, 0, 1000}, 1},
		{"canceled too late", []string{canceled, canceled}, "already canceled", "", []int{0, 1000, 0, 0, 0, 1000}, 1},
		{"a second try", []string{failed, again}, "", "", []int{0, 0, 0, 0, 0, 1000}, 2},
		{"a second try works", []string{failed, again, guaranteed}, "", "", []int{1000, 0, 0, 1000, 0, 1000}, 2},
		{"a third try fails at once", []string{failed, again, canceled, again + " outcome=failed failed[failed_at]=1"}, "", "", []int{0, 0, 1000, 0, 0, 1000}, 3},
		{"two at once", []string{again}, "is started", "", []int{0, 0, 0, 0, 0, 1000}, 1},
		{"one after success", []string{guaranteed, again}, "is guaranteed", "", []int{1000, 0, 0, 1000, 0, 1000}, 1},
		{"refunded", []string{guaranteed, refund}, "", "", []int{1000, 0, 0, 1000, 1000, 1000}, 1},
		{"refunded in parts", []string{guaranteed, refund + " amount[currency]=usd amount[value]=300", refund + " amount[currency]=usd amount[value]=200"}, "", "", []int{1000, 0, 0, 1000, 500, 1000}, 1},
		{"refunded too much", []string{guaranteed, refund + " amount[currency]=usd amount[value]=300", refund + " amount[currency]=usd amount[value]=701"}, "greater than the unrefunded", "amount[value]", []int{1000, 0, 0, 1000, 300, 1000}, 1},
		{"refunded in euros", []string{guaranteed, refund + " amount[currency]=eur amount[value]=300"}, "made in usd", "amount[currency]", []int{1000, 0, 0, 1000, 0, 1000}, 1},
		{"refunded twice", []string{guaranteed, refund, refund}, "already been refunded", "", []int{1000, 0, 0, 1000, 1000, 1000}, 1},
		{"refunded unpaid", []string{refund}, "is started", "", []int{0, 0, 0, 0, 0, 1000}, 1},
		{"refunded failed", []string{failed, refund}, "is failed", "", []int{0, 0, 1000, 0, 0, 1000}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			id := s.Post("/v1/payment_records/report_payment", aPayment("metadata[a]=1")...).OK().ID()
			for i, report := range c.reports {
				operation, more, _ := strings.Cut(report, " ")
				path := "/v1/payment_records/" + id + "/report_"
				if strings.HasPrefix(operation, "attempt") {
					path += "payment_"
				}
				a := s.Post(path+operation, form(more+" metadata[b]=2")...)
				if c.err == "" || i < len(c.reports)-1 {
					wantFields(t, a.OK(), map[string]any{"id": id, "metadata.a": "1", "metadata.b": "2"})
					continue
				}
				e := a.Fails(400, "")
				if !strings.Contains(e.String("message"), c.err) || e.String("param") != c.param {
					t.Errorf("the error is %q about %q, want %q about %q", e.String("message"), e.String("param"), c.err, c.param)
				}
			}
			record := s.Get("/v1/payment_records/" + id).OK()
			attempts := s.Get("/v1/payment_attempt_records", "payment_record", id)
			if ids := attempts.IDs(); len(ids) != c.tries || ids[0] != record.String("latest_payment_attempt_record") {
				t.Errorf("the attempts are %v, want %d and %s first", ids, c.tries, record.String("latest_payment_attempt_record"))
			}
			for _, o := range []*object.Object{record, attempts.OK().Array("data")[0].(*object.Object)} {
				if d := cmp.Diff(c.want, amountsOf(o)); d != "" {
					t.Errorf("the amounts of %s (-want +got):\n%s", o.ID(), d)
				}
			}
		})
	}
}

func TestReportInformation(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	record := s.Post("/v1/payment_records/report_payment", aPayment("description=Tea shipping_details[name]=Jo")...).OK()
	path := "/v1/payment_records/" + record.ID() + "/report_payment_attempt_informational"
	wantFields(t, s.Post(path, form("description=Coffee customer_details[name]=Jo")...).OK(), map[string]any{"description": "Coffee", "customer_details.name": "Jo", "shipping_details.name": "Jo"})
	wantFields(t, s.Post(path, "description", "", "shipping_details", "").OK(), map[string]any{"description": nil, "customer_details.name": "Jo", "shipping_details": nil})
	attempt := s.Get("/v1/payment_attempt_records/" + record.String("latest_payment_attempt_record")).OK()
	wantFields(t, attempt, map[string]any{"description": nil, "customer_details.name": "Jo", "shipping_details": nil})
	s.Post("/v1/payment_records/pr_none/report_payment_attempt_informational").Fails(404, "resource_missing")

	later(t, s, time.Hour)
	second := s.Post("/v1/payment_records/report_payment", aPayment("")...).OK()
	for query, want := range map[string]string{"created_after=" + in(s, -time.Minute): second.ID(), "created_before=" + in(s, -time.Minute): record.ID()} {
		if got := s.Get("/v1/payment_records", form(query)...).IDs(); len(got) != 1 || got[0] != want {
			t.Errorf("%q lists %v, want %s", query, got, want)
		}
	}
}
