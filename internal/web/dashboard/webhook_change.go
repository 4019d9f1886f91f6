package dashboard

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"sharesmart/internal/audit"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/store"
	"sharesmart/internal/webhook"
)

func init() {
	register(Page{Pattern: "POST /webhooks/{endpoint}", Role: people.Developer, Handler: changeWebhook})
	register(Page{Pattern: "POST /webhooks/{endpoint}/chaos", Role: people.Developer, Handler: setChaos})
	register(Page{Pattern: "POST /webhooks/{endpoint}/resend", Role: people.Developer, Handler: resendWindow})
	register(Page{Pattern: "POST /webhooks/{endpoint}/secret", Role: people.Developer, FreshLive: true, Handler: revealSecret})
	register(Page{Pattern: "POST /webhooks/{endpoint}/roll", Role: people.Developer, FreshLive: true, Handler: rollSecret})
	register(Page{Pattern: "POST /webhooks/{endpoint}/delete", Role: people.Developer, FreshLive: true, Handler: deleteWebhook})
	register(Page{Pattern: "POST /webhooks/{endpoint}/deliveries/{delivery}/resend", Role: people.Developer, Handler: resendDelivery})
}

func (v *Visit) endpointPath() string {
	return webhooksPath + "/" + url.PathEscape(v.R.PathValue("endpoint"))
}

// changedWebhook sends a form for the endpoint, and shows what came of it on its page.
func (v *Visit) changedWebhook(path string, form url.Values, done string) error {
	_, err := v.ask(http.MethodPost, path, form)
	if faults := webhookFaults(err); faults != nil {
		return v.showWebhookWith(http.StatusUnprocessableEntity, faults)
	}
	if err != nil {
		return err
	}
	return v.Lead(v.Path("/webhooks/" + url.PathEscape(v.R.PathValue("endpoint")) + "?done=" + done))
}

// changeWebhook turns the endpoint on or off, or saves what the settings' form says.
func changeWebhook(v *Visit) error {
	switch to := v.R.PostForm.Get("to"); to {
	case "enabled", "disabled":
		return v.changedWebhook(v.endpointPath(), url.Values{"disabled": {strconv.FormatBool(to == "disabled")}}, to)
	}
	form := url.Values{"url": {v.trimmed("url")}, "description": {v.trimmed("description")}, "enabled_events[]": listened(v.trimmed("events"))}
	if faults := unknownEvent(form["enabled_events[]"]); faults != nil {
		return v.showWebhookWith(http.StatusUnprocessableEntity, faults)
	}
	return v.changedWebhook(v.endpointPath(), form, "saved")
}

// setChaos lets deliveries go wrong on purpose, or no more if everything is nothing.
func setChaos(v *Visit) error {
	form, done := url.Values{}, "calm"
	for _, name := range []string{"drop", "duplicate", "reorder", "delay", "seed"} {
		text := v.trimmed(name)
		if text == "" {
			text = "0"
		}
		form.Set("chaos["+name+"]", text)
		if text != "0" && name != "seed" {
			done = "chaos"
		}
	}
	if done == "calm" {
		form = url.Values{"chaos": {""}}
	}
	return v.changedWebhook(v.endpointPath(), form, done)
}

// resendWindow sends the events of a time again.
func resendWindow(v *Visit) error {
	form := url.Values{"only_failed": {strconv.FormatBool(v.R.PostForm.Get("only_failed") != "")}}
	for _, name := range []string{"from", "to"} {
		text := v.trimmed(name)
		if text == "" && name == "to" {
			continue
		}
		at, err := time.Parse(timeInput, text)
		if err != nil {
			return v.showWebhookWith(http.StatusUnprocessableEntity, map[string]string{name: "Enter a day and a time"})
		}
		form.Set(name, strconv.FormatInt(at.Unix(), 10))
	}
	return v.changedWebhook(v.endpointPath()+"/resend", form, "resent")
}

// shownSecret is a signing secret, on a page of its own.
type shownSecret struct {
	*object.Object
	Secret string
}

func (v *Visit) showSecret(e *object.Object, title string) error {
	return v.Show("webhook_secret", title, shownSecret{e, e.String("secret")})
}

// revealSecret shows the secret that signs now, and writes down who saw it.
func revealSecret(v *Visit) error {
	e, err := v.endpoint()
	if err != nil {
		return err
	}
	secret, err := webhook.Secret(v.survey(), e.ID())
	if err != nil {
		return err
	}
	err = v.Store.Update(v.R.Context(), func(tx store.Tx) error {
		return audit.Append(v.R.Context(), tx, v.Clock, audit.Entry{Action: "webhook_secret.revealed", Account: v.Account, Env: v.Namespace.Env, Subject: e.ID()})
	})
	if err != nil {
		return err
	}
	return v.Show("webhook_secret", "Signing secret", shownSecret{e, secret})
}

func rollSecret(v *Visit) error {
	hours, err := strconv.Atoi(v.R.PostForm.Get("overlap"))
	if err != nil || hours < 0 || hours > 24 {
		return v.Note(http.StatusUnprocessableEntity, "This cannot be done", "The old secret can go on signing for up to 24 hours.")
	}
	e, err := v.ask(http.MethodPost, v.endpointPath()+"/roll_secret", url.Values{"expires_in": {fmt.Sprint(hours * 60 * 60)}})
	if err != nil {
		return err
	}
	return v.showSecret(e, "The new signing secret")
}

func deleteWebhook(v *Visit) error {
	if _, err := v.ask(http.MethodDelete, v.endpointPath(), nil); err != nil {
		return err
	}
	return v.Lead(v.Path("/webhooks"))
}

// resendDelivery sends one event to the endpoint again.
func resendDelivery(v *Visit) error {
	e, d, err := v.delivery()
	if err != nil {
		return err
	}
	if _, err := v.ask(http.MethodPost, "/v1/events/"+url.PathEscape(d.String("event"))+"/retry", url.Values{"webhook_endpoint": {e.ID()}}); err != nil {
		return err
	}
	return v.Lead(v.deliveryRow(d).Href + "?done=again")
}
