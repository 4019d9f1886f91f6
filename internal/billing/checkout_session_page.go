package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// The page of a checkout session, as its script sees it: what Stripe.js and the mobile SDKs call, with a publishable key.
// What it shows is in checkout_page.go.

// openPage begins a visit. Nobody can begin one of a session that is over.
func openPage(op *resource.Op) error {
	if err := checkActive(op.Object); err != nil {
		return err
	}
	return showPage(op)
}

func showPage(op *resource.Op) error {
	page, err := pageOf(op, op.Object)
	op.Result = page
	return err
}

// changePage takes what the customer chose so far.
func changePage(op *resource.Op) error {
	s := op.Object
	if err := checkActive(s); err != nil {
		return err
	}
	if id := op.Params.String("payment_method_to_detach"); id != "" {
		if err := forgetMethod(op, s, id); err != nil {
			return err
		}
	}
	if err := takeTyped(op, s, op.Params, nil); err != nil {
		return err
	}
	op.Save(s)
	return showPage(op)
}

// forgetMethod detaches a payment method that the customer does not want to be kept any more.
func forgetMethod(op *resource.Op, s *object.Object, id string) error {
	const param = "payment_method_to_detach"
	pm, err := op.Get("payment_method", id, param)
	switch {
	case err != nil:
		return err
	case pm.Ref("customer") == "" || pm.Ref("customer") != s.Ref("customer"):
		return apierr.MissingRef("payment_method", id, param)
	case s.Object("saved_payment_method_options").String("payment_method_remove") != "enabled":
		return apierr.Invalid("", param, "This Checkout Session does not let the customer remove saved payment methods.")
	}
	return detach(op, pm)
}

// confirmPage lets the customer pay.
func confirmPage(op *resource.Op) error {
	s, p := op.Object, op.Params
	if p.Has("save_payment_method") {
		if err := saveForLater(op, s, p.Bool("save_payment_method")); err != nil {
			return err
		}
	}
	if err := confirmSession(op, s, p); err != nil {
		return err
	}
	return showPage(op)
}

// saveForLater notes whether the customer wants to find the payment method again.
func saveForLater(op *resource.Op, s *object.Object, save bool) error {
	if s.Object("saved_payment_method_options").String("payment_method_save") != "enabled" {
		return apierr.Invalid("", "save_payment_method", "This Checkout Session does not let the customer save the payment method.")
	}
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	private.Set("saves", save)
	return op.SetPrivate(s, private)
}

// pollPage says how far the customer is.
func pollPage(op *resource.Op) error {
	s := op.Object
	intent, err := pageIntent(op, s)
	if err != nil {
		return err
	}
	poll := object.New(spec.Component("payment_page_poll"))
	poll.Set("session_id", s.ID())
	poll.Set("livemode", s.Bool("livemode"))
	poll.Set("mode", s.String("mode"))
	poll.Set("state", pageState(s, intent))
	poll.Set("payment_object_status", textOrNull(intent.String("status")))
	poll.Set("success_url", s.Get("success_url"))
	poll.Set("return_url", textOrNull(s.String("return_url")))
	poll.Set("redirect_url", pageRedirect(s))
	op.Result = poll
	return nil
}

// pageRedirect is where the customer goes from the page; null if they are not done, or stay.
func pageRedirect(s *object.Object) any {
	if s.String("status") != "complete" {
		return nil
	}
	return textOrNull(SessionRedirect(s))
}

// pageState says how far the customer is, in the words of Stripe's SDKs.
func pageState(s, intent *object.Object) string {
	switch status := s.String("status"); {
	case status == "open":
		return "active"
	case status == "expired":
		return "expired"
	case s.String("payment_status") != "unpaid", intent.String("status") == requiresCapture:
		return "succeeded"
	}
	switch intent.String("status") {
	case requiresMethod:
		return "failed_async_payment"
	case requiresAction:
		return "pending_async_customer_action"
	}
	return "processing_async_payment"
}

// pageIntent is the payment or setup intent that the customer is at; nil if there is none yet.
func pageIntent(op *resource.Op, s *object.Object) (*object.Object, error) {
	pi, err := sessionIntent(op, s)
	if pi != nil || err != nil {
		return pi, err
	}
	private, err := op.Private(s)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Compact([]string{s.Ref("setup_intent"), private.String("setup_intent")}) {
		if si, err := op.Find("setup_intent", id); si != nil || err != nil {
			return si, err
		}
	}
	return nil, nil
}
