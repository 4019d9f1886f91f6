package billing

import (
	"strings"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A checkout session is one visit of a customer to the page where they pay, subscribe, or leave a payment method.
//
//	open --customer pays--> complete, paid
//	     --customer pays by a method that takes days--> complete, unpaid --bank agrees--> complete, paid
//	     --nothing to pay--> complete, no_payment_required
//	     --expires_at, POST expire--> expired
//
// What may be asked for is in checkout_session_modes.go and checkout_session_params.go, the line items in
// checkout_session_items.go, what they come to in checkout_session_amounts.go, what the customer types in
// checkout_session_typed.go, and how they pay in checkout_session_confirm.go and what it names. The page that the
// customer sees works through checkout_session_page.go.
//
// Emits checkout.session.completed, .expired, .async_payment_succeeded, .async_payment_failed.
func init() {
	register(resource.Rules{
		Object: "checkout.session", ID: sessionID,
		States:   resource.States{"open": {"complete", "expired"}},
		Unmerged: []string{"branding_settings", "discounts", "invoice_creation", "line_items", "shipping_options", "tax_id_collection"},
		Create:   createSession, Update: updateSession,
		Index:   map[string]func(*object.Object) []string{"recovery": recoveryToken},
		Include: map[string]func(resource.Glance, *object.Object, *object.Object) (any, error){"line_items": expandedItems},
		Actions: resource.Actions{
			"GET /v1/checkout/sessions/{session}/line_items":             listItems,
			"POST /v1/checkout/sessions/{session}/expire":                expireAction,
			"POST /v1/test_helpers/checkout/sessions/{session}/complete": completeForTest,
			"GET /v1/payment_pages/{session}":                            showPage,
			"POST /v1/payment_pages/{session}":                           changePage,
			"POST /v1/payment_pages/{session}/init":                      openPage,
			"POST /v1/payment_pages/{session}/confirm":                   confirmPage,
			"GET /v1/payment_pages/{session}/poll":                       pollPage,
		},
		Timers: map[string]resource.Hook{sessionExpiry: expireDue},
	})
}

const (
	sessionExpiry = "checkout.session.expires_at"
	// checkoutLife is how long a session can be used at most, and shortestCheckout how long at least.
	checkoutLife     = 24 * time.Hour
	shortestCheckout = 30 * time.Minute
	// placeLength is how much of the id of a session, and of the tokens of links, tells where it lives.
	placeLength = 7
)

// sessionID makes the id of a session. Its end tells where the session is, as its page is called without a key; what
// comes before cannot be guessed.
func sessionID(op *resource.Op) string {
	const random = 49
	mode := "test"
	if op.Live() {
		mode = "live"
	}
	return "cs_" + mode + "_a1" + placedSecret(op, random)
}

// placedSecret is n characters that nobody can guess, and where the operation works.
func placedSecret(op *resource.Op, n int) string {
	place := op.Place()
	return op.Secret(n) + strings.Repeat("0", placeLength-len(place)) + place
}

// PlaceOf is where what an id of a checkout session, or a token of a payment link or a portal session, stands for is: for
// resource.Engine.At. It is empty if the text is none of these.
func PlaceOf(token string) string {
	if len(token) < placeLength {
		return ""
	}
	return strings.TrimLeft(token[len(token)-placeLength:], "0")
}

func createSession(op *resource.Op) error {
	s := op.Object
	for _, step := range []func(*resource.Op, *object.Object) error{
		checkSessionMode, checkSessionUI, checkSessionParams, startSession, sessionCustomer, sessionItems, sessionMethods, sessionShipping, sessionDiscounts, sumSession, checkSessionAmount, startSetup,
	} {
		if err := step(op, s); err != nil {
			return err
		}
	}
	return op.SetTimer(sessionExpiry, s, unix(s.Int("expires_at")))
}

// startSession fills what every session shows.
func startSession(op *resource.Op, s *object.Object) error {
	s.Set("status", "open")
	s.Set("payment_status", "unpaid")
	if s.String("mode") == modeSetup {
		s.Set("payment_status", nothingToPay)
	}
	if !op.Params.Has("expires_at") {
		s.Set("expires_at", op.Now().Add(checkoutLife).Unix())
	}
	if s.String("ui_mode") == hosted {
		s.Set("client_secret", nil)
		s.Set("url", sessionURL(op, s))
	}
	if s.Get("adaptive_pricing") == nil {
		s.Set("adaptive_pricing", newParams("enabled", false))
	}
	s.Set("tax_id_collection", newParams("enabled", op.Params.Object("tax_id_collection").Bool("enabled"), "required", "never"))
	if required := op.Params.Object("tax_id_collection").String("required"); required != "" {
		s.Object("tax_id_collection").Set("required", required)
	}
	if tax := s.Object("automatic_tax"); tax.Bool("enabled") {
		tax.Set("provider", "stripe")
	}
	brandSession(op, s)
	sessionInvoices(op, s)
	return keepAsked(op, s)
}

// sessionURL is the address of the page.
func sessionURL(op *resource.Op, s *object.Object) string {
	return op.BaseURL() + "/c/pay/" + s.ID()
}

// askedParams are parameters that a session does not show and that count when the customer pays.
var askedParams = []string{"customer_update", "payment_intent_data", "payment_method_data", "setup_intent_data", "subscription_data"}

func keepAsked(op *resource.Op, s *object.Object) error {
	private, err := op.Private(s)
	if err != nil {
		return err
	}
	for _, name := range askedParams {
		if part := op.Params.Object(name); part != nil {
			private.Set(name, part.Clone())
		}
	}
	return op.SetPrivate(s, private)
}

// brandSession shows how the page is to look, if that was sent.
func brandSession(op *resource.Op, s *object.Object) {
	sent := op.Params.Object("branding_settings")
	if sent == nil {
		return
	}
	look := newParams("background_color", "#ffffff", "border_style", "rounded", "button_color", "#0074d4", "display_name", "ShareSmart", "font_family", "default")
	for name, v := range sent.All() {
		if v != "" {
			look.Set(name, v)
		}
	}
	for _, name := range []string{"icon", "logo"} {
		if picture := sent.Object(name); picture != nil {
			look.Set(name, picture.Clone())
		} else {
			look.Set(name, nil)
		}
	}
	s.Set("branding_settings", look)
}

// sessionInvoices says whether an invoice is written for what was paid: only for payments, as subscriptions always do.
func sessionInvoices(op *resource.Op, s *object.Object) {
	if s.String("mode") == modePayment {
		s.Set("invoice_creation", invoiceCreation(op.Params.Object("invoice_creation")))
	}
}

// invoiceCreation shows what was sent of invoice_creation.
func invoiceCreation(sent *object.Object) *object.Object {
	given := sent.Object("invoice_data")
	data := object.New(nil)
	for _, name := range []string{"account_tax_ids", "custom_fields", "description", "footer"} {
		data.Set(name, nil)
		if v := given.Get(name); v != nil && v != "" {
			data.Set(name, v)
		}
	}
	data.Set("issuer", nil)
	if issuer := given.Object("issuer"); issuer != nil {
		data.Set("issuer", issuer.Clone())
	}
	data.Set("metadata", object.New(nil))
	if notes := given.Object("metadata"); notes != nil {
		data.Set("metadata", notes.Clone())
	}
	data.Set("rendering_options", nil)
	if look := given.Object("rendering_options"); look != nil {
		options := nulls("amount_tax_display", "template")
		for name := range options.All() {
			options.Set(name, textOrNull(look.String(name)))
		}
		data.Set("rendering_options", options)
	}
	return newParams("enabled", sent.Bool("enabled"), "invoice_data", data)
}
