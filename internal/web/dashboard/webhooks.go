package dashboard

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/dashboard/view"
)

func init() {
	register(Page{Pattern: "GET /webhooks", Role: people.Viewer, Handler: listWebhooks})
	register(Page{Pattern: "POST /webhooks", Role: people.Developer, FreshLive: true, Handler: addWebhook})
	register(Page{Pattern: "GET /webhooks/{endpoint}", Role: people.Viewer, Handler: showWebhook})
	register(Page{Pattern: "GET /webhooks/{endpoint}/deliveries/{delivery}", Role: people.Viewer, Handler: showDelivery})
}

const (
	webhooksPath = "/v1/webhook_endpoints"
	// ratedDeliveries is of how many of the newest deliveries an endpoint's rate is.
	ratedDeliveries = 100
	deliveriesShown = 25
)

// webhookCard is an endpoint with how its newest deliveries went.
type webhookCard struct {
	*object.Object
	Delivered, Failed, Pending int
	Last                       *deliveryRow // the newest that was tried; nil if there is none
}

// Rate is how many of those that are over arrived: "98.0 %".
func (c *webhookCard) Rate() string {
	return percent(int64(c.Delivered), int64(c.Delivered+c.Failed))
}

// Hears is what the endpoint listens to, in a few words.
func (c *webhookCard) Hears() string {
	events := stringsOf(c.Array("enabled_events"))
	switch {
	case slices.Contains(events, "*"):
		return "all events"
	case len(events) == 1:
		return events[0]
	}
	return fmt.Sprintf("%d types of events", len(events))
}

