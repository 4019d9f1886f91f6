package invoice

import (
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/card"
)

// maxForm is more than the form can hold.
const maxForm = 8 << 10

// take pays an invoice. Whatever comes of it, the browser is led on or shown why not, so that the form can be sent twice
// and the page be loaded again without paying twice.
func (p *Pages) take(w http.ResponseWriter, r *http.Request, token string) {
	if err := parse(w, r); err != nil {
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
	switch r.PostForm.Get("do") {
	case "choose":
		p.choose(w, r, ns, in, v)
		return
	case "tell":
		p.tell(w, r, ns, in, v)
		return
	}
	v.typed = readTyped(r.PostForm)
	if v.Faults = v.missing(); len(v.Faults) > 0 && v.Payable {
		p.render(w, http.StatusUnprocessableEntity, "invoice", v)
		return
	}
	p.pay(w, r, ns, in, v)
}

// missing are the fields of the card that nothing usable was typed into.
func (v *view) missing() faults {
	if v.Remote == nil {
		return v.typed.Missing(v.Words.Words)
	}
	if v.typed.remote == "" {
		return faults{card.RemoteMethod: v.Words.NeedsScript}
	}
	return nil
}

func (p *Pages) pay(w http.ResponseWriter, r *http.Request, ns *access.Namespace, in *object.Object, v *view) {
	var tried bool
	intent, err := p.Engine.Call(r.Context(), ns, func(op *resource.Op) (err error) {
		op.Result, tried, err = p.Pay(op, in.ID(), v.typed.seen, v.typed.card())
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
	if next := card.NextPage(intent); next != "" {
		p.toBank(w, v, next)
		return
	}
	declined := card.DeclineOf(intent)
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

// toBank leads the browser to the page of a bank, which in live mode is another server's.
func (p *Pages) toBank(w http.ResponseWriter, v *view, to string) {
	if !v.Test {
		v.Away = card.NewAway(w.Header(), to, v.Lang)
	}
	if v.Away == nil {
		lead(w, to)
		return
	}
	v.Heading = v.Words.ToBank
	p.render(w, http.StatusOK, "away", v)
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

// again reads an invoice once more, after something was done to it.
func (p *Pages) again(r *http.Request, ns *access.Namespace, in *object.Object) (*view, error) {
	now, err := p.Engine.Survey(r.Context(), ns).Find("invoice", in.ID())
	if err != nil {
		return nil, err
	}
	return p.view(r, ns, now)
}

// lead sends the browser on with a GET.
func lead(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}
