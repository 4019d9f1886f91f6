package billing_test

import (
	"strings"
	"testing"
	"time"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"

	"github.com/google/go-cmp/cmp"
)

// billedLine is a line of a test's invoice.
type billedLine struct {
	unit, quantity int64
	discount       int64
	tax            int64
	inclusive      bool
}

// biller makes invoices of one customer, as there is no other way yet.
type biller struct {
	*servertest.Server
	t         *testing.T
	customer  string
	exclusive string // a tax rate of 10 %
	inclusive string // one of 25 %, within the price
}

func newBiller(t *testing.T) *biller {
	b := &biller{Server: servertest.New(t), t: t}
	b.customer = b.Post("/v1/customers", "email", "jenny@example.com", "name", "Jenny Rosen").OK().ID()
	b.Post("/v1/customers/"+b.customer+"/sources", "source", "tok_visa").OK()
	b.exclusive = b.Post("/v1/tax_rates", "display_name", "Sales tax", "percentage", "10", "inclusive", "false").OK().ID()
	b.inclusive = b.Post("/v1/tax_rates", "display_name", "VAT", "percentage", "25", "inclusive", "true").OK().ID()
	return b
}

// do runs a rule in the account's test mode.
func (b *biller) do(fn func(op *resource.Op) error) {
	b.t.Helper()
	ns, err := b.Registry.Namespace(b.Account.ID, "test")
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.Engine.Call(b.t.Context(), ns, func(op *resource.Op) error {
		op.Object = object.New(nil)
		err := fn(op)
		op.Result = op.Object
		return err
	}); err != nil {
		b.t.Fatal(err)
	}
}

