package server

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/clock"
	"sharesmart/internal/fault"
	"sharesmart/internal/object"
	"sharesmart/internal/ratelimit"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// A browser calls with a publishable key, which everybody can read. So it may turn what a customer typed into a token,
// and see and confirm the one payment whose client secret it was given. It sends parameters in place of headers, as
// it would have to ask for leave to send headers of its own.

// browserCall is what a publishable key may do with an operation.
type browserCall struct {
	// secret says that the call is about the object in the path, whose client_secret it must bring.
	secret bool
	// feature is what a component of a customer session must allow. The call brings the session's secret, and is about
	// its customer.
	feature string
	// only are the parameters that it may send; nil are all but those of except.
	only   []string
	except []string
	// most is how often an address may call it in ten minutes; 0 is as often as it likes.
	most int
	// hidden is a parameter that the log does not keep.
	hidden string
}

// callsWindow is how long calls of an operation that has a limit count.
const callsWindow = 10 * time.Minute

// callersOf are the limiters of the operations that have a limit.
func callersOf(c clock.Clock) map[string]*ratelimit.Limiter {
	limiters := map[string]*ratelimit.Limiter{}
	for id, call := range browserCalls {
		if call.most > 0 {
			limiters[id] = ratelimit.New(c, call.most, callsWindow)
		}
	}
	return limiters
}

// browserCalls are the operations that a publishable key may call, by id.
var browserCalls = map[string]browserCall{
	"PostConfirmationTokens": {},
	"PostPaymentMethods":     {except: []string{"customer", "payment_method"}},
	"PostSources":            {except: []string{"customer", "original_source"}},
	"PostTokens":             {except: []string{"customer"}},

	"PostPaymentIntentsIntentVerifyMicrodeposits": {secret: true, only: []string{"amounts", "client_secret", "descriptor_code", "expand"}},
	"PostSetupIntentsIntentVerifyMicrodeposits":   {secret: true, only: []string{"amounts", "client_secret", "descriptor_code", "expand"}},

	"GetSourcesSource":        {secret: true},
	"GetPaymentIntentsIntent": {secret: true},
	"GetSetupIntentsIntent":   {secret: true},
	"PostSetupIntentsIntentConfirm": {secret: true, only: []string{
		"client_secret", "confirmation_token", "expand", "mandate_data", "payment_method", "payment_method_data", "payment_method_options", "return_url", "use_stripe_sdk",
	}},
	"PostPaymentIntentsIntentConfirm": {secret: true, only: []string{
		"client_secret", "confirmation_token", "expand", "mandate_data", "payment_method", "payment_method_data", "payment_method_options", "radar_options",
		"receipt_email", "return_url", "setup_future_usage", "shipping", "use_stripe_sdk",
	}},

	// The rule holds the secrets of the intent and of the customer session against what it shows.
	"GetElementsSessions": {},

	"GetPaymentMethods":                     {feature: mayRedisplay, only: []string{customerSecret, "ending_before", "limit", "starting_after", "type"}},
	"PostPaymentMethodsPaymentMethodDetach": {feature: "payment_method_remove", only: []string{customerSecret}},

	// The id of the session, which nobody can guess, is what the page of a checkout session proves itself with.
	"GetPaymentPagesSession":         {},
	"GetPaymentPagesSessionPoll":     {},
	"PostPaymentPagesSession":        {},
	"PostPaymentPagesSessionConfirm": {},
	"PostPaymentPagesSessionInit":    {},

	// An install proves itself with its own client secret, which the rules of package member check.
	"GetExtensionsExtensionPrices":    {},
	"PostInstalls":                    {except: []string{"metadata"}, most: 300},
	"PostInstallsInstall":             {except: []string{"metadata"}},
	"PostInstallsInstallDevices":      {},
	"PostInstallsInstallLoginCodes":   {most: 20},
	"PostInstallsInstallMember":       {},
	"PostInstallsInstallPair":         {most: 60, hidden: "code"},
	"PostInstallsInstallPairing":      {},
	"PostInstallsInstallRevoke":       {},
	"PostInstallsInstallShares":       {},
	"PostInstallsInstallSharesDelete": {},
	"PostInstallsInstallSharesList":   {},
}

// browserOnly are the operations that only a publishable key may call.
var browserOnly = map[string]bool{"PostConfirmationTokens": true}

// browserHeaders are the parameters that stand for headers, and browserNotes those that only tell of the browser.
var (
	browserHeaders = map[string]string{"_stripe_version": "Stripe-Version", "_stripe_account": "Stripe-Account"}
	browserNotes   = map[string]bool{
		"key": true, "guid": true, "muid": true, "sid": true, "payment_user_agent": true, "time_on_page": true, "referrer": true, "pasted_fields": true,
		"client_attribution_metadata": true, "client_context": true, "is_stripe_sdk": true,
	}
)

