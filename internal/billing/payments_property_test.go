package billing_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// TestPaymentsProperty does random things to payments, right and wrong, and proves after each that the books and the
// objects agree: Rules.Audit of every kind, over the whole account. PROPERTY_STEPS says how many steps (make property);
// a failure names the seed, and PROPERTY_SEED repeats it alone.
func TestPaymentsProperty(t *testing.T) {
	t.Parallel()
	steps, seed := 500, uint64(1)
	if text := os.Getenv("PROPERTY_STEPS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		steps = n
	}
	if text := os.Getenv("PROPERTY_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		steps, seed = stepsOfWorld, n
	}
	for done := 0; done < steps; done += stepsOfWorld {
		world := seed + uint64(done/stepsOfWorld)
		t.Run("seed "+strconv.FormatUint(world, 10), func(t *testing.T) {
			t.Parallel()
			newPaymentsWorld(t, world).run(min(stepsOfWorld, steps-done))
		})
	}
}

// stepsOfWorld is how long one account lives. Each step costs an audit of all that is there.
const stepsOfWorld = 125

type paymentsWorld struct {
	*servertest.Server
	t      *testing.T
	random *rand.Rand
	made   map[string][]string // ids by kind
	log    []string
}

func newPaymentsWorld(t *testing.T, seed uint64) *paymentsWorld {
	w := &paymentsWorld{Server: servertest.New(t), t: t, random: rand.New(rand.NewPCG(seed, 1)), made: map[string][]string{}}
	for range 3 {
		w.do("customer", "/v1/customers")
	}
	w.do("account", "/v1/accounts", ready...)
	w.do("charge", "/v1/charges", "amount", "40000", "currency", "usd", "source", "tok_bypassPending")
	return w
}

// do sends a request, keeps the id of what was made, and refuses a fault of the server.
func (w *paymentsWorld) do(kind, path string, form ...string) {
	w.log = append(w.log, path+" "+strings.Join(form, " "))
	a := w.Post(path, form...)
	if a.Status >= http.StatusInternalServerError {
		w.t.Fatalf("%s answered %d: %s", path, a.Status, a.Body)
	}
	if a.Status == http.StatusOK && kind != "" {
		w.made[kind] = append(w.made[kind], a.Object.ID())
	}
	for _, intent := range []string{"payment_intent", "setup_intent"} {
		if o := a.Object.Object("error").Object(intent); o != nil && kind == intent {
			w.made[kind] = append(w.made[kind], o.ID())
		}
	}
}

func (w *paymentsWorld) pick(choices ...string) string { return choices[w.random.IntN(len(choices))] }

// one is the id of an object that was made before, most often a young one.
func (w *paymentsWorld) one(kind string) string {
	ids := w.made[kind]
	if len(ids) == 0 {
		return "none"
	}
	if w.random.IntN(3) > 0 {
		ids = ids[max(0, len(ids)-3):]
	}
	return ids[w.random.IntN(len(ids))]
}

func (w *paymentsWorld) amount() string { return strconv.Itoa(50 + w.random.IntN(3000)) }

