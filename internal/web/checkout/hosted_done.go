package checkout

import (
	"net/url"
	"strings"
)

// finished is what became of a session.
type finished struct {
	*view
	Text, Message, Forward string
}

// done says what became of a session that is complete, and leads on.
func (v *view) done() finished {
	w, d := v.Words, finished{view: v, Message: v.visit.String("message"), Forward: v.Words.Forward}
	for _, it := range v.Items {
		it.Field = nil
	}
	v.Heading, d.Text = w.ThankYou, put(w.Paid, v.Total, v.Seller)
	status, waiting := v.session.String("payment_status"), v.visit.Object("intent").String("status")
	switch {
	case v.kind == "setup":
		v.Heading, d.Text = w.CardSaved, put(w.CardSavedText, v.Seller)
	case status == "unpaid" && waiting == "requires_capture":
		d.Text = put(w.Reserved, v.Total, v.Seller)
	case status == "unpaid" && waiting == "requires_payment_method":
		v.Heading, d.Text = w.NotArrived, put(w.NotArrivedText, v.Seller)
	case status == "unpaid":
		d.Text = put(w.OnItsWay, v.Total, v.Seller)
	case v.Terms.Free != "":
		d.Text = w.TrialBegun
	case v.kind == "subscription":
		d.Text = w.Subscribed
	case status == "no_payment_required":
		d.Text = put(w.NothingPaid, v.Seller)
	}
	if next := string(v.Next); next == v.visit.String("home") {
		v.Next = ""
	} else if u, err := url.Parse(next); err == nil && strings.HasPrefix(u.Scheme, "http") {
		d.Forward = put(w.ForwardTo, u.Host)
	}
	return d
}
