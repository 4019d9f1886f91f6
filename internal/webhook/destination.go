package webhook

import (
	"slices"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

const kindDestination = "v2.core.event_destination"

// An event destination is a webhook endpoint of version 2 of the API. It may be sent thin events, which say only what
// happened.
//
//	enabled --disable, 410, days of failure--> disabled --enable--> enabled
//	enabled, disabled --DELETE--> gone
//
// Its address is shown when it is asked for and its secret by the create alone, so both are in the private part.
func destinationRules() resource.Rules {
	const one = "/v2/core/event_destinations/{id}"
	return resource.Rules{
		Object: kindDestination, Create: createDestination, Update: updateDestination, Unmerged: []string{"webhook_endpoint"},
		Index: map[string]func(*object.Object) []string{indexAny: func(*object.Object) []string { return []string{"yes"} }},
		Actions: resource.Actions{
			"GET /v2/core/event_destinations": listDestinations,
			"GET " + one:                      func(op *resource.Op) error { return include(op, "") },
			"DELETE " + one:                   deleteDestination,
			"POST " + one + "/disable":        disableDestination,
			"POST " + one + "/enable":         enableDestination,
			"POST " + one + "/ping":           ping,
		},
	}
}

// stamp is a time as version 2 of the API writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func createDestination(op *resource.Op) error {
	d, p := op.Object, op.Params
	if p.String("type") != "webhook_endpoint" {
		return apierr.Invalid("", "type", "Events are sent to webhook endpoints alone: use the type webhook_endpoint.")
	}
	others, err := op.Lookup(kindDestination, indexAny, "yes")
	if err != nil {
		return err
	}
	if len(others) >= maxEndpoints {
		return apierr.Invalid("", "", "You have reached the maximum of %d event destinations.", maxEndpoints)
	}
	thin := p.String("event_payload") == "thin"
	switch version := p.String("snapshot_api_version"); {
	case thin && version != "":
		return apierr.Invalid("", "snapshot_api_version", "Thin events have no version: leave snapshot_api_version out.")
	case !thin && version == "":
		d.Set("snapshot_api_version", spec.Version)
	}
	for name, value := range map[string]any{"description": "", "events_from": []any{"self"}} {
		if !p.Has(name) {
			d.Set(name, value)
		}
	}
	now := stamp(op.WallNow())
	d.Set("created", now)
	d.Set("updated", now)
	d.Set("status", "enabled")
	secret := newSecret(op)
	if err := op.SetPrivate(d, object.Of("secret", secret)); err != nil {
		return err
	}
	if p.Object("webhook_endpoint") == nil {
		return apierr.Invalid("parameter_missing", "webhook_endpoint", "Missing required param: webhook_endpoint.")
	}
	if err := checkDestination(op); err != nil {
		return err
	}
	return include(op, secret)
}

func updateDestination(op *resource.Op) error {
	op.Object.Set("updated", stamp(op.WallNow()))
	if err := checkDestination(op); err != nil {
		return err
	}
	return include(op, "")
}

// checkDestination takes the address and judges the types of events.
func checkDestination(op *resource.Op) error {
	if len(op.Object.Array("enabled_events")) == 0 {
		return apierr.Invalid("parameter_invalid_empty", "enabled_events", "A destination must listen to at least one event.")
	}
	thin := op.Object.String("event_payload") == "thin"
	for _, v := range op.Object.Array("enabled_events") {
		if name, _ := v.(string); !known2(name, thin) {
			return apierr.Invalid("", "enabled_events", "There is no event of the type %q with the payload %s.", name, op.Object.String("event_payload"))
		}
	}
	at := op.Params.Object("webhook_endpoint")
	if at == nil {
		return nil
	}
	u := parseAddress(at.String("url"))
	switch {
	case u == nil:
		return apierr.Invalid("url_invalid", "webhook_endpoint[url]", "Not a valid URL")
	case op.Live() && u.Scheme != "https":
		return apierr.Invalid("url_invalid", "webhook_endpoint[url]", "Invalid URL: An HTTPS URL must be used in live mode.")
	}
	private, err := op.Private(op.Object)
	if err != nil {
		return err
	}
	private.Set("url", at.String("url"))
	return op.SetPrivate(op.Object, private)
}

// known2 reports whether there are events of a type with a payload.
func known2(name string, thin bool) bool {
	snapshot := name
	if thin {
		if slices.Contains(ownTypes, name) {
			return true
		}
		snapshot = strings.TrimPrefix(name, thinPrefix)
		if snapshot == name && name != "*" {
			return false
		}
	}
	return name == "*" || spec.IsEventType(snapshot)
}

// include answers the destination with what the request asks to see of its address.
func include(op *resource.Op, secret string) error {
	shown, err := withIncluded(op, op.Object, secret)
	op.Result = shown
	return err
}

func withIncluded(op *resource.Op, d *object.Object, secret string) (*object.Object, error) {
	asked := op.Params.Array("include")
	shown := d.Clone()
	if len(asked) == 0 {
		return shown, nil
	}
	private, err := op.Private(d)
	if err != nil {
		return nil, err
	}
	at := object.New(nil)
	at.Set("signing_secret", nil)
	at.Set("url", nil)
	if slices.Contains(asked, any("webhook_endpoint.signing_secret")) && secret != "" {
		at.Set("signing_secret", secret)
	}
	if slices.Contains(asked, any("webhook_endpoint.url")) {
		at.Set("url", private.String("url"))
	}
	shown.Set("webhook_endpoint", at)
	return shown, nil
}

func listDestinations(op *resource.Op) error {
	all, err := op.Lookup(kindDestination, indexAny, "yes")
	if err != nil {
		return err
	}
	shown := make([]*object.Object, len(all))
	for i, d := range all {
		if shown[i], err = withIncluded(op, d, ""); err != nil {
			return err
		}
	}
	return pageOf(op, "/v2/core/event_destinations", shown)
}

func deleteDestination(op *resource.Op) error {
	d := op.Object
	if err := op.SetPrivate(d, object.New(nil)); err != nil {
		return err
	}
	if err := op.Delete(d); err != nil {
		return err
	}
	op.Result = object.Of("id", d.ID(), "object", kindDestination)
	return op.SetJob(jobDeliver, op.WallNow())
}

func disableDestination(op *resource.Op) error {
	op.Object.Set("status", "disabled")
	op.Object.Set("status_details", object.Of("disabled", object.Of("reason", "user")))
	return changed(op)
}

func enableDestination(op *resource.Op) error {
	op.Object.Set("status_details", nil)
	if err := enable(op, op.Object); err != nil {
		return err
	}
	return changed(op)
}

func changed(op *resource.Op) error {
	op.Object.Set("updated", stamp(op.WallNow()))
	op.Save(op.Object)
	return include(op, "")
}

// ping sends an event that tells of nothing, whatever else the destination listens to.
func ping(op *resource.Op) error {
	d := op.Object
	event, err := makeThin(op, typePing, d.ID(), kindDestination, nil)
	if err != nil {
		return err
	}
	op.Result = event
	return newDelivery(op, object.Of("event", event.ID(), "type", typePing, "related_object", d.ID(), "webhook_endpoint", d.ID()), op.WallNow().Unix())
}

// newDestination is what a sender has to know of one.
func newDestination(o, private *object.Object) *endpoint {
	e := newEndpoint(o, private)
	e.kind, e.url, e.version, e.thin = kindDestination, private.String("url"), o.String("snapshot_api_version"), o.String("event_payload") == "thin"
	from := o.Array("events_from")
	e.self, e.others = slices.Contains(from, any("self")), slices.Contains(from, any("other_accounts"))
	return e
}
