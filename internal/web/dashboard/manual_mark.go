package dashboard

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/money"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
)

func init() {
	register(Page{Pattern: "POST /manual-payments/{invoice}", Role: people.Support, Upload: true, Handler: markPaid})
	register(Page{Pattern: "POST /manual-payments/{invoice}/refund", Role: people.Support, Handler: refundByHand})
}

// otherWay is what a payment was made by that nobody has chosen before.
const otherWay = "Other"

// proofPurpose is that of the files that prove payments.
const proofPurpose = "dispute_evidence"

// refundForm is what the names of the fields of a refund begin with.
const refundForm = "refund_"

// byHand is what a form says of a payment or a refund.
type byHand struct {
	invoice           *object.Object
	amount, at        int64
	reference, note   string
	way, proof, retry string
}

// readByHand reads a form whose fields' names begin with a prefix; faults are what is wrong with it, by field.
func (v *Visit) readByHand(prefix string) (b *byHand, faults map[string]string, err error) {
	in, err := v.ask(http.MethodGet, "/v1/invoices/"+url.PathEscape(v.R.PathValue("invoice")), url.Values{"expand[]": {"payments"}})
	if err != nil {
		return nil, nil, err
	}
	b, faults = &byHand{invoice: in, reference: v.trimmed(prefix + "reference"), note: v.trimmed("note"), way: v.trimmed("way"), retry: v.trimmed("form")}, map[string]string{}
	if b.amount, err = money.ParseUnits(v.trimmed(prefix+"amount"), in.String("currency")); err != nil || b.amount < 1 {
		faults[prefix+"amount"] = "Enter an amount, such as 12.50"
	}
	day, err := time.Parse(time.DateOnly, v.trimmed(prefix+"date"))
	if now := v.Clock.Now(); err != nil || day.After(now) {
		faults[prefix+"date"] = "Enter a day that is not to come"
	}
	b.at = day.Unix()
	if len(b.note) > 500 {
		faults["note"] = "Enter at most 500 characters"
	}
	return b, faults, nil
}

// do makes a request of the API that counts once for the form.
func (v *Visit) do(b *byHand, step, path string, form url.Values) (*object.Object, error) {
	c := &call{Method: http.MethodPost, Path: path, Body: form.Encode()}
	if b.retry != "" {
		c.IdempotencyKey = "by-hand-" + b.retry + "-" + step
	}
	return v.answered(c)
}

// markPaid reports a payment by hand and lets it pay the invoice, or a part of it.
func markPaid(v *Visit) error {
	b, faults, err := v.readByHand("")
	if err != nil {
		return err
	}
	if b.invoice.String("status") != "open" { // it was paid in the meantime, as by the same form
		return v.Lead(v.Path("/manual-payments/" + b.invoice.ID()))
	}
	if left := b.invoice.Int("amount_remaining"); b.amount > left && faults["amount"] == "" {
		faults["amount"] = "Only " + money.FormatCode(left, b.invoice.String("currency")) + " is left to pay"
	}
	if len(faults) == 0 {
		faults, err = v.proof(b)
	}
	if err == nil && len(faults) == 0 {
		err = v.report(b)
	}
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError {
		faults = map[string]string{"amount": api.Message}
	} else if err != nil {
		return err
	}
	if len(faults) > 0 {
		return v.showManual(http.StatusUnprocessableEntity, faults)
	}
	done := "paid"
	if b.amount < b.invoice.Int("amount_remaining") {
		done = "part"
	}
	return v.Lead(v.Path("/manual-payments/" + b.invoice.ID() + "?done=" + done))
}

// proof keeps the file that was sent with a form, if one was.
func (v *Visit) proof(b *byHand) (faults map[string]string, err error) {
	if _, head, err := v.R.FormFile("file"); errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || err == nil && head.Filename == "" {
		return nil, nil
	}
	file, err := v.uploaded(proofPurpose)
	if api := apierr.As(err); api != nil && api.Status < http.StatusInternalServerError {
		return map[string]string{"file": api.Message}, nil
	}
	b.proof = file.ID()
	return nil, err
}

