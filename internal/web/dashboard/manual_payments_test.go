package dashboard_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/people"
)

// TestWaysToPay offers ways to pay by hand, and changes and removes them.
func TestWaysToPay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.owner()
	const path = "/dashboard/test/ways-to-pay"
	b.shows(b.get(path), http.StatusOK, "None yet")
	b.shows(b.get("/dashboard/ways-to-pay"), http.StatusOK, "Nobody takes cards yet", "--stripe-key")
	for field, form := range map[string][]string{
		"name": {"name", "", "instructions", "x"}, "instructions": {"name", "Cash", "instructions", " "}, "days": {"do", "days", "days", "91"},
	} {
		b.shows(b.post(path, form...), http.StatusUnprocessableEntity, field+`-`, `class="fault"`)
	}
	b.shows(b.post(path, "name", strings.Repeat("x", 61), "instructions", "x"), http.StatusUnprocessableEntity, "at most 60")
	b.leads(b.post(path, "name", "Bank transfer", "instructions", "IBAN DE89\r\n<b>ShareSmart</b>"), path+"?done=saved")
	page := b.shows(b.get(path), http.StatusOK, "Bank transfer", "IBAN DE89\n&lt;b&gt;ShareSmart")
	id := regexp.MustCompile(`cpmt_\w+`).FindString(page)
	b.leads(b.post(path, "id", id, "name", "SEPA", "instructions", "IBAN DE90"), path+"?done=saved")
	b.shows(b.get(path), http.StatusOK, "SEPA", "IBAN DE90", `value="14"`)
	b.leads(b.post(path, "do", "days", "days", "30"), path+"?done=days")
	b.shows(b.get(path), http.StatusOK, `value="30"`)
	b.shows(b.post(path, "id", "cpmt_none", "name", "SEPA", "instructions", "x"), http.StatusUnprocessableEntity, "removed in the meantime")
	b.shows(b.get("/dashboard/ways-to-pay"), http.StatusOK, "None yet") // each mode has its own
	b.leads(b.post(path, "do", "remove", "id", id), path+"?done=removed")
	b.shows(b.get(path), http.StatusOK, "None yet")
	b.shows(b.get("/dashboard/audit"), http.StatusOK, "Ways to pay saved", "Ways to pay removed", "Ways to pay days")
	viewer := o.join(b, "viewer@example.com", people.Viewer)
	b.shows(viewer.post(path, "name", "Mine", "instructions", "x"), http.StatusForbidden)
}

// sent is an open invoice of 20 dollars that was sent to somebody.
func (o *office) sent() *object.Object {
	o.t.Helper()
	customer := o.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	o.Post("/v1/invoiceitems", "customer", customer, "amount", "2000", "currency", "usd").OK()
	in := o.Post("/v1/invoices", "customer", customer, "collection_method", "send_invoice", "days_until_due", "14", "pending_invoice_items_behavior", "include").OK()
	return o.Post("/v1/invoices/" + in.ID() + "/finalize").OK()
}

var onceForm = regexp.MustCompile(`name="form" value="(\w+)"`)

// marks fills in the form that marks an invoice as paid, with a file if there is one.
func (b *browser) marks(path string, file []byte, fields map[string]string) *httptest.ResponseRecorder {
	b.t.Helper()
	all := map[string]string{"amount": "20.00", "date": "2026-09-01"}
	for name, value := range fields {
		all[name] = value
	}
	if all["form"] == "" {
		all["form"] = onceForm.FindStringSubmatch(b.get(path).Body.String())[1]
	}
	name := all["name"]
	if file != nil && name == "" {
		name = "proof.png"
	}
	body, contentType := multipartOf(b.t, all, name, file)
	return b.send(http.MethodPost, path, nil, func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(body), int64(body.Len())
		r.Header.Set("Content-Type", contentType)
	})
}

