package checkout

import (
	"net/http"
	"net/url"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The addresses that lead to sessions. Each visit begins one of its own, so that nobody sees what another has typed.

// begin begins a session by a payment link.
func (h *Hosted) begin(w http.ResponseWriter, r *http.Request) {
	link, err := h.call(r, h.Link)
	switch {
	case err != nil:
		h.fail(w, r, err)
		return
	case link == nil:
		h.nothing(w, r)
		return
	}
	s, err := h.beginFor(r, visitorOf(r.URL.Query()))
	switch {
	case refused(err) != nil:
		h.note(w, r, http.StatusGone, func(t *sayings) (string, string) {
			if own := link.String("inactive_message"); own != "" {
				return t.LinkOver, own
			}
			return t.LinkOver, t.LinkOverText
		})
	case err != nil:
		h.fail(w, r, err)
	default:
		lead(w, sessionPrefix+s.ID())
	}
}

// beginFor begins a session for a visitor. What their address says wrongly is left out: it is not of their making.
func (h *Hosted) beginFor(r *http.Request, visitor *object.Object) (*object.Object, error) {
	for {
		s, err := h.call(r, func(op *resource.Op, token string) (*object.Object, error) {
			link, err := h.Link(op, token)
			if err != nil {
				return nil, err
			}
			return h.Begin(op, link, visitor)
		})
		wrong := refused(err)
		if wrong == nil {
			return s, err
		}
		name := wrong.Param
		if name == "customer_email" {
			name = "prefilled_email"
		}
		if !visitor.Has(name) {
			return nil, err
		}
		visitor.Delete(name)
	}
}

// visitorOf reads what a payment link's address says of its visitor.
func visitorOf(query url.Values) *object.Object {
	const longest = 200 // as the API takes of a client_reference_id
	visitor := object.New(nil)
	for _, name := range []string{"client_reference_id", "prefilled_email", "prefilled_promo_code"} {
		if text := query.Get(name); text != "" && len(text) <= longest {
			visitor.Set(name, text)
		}
	}
	if tongue := query.Get("locale"); knows(tongue) {
		visitor.Set("locale", tongue)
	}
	return visitor
}

// look says whether a payment link is there, and begins nothing: what asks so is no customer.
func (h *Hosted) look(w http.ResponseWriter, r *http.Request) {
	if link, err := h.call(r, h.Link); link == nil || err != nil {
		w.WriteHeader(http.StatusNotFound)
	}
}

// again begins a session anew that has expired.
func (h *Hosted) again(w http.ResponseWriter, r *http.Request) {
	s, err := h.call(r, h.Again)
	switch {
	case refused(err) != nil:
		h.note(w, r, http.StatusGone, func(t *sayings) (string, string) { return t.Expired, t.ExpiredText })
	case err != nil:
		h.fail(w, r, err)
	default:
		lead(w, sessionPrefix+s.ID())
	}
}
