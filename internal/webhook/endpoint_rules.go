package webhook

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A webhook endpoint is where events are sent to.
//
//	enabled --disabled=true, 410, days of failure--> disabled --disabled=false--> enabled
//	enabled, disabled --DELETE--> gone
//
// The secret that deliveries are signed with is shown by the create alone; it is kept in the private part, beside
// whether the endpoint hears of connected accounts, and since when it fails.
func (s *Sender) endpointRules() resource.Rules {
	return resource.Rules{
		Object: kindEndpoint, Create: createEndpoint, Update: updateEndpoint, Delete: deleteEndpoint, Unmerged: []string{"chaos"},
		Index: map[string]func(*object.Object) []string{indexAny: func(*object.Object) []string { return []string{"yes"} }},
		Actions: resource.Actions{
			"POST /v1/webhook_endpoints/{webhook_endpoint}/roll_secret": rollSecret,
			"POST /v1/webhook_endpoints/{webhook_endpoint}/resend":      resend,
		},
		Jobs: map[string]resource.Job{jobResend: s.sendAgain},
	}
}

// indexAny finds all endpoints.
const indexAny = "any"

const (
	// maxEndpoints is how many endpoints an account may have in each mode.
	maxEndpoints = 16
	// secretLength is how long a signing secret is behind its prefix.
	secretLength = 32
	// secretOverlap is how long a secret that was replaced signs as well, at the most and if nothing else is said.
	secretOverlap = 24 * time.Hour
)

func newSecret(op *resource.Op) string { return "whsec_" + op.Secret(secretLength) }

func createEndpoint(op *resource.Op) error {
	e := op.Object
	if err := checkEndpoint(op); err != nil {
		return err
	}
	others, err := op.Lookup(kindEndpoint, indexAny, "yes")
	if err != nil {
		return err
	}
	if len(others) >= maxEndpoints {
		mode := "test"
		if op.Live() {
			mode = "live"
		}
		return apierr.Invalid("", "", "You have reached the maximum of %d %s webhook endpoints.", maxEndpoints, mode)
	}
	if !op.Params.Has("api_version") {
		e.Set("api_version", nil)
	}
	e.Set("status", "enabled")
	secret := newSecret(op)
	if err := op.SetPrivate(e, object.Of("secret", secret, "connect", op.Params.Bool("connect"))); err != nil {
		return err
	}
	return showSecret(op, secret)
}

// showSecret answers the endpoint with its secret, which is shown once.
func showSecret(op *resource.Op, secret string) error {
	op.Result = op.Object.Clone()
	op.Result.Set("secret", secret)
	return nil
}

// parseAddress reads an address that requests can be sent to; nil if it is none.
func parseAddress(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil
	}
	if _, err := strconv.ParseUint(cmp.Or(u.Port(), "443"), 10, 16); err != nil {
		return nil
	}
	return u
}

func checkEndpoint(op *resource.Op) error {
	address := op.Object.String("url")
	if op.Params.Has("url") && parseAddress(address) == nil {
		return apierr.Invalid("url_invalid", "url", "Not a valid URL")
	}
	if op.Live() && !strings.HasPrefix(address, "https://") {
		return apierr.Invalid("url_invalid", "url", "Invalid URL: An HTTPS URL must be used in live mode.")
	}
	if events := op.Object.Array("enabled_events"); len(events) == 0 {
		return apierr.Invalid("parameter_invalid_empty", "enabled_events", "An endpoint must listen to at least one event.")
	}
	return setChaos(op)
}

func updateEndpoint(op *resource.Op) error {
	if op.Params.Has("disabled") {
		if op.Params.Bool("disabled") {
			op.Object.Set("status", "disabled")
		} else if err := enable(op, op.Object); err != nil {
			return err
		}
	}
	return checkEndpoint(op)
}

// enable lets an endpoint have what it did not get while it was disabled, and forgets that it failed.
func enable(op *resource.Op, e *object.Object) error {
	e.Set("status", "enabled")
	private, err := op.Private(e)
	if err != nil {
		return err
	}
	for _, name := range []string{failingSince, warnedAt, disabledFor} {
		private.Delete(name)
	}
	if err := op.SetPrivate(e, private); err != nil {
		return err
	}
	return op.SetJob(jobDeliver, op.WallNow())
}

// deleteEndpoint removes the private part, and lets the job see that nothing is to be sent any more.
func deleteEndpoint(op *resource.Op) error {
	if err := op.SetPrivate(op.Object, object.New(nil)); err != nil {
		return err
	}
	return op.SetJob(jobDeliver, op.WallNow())
}

// rollSecret replaces the signing secret. The one before signs as well for a while, so that receivers can change over.
func rollSecret(op *resource.Op) error {
	overlap := int64(secretOverlap / time.Second)
	if op.Params.Has("expires_in") {
		overlap = op.Params.Int("expires_in")
	}
	if overlap < 0 || overlap > int64(secretOverlap/time.Second) {
		return apierr.Invalid("parameter_invalid_integer", "expires_in", "The secret before can stay valid for up to a day, which is %d seconds.", int64(secretOverlap/time.Second))
	}
	private, err := op.Private(op.Object)
	if err != nil {
		return err
	}
	secret := newSecret(op)
	private.Set("old_secret", private.String("secret"))
	private.Set("old_secret_expires", op.WallNow().Unix()+overlap)
	private.Set("secret", secret)
	op.Save(op.Object) // that is how the sender hears of it
	if err := op.SetPrivate(op.Object, private); err != nil {
		return err
	}
	return showSecret(op, secret)
}
