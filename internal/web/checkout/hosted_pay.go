package checkout

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/card"
)

// maxForm is more than the form can hold.
const maxForm = 64 << 10

// show shows a session. Whoever comes back from their bank, or to a session that is complete, is led on.
func (h *Hosted) show(w http.ResponseWriter, r *http.Request) {
	visit, err := h.visit(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	cameBack := r.URL.Query().Get("redirect_status")
	if visit.Object("session").String("status") != "open" || cameBack == "" {
		if cameBack != "" {
			lead(w, goOn(visit))
			return
		}
		h.render(w, r, http.StatusOK, h.newView(r, visit, nil))
		return
	}
	v := h.newView(r, visit, nil)
	declined := card.DeclineOf(visit.Object("intent"))
	if cameBack != "failed" || declined == nil {
		lead(w, r.URL.Path) // what a bank adds to the address is of no more use
		return
	}
	v.decline(declined)
	h.render(w, r, http.StatusOK, v)
}

// visit reads what the page shows, with the card that was typed before.
func (h *Hosted) visit(r *http.Request) (*object.Object, error) {
	return h.call(r, func(op *resource.Op, token string) (*object.Object, error) {
		return h.Visit(op, token, r.PostForm.Get(fieldMethod))
	})
}

// take takes what the customer chose, or lets them pay. A form that changes what is bought does not pay, whichever button
// it was sent with, so that nobody pays what they have not seen.
func (h *Hosted) take(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		h.note(w, r, http.StatusBadRequest, func(t *sayings) (string, string) { return t.Unread, t.UnreadText })
		return
	}
	visit, err := h.visit(r)
	switch {
	case err != nil:
		h.fail(w, r, err)
		return
	case visit.Object("session").String("status") != "open":
		lead(w, goOn(visit))
		return
	}
	v := h.newView(r, visit, r.PostForm)
	t := v.readOrder()
	switch {
	case len(v.faults) > 0:
		h.render(w, r, http.StatusUnprocessableEntity, v)
	case v.posted("do") != "" || t.changes:
		h.choose(w, r, v, t)
	default:
		h.pay(w, r, v, t)
	}
}

// choose takes a change of the order. The card that was typed already is kept, if it is one.
func (h *Hosted) choose(w http.ResponseWriter, r *http.Request, v *view, t *typed) {
	v.readRegion(t)
	visit, err := h.keep(r, t, v.newCard())
	if refused(err) != nil && v.newCard() != nil {
		visit, err = h.keep(r, t, nil)
	}
	switch refusal := refused(err); {
	case refusal != nil:
		v.blame(t, refusal)
		h.render(w, r, http.StatusUnprocessableEntity, v)
	case err != nil:
		h.fail(w, r, err)
	default:
		now := h.newView(r, visit, r.PostForm)
		now.settled()
		if v.posted("do") == "" {
			now.Notice = now.Words.Changed
		}
		h.render(w, r, http.StatusOK, now)
	}
}

func (h *Hosted) keep(r *http.Request, t *typed, with *object.Object) (*object.Object, error) {
	return h.call(r, func(op *resource.Op, token string) (*object.Object, error) {
		return h.Choose(op, token, t.params, with)
	})
}

// pay lets the customer pay, if they have typed all that is needed.
func (h *Hosted) pay(w http.ResponseWriter, r *http.Request, v *view, t *typed) {
	v.readBuyer(t)
	v.missing()
	if len(v.faults) > 0 || !v.Payable {
		h.render(w, r, http.StatusUnprocessableEntity, h.withCard(r, v))
		return
	}
	visit, err := h.call(r, func(op *resource.Op, token string) (*object.Object, error) {
		return h.Pay(op, token, v.posted("seen"), t.params, v.newMethod())
	})
	switch refusal := refused(err); {
	case refusal != nil:
		v.blame(t, refusal)
		h.render(w, r, http.StatusUnprocessableEntity, v)
	case err != nil:
		h.fail(w, r, err)
	default:
		h.outcome(w, r, v, visit)
	}
}

// withCard keeps the card that was typed beside fields that are missing, so that it need not be typed again.
func (h *Hosted) withCard(r *http.Request, v *view) *view {
	atCard := slices.ContainsFunc(v.Card, func(f *field) bool { return v.faults[f.Name] != "" })
	if v.newCard() == nil || atCard {
		return v
	}
	visit, err := h.keep(r, &typed{params: object.New(nil)}, v.newCard())
	if err != nil { // it is said when they pay
		return v
	}
	now := h.newView(r, visit, r.PostForm)
	now.faults = v.faults
	return now
}

// outcome leads on, or shows why nothing was paid.
func (h *Hosted) outcome(w http.ResponseWriter, r *http.Request, v *view, visit *object.Object) {
	now, declined := h.newView(r, visit, r.PostForm), visit.Object("error")
	next, outcome := card.NextPage(visit.Object("intent")), visit.String("outcome")
	content, _, _ := strings.Cut(v.posted("seen"), "-")
	if unchanged := strings.HasPrefix(visit.String("seen"), content+"-"); outcome == "old" && unchanged {
		declined = card.DeclineOf(visit.Object("intent")) // the same form, sent twice
	} else if outcome == "old" {
		next = ""
	}
	switch {
	case visit.Object("session").String("status") != "open":
		lead(w, goOn(visit))
	case declined != nil:
		now.decline(declined)
		h.render(w, r, http.StatusPaymentRequired, now)
	case next != "" && outcome != "changed" && !v.Test:
		h.away(w, r, now, next)
	case next != "" && outcome != "changed":
		lead(w, next)
	default:
		now.settled()
		now.Notice = now.Words.Changed
		h.render(w, r, http.StatusConflict, now)
	}
}

// goOn is where a customer goes when there is nothing left to do: to the seller, or to what the page has to say.
func goOn(visit *object.Object) string {
	to := visit.String("redirect")
	if u, err := url.Parse(to); visit.Object("session").String("status") == "complete" && err == nil && leadsOn(u) {
		return to
	}
	return visit.String("home")
}

// decline says why what the customer paid with was declined.
func (v *view) decline(declined *object.Object) {
	if kind := declined.Object("payment_method").String("type"); kind != cardMethod && kind != "" {
		v.faults = map[string]string{fieldMethod: v.Words.NotAuthorised}
		return
	}
	v.refuse(declined.String("code"), declined.String("decline_code"), declined.String("message"))
}

// refuse puts why a card was refused beside the field that it is about, or beside the choice if it was not typed.
func (v *view) refuse(code, declineCode, message string) {
	if text := v.Words.Refusal(code, declineCode); text != "" {
		message = text
	}
	v.faults = map[string]string{card.FieldOf(code): message}
	if v.form != nil && !v.typesCard() || v.Remote != nil {
		v.faults = map[string]string{fieldMethod: message}
	}
}
