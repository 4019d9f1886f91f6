package checkout_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"sharesmart/internal/billing"
	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/checkout"
)

// TestChallengeOfAPayment goes the way of a customer with the rules of payments.
func TestChallengeOfAPayment(t *testing.T) {
	t.Parallel()
	const card, back = "pm_card_threeDSecure2Required", "https://shop.example/done"
	const unauthenticated, refused = "payment_intent_authentication_failure", "payment_intent_payment_attempt_failed"
	paying := []string{"amount", "2000", "currency", "eur"}
	typed := func(kind string) []string {
		return append([]string{"payment_method_types[]", kind, "payment_method_data[type]", kind, "payment_method_data[billing_details][name]", "Jenny"}, paying...)
	}
	for _, test := range []struct {
		name, path string
		form       []string
		page       []string
		outcome    string
		status     string
		code       string // of last_payment_error or last_setup_error
		redirect   string
	}{
		{"complete", "payment_intents", append([]string{"payment_method", card, "payment_method_types[]", "card"}, paying...), []string{"Confirm that it is you", "€20.00", "Visa •••• 3220"}, "succeeded", "succeeded", "", "succeeded"},
		{"fail", "payment_intents", append([]string{"payment_method", card, "payment_method_types[]", "card"}, paying...), nil, "failed", "requires_payment_method", unauthenticated, "failed"},
		{"cancel", "payment_intents", append([]string{"payment_method", card, "payment_method_types[]", "card"}, paying...), nil, "canceled", "requires_payment_method", unauthenticated, "failed"},
		{"declined", "payment_intents", append([]string{"payment_method", "pm_card_threeDSecureRequiredChargeDeclined", "payment_method_types[]", "card"}, paying...), nil, "succeeded", "requires_payment_method", "card_declined", "failed"},
		{"authorised", "payment_intents", append([]string{"payment_method", card, "payment_method_types[]", "card", "capture_method", "manual"}, paying...), nil, "succeeded", "requires_capture", "", "succeeded"},
		{"bancontact", "payment_intents", typed("bancontact"), []string{"Authorise this payment", "Bancontact"}, "succeeded", "succeeded", "", "succeeded"},
		{"ideal", "payment_intents", typed("ideal"), []string{"iDEAL"}, "failed", "requires_payment_method", refused, "failed"},
		{"setup", "setup_intents", []string{"payment_method", card, "payment_method_types[]", "card"}, []string{"Confirm that it is you"}, "succeeded", "succeeded", "", "succeeded"},
		{"failed setup", "setup_intents", []string{"payment_method", card, "payment_method_types[]", "card"}, nil, "failed", "requires_payment_method", "setup_intent_authentication_failure", "failed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := servertest.New(t)
			pages := checkout.New(checkout.Options{
				Engine: s.Engine, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
				Describe: billing.DescribeAttempt, ReturnURL: billing.AttemptReturnURL, Authenticate: billing.AuthenticateIntent,
			})
			intent := s.Post("/v1/"+test.path, append(test.form, "confirm", "true", "return_url", back)...).OK()
			address := strings.TrimPrefix(intent.Object("next_action").Object("redirect_to_url").String("url"), s.URL)
			page := httptest.NewRecorder()
			pages.ServeHTTP(page, httptest.NewRequest(http.MethodGet, address, http.NoBody))
			wantPage(t, page, http.StatusOK, test.page...)

			acted := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodPost, address, strings.NewReader("outcome="+test.outcome))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			pages.ServeHTTP(acted, r)
			to, err := url.Parse(acted.Header().Get("Location"))
			if err != nil || acted.Code != http.StatusSeeOther || !strings.HasPrefix(to.String(), back+"?") || to.Query().Get("redirect_status") != test.redirect {
				t.Errorf("%d leads to %s, %v", acted.Code, to, err)
			}
			after := s.Get("/v1/" + test.path + "/" + intent.ID()).OK()
			if got := after.String("status"); got != test.status {
				t.Errorf("the intent is %s, want %s", got, test.status)
			}
			if got := lastError(after); got != test.code {
				t.Errorf("the last error is %q, want %q", got, test.code)
			}
		})
	}
}

func lastError(intent *object.Object) string {
	if e := intent.Object("last_payment_error"); e != nil {
		return e.String("code")
	}
	if e := intent.Object("last_setup_error"); e != nil {
		return e.String("code")
	}
	return ""
}

// TestChallengeOfARedirectSource lets a holder agree, or refuse, with the rules of sources.
func TestChallengeOfARedirectSource(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]string{"succeeded": "chargeable", "failed": "failed", "canceled": "failed"} {
		s := servertest.New(t)
		pages := checkout.New(checkout.Options{
			Engine: s.Engine, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			Describe: billing.DescribeSource, ReturnURL: billing.SourceReturnURL, Authenticate: billing.AuthenticateSource,
		})
		src := s.Post("/v1/sources", "type", "ideal", "amount", "1000", "currency", "eur", "redirect[return_url]", "https://shop.example/done").OK()
		address := strings.TrimPrefix(src.Object("redirect").String("url"), s.URL)
		page := httptest.NewRecorder()
		pages.ServeHTTP(page, httptest.NewRequest(http.MethodGet, address, http.NoBody))
		wantPage(t, page, http.StatusOK, "€10.00", "iDEAL")
		for i, status := range []int{http.StatusSeeOther, http.StatusNotFound} {
			acted := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodPost, address, strings.NewReader("outcome="+outcome))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if pages.ServeHTTP(acted, r); acted.Code != status {
				t.Errorf("%s: visit %d is answered with %d, want %d", outcome, i+1, acted.Code, status)
			}
		}
		if got := s.Get("/v1/sources/" + src.ID()).OK().String("status"); got != want {
			t.Errorf("%s: the source is %s, want %s", outcome, got, want)
		}
	}
}
