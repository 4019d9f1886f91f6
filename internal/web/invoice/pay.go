package invoice

import (
	"net/http"
	"net/url"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// maxForm is more than the form can hold.
const maxForm = 8 << 10

// take pays an invoice. Whatever comes of it, the browser is led on or shown why not, so that the form can be sent twice
// and the page be loaded again without paying twice.
func (p *Pages) take(w http.ResponseWriter, r *http.Request, token string) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		p.note(w, r, http.StatusBadRequest, func(t *words) (string, string) { return t.unread, t.unreadText })
		return
	}
	ns, in, err := p.find("invoice", token)
	switch {
	case err != nil:
		p.fail(w, r, err)
		return
	case in == nil:
		p.gone(w, r)
		return
	}
	v, err := p.view(r, ns, in)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	v.typed = readTyped(r.PostForm)
	if v.Faults = v.typed.Missing(v.Words.Words); len(v.Faults) > 0 && v.Payable {
		p.render(w, http.StatusUnprocessableEntity, "invoice", v)
		return
	}
	p.pay(w, r, ns, in, v)
}

func (p *Pages) pay(w http.ResponseWriter, r *http.Request, ns *access.Namespace, in *object.Object, v *view) {
	var intent *object.Object
	var tried bool
	_, err := p.Engine.Call(r.Context(), ns, func(op *resource.Op) (err error) {
		intent, tried, err = p.Pay(op, in.ID(), v.typed.seen, v.typed.card())
		return err
	})
	refused := apierr.As(err)
	switch {
	case refused != nil && refused.Status < http.StatusInternalServerError:
		v.refuse(refused.Code, refused.DeclineCode, refused.Message)
		p.render(w, http.StatusPaymentRequired, "invoice", v)
		return
	case err != nil:
		p.fail(w, r, err)
		return
	}
	if next := nextPage(intent); next != "" {
		lead(w, next)
		return
	}
	declined := declineOf(intent)
	if tried && declined == nil {
		lead(w, r.URL.Path)
		return
	}
	now, err := p.again(r, ns, in)
	switch {
	case err != nil:
		p.fail(w, r, err)
	case !now.Payable:
		lead(w, r.URL.Path)
	default:
		now.typed = v.typed
		p.render(w, now.stay(declined, tried), "invoice", now)
	}
}

// stay shows the form once more, with why the card was declined, or that the invoice is not what it was.
func (v *view) stay(declined *object.Object, tried bool) (status int) {
	if declined != nil {
		v.refuse(declined.String("code"), declined.String("decline_code"), declined.String("message"))
	}
	if before, _, _ := strings.Cut(v.typed.seen, "-"); tried || declined != nil && strings.HasPrefix(v.Seen, before+"-") {
		return http.StatusPaymentRequired
	}
	v.Notice = v.Words.changed
	return http.StatusConflict
}

// declineOf is why an intent waits for another method; nil if nothing was declined.
func declineOf(intent *object.Object) *object.Object {
	if intent.String("status") != "requires_payment_method" {
		return nil
	}
	return intent.Object("last_payment_error")
}

// again reads an invoice once more, after something was done to it.
func (p *Pages) again(r *http.Request, ns *access.Namespace, in *object.Object) (*view, error) {
	now, err := p.Engine.Survey(r.Context(), ns).Find("invoice", in.ID())
	if err != nil {
		return nil, err
	}
	return p.view(r, ns, now)
}

// nextPage is where a customer has to go before their bank pays, as a path of this server; empty for nowhere.
func nextPage(intent *object.Object) string {
	if intent.String("status") != "requires_action" {
		return ""
	}
	address, _ := intent.At("next_action", "redirect_to_url", "url").(string)
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return ""
	}
	return u.RequestURI()
}

// lead sends the browser on with a GET.
func lead(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}