// TestMarkAsPaid marks invoices as paid with a proof, in parts, twice, and gives money back.
func TestMarkAsPaid(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.owner()
	b := o.join(owner, "support@example.com", people.Support)
	in := o.sent()
	const list = "/dashboard/test/manual-payments"
	path := list + "/" + in.ID()
	b.shows(b.get(list), http.StatusOK, in.String("number"), "jenny@example.com", "$20.00", "nothing yet", "not chosen")
	b.shows(b.get(path), http.StatusOK, "Mark as paid", `value="20.00"`, `value="2026-09-01"`)
	for field, wrong := range map[string]map[string]string{
		"amount": {"amount": "x"}, "date": {"date": "2026-09-02"}, "note": {"note": strings.Repeat("x", 501)},
	} {
		b.shows(b.marks(path, nil, wrong), http.StatusUnprocessableEntity, `id="`+field+`-fault"`)
	}
	b.shows(b.marks(path, nil, map[string]string{"amount": "20.01"}), http.StatusUnprocessableEntity, "Only $20.00")
	b.shows(b.marks(path, []byte("MZ no picture"), map[string]string{"name": "proof.exe"}), http.StatusUnprocessableEntity, "file-fault")

	picture, _ := base64.StdEncoding.DecodeString(dot)
	form := onceForm.FindStringSubmatch(b.get(path).Body.String())[1]
	before := o.Get("/v1/events", "limit", "100").IDs()
	part := map[string]string{"amount": "5", "way": "Cash", "reference": "TRF-1", "note": "at the desk", "form": form}
	b.leads(b.marks(path, picture, part), path+"?done=part")
	b.shows(b.get(path), http.StatusOK, "$15.00 USD of $20.00 USD", "Cash", "TRF-1", "proof")
	b.leads(b.marks(path, nil, map[string]string{"amount": "15", "reference": "TRF-2"}), path+"?done=paid")
	var types []string
	for _, v := range o.Get("/v1/events", "limit", "100").OK().Array("data") {
		if e := v.(*object.Object); !slices.Contains(before, e.ID()) {
			types = append([]string{e.String("type")}, types...)
		}
	}
	if want := []string{"file.created", "invoice_payment.paid", "invoice.updated", "invoice_payment.paid", "payment_intent.canceled", "invoice.updated", "invoice.paid", "invoice.payment_succeeded"}; !slices.Equal(types, want) {
		t.Errorf("the events are %v", types)
	}
	paid := o.Get("/v1/invoices/"+in.ID(), "expand[]", "payments").OK()
	if paid.String("status") != "paid" || paid.Int("amount_paid") != 2000 || paid.Int("amount_paid_off_stripe") != 2000 {
		t.Errorf("it is %s", paid.JSON())
	}
	record := o.Get("/v1/payment_records/" + paid.Object("payments").Array("data")[1].(*object.Object).Object("payment").Ref("payment_record")).OK()
	file := record.Object("metadata").String("proof")
	if record.Object("metadata").String("note") != "at the desk" || o.Get("/v1/files/"+file).OK().String("purpose") != "dispute_evidence" {
		t.Errorf("the record is %s", record.JSON())
	}
	b.leads(b.marks(path, nil, map[string]string{"form": "again"}), path)
	b.shows(b.get(list), http.StatusOK, "Nothing waits", "Paid lately", in.String("number"))

	back := []string{"form", "f1", "refund_amount", "5.01", "refund_date", "2026-09-01", "refund_record", record.ID()}
	b.shows(b.post(path+"/refund", back...), http.StatusUnprocessableEntity, `id="refund_amount-fault"`)
	b.shows(b.post(path+"/refund", "refund_amount", "5", "refund_date", "2026-09-01", "refund_record", "pr_other"), http.StatusNotFound)
	back[1], back[3] = "f2", "5"
	b.leads(b.post(path+"/refund", back...), path+"?done=refunded")
	b.leads(b.post(path+"/refund", back...), path+"?done=refunded") // the form is sent twice
	if after := o.Get("/v1/invoices/" + in.ID()).OK(); after.Int("post_payment_credit_notes_amount") != 500 {
		t.Errorf("%d was credited", after.Int("post_payment_credit_notes_amount"))
	}
	b.shows(b.get(path), http.StatusOK, "given back")
	b.shows(owner.get("/dashboard/audit"), http.StatusOK, "Invoice paid by hand", "Invoice refunded by hand", "support@example.com", "TRF-1")
	if problems, err := o.Engine.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("the books: %v, %v", problems, err)
	}
}
