package webhook

import (
	"cmp"
	"context"
	"slices"

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
	if err := payFor(op, event.ID()); err != nil {
		return err
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

const (
	// resendChunk is how many events are sent again in one transaction.
	resendChunk = 50
	// resendTold is how many are between two times at which the endpoint tells of it.
	resendTold = 1000
)

// What becomes of that, beside running.
const (
	running  = "running"
	complete = "complete"
	stopped  = "stopped"
)

// resend lets the events of a time be sent again. The endpoint tells how far that has come.
func resend(op *resource.Op) error {
	e := op.Object
	if e.String("status") != "enabled" {
		return apierr.Invalid("", "webhook_endpoint", "The endpoint is disabled, so nothing is sent to it.")
	}
	if e.Object("resend").String("status") == running {
		return apierr.Invalid("", "webhook_endpoint", "Events are being sent to the endpoint again already. Its resend tells how far that has come.")
	}
	from, to := op.Params.Int("from"), op.WallNow().Unix()
	if op.Params.Has("to") {
		to = op.Params.Int("to")
	}
	if from > to {
		return apierr.Invalid("", "to", "The time must end after it begins.")
	}
	asked := object.Of("found", int64(0), "from", from, "only_failed", op.Params.Bool("only_failed"), "queued", int64(0), "status", running, "to", to)
	asked.Set("found", nil) // as it is shown until they are counted; Of leaves a null out
	e.Set("resend", asked)
	op.Save(e)
	if err := reached(op, e, from); err != nil {
		return err
	}
	op.RunSoon()
	return op.SetTimer(jobResend, e, op.WallNow())
}

// keptReached is the time whose events are being sent again, in the private part of the endpoint.
const keptReached = "resend_reached"

func reached(op *resource.Op, e *object.Object, at int64) error {
	private, err := op.Private(e)
	if err != nil {
		return err
	}
	private.Set(keptReached, at)
	return op.SetPrivate(e, private)
}

// sendAgain is the job of that. After a crash it goes on with the second that it told of last, so that some events may be sent
// and counted twice.
func (s *Sender) sendAgain(ctx context.Context, e *resource.Engine, ns namespace, id string) error {
	survey := e.Survey(ctx, ns)
	asked, err := survey.Find(kindEndpoint, id)
	if err != nil {
		return err
	}
	r := asked.Object("resend")
	if r.String("status") != running {
		return nil
	}
	private, err := survey.Private(kindEndpoint, id)
	if err != nil {
		return err
	}
	if err := s.settle(ctx, e, ns); err != nil {
		return err
	}
	todo, err := s.window(survey, ns, id, r, private.Int(keptReached))
	if err != nil {
		return err
	}
	queued := r.Int("queued")
	found := queued + int64(len(todo))
	for i := 0; ; i += resendChunk {
		chunk := todo[min(i, len(todo)):min(i+resendChunk, len(todo))]
		queued += int64(len(chunk))
		over := false
		_, err := e.Call(ctx, ns, func(op *resource.Op) (err error) {
			over, err = enqueue(op, id, chunk, found, queued)
			return err
		})
		if over || err != nil {
			return err
		}
	}
}

// resent is an event that is to be sent again, by its delivery if there is one.
type resent struct {
	event, delivery string
	at              int64
}

// window is what was to be sent to an endpoint from a time on, and what would have been, oldest first. It takes about a
// hundred bytes for each.
func (s *Sender) window(survey *resource.Survey, ns namespace, id string, r *object.Object, from int64) (todo []resent, err error) {
	to, known := r.Int("to"), map[string]bool{}
	if err := survey.Within(kindDelivery, map[string]string{"webhook_endpoint": id}, from, to, func(d *object.Object, at int64) error {
		known[d.String("event")] = true
		if d.String("status") != pending && (d.String("status") != delivered || !r.Bool("only_failed")) {
			todo = append(todo, resent{d.String("event"), d.ID(), at})
		}
		return nil
	}); err != nil {
		return nil, err
	}
	all, err := s.endpointsOf(survey, ns)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(e *endpoint) bool { return e.id == id })
	if i < 0 || !all[i].self {
		return todo, nil
	}
	err = survey.Within(kindEvent, nil, from, to, func(event *object.Object, at int64) error {
		if !known[event.ID()] && all[i].wants(event.String("type"), event.Has("account"), false) {
			todo = append(todo, resent{event: event.ID(), at: at})
		}
		return nil
	})
	slices.SortStableFunc(todo, func(a, b resent) int { return cmp.Compare(a.at, b.at) })
	return todo, err
}

// enqueue sends some events again and tells how far it has come. It is over with the last of them, and when the endpoint takes
// nothing any more.
func enqueue(op *resource.Op, id string, chunk []resent, found, queued int64) (over bool, err error) {
	e, err := op.Find(kindEndpoint, id)
	if e == nil || err != nil {
		return true, err
	}
	status := running
	switch {
	case e.String("status") != "enabled":
		chunk, status = nil, stopped
	case queued == found:
		status = complete
	}
	for _, r := range chunk {
		if err := resendOne(op, e, r); err != nil {
			return false, err
		}
	}
	if now := e.Object("resend"); status != running || now.Get("found") == nil || queued-now.Int("queued") >= resendTold {
		now.Set("found", found)
		now.Set("status", status)
		if status != stopped {
			now.Set("queued", queued)
		}
		op.Save(e)
		if len(chunk) > 0 {
			err = reached(op, e, chunk[len(chunk)-1].at)
		}
	}
	return status != running, err
}

// resendOne sends one event again, unless it is on its way by now or gone.
func resendOne(op *resource.Op, e *object.Object, r resent) error {
	if r.delivery == "" {
		event, err := op.Find(kindEvent, r.event)
		if event == nil || err != nil {
			return err
		}
		return deliverTo(op, e, event)
	}
	d, err := op.Find(kindDelivery, r.delivery)
	if d == nil || err != nil || d.String("status") == pending {
		return err
	}
	return again(op, d)
}
