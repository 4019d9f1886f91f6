package version_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
)

// world is a server with something of everything that gates are about. Its ids are by words, which forms and wishes name
// in braces.
type world struct {
	*servertest.Server
	t   *testing.T
	ids map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{servertest.New(t), t, map[string]string{}}
	w.make("customer", "/v1/customers", "email=jenny@example.com balance=-30 payment_method=pm_card_visa invoice_settings[default_payment_method]=pm_card_visa")
	w.make("product", "/v1/products", "name=Gold marketing_features[0][name]=Fast")
	w.make("price", "/v1/prices", "product={product} currency=usd unit_amount=1000 recurring[interval]=month nickname=Monthly")
	w.make("once", "/v1/prices", "product={product} currency=usd unit_amount=700")
	w.make("rate", "/v1/tax_rates", "display_name=VAT percentage=25 inclusive=false")
	w.make("coupon", "/v1/coupons", "percent_off=50 duration=forever")
	w.make("promo", "/v1/promotion_codes", "promotion[type]=coupon promotion[coupon]={coupon} code=HALF")
	w.make("subscription", "/v1/subscriptions", "customer={customer} items[0][price]={price} default_tax_rates[0]={rate} discounts[0][promotion_code]={promo} metadata[object]=invoice")
	sub := w.Get("/v1/subscriptions/"+w.ids["subscription"], "expand[]", "latest_invoice.payments").OK()
	w.ids["item"] = first(sub.Object("items")).ID()
	in := sub.Object("latest_invoice")
	w.ids["invoice"], w.ids["line"] = in.ID(), first(in.Object("lines")).ID()
	w.ids["intent"] = first(in.Object("payments")).Object("payment").Ref("payment_intent")
	w.ids["charge"] = w.Get("/v1/payment_intents/" + w.ids["intent"]).OK().Ref("latest_charge")
	w.make("note", "/v1/credit_notes", "invoice={invoice} amount=100 refund_amount=100")
	w.ids["refund"] = w.Get("/v1/credit_notes/" + w.ids["note"]).OK().Array("refunds")[0].(*object.Object).Ref("refund")
	w.make("waiting", "/v1/invoiceitems", "customer={customer} currency=usd pricing[price]={once}")
	w.make("schedule", "/v1/subscription_schedules", "customer={customer} start_date=now phases[0][items][0][price]={price} phases[0][duration][interval]=month default_settings[collection_method]=charge_automatically")
	w.make("session", "/v1/checkout/sessions", "mode=payment success_url=https://shop.example line_items[0][price]={once} line_items[0][quantity]=2 ui_mode=hosted_page")
	w.make("tiered", "/v1/plans", "product={product} currency=usd interval=month billing_scheme=tiered tiers_mode=graduated tiers[0][up_to]=inf tiers[0][unit_amount]=5")
	w.make("meter", "/v1/billing/meters", "display_name=Uses event_name=used default_aggregation[formula]=sum")
	w.make("metered", "/v1/prices", "product={product} currency=usd unit_amount=2 recurring[interval]=month recurring[usage_type]=metered recurring[meter]={meter}")
	w.make("alert", "/v1/billing/alerts", "alert_type=usage_threshold title=Much usage_threshold[gte]=10 usage_threshold[meter]={meter} usage_threshold[recurrence]=one_time usage_threshold[filters][0][type]=customer usage_threshold[filters][0][customer]={customer}")
	return w
}

func first(list *object.Object) *object.Object { return list.Array("data")[0].(*object.Object) }

// make creates something and notes its id by a word.
func (w *world) make(word, path, form string) {
	w.t.Helper()
	w.ids[word] = w.Post(path, w.form(form)...).OK().ID()
}

// form splits "a=1 b=2" and fills in ids; a plus is a space.
func (w *world) form(text string) []string {
	var out []string
	for pair := range strings.FieldsSeq(w.fill(text)) {
		name, value, _ := strings.Cut(pair, "=")
		out = append(out, name, strings.ReplaceAll(value, "+", " "))
	}
	return out
}

func (w *world) fill(text string) string {
	for word, id := range w.ids {
		text = strings.ReplaceAll(text, "{"+word+"}", id)
	}
	return text
}

// in asks in a version: "POST /v1/customers".
func (w *world) in(version, call, form string) *servertest.Answer {
	w.t.Helper()
	method, path, _ := strings.Cut(w.fill(call), " ")
	return w.Do(servertest.Request{Method: method, Path: path, Form: w.form(form), Unchecked: version != spec.Version, Header: http.Header{"Stripe-Version": {version}}})
}

// before is the version that came before another one.
func before(version string) string {
	i, _ := slices.BinarySearch(spec.Versions(), version)
	return spec.Versions()[i-1]
}

// gone is wanted where there must be no such field.
type gone struct{}

// want holds fields of an object, by their ways, against what they should be.
func (w *world) want(t *testing.T, o *object.Object, fields map[string]any) {
	t.Helper()
	for way, want := range fields {
		got, found := walk(o, strings.Split(way, "."))
		if _, no := want.(gone); no {
			if found {
				t.Errorf("there is %s: %v", way, text(got))
			}
			continue
		}
		if s, ok := want.(string); ok {
			want = w.fill(s)
		}
		if n, ok := want.(int); ok {
			want = int64(n)
		}
		if !found || !object.Equal(got, want) {
			t.Errorf("%s is %v, want %v", way, text(got), text(want))
		}
	}
}

func text(v any) string { return string(object.AppendValue(nil, v, 0)) }

func walk(v any, way []string) (any, bool) {
	for _, name := range way {
		switch at := v.(type) {
		case *object.Object:
			if !at.Has(name) {
				return nil, false
			}
			v = at.Get(name)
		case []any:
			i := int(name[0] - '0')
			if i >= len(at) {
				return nil, false
			}
			v = at[i]
		default:
			return nil, false
		}
	}
	return v, true
}