// report writes down the payment, and pays the invoice by it.
func (v *Visit) report(b *byHand) error {
	in, at := b.invoice, strconv.FormatInt(b.at, 10)
	form := url.Values{
		"amount_requested[currency]": {in.String("currency")}, "amount_requested[value]": {strconv.FormatInt(b.amount, 10)}, "initiated_at": {at},
		"payment_method_details[type]": {"custom"}, "payment_method_details[custom][display_name]": {cmp.Or(b.way, otherWay)},
		"outcome": {"guaranteed"}, "guaranteed[guaranteed_at]": {at}, "customer_details[customer]": {in.Ref("customer")}, "customer_presence": {"off_session"},
		"processor_details[type]": {"custom"}, "processor_details[custom][payment_reference]": {cmp.Or(b.reference, in.String("number"))},
		"metadata[invoice]": {in.ID()},
	}
	for name, value := range map[string]string{"metadata[note]": b.note, "metadata[proof]": b.proof} {
		if value != "" {
			form.Set(name, value)
		}
	}
	record, err := v.do(b, "report", "/v1/payment_records/report_payment", form)
	if err != nil {
		return err
	}
	if _, err := v.do(b, "attach", "/v1/invoices/"+in.ID()+"/attach_payment", url.Values{"payment_record": {record.ID()}}); err != nil {
		return err
	}
	return v.note("invoice.paid_by_hand", in.ID(), map[string]string{"amount": money.FormatCode(b.amount, in.String("currency")), "payment_record": record.ID(), "reference": b.reference, "proof": b.proof})
}

// refundByHand writes down what the seller gives back of a payment by hand, with a credit note. The money is theirs to send.
func refundByHand(v *Visit) error {
	b, faults, err := v.readByHand(refundForm)
	if err != nil {
		return err
	}
	records, err := v.recordsOf(b.invoice)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(records, func(r *object.Object) bool { return r.ID() == v.trimmed(refundForm+"record") })
	if i < 0 {
		return notFound(v)
	}
	from := records[i]
	if len(faults) == 0 {
		if err = v.giveBack(b, from); err != nil {
			api := apierr.As(err)
			if api == nil || api.Status >= http.StatusInternalServerError {
				return err
			}
			faults[refundForm+"amount"] = api.Message
		}
	}
	if len(faults) > 0 {
		return v.showManual(http.StatusUnprocessableEntity, faults)
	}
	return v.Lead(v.Path("/manual-payments/" + b.invoice.ID() + "?done=refunded"))
}

// giveBack reports the refund and credits the invoice with it.
func (v *Visit) giveBack(b *byHand, record *object.Object) error {
	in, amount := b.invoice, strconv.FormatInt(b.amount, 10)
	reference := cmp.Or(b.reference, in.String("number"))
	_, err := v.do(b, "refund", "/v1/payment_records/"+record.ID()+"/report_refund", url.Values{
		"outcome": {"refunded"}, "refunded[refunded_at]": {strconv.FormatInt(b.at, 10)}, "amount[currency]": {in.String("currency")}, "amount[value]": {amount},
		"processor_details[type]": {"custom"}, "processor_details[custom][refund_reference]": {reference},
	})
	if err != nil {
		return err
	}
	note, err := v.do(b, "credit", "/v1/credit_notes", url.Values{
		"invoice": {in.ID()}, "amount": {amount}, "refunds[0][type]": {"payment_record_refund"}, "refunds[0][amount_refunded]": {amount},
		"refunds[0][payment_record_refund][payment_record]": {record.ID()}, "refunds[0][payment_record_refund][refund_group]": {reference},
	})
	if err != nil {
		return err
	}
	return v.note("invoice.refunded_by_hand", in.ID(), map[string]string{"amount": money.FormatCode(b.amount, in.String("currency")), "payment_record": record.ID(), "credit_note": note.ID(), "reference": b.reference})
}