func (w *paymentsWorld) run(steps int) {
	for range steps {
		w.step()
		problems, err := w.Engine.Verify(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if len(problems) > 0 {
			w.t.Fatalf("after\n%s\n%s", strings.Join(w.log[max(0, len(w.log)-8):], "\n"), strings.Join(problems, "\n"))
		}
	}
}

// cards are those whose behaviour differs.
var propertyCards = []string{
	"visa", "visa", "visa", "mastercard", "amex", "chargeDeclined", "chargeCustomerFail", "authenticationRequired", "threeDSecure2Required",
	"createDispute", "createDisputeInquiry", "createDisputeProductNotReceived", "createIssuerFraudRecord", "pendingRefund", "refundFail", "bypassPending", "riskLevelElevated",
}

func (w *paymentsWorld) step() {
	intent := "/v1/payment_intents/" + w.one("payment_intent")
	switch w.random.IntN(26) {
	case 20, 21:
		w.share()
	case 22:
		w.do("transfer", "/v1/transfers", "amount", w.amount(), "currency", "usd", "destination", w.one("account"))
	case 23:
		w.do("", "/v1/transfers/"+w.one("transfer")+"/reversals", "amount", w.amount())
	case 24:
		w.do("refund", "/v1/refunds", "payment_intent", w.one("shared"), "amount", w.amount(), "reverse_transfer", w.pick("true", "false"))
	case 25:
		w.do("payment_intent", "/v1/payment_intents", "amount", w.amount(), "currency", "usd", "payment_method_types[]", "us_bank_account", "confirm", "true",
			"payment_method", "pm_usBankAccount_"+w.pick("success", "success", "insufficientFunds", "dispute", "processing"), "mandate_data[customer_acceptance][type]", "offline")
	case 0, 1, 2, 3:
		form := []string{"amount", w.amount(), "currency", w.pick("usd", "usd", "eur", "jpy"), "payment_method_types[]", "card", "capture_method", w.pick("automatic", "automatic_async", "manual")}
		if w.random.IntN(4) > 0 {
			form = append(form, "confirm", "true", "payment_method", "pm_card_"+propertyCards[w.random.IntN(len(propertyCards))])
		}
		if w.random.IntN(3) == 0 {
			form = append(form, "customer", w.one("customer"), "setup_future_usage", "off_session")
		}
		w.do("payment_intent", "/v1/payment_intents", form...)
	case 4:
		w.do("", intent+"/confirm", "payment_method", "pm_card_"+propertyCards[w.random.IntN(len(propertyCards))])
	case 5, 6:
		w.do("", intent+"/capture", "amount_to_capture", w.amount())
	case 7:
		w.do("", intent+"/capture")
	case 8:
		w.do("", intent+"/cancel")
	case 9:
		w.do("", "/v1/test_helpers/payment_intents/"+w.one("payment_intent")+"/authenticate", "outcome", w.pick("succeeded", "succeeded", "failed"))
	case 10, 11:
		w.do("refund", "/v1/refunds", "payment_intent", w.one("payment_intent"), "amount", w.amount())
	case 12:
		w.do("refund", "/v1/refunds", "payment_intent", w.one("payment_intent"))
	case 13:
		w.do("charge", "/v1/charges", "amount", w.amount(), "currency", "usd", "source", "tok_"+w.pick("visa", "chargeDeclined", "amex"), "capture", w.pick("true", "false"))
	case 14:
		w.do("", "/v1/charges/"+w.one("charge")+"/capture", "amount", w.amount())
	case 15:
		w.do("refund", "/v1/refunds", "charge", w.one("charge"), "amount", w.amount())
	case 16:
		w.dispute()
	case 17:
		w.do("payout", "/v1/payouts", "amount", w.amount(), "currency", "usd")
	case 18:
		w.do("topup", "/v1/topups", "amount", w.amount(), "currency", "usd", "source", w.pick("btok_us_verified", "tok_visa"))
	case 19:
		w.wait()
	}
}

// share takes a payment whose money goes to a connected account.
func (w *paymentsWorld) share() {
	form := []string{"amount", w.amount(), "currency", "usd", "payment_method_types[]", "card", "confirm", "true", "capture_method", w.pick("automatic", "automatic_async"),
		"payment_method", "pm_card_" + propertyCards[w.random.IntN(len(propertyCards))], "transfer_data[destination]", w.one("account")}
	if w.random.IntN(2) == 0 {
		form = append(form, "application_fee_amount", w.pick("0", "1", "20", "50"))
	}
	w.do("shared", "/v1/payment_intents", form...)
}

// dispute goes on with a dispute that a card has opened.
func (w *paymentsWorld) dispute() {
	ids := w.Get("/v1/disputes").IDs()
	if len(ids) == 0 {
		return
	}
	path := "/v1/disputes/" + ids[w.random.IntN(len(ids))]
	if w.random.IntN(4) == 0 {
		w.do("", path+"/close")
		return
	}
	w.do("", path, "evidence[uncategorized_text]", w.pick("winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "else"), "submit", w.pick("true", "true", "false"))
}

// wait lets time pass, and what is due happen.
func (w *paymentsWorld) wait() {
	by := []time.Duration{time.Second, time.Hour, 30 * time.Hour, 8 * 24 * time.Hour}[w.random.IntN(4)]
	w.log = append(w.log, fmt.Sprint("wait ", by))
	w.Clock.Advance(by)
	if err := w.Engine.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}
