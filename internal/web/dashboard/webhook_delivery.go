package dashboard

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/store"
	"sharesmart/internal/web/dashboard/view"
)

// deliveryView is the page of a delivery: what was sent, and what each attempt came to.
type deliveryView struct {
	*deliveryRow
	Endpoint *object.Object
	Attempts []attemptView // the newest first
	Event    string        // where it is
	Next     *view.Moment  // the next attempt
	Body     template.HTML // what was sent; empty if the event is not kept any more
}

// attemptView is one request.
type attemptView struct {
	*object.Object
	At *view.Moment
}

// Answer is what came of it.
func (a attemptView) Answer() string { return answerOf(a.Object) }

// Good reports whether the endpoint took it.
func (a attemptView) Good() bool { return a.String("error") == "" }

// delivery finds the one of the page's address, which must be the endpoint's.
func (v *Visit) delivery() (e, d *object.Object, err error) {
	if e, err = v.endpoint(); err != nil {
		return nil, nil, err
	}
	d, err = v.ask(http.MethodGet, "/v1/webhook_deliveries/"+url.PathEscape(v.R.PathValue("delivery")), nil)
	if err == nil && d.String("webhook_endpoint") != e.ID() {
		err = store.ErrNotFound
	}
	return e, d, err
}

func showDelivery(v *Visit) error {
	e, d, err := v.delivery()
	if err != nil {
		return err
	}
	data := &deliveryView{deliveryRow: v.deliveryRow(d), Endpoint: e, Event: v.Path("/events/" + url.PathEscape(d.String("event")))}
	for _, a := range slices.Backward(objects(d.Array("attempts"))) {
		data.Attempts = append(data.Attempts, attemptView{a, view.At(a.Int("at"))})
	}
	if at := d.Int("next_attempt_at"); at > 0 {
		data.Next = view.At(at)
	}
	sent, err := v.send(v.Namespace, &call{Method: http.MethodGet, Path: "/v1/events/" + url.PathEscape(d.String("event")), Version: e.String("api_version")})
	if err != nil {
		return err
	}
	if sent.Status == http.StatusOK && d.String("account") == "" {
		body, err := object.Parse(sent.Body, nil)
		if err != nil {
			return err
		}
		if version := e.String("api_version"); version != "" {
			body.Set("api_version", version) // the endpoint's, where the API names that of the event
		}
		data.Body = v.links().JSON(body)
	}
	return v.Render(http.StatusOK, "webhook_delivery", &View{Title: d.String("type"), Data: data, Good: webhookDone[v.R.URL.Query().Get("done")]})
}