// stringsOf are those elements of a list that are texts.
func stringsOf(list []any) (all []string) {
	for _, one := range list {
		if s, ok := one.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// deliveryRow is a delivery in a list.
type deliveryRow struct {
	*object.Object
	Href string
	At   *view.Moment
	Last *object.Object // the last attempt; nil if there was none
}

// Answer is what came of the last attempt: "200", "500", "no answer".
func (d *deliveryRow) Answer() string { return answerOf(d.Last) }

func answerOf(attempt *object.Object) string {
	switch {
	case attempt == nil:
		return ""
	case attempt.Int("status") > 0:
		return strconv.FormatInt(attempt.Int("status"), 10)
	}
	return "no answer"
}

// Badge is the colour of the status.
func (d *deliveryRow) Badge() string {
	return map[string]string{"delivered": "good", "failed": "bad", "pending": "warn"}[d.String("status")]
}

// webhooksView is the list of endpoints, and the form for another one.
type webhooksView struct {
	Cards        []*webhookCard
	Destinations []*object.Object // of version 2 of the API
	Versions     []string
	Events       string // what was typed
}

func listWebhooks(v *Visit) error { return v.showWebhooks(http.StatusOK, nil) }

func (v *Visit) showWebhooks(status int, faults map[string]string) error {
	list, err := v.ask(http.MethodGet, webhooksPath, url.Values{"limit": {"100"}})
	if err != nil {
		return err
	}
	data := &webhooksView{Versions: slices.Clone(spec.Versions()), Events: "*"}
	slices.Reverse(data.Versions)
	if typed := v.trimmed("events"); typed != "" {
		data.Events = typed
	}
	for _, e := range objects(list.Array("data")) {
		card, err := v.webhookCard(e)
		if err != nil {
			return err
		}
		data.Cards = append(data.Cards, card)
	}
	destinations, err := v.ask(http.MethodGet, "/v2/core/event_destinations", nil)
	if err != nil {
		return err
	}
	data.Destinations = objects(destinations.Array("data"))
	return v.Render(status, "webhooks", &View{Title: "Webhooks", Data: data, Faults: faults})
}

func (v *Visit) webhookCard(e *object.Object) (*webhookCard, error) {
	card := &webhookCard{Object: e}
	rows, _, err := v.deliveries(e.ID(), ratedDeliveries, nil)
	for _, d := range rows {
		switch d.String("status") {
		case "delivered":
			card.Delivered++
		case "failed":
			card.Failed++
		case "pending":
			card.Pending++
		}
		if card.Last == nil && d.Last != nil {
			card.Last = d
		}
	}
	return card, err
}

// deliveries lists those of an endpoint, newest first.
func (v *Visit) deliveries(endpoint string, limit int, more url.Values) (rows []*deliveryRow, further bool, err error) {
	form := url.Values{"webhook_endpoint": {endpoint}, "limit": {strconv.Itoa(limit)}}
	for name, values := range more {
		form[name] = values
	}
	list, err := v.ask(http.MethodGet, "/v1/webhook_deliveries", form)
	if err != nil {
		return nil, false, err
	}
	for _, d := range objects(list.Array("data")) {
		rows = append(rows, v.deliveryRow(d))
	}
	return rows, list.Bool("has_more"), nil
}

func (v *Visit) deliveryRow(d *object.Object) *deliveryRow {
	row := &deliveryRow{Object: d, Href: v.Path("/webhooks/" + url.PathEscape(d.String("webhook_endpoint")) + "/deliveries/" + url.PathEscape(d.ID())), At: view.At(d.Int("created"))}
	if attempts := objects(d.Array("attempts")); len(attempts) > 0 {
		row.Last = attempts[len(attempts)-1]
	}
	return row
}

// listened are the types of events that were typed, on lines or with commas between them.
func listened(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' || r == ' ' })
}

// unknownEvent says which of the types there is none of; nil if all are known.
func unknownEvent(types []string) map[string]string {
	for _, name := range types {
		if name != "*" && !spec.IsEventType(name) {
			return map[string]string{"events": "There is no event of the type " + name}
		}
	}
	return nil
}

// addWebhook makes an endpoint and shows its secret.
func addWebhook(v *Visit) error {
	form := url.Values{"url": {v.trimmed("url")}, "enabled_events[]": listened(v.trimmed("events"))}
	if faults := unknownEvent(form["enabled_events[]"]); faults != nil {
		return v.showWebhooks(http.StatusUnprocessableEntity, faults)
	}
	for _, name := range []string{"description", "api_version"} {
		if text := v.trimmed(name); text != "" {
			form.Set(name, text)
		}
	}
	if v.R.PostForm.Get("connect") != "" {
		form.Set("connect", "true")
	}
	e, err := v.ask(http.MethodPost, webhooksPath, form)
	if faults := webhookFaults(err); faults != nil {
		return v.showWebhooks(http.StatusUnprocessableEntity, faults)
	}
	if err != nil {
		return err
	}
	return v.showSecret(e, "Your new endpoint")
}

// webhookFaults names the fields of the forms by the parameters that the API refused.
func webhookFaults(err error) map[string]string {
	faults := map[string]string{}
	for param, text := range faultsOf(err) {
		if strings.HasPrefix(param, "enabled_events") {
			param = "events"
		}
		faults[strings.TrimSuffix(strings.TrimPrefix(param, "chaos["), "]")] = text
	}
	if len(faults) == 0 {
		return nil
	}
	return faults
}

// webhookView is the page of an endpoint.
type webhookView struct {
	*webhookCard
	Chaos      *object.Object
	Again      *object.Object // the events of a time that are sent again; nil if none ever were
	Status     string         // of the deliveries that are shown; empty for all
	Statuses   []choice
	Deliveries []*deliveryRow
	Older      string
	Events     string
}

// Resending reports whether the events of a time are being sent again.
func (d *webhookView) Resending() bool { return d.Again.String("status") == "running" }

func showWebhook(v *Visit) error { return v.showWebhookWith(http.StatusOK, nil) }

var webhookDone = map[string]string{
	"saved": "Saved.", "enabled": "The endpoint is on. What waited for it is on its way.", "disabled": "The endpoint is off: nothing is sent to it.", "again": "It is on its way again.",
	"resent": "The events of that time are being sent again.", "chaos": "From the next event on, its deliveries go wrong as you said.", "calm": "Nothing goes wrong on purpose any more.",
}

func (v *Visit) endpoint() (*object.Object, error) {
	return v.ask(http.MethodGet, webhooksPath+"/"+url.PathEscape(v.R.PathValue("endpoint")), nil)
}

func (v *Visit) showWebhookWith(status int, faults map[string]string) error {
	e, err := v.endpoint()
	if err != nil {
		return err
	}
	card, err := v.webhookCard(e)
	if err != nil {
		return err
	}
	data := &webhookView{webhookCard: card, Chaos: e.Object("chaos"), Again: e.Object("resend"), Events: strings.Join(stringsOf(e.Array("enabled_events")), "\n")}
	if err := v.fillDeliveries(data); err != nil {
		return err
	}
	if data.Resending() {
		v.W.Header().Set("Refresh", "2; url="+v.Path("/webhooks/"+data.ID())) // until all are on their way
	}
	return v.Render(status, "webhook", &View{Title: e.String("url"), Data: data, Faults: faults, Notice: faults["webhook_endpoint"], Good: webhookDone[v.R.URL.Query().Get("done")]})
}

// fillDeliveries lists the deliveries that the address asks for.
func (v *Visit) fillDeliveries(data *webhookView) error {
	asked := url.Values{}
	here := func(pairs url.Values) string {
		return v.Path("/webhooks/"+data.ID()) + "?" + pairs.Encode() + "#deliveries"
	}
	data.Statuses = []choice{{"All", here(nil), true}}
	for _, s := range []string{"delivered", "failed", "pending", "canceled"} {
		chosen := v.trimmedQuery("status") == s
		if chosen {
			asked.Set("status", s)
			data.Status, data.Statuses[0].Current = s, false
		}
		data.Statuses = append(data.Statuses, choice{strings.ToUpper(s[:1]) + s[1:], here(url.Values{"status": {s}}), chosen})
	}
	if after := v.trimmedQuery("after"); after != "" {
		asked.Set("starting_after", after)
	}
	rows, more, err := v.deliveries(data.ID(), deliveriesShown, asked)
	if err != nil {
		return err
	}
	if data.Deliveries = rows; more {
		next := url.Values{"after": {rows[len(rows)-1].ID()}}
		if data.Status != "" {
			next.Set("status", data.Status)
		}
		data.Older = here(next)
	}
	return nil
}
