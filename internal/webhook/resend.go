package webhook

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// retryEvent sends an event again, as Stripe's Dashboard and CLI do: to one endpoint, or to all that it was meant for.
func retryEvent(op *resource.Op) error {
	event := op.Object
	op.Result = event.Clone()
	if op.Params.Bool("for_stripecli") {
		return op.Retell(event)
	}
	made, err := op.Lookup(kindDelivery, "event", event.ID())
	if err != nil {
		return err
	}
	id := op.Params.String("webhook_endpoint")
	for _, d := range made {
		if id == "" || d.String("webhook_endpoint") == id {
			if err := again(op, d); err != nil || id != "" {
				return err
			}
		}
	}
	if id == "" {
		return nil
	}
	endpoint, _, err := find(op, id)
	if err != nil {
		return err
	}
	if endpoint == nil {
		return apierr.MissingRef(kindEndpoint, id, "webhook_endpoint")
	}
	return deliverTo(op, endpoint, event)
}

// deliverTo sends an event to an endpoint that was not meant for it, or not there, when it happened.
func deliverTo(op *resource.Op, endpoint, event *object.Object) error {
	listed, err := op.ListedAt(event.String("object"), event.ID())
	if err != nil {
		return err
	}
	return newDelivery(op, object.Of("account", event.String("account"), "event", event.ID(), "type", event.String("type"),
		"related_object", event.Object("data").Object("object").ID(), "webhook_endpoint", endpoint.ID()), listed)
}

// again makes a delivery pending, whatever came of it before.
func again(op *resource.Op, d *object.Object) error {
	endpoint, _, err := find(op, d.String("webhook_endpoint"))
	if err != nil {
		return err
	}
	if endpoint == nil || endpoint.String("status") != "enabled" {
		return apierr.Invalid("", "webhook_endpoint", "The endpoint %s is disabled or gone, so nothing is sent to it.", d.String("webhook_endpoint"))
	}
	d.Set("status", pending)
	d.Set("next_attempt_at", nil)
	op.Save(d)
	return op.SetJob(jobDeliver, op.WallNow())
}

// jobResend goes through the events of a time.
const jobResend = "webhook_endpoint.resend"

// resendChunk is how many events are sent again in one transaction.
const resendChunk = 50

// resend sends the events of a time again, oldest first. It answers when all of them are pending.
func resend(op *resource.Op) (resource.Asking, error) {
	endpoint, err := op.Target()
	if err != nil {
		return nil, err
	}
	op.Object = endpoint
	if endpoint.String("status") != "enabled" {
		return nil, apierr.Invalid("", "webhook_endpoint", "The endpoint is disabled, so nothing is sent to it.")
	}
	from, to := op.Params.Int("from"), op.WallNow().Unix()
	if op.Params.Has("to") {
		to = op.Params.Int("to")
	}
	if from > to {
		return nil, apierr.Invalid("", "to", "The time must end after it begins.")
	}
	private, err := op.Private(endpoint)
	if err != nil {
		return nil, err
	}
	private.Set("resend", object.Of("from", from, "to", to, "only_failed", op.Params.Bool("only_failed")))
	if err := op.SetPrivate(endpoint, private); err != nil {
		return nil, err
	}
	if err := op.SetTimer(jobResend, endpoint, op.WallNow()); err != nil {
		return nil, err
	}
	return op.RunNow(jobResend, endpoint), nil
}

// sendAgain is the job of that. After a crash it begins anew, so that some events may be sent twice.
func (s *Sender) sendAgain(ctx context.Context, e *resource.Engine, ns namespace, id string) error {
	survey := e.Survey(ctx, ns)
	private, err := survey.Private(kindEndpoint, id)
	asked := private.Object("resend")
	if asked == nil || err != nil {
		return err
	}
	window := url.Values{"created[gte]": {strconv.FormatInt(asked.Int("from"), 10)}, "created[lte]": {strconv.FormatInt(asked.Int("to"), 10)}}
	window.Set("webhook_endpoint", id)
	made, err := listed(ctx, e, ns, "GET /v1/webhook_deliveries", window)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, d := range made {
		known[d.String("event")] = true
	}
	window.Del("webhook_endpoint")
	all, err := s.endpointsOf(survey, ns)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(e *endpoint) bool { return e.id == id })
	if i < 0 {
		return nil
	}
	var events []*object.Object
	if all[i].self {
		if events, err = listed(ctx, e, ns, "GET /v1/events", window); err != nil {
			return err
		}
	}
	todo := made
	for _, event := range events {
		if !known[event.ID()] && all[i].wants(event.String("type"), event.Has("account"), false) {
			todo = append(todo, event)
		}
	}
	slices.SortStableFunc(todo, func(a, b *object.Object) int { return int(a.Int("created") - b.Int("created")) })
	for chunk := range slices.Chunk(todo, resendChunk) {
		if _, err := e.Call(ctx, ns, func(op *resource.Op) error { return resendAll(op, id, chunk, asked.Bool("only_failed")) }); err != nil {
			return err
		}
	}
	return nil
}

// resendAll sends events again: deliveries that were made, and events that the endpoint was not sent.
func resendAll(op *resource.Op, id string, all []*object.Object, onlyFailed bool) error {
	endpoint, err := op.Find(kindEndpoint, id)
	if endpoint == nil || err != nil || endpoint.String("status") != "enabled" {
		return err
	}
	for _, o := range all {
		if o.String("object") == kindEvent {
			if err := deliverTo(op, endpoint, o); err != nil {
				return err
			}
			continue
		}
		d, err := op.Find(kindDelivery, o.ID())
		if err != nil {
			return err
		}
		if d == nil || d.String("status") == pending || onlyFailed && d.String("status") == delivered {
			continue
		}
		if err := again(op, d); err != nil {
			return err
		}
	}
	return nil
}

// listed is all that a list has, oldest first.
func listed(ctx context.Context, e *resource.Engine, ns namespace, operation string, query url.Values) (all []*object.Object, err error) {
	query.Set("limit", "100")
	defer query.Del("starting_after")
	for {
		page, err := e.Do(ctx, ns, operation, query)
		if err != nil {
			return nil, err
		}
		for _, v := range page.Array("data") {
			all = append(all, v.(*object.Object))
		}
		if !page.Bool("has_more") {
			slices.Reverse(all)
			return all, nil
		}
		query.Set("starting_after", all[len(all)-1].ID())
	}
}