// invoice makes an invoice that is open, paid, uncollectible, void or draft.
func (b *biller) invoice(status string, lines ...billedLine) string {
	b.t.Helper()
	product := b.Post("/v1/products", "name", "Pro").OK().ID()
	prices := make([]string, len(lines))
	for i, line := range lines {
		prices[i] = b.Post("/v1/prices", "product", product, "currency", "usd", "unit_amount", shown(max(line.unit, 0))).OK().ID()
	}
	var id string
	b.do(func(op *resource.Op) error {
		customer, err := op.Get("customer", b.customer, "")
		if err != nil {
			return err
		}
		var items []billing.BilledItem
		for i, line := range lines {
			price, err := op.Get("price", prices[i], "")
			if err != nil {
				return err
			}
			items = append(items, billing.NewBilledItem(price, line.quantity))
		}
		in, err := billing.IssueInvoice(op, customer, "usd", items)
		if err != nil {
			return err
		}
		id = in.ID()
		return b.adjust(op, in, lines, status)
	})
	if err := b.Engine.RunDue(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	return id
}

// adjust gives the lines their signs, discounts and taxes, and brings the invoice to its status.
func (b *biller) adjust(op *resource.Op, in *object.Object, lines []billedLine, status string) error {
	stored, err := op.Lookup("line_item", "invoice", in.ID())
	if err != nil {
		return err
	}
	var subtotal, total int64
	for i, line := range lines {
		o := stored[len(stored)-1-i] // newest first
		amount := line.unit * line.quantity
		o.Set("amount", amount)
		o.Set("subtotal", amount)
		subtotal, total = subtotal+amount, total+amount-line.discount
		if line.discount > 0 {
			o.Set("discount_amounts", []any{fields("amount", line.discount, "discount", "di_1")})
		}
		if line.tax > 0 {
			rate, behavior := b.exclusive, "exclusive"
			if line.inclusive {
				rate, behavior = b.inclusive, "inclusive"
			} else {
				total += line.tax
			}
			o.Set("taxes", []any{fields("amount", line.tax, "tax_behavior", behavior, "tax_rate_details", fields("tax_rate", rate),
				"taxability_reason", "standard_rated", "taxable_amount", amount-line.discount, "type", "tax_rate_details")})
		}
		op.Save(o)
	}
	in.Set("subtotal", subtotal)
	for _, name := range []string{"total", "amount_due", "amount_remaining"} {
		in.Set(name, total)
	}
	op.Save(in)
	switch status {
	case "paid":
		return billing.PayInvoice(op, in)
	case "draft":
		in.Set("status", "draft")
	case "uncollectible", "void":
		return op.Move(in, status)
	}
	return nil
}

func fields(pairs ...any) *object.Object {
	o := object.New(nil)
	for i := 0; i < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// lines are the ids of an invoice's lines, in order.
func (b *biller) lines(invoice string) []string {
	return b.Get("/v1/invoices/" + invoice + "/lines").IDs()
}

var (
	hundred  = billedLine{unit: 10000, quantity: 1}
	lowered  = []string{"credit_note.created", "invoice.updated"}
	settled  = []string{"credit_note.created", "payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"}
	refunded = []string{"refund.created", "charge.refunded", "credit_note.created", "invoice.updated"}
	credited = []string{"customer.updated", "credit_note.created", "invoice.updated"}
)

// A note on an invoice that is partly paid lowers the rest first.
func TestMixedCreditNote(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	invoice := b.invoice("open", hundred)
	b.do(func(op *resource.Op) error {
		in, err := op.Get("invoice", invoice, "")
		if err != nil {
			return err
		}
		in.Set("amount_paid", 6000)
		in.Set("amount_remaining", 4000)
		op.Save(in)
		return nil
	})
	b.Post("/v1/credit_notes", "invoice", invoice, "amount", "6000").Fails(400, "")
	wantFields(t, b.Post("/v1/credit_notes", "invoice", invoice, "amount", "6000", "refund_amount", "2000").Fails(400, ""), map[string]any{"param": "refund_amount"})
	wantEvents(t, b.Server, []string{"customer.updated", "credit_note.created", "payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"}, func() {
		note := b.Post("/v1/credit_notes", "invoice", invoice, "amount", "6000", "credit_amount", "2000").OK()
		wantFields(t, note, map[string]any{"type": "mixed", "pre_payment_amount": 4000, "post_payment_amount": 2000})
		b.Post("/v1/credit_notes/"+note.ID()+"/void").Fails(400, "status_transition_invalid")
	})
	wantFields(t, b.Get("/v1/invoices/"+invoice).OK(), map[string]any{"status": "paid", "amount_due": 6000, "amount_remaining": 0, "pre_payment_credit_notes_amount": 4000, "post_payment_credit_notes_amount": 2000})
}

func TestCreditNoteMovesMoney(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	invoice := b.invoice("paid", hundred)
	note := b.Post("/v1/credit_notes", "invoice", invoice, "amount", "3000", "refund_amount", "1000", "credit_amount", "2000").OK()

	refund := b.Get("/v1/refunds/"+note.Array("refunds")[0].(*object.Object).Ref("refund"), "expand[]", "charge").OK()
	wantFields(t, refund, map[string]any{"amount": 1000, "status": "succeeded", "charge.amount": 10000, "charge.amount_refunded": 1000})

	wantFields(t, b.Get("/v1/customers/"+b.customer).OK(), map[string]any{"balance": -2000})
	entry := b.Get("/v1/customers/" + b.customer + "/balance_transactions/" + note.Ref("customer_balance_transaction")).OK()
	wantFields(t, entry, map[string]any{"amount": -2000, "type": "credit_note", "ending_balance": -2000, "credit_note": note.ID(), "invoice": invoice, "currency": "usd", "customer": b.customer})
	wantFields(t, b.Get("/v1/credit_notes/"+note.ID(), "expand[]", "customer_balance_transaction", "expand[]", "invoice", "expand[]", "refunds.refund").OK(),
		map[string]any{"customer_balance_transaction.amount": -2000, "invoice.id": invoice, "refunds.0.refund.amount": 1000})
}

func TestCreditNoteLinksRefunds(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	invoice, other := b.invoice("paid", hundred), b.invoice("paid", hundred)
	charges := b.Get("/v1/charges", "customer", b.customer).IDs() // the other invoice's first
	refund := b.Post("/v1/refunds", "charge", charges[1], "amount", "2500").OK().ID()
	form := func(more ...string) []string {
		return append([]string{"invoice", invoice, "amount", "2000", "refunds[0][refund]", refund}, more...)
	}
	for _, c := range []struct {
		form  []string
		code  string
		param string
	}{
		{form(), "", "refunds"},
		{form("refunds[0][amount_refunded]", "2501"), "", "refunds[0][amount_refunded]"},
		{form("refunds[0][amount_refunded]", "0"), "", "refunds[0][amount_refunded]"},
		{[]string{"invoice", invoice, "amount", "100", "refunds[0][amount_refunded]", "100"}, "parameter_missing", "refunds[0][refund]"},
		{[]string{"invoice", invoice, "amount", "100", "refunds[0][refund]", "re_nobody"}, "resource_missing", "refunds[0][refund]"},
		{[]string{"invoice", other, "amount", "2500", "refunds[0][refund]", refund}, "", "refunds[0][refund]"},
		{[]string{"invoice", invoice, "amount", "7501", "refund_amount", "7501"}, "", "refund_amount"},
	} {
		wantFields(t, b.Post("/v1/credit_notes", c.form...).Fails(400, c.code), map[string]any{"param": c.param})
	}
	wantEvents(t, b.Server, lowered, func() {
		note := b.Post("/v1/credit_notes", form("refunds[0][amount_refunded]", "2000")...).OK()
		wantFields(t, note, map[string]any{"type": "post_payment", "refunds.0.refund": refund, "refunds.0.amount_refunded": 2000})
	})
	wantFields(t, b.Post("/v1/credit_notes", form("refunds[0][amount_refunded]", "501")...).Fails(400, ""), map[string]any{"param": "refunds[0][amount_refunded]"})
	b.Post("/v1/credit_notes", "invoice", invoice, "amount", "500", "refunds[0][refund]", refund).OK()
	wantFields(t, b.Get("/v1/charges/"+charges[1]).OK(), map[string]any{"amount_refunded": 2500})
}

func TestCreditShipping(t *testing.T) {
	t.Parallel()
	v := newTaxed(t, "address[country]=DE")
	rate := v.Post("/v1/shipping_rates", form("display_name=Post type=fixed_amount fixed_amount[amount]=500 fixed_amount[currency]=usd tax_behavior=exclusive")...).OK().ID()
	v.item(form("amount=1000 tax_behavior=exclusive")...)
	id := v.Post("/v1/invoices", form("customer="+v.customer+" pending_invoice_items_behavior=include automatic_tax[enabled]=true shipping_cost[shipping_rate]="+rate)...).OK().ID()
	v.Post("/v1/invoices/" + id + "/finalize").OK()
	note := v.Post("/v1/credit_notes", form("invoice="+id+" shipping_cost[shipping_rate]="+rate+" expand[]=shipping_cost.taxes")...).OK()
	wantFields(t, note, map[string]any{
		"amount": 595, "amount_shipping": 500, "subtotal": 0, "total_excluding_tax": 500, "shipping_cost.amount_total": 595, "shipping_cost.shipping_rate": rate, "lines.data": []any{},
		"total_taxes.0.amount": 95, "shipping_cost.taxes.0.amount": 95, "shipping_cost.taxes.0.rate.display_name": "VAT",
	})
	wantFields(t, v.Get("/v1/invoices/"+id).OK(), map[string]any{"total": 1785, "amount_remaining": 1190})
	wantFields(t, v.Post("/v1/credit_notes", "invoice", id, "shipping_cost[shipping_rate]", rate).Fails(400, ""), map[string]any{"param": "shipping_cost[shipping_rate]"})
	line := v.Get("/v1/invoices/" + id + "/lines").IDs()[0]
	refuse(t, v.Server, []refusal{{"taxes of its own", "/v1/credit_notes", "invoice=" + id + " lines[0][type]=invoice_line_item lines[0][invoice_line_item]=" + line + " lines[0][quantity]=1 lines[0][tax_amounts][0][amount]=1 lines[0][tax_amounts][0][tax_rate]=txr_1 lines[0][tax_amounts][0][taxable_amount]=1", "", "lines[0][tax_amounts]", "automatic tax"}})
}

// What a line's own discount takes off is left out of the subtotal, as on the invoice.
func TestCreditDiscountedLine(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "")
	v.Post("/v1/coupons", form("id=half percent_off=50 duration=once")...).OK()
	v.Post("/v1/coupons", form("id=off amount_off=100 currency=usd duration=once")...).OK()
	path := v.invoice("1000", "discounts[0][coupon]", "off")
	v.item(form("amount=2000 invoice=" + path[len("/v1/invoices/"):] + " discounts[0][coupon]=half")...)
	wantFields(t, v.Post(path+"/finalize").OK(), map[string]any{"subtotal": 2000, "total": 1900})
	line := v.Get(path + "/lines").IDs()[1]
	// Half of 2000 with half of 1000 and of 50 off.
	note := v.Post("/v1/credit_notes", form("invoice="+path[len("/v1/invoices/"):]+" lines[0][type]=invoice_line_item lines[0][amount]=1000 lines[0][invoice_line_item]="+line)...).OK()
	wantFields(t, note, map[string]any{"subtotal": 500, "discount_amount": 525, "total": 475, "lines.data.0.amount": 1000, "lines.data.0.discount_amounts.0.amount": 500, "lines.data.0.discount_amounts.1.amount": 25})
}

// What billing credits paid of a line is not given back.
func TestCreditCreditedLine(t *testing.T) {
	t.Parallel()
	v := newCaller(t)
	rate := v.Post("/v1/tax_rates", form("display_name=VAT percentage=10 inclusive=false")...).OK().ID()
	v.grant(200, anyMetered)
	sub := v.subscribe("items[0][price]=" + v.calls + " default_tax_rates[0]=" + rate).OK().ID()
	v.later(day)
	v.use(100, servertest.Start.Add(day), "")
	v.later(29*day + hour)
	in := field(v.Get("/v1/subscriptions/"+sub).OK(), "latest_invoice").(string)
	wantFields(t, v.Get("/v1/invoices/"+in).OK(), map[string]any{"status": "paid", "subtotal": 500, "total": 330})
	line := v.Get("/v1/invoices/" + in + "/lines").IDs()[0]
	// Half of 500, less half of 200, with 10 % on top.
	wantFields(t, v.Post("/v1/credit_notes", form("invoice="+in+" lines[0][type]=invoice_line_item lines[0][amount]=250 refund_amount=165 lines[0][invoice_line_item]="+line)...).OK(), map[string]any{
		"total": 165, "subtotal": 250, "total_taxes.0.amount": 15, "pretax_credit_amounts.0.amount": 100, "pretax_credit_amounts.0.type": "credit_balance_transaction", "lines.data.0.pretax_credit_amounts.0.amount": 100,
	})
}

// A payment that was reported is given back as it was reported; and an invoice that several charges paid can be refunded
// from each.
func TestCreditReportedRefund(t *testing.T) {
	t.Parallel()
	v := newInvoiced(t, "pm_card_visa")
	path := v.invoice("1600")
	id := path[len("/v1/invoices/"):]
	v.Post(path + "/finalize").OK()
	record := v.Post("/v1/payment_records/report_payment", aPayment("outcome=guaranteed guaranteed[guaranteed_at]=1788264000")...).OK().ID()
	v.Post(path+"/attach_payment", "payment_record", record).OK()
	first := v.Post("/v1/payment_intents", confirmed("pm_card_visa", "amount", "250", "customer", v.customer)...).OK().ID()
	v.Post(path+"/attach_payment", "payment_intent", first).OK()
	v.Post(path + "/pay").OK()
	linked := "invoice=" + id + " amount=150 refunds[0][type]=payment_record_refund refunds[0][payment_record_refund][refund_group]=g refunds[0][payment_record_refund][payment_record]="
	refuse(t, v.Server, []refusal{
		{"nothing was given back", "/v1/credit_notes", linked + record, "", "refunds[0][amount_refunded]", "At most $0.00"},
		{"a payment of something else", "/v1/credit_notes", linked + "pr_none", "resource_missing", "refunds[0][payment_record_refund][payment_record]", "No such"},
		{"more than a charge took", "/v1/credit_notes", "invoice=" + id + " amount=351 refund_amount=351", "", "refund_amount", "$3.50"},
	})
	v.Post("/v1/payment_records/"+record+"/report_refund", form("outcome=refunded processor_details[type]=custom processor_details[custom][refund_reference]=r amount[currency]=usd amount[value]=150 refunded[refunded_at]=1788264000")...).OK()
	wantFields(t, v.Post("/v1/credit_notes", form(linked+record)...).OK(), map[string]any{
		"post_payment_amount": 150, "refunds.0.type": "payment_record_refund", "refunds.0.payment_record_refund.payment_record": record, "refunds.0.amount_refunded": 150,
	})
	refuse(t, v.Server, []refusal{{"twice", "/v1/credit_notes", linked + record, "", "refunds[0][amount_refunded]", "At most $0.00"}})
	for _, amount := range []string{"350", "250"} { // from the last charge, then from the one before
		v.Post("/v1/credit_notes", "invoice", id, "amount", amount, "refund_amount", amount).OK()
	}
	wantFields(t, v.Get("/v1/payment_intents/"+first, "expand[]", "latest_charge").OK(), map[string]any{"latest_charge.amount_refunded": 250})
	wantFields(t, v.Get(path).OK(), map[string]any{"post_payment_credit_notes_amount": 750, "status": "paid"})
}

func TestCreditNoteNumbers(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	invoice := b.invoice("open", hundred)
	number := b.Get("/v1/invoices/" + invoice).OK().String("number")
	var numbers []string
	for range 2 {
		note := b.Post("/v1/credit_notes", "invoice", invoice, "amount", "100").OK()
		b.Post("/v1/credit_notes/" + note.ID() + "/void").OK()
		numbers = append(numbers, note.String("number"))
	}
	if diff := cmp.Diff([]string{number + "-CN-01", number + "-CN-02"}, numbers); diff != "" {
		t.Error(diff)
	}
	if prefix, sequence, _ := strings.Cut(number, "-"); len(prefix) < 3 || sequence != "0001" {
		t.Errorf("the invoice has the number %q", number)
	}
}

func TestVoidCreditNote(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	open := b.invoice("open", hundred)
	note := b.Post("/v1/credit_notes", "invoice", open, "amount", "3000").OK()
	b.Clock.Advance(time.Hour)
	wantEvents(t, b.Server, []string{"credit_note.voided", "invoice.updated"}, func() {
		wantFields(t, b.Post("/v1/credit_notes/"+note.ID()+"/void").OK(), map[string]any{"status": "void", "voided_at": b.Clock.Now().Unix(), "number": note.String("number")})
	})
	wantFields(t, b.Get("/v1/invoices/"+open).OK(), map[string]any{"status": "open", "amount_due": 10000, "amount_remaining": 10000, "pre_payment_credit_notes_amount": 0})
	b.Post("/v1/credit_notes/"+note.ID()+"/void").Fails(400, "status_transition_invalid")
	b.Post("/v1/credit_notes/cn_nobody/void").Fails(404, "resource_missing")
	b.Post("/v1/credit_notes", "invoice", open, "amount", "10000").OK() // all of it again

	settledNote := b.Get("/v1/credit_notes").IDs()[0]
	b.Post("/v1/credit_notes/"+settledNote+"/void").Fails(400, "status_transition_invalid")
	post := b.Post("/v1/credit_notes", "invoice", b.invoice("paid", hundred), "amount", "100", "credit_amount", "100").OK().ID()
	b.Post("/v1/credit_notes/"+post+"/void").Fails(400, "status_transition_invalid")
}

func TestUpdateCreditNote(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	note := b.Post("/v1/credit_notes", "invoice", b.invoice("open", hundred), "amount", "100").OK().ID()
	events := wantEvents(t, b.Server, []string{"credit_note.updated"}, func() {
		got := b.Post("/v1/credit_notes/"+note, "metadata[order_id]", "6735", "memo", "As agreed").OK()
		wantFields(t, got, map[string]any{"metadata.order_id": "6735", "memo": "As agreed", "amount": 100})
	})
	if diff := cmp.Diff([]string{"memo", "metadata"}, events[0].Object("data").Object("previous_attributes").Keys()); diff != "" {
		t.Error(diff)
	}
	wantFields(t, b.Post("/v1/credit_notes/"+note, "reason", "duplicate").Fails(400, "parameter_unknown"), map[string]any{"param": "reason"})
}

func TestListCreditNotes(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	first, second := b.invoice("open", hundred), b.invoice("open", hundred)
	one := b.Post("/v1/credit_notes", "invoice", first, "amount", "100").OK().ID()
	two := b.Post("/v1/credit_notes", "invoice", second, "amount", "100").OK().ID()
	for _, c := range []struct {
		form []string
		want []string
	}{
		{nil, []string{two, one}}, {[]string{"invoice", first}, []string{one}}, {[]string{"customer", b.customer}, []string{two, one}}, {[]string{"limit", "1", "starting_after", two}, []string{one}},
	} {
		if diff := cmp.Diff(c.want, b.Get("/v1/credit_notes", c.form...).IDs()); diff != "" {
			t.Errorf("%v: %s", c.form, diff)
		}
	}
	b.Get("/v1/credit_notes/cn_nobody").Fails(404, "resource_missing")
}

// More lines than the note itself shows; they keep their order.
func TestCreditNoteLines(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	form := []string{"invoice", b.invoice("open", hundred)}
	for i := range 12 {
		at := "lines[" + shown(int64(i)) + "]"
		form = append(form, at+"[type]", "custom_line_item", at+"[description]", "Item", at+"[quantity]", "1", at+"[unit_amount]", shown(int64(i+1)))
	}
	amounts := func(list *object.Object) []int64 {
		var out []int64
		for _, v := range list.Array("data") {
			out = append(out, v.(*object.Object).Int("amount"))
		}
		return out
	}
	all := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	note := b.Post("/v1/credit_notes", form...).OK()
	wantFields(t, note, map[string]any{"amount": 78, "lines.has_more": true, "lines.url": "/v1/credit_notes/" + note.ID() + "/lines"})
	for _, c := range []struct {
		name string
		list *object.Object
		want []int64
	}{
		{"embedded", note.Object("lines"), all[:10]},
		{"list", b.Get("/v1/credit_notes/"+note.ID()+"/lines", "limit", "100").OK(), all},
		{"preview", b.Get("/v1/credit_notes/preview", form...).OK().Object("lines"), all[:10]},
		{"preview lines", b.Get("/v1/credit_notes/preview/lines", append(form, "limit", "100")...).OK(), all},
		{"first page of preview lines", b.Get("/v1/credit_notes/preview/lines", append(form, "limit", "3")...).OK(), all[:3]},
	} {
		if diff := cmp.Diff(c.want, amounts(c.list)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// A preview leaves nothing behind.
func TestPreviewKeepsNothing(t *testing.T) {
	t.Parallel()
	b := newBiller(t)
	invoice := b.invoice("paid", hundred)
	before := b.Get("/v1/invoices/" + invoice).Body
	wantEvents(t, b.Server, nil, func() {
		got := b.Get("/v1/credit_notes/preview", "invoice", invoice, "amount", "3000", "refund_amount", "1000", "credit_amount", "2000", "memo", "Soon").OK()
		wantFields(t, got, map[string]any{"amount": 3000, "post_payment_amount": 3000, "memo": "Soon", "customer_balance_transaction": nil})
		b.Get("/v1/credit_notes/"+got.ID()).Fails(404, "resource_missing")
	})
	if diff := cmp.Diff(string(before), string(b.Get("/v1/invoices/"+invoice).Body)); diff != "" {
		t.Error(diff)
	}
	if ids := b.Get("/v1/credit_notes").IDs(); len(ids) != 0 {
		t.Errorf("credit notes %v", ids)
	}
	wantFields(t, b.Get("/v1/credit_notes/preview", "invoice", "in_nobody", "amount", "1").Fails(400, "resource_missing"), map[string]any{"param": "invoice"})
	b.Get("/v1/credit_notes/preview", "amount", "1").Fails(400, "parameter_missing")
}
