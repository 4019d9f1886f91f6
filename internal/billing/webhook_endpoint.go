package billing

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A webhook endpoint is where events are sent to.
//
//	enabled --disabled=true--> disabled --disabled=false--> enabled
//	enabled, disabled --DELETE--> gone
//
// The secret that deliveries are signed with is shown by the create alone; it is kept in the private part, beside
// whether the endpoint hears of connected accounts.
func init() {
	register(resource.Rules{
		Object: "webhook_endpoint", Create: createWebhookEndpoint, Update: updateWebhookEndpoint, Delete: forgetPrivate,
		Index: filters{"any": func(*object.Object) []string { return []string{"yes"} }},
	})
}

const (
	// maxEndpoints is how many endpoints an account may have in each mode.
	maxEndpoints = 16
	// webhookSecret is how long a signing secret is behind its prefix.
	webhookSecret = 32
)

func createWebhookEndpoint(op *resource.Op) error {
	e := op.Object
	if err := checkEndpoint(op); err != nil {
		return err
	}
	others, err := op.Lookup("webhook_endpoint", "any", "yes")
	if err != nil {
		return err
	}
	if len(others) >= maxEndpoints {
		return apierr.Invalid("", "", "You have reached the maximum of %d %s webhook endpoints.", maxEndpoints, modeOf(op))
	}
	if !op.Params.Has("api_version") {
		e.Set("api_version", nil)
	}
	e.Set("status", "enabled")
	secret := "whsec_" + op.Secret(webhookSecret)
	if err := op.SetPrivate(e, newParams("secret", secret, "connect", op.Params.Bool("connect"))); err != nil {
		return err
	}
	op.Result = e.Clone()
	op.Result.Set("secret", secret)
	return nil
}

func modeOf(op *resource.Op) string {
	if op.Live() {
		return "live"
	}
	return "test"
}

func checkEndpoint(op *resource.Op) error {
	if err := checkURL(op.Params, "url"); err != nil {
		return err
	}
	if url := op.Object.String("url"); op.Live() && !strings.HasPrefix(url, "https://") {
		return apierr.Invalid("url_invalid", "url", "Invalid URL: An HTTPS URL must be used in live mode.")
	}
	if events := op.Object.Array("enabled_events"); len(events) == 0 {
		return apierr.Invalid("parameter_invalid_empty", "enabled_events", "An endpoint must listen to at least one event.")
	}
	return nil
}

func updateWebhookEndpoint(op *resource.Op) error {
	if op.Params.Has("disabled") {
		op.Object.Set("status", "enabled")
		if op.Params.Bool("disabled") {
			op.Object.Set("status", "disabled")
		}
	}
	return checkEndpoint(op)
}

// forgetPrivate removes the private part of what is deleted.
func forgetPrivate(op *resource.Op) error { return op.SetPrivate(op.Object, object.New(nil)) }
