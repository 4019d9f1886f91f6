//go:build browser

package sdk

import (
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/stripe/stripe-go/v85"
)

// The page that next_action leads to, in a real browser: what the customer does there is what the shop's server then
// sees. Unlike the rest this needs Node and Chromium, so that it has a build tag of its own.

const shop = "http://shop.example/return?order=6735"

// visit does something on a page in a browser, and returns what the address says that the customer lands on.
func visit(t *testing.T, page, deed string) map[string]string {
	t.Helper()
	var faults strings.Builder
	cmd := exec.CommandContext(t.Context(), "node", "../../e2e/visit.mjs", page, deed)
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s on %s: %v\n%s", deed, page, err, faults.String())
	}
	landed, err := url.Parse(strings.TrimSpace(string(out)))
	must(t, err)
	same(t, "landed", "http://shop.example/return", landed.Scheme+"://"+landed.Host+landed.Path)
	told := map[string]string{}
	for name, values := range landed.Query() {
		told[name] = strings.Join(values, " ")
	}
	return told
}

func TestThreeDSecureInABrowser(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		deed, redirect string
		status         stripe.PaymentIntentStatus
		code           stripe.ErrorCode
	}{
		{"complete", "succeeded", stripe.PaymentIntentStatusSucceeded, ""},
		{"fail", "failed", stripe.PaymentIntentStatusRequiresPaymentMethod, stripe.ErrorCodePaymentIntentAuthenticationFailure},
		{"cancel", "failed", stripe.PaymentIntentStatusRequiresPaymentMethod, stripe.ErrorCodePaymentIntentAuthenticationFailure},
	} {
		t.Run(c.deed, func(t *testing.T) {
			t.Parallel()
			s := newSeller(t)
			p := challenged(s)
			p.ReturnURL = stripe.String(shop)
			asked := s.pay(p)
			same(t, "asked", []any{stripe.PaymentIntentStatusRequiresAction, stripe.PaymentIntentNextActionTypeRedirectToURL, shop},
				[]any{asked.Status, asked.NextAction.Type, asked.NextAction.RedirectToURL.ReturnURL})
			same(t, "told", map[string]string{
				"order": "6735", "payment_intent": asked.ID, "payment_intent_client_secret": asked.ClientSecret, "redirect_status": c.redirect,
			}, visit(t, asked.NextAction.RedirectToURL.URL, c.deed))
			now := s.intent(asked.ID)
			var code stripe.ErrorCode
			if now.LastPaymentError != nil {
				code = now.LastPaymentError.Code
			}
			same(t, "intent", []any{c.status, c.code}, []any{now.Status, code})
			if now.NextAction != nil {
				t.Errorf("there is still %+v to do", now.NextAction)
			}
		})
	}
}

func TestSetUpInABrowserThenOffSession(t *testing.T) {
	t.Parallel()
	s := newSeller(t)
	c := s.customer()
	asked, err := s.setUp(c, "pm_card_authenticationRequiredOnSetup", shop)
	must(t, err)
	same(t, "asked", []any{stripe.SetupIntentStatusRequiresAction, stripe.SetupIntentNextActionTypeRedirectToURL}, []any{asked.Status, asked.NextAction.Type})
	same(t, "told", map[string]string{
		"order": "6735", "setup_intent": asked.ID, "setup_intent_client_secret": asked.ClientSecret, "redirect_status": "succeeded",
	}, visit(t, asked.NextAction.RedirectToURL.URL, "complete"))
	ready, err := s.V1SetupIntents.Retrieve(t.Context(), asked.ID, nil)
	must(t, err)
	same(t, "set up", stripe.SetupIntentStatusSucceeded, ready.Status)
	same(t, "paid", stripe.PaymentIntentStatusSucceeded, s.pay(s.absent(c, ready.PaymentMethod.ID)).Status)
}