// keyParam is the key that a request without an Authorization header brings as a parameter; empty if it has none. Only
// a publishable key may come that way: addresses and forms are written down in many places.
func (x *exchange) keyParam() (string, error) {
	key := formValue(x.r.URL.RawQuery, "key")
	if key == "" && x.r.Method == http.MethodPost && isForm(x.sentHeader("Content-Type")) {
		if err := x.readBody(); err != nil {
			return "", err
		}
		key = formValue(string(x.body), "key")
	}
	if key != "" && !strings.HasPrefix(key, "pk_") {
		return "", &apierr.Error{Status: http.StatusUnauthorized, Type: apierr.TypeInvalid, Early: true,
			Message: "Only a publishable key can be sent as a parameter. Send '" + access.Mask(clip(key, maxCredentials)) + "' in the Authorization header, and replace it if others may have read it here."}
	}
	return clip(key, maxCredentials), nil
}

// takeBrowserParams turns parameters that stand for headers into headers, and drops what is none of the operation's.
func (x *exchange) takeBrowserParams() error {
	x.query = x.takeFrom(x.query)
	if x.r.Method != http.MethodPost || !isForm(x.sentHeader("Content-Type")) {
		return nil
	}
	if err := x.readBody(); err != nil {
		return err
	}
	x.form = x.body
	x.body = []byte(x.takeFrom(string(x.body)))
	return nil
}

func (x *exchange) takeFrom(form string) string {
	if form == "" {
		return ""
	}
	kept := make([]string, 0, 8)
	for pair := range strings.SplitSeq(form, "&") {
		name, value, _ := strings.Cut(pair, "=")
		top := topName(name)
		if header := browserHeaders[top]; header != "" {
			x.r.Header[header] = []string{unescaped(value)}
		} else if !browserNotes[top] {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// topName is the parameter that a name in a form belongs to: card of card[number].
func topName(name string) string {
	top, _, _ := strings.Cut(unescaped(name), "[")
	return top
}

func formValue(form, name string) string {
	for pair := range strings.SplitSeq(form, "&") {
		if sent, value, _ := strings.Cut(pair, "="); sent == name {
			return unescaped(value)
		}
	}
	return ""
}

func isForm(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && mediaType == "application/x-www-form-urlencoded"
}

// checkBrowserCall refuses parameters that only a seller may set, and objects whose client secret the caller does not
// know.
func (x *exchange) checkBrowserCall() error {
	if l := x.callers[x.op.ID]; l != nil && !l.Allow(x.r) {
		x.limited = endpointLimit
		return fault.RateLimit()
	}
	call := browserCalls[x.op.ID]
	if sent := x.sentHeader("Content-Type"); len(x.body) > 0 && sent != "" && !isForm(sent) {
		// What is looked at here must be what the operation will read.
		return early(http.StatusUnsupportedMediaType, "A publishable key can only send the body of a form: application/x-www-form-urlencoded.")
	}
	for _, form := range []string{x.query, string(x.body)} {
		for pair := range strings.SplitSeq(form, "&") {
			name, _, _ := strings.Cut(pair, "=")
			top := topName(name)
			if slices.Contains(call.except, top) || (call.only != nil && top != "" && !slices.Contains(call.only, top)) {
				return apierr.Validation("parameter_unknown", top, "Received unknown parameter: %s", clip(top, 200))
			}
		}
	}
	if call.feature != "" {
		return x.actForCustomer(call.feature)
	}
	if !call.secret {
		return nil
	}
	secret := formValue(x.query, "client_secret")
	if secret == "" {
		secret = formValue(string(x.body), "client_secret")
	}
	if secret == "" {
		return apierr.Validation("parameter_missing", "client_secret", "Missing required param: client_secret.")
	}
	return x.checkClientSecret(secret)
}

// checkClientSecret holds the secret against that of the object in the path.
func (x *exchange) checkClientSecret(secret string) error {
	noun := clientNoun(x.op.Kind)
	d, err := x.Store.Get(x.ns.NS, x.params.Values()[0])
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (d.Deleted || d.Kind != x.op.Kind):
		return apierr.Validation("resource_missing", "client_secret", "The client_secret provided does not match any associated %s on this account. "+
			"Ensure the publishable key used belongs to the same account that created the %s.", noun, noun)
	case err != nil:
		return fmt.Errorf("read %s: %w", x.op.Kind, err)
	}
	o, err := object.Parse(d.Data, spec.Component(d.Kind))
	if err != nil {
		return fmt.Errorf("read %s: %w", d.ID, err)
	}
	if subtle.ConstantTimeCompare([]byte(o.String("client_secret")), []byte(secret)) != 1 {
		return apierr.Validation(x.op.Kind+"_invalid_parameter", "client_secret", "The client_secret provided does not match the client_secret associated with the %s.", noun)
	}
	return nil
}

// clientNoun is how messages about client secrets name a kind: PaymentIntent.
func clientNoun(kind string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(kind, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
