package dashboard

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"sharesmart/internal/manual"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
)

func init() {
	register(Page{Pattern: "GET /manual-payments", Role: people.Viewer, Handler: listManual})
	register(Page{Pattern: "GET /manual-payments/{invoice}", Role: people.Viewer, Handler: showManual})
}

// manualShown is how many invoices the list shows; the rest is in the list of invoices.
const manualShown = 100

// waiting is an invoice that is sent and not paid.
type waiting struct {
	*object.Object
	*manual.Payment
	Overdue bool
}

// Who is whom it was sent to.
func (w waiting) Who() string {
	return cmp.Or(w.String("customer_email"), w.String("customer_name"), w.Ref("customer"))
}

// manualList is what the list shows.
type manualList struct {
	Waiting []waiting
	More    bool
	Paid    []*object.Object // the newest that were paid by hand
	Offered bool             // there is a way to pay by hand
}

func listManual(v *Visit) error {
	sent, err := v.ask(http.MethodGet, "/v1/invoices", url.Values{"status": {"open"}, "collection_method": {"send_invoice"}, "limit": {strconv.Itoa(manualShown)}})
	if err != nil {
		return err
	}
	s, data := v.survey(), &manualList{More: sent.Bool("has_more")}
	for _, in := range objects(sent.Array("data")) {
		m, err := manual.Read(s, in)
		if err != nil {
			return err
		}
		due := in.Int("due_date")
		data.Waiting = append(data.Waiting, waiting{in, m, due > 0 && due < v.Clock.Now().Unix()})
	}
	slices.SortStableFunc(data.Waiting, func(a, b waiting) int { return cmp.Compare(b.ToldAt, a.ToldAt) }) // who says that they have paid comes first
	if data.Paid, _, err = s.Newest("invoice", "", 20, func(in *object.Object) bool {
		return in.String("status") == "paid" && in.Int("amount_paid_off_stripe") > 0
	}); err != nil {
		return err
	}
	offer, err := manual.In(s)
	if err != nil {
		return err
	}
	data.Offered = len(offer.Methods) > 0
	return v.Show("manual_payments", "Payments by hand", data)
}

// manualView is what the page of one shows.
type manualView struct {
	waiting
	Records []*object.Object // the payment records that paid it
	Left    int64            // of them that can be given back
	Today   string
	Form    string // makes the form count once
}

// Way is what the customer pays by; empty if they have not chosen.
func (m *manualView) Way() string {
	if m.Chosen == nil {
		return ""
	}
	return m.Chosen.Name
}

func showManual(v *Visit) error { return v.showManual(http.StatusOK, nil) }

var manualDone = map[string]string{"paid": "The invoice is paid. What follows from that has happened, too.", "part": "The part is counted. The rest is still to be paid.", "refunded": "Written down, with a credit note. Send the money back yourself."}

func (v *Visit) showManual(status int, faults map[string]string) error {
	in, err := v.ask(http.MethodGet, "/v1/invoices/"+url.PathEscape(v.R.PathValue("invoice")), url.Values{"expand[]": {"payments"}})
	if err != nil {
		return err
	}
	m, err := manual.Read(v.survey(), in)
	if err != nil {
		return err
	}
	data := &manualView{waiting: waiting{Object: in, Payment: m}, Today: v.Clock.Now().UTC().Format("2006-01-02"), Form: v.Once()}
	if data.Records, err = v.recordsOf(in); err != nil {
		return err
	}
	for _, r := range data.Records {
		data.Left += refundable(r)
	}
	return v.Render(status, "manual_payment", &View{Title: "Invoice " + in.String("number"), Data: data, Faults: faults, Good: manualDone[v.R.URL.Query().Get("done")]})
}

// refundable is how much of a payment record can be given back.
func refundable(record *object.Object) int64 {
	return record.Object("amount_guaranteed").Int("value") - record.Object("amount_refunded").Int("value")
}

// recordsOf are the payment records that paid an invoice.
func (v *Visit) recordsOf(in *object.Object) (all []*object.Object, err error) {
	for _, p := range objects(in.Object("payments").Array("data")) {
		id := p.Object("payment").Ref("payment_record")
		if id == "" {
			continue
		}
		record, err := v.ask(http.MethodGet, "/v1/payment_records/"+id, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, record)
	}
	return all, nil
}
