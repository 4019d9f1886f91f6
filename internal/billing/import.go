package billing

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/processor"
	"sharesmart/internal/resource"
)

// What comes from a Stripe account keeps its id and what it says. What is sold, customers and their cards are copied and told
// of as new. What has happened, such as charges and invoices, is copied quietly, with all that belongs together in one
// transaction, and only if it adds up: so the books are sound after an import whatever the account held. A subscription is
// begun anew, so that its next bill comes from here, at the end of the period that is paid.
//
// What has happened is in import_history.go and import_invoice.go, subscriptions are in import_subscription.go, what is not
// billed yet in import_draft.go.

// importedFields are what is copied of each kind that is told of as new.
var importedFields = map[string]string{
	"product":        "active created default_price description images marketing_features metadata name package_dimensions shippable statement_descriptor tax_code type unit_label updated url",
	"price":          "active billing_scheme created currency currency_options custom_unit_amount lookup_key metadata nickname product recurring tax_behavior tiers tiers_mode transform_quantity type unit_amount unit_amount_decimal",
	"coupon":         "amount_off applies_to created currency currency_options duration duration_in_months max_redemptions metadata name percent_off redeem_by times_redeemed valid",
	"tax_rate":       "active country created description display_name effective_percentage flat_amount inclusive jurisdiction jurisdiction_level metadata percentage rate_type state tax_type",
	"billing.meter":  "created customer_mapping default_aggregation display_name event_name event_time_window status status_transitions updated value_settings",
	"promotion_code": "active code created customer expires_at max_redemptions metadata promotion restrictions times_redeemed",
	"customer":       "address balance created currency delinquent description email invoice_credit_balance invoice_prefix invoice_settings metadata name next_invoice_sequence phone preferred_locales shipping tax_exempt",
	"payment_method": "allow_redisplay billing_details card created customer metadata type",
}

// hiddenWhenImported is what of a kind only requests see that ask for it.
var hiddenWhenImported = map[string][]string{"price": hiddenInPrice, "coupon": hiddenInCoupon}

// imports are what takes an object of the other kinds. An *apierr.Error says why it cannot come.
var imports = map[string]func(op *resource.Op, doc *object.Object) error{
	"balance_transaction":   importMovement,
	"charge":                importCharge,
	"payment_intent":        importIntent,
	"invoice":               importInvoice,
	"invoiceitem":           importPending,
	"dispute":               importDispute,
	"payout":                importPayout,
	"subscription":          importSubscription,
	"subscription_schedule": importSchedule,
}

// Imported are those of some ids of a kind that are there: true where an import has nothing more to learn of them.
func Imported(ctx context.Context, e *resource.Engine, ns *access.Namespace, kind string, ids []string) (map[string]bool, error) {
	there := map[string]bool{}
	return there, e.Note(ctx, ns, func(op *resource.Op) error {
		for _, id := range ids {
			o, err := op.Find(kind, id)
			if err != nil {
				return err
			}
			if o == nil {
				continue
			}
			held, err := isHeld(op, o)
			if err != nil {
				return err
			}
			there[id] = !held
		}
		return nil
	})
}

// Came is what became of objects that were handed over, by their ids: those that could not come, with the reason, and those
// that came, with what is to be done about them where they come from.
type Came struct {
	Made, Known    int
	Refused, Noted map[string]string
}

// Import takes objects of a kind, each in a transaction of its own, and says why one cannot come.
func Import(ctx context.Context, e *resource.Engine, ns *access.Namespace, kind string, docs []json.RawMessage) (Came, error) {
	came := Came{Refused: map[string]string{}, Noted: map[string]string{}}
	for _, raw := range docs {
		doc, err := object.Parse(raw, nil)
		if err != nil {
			return came, err
		}
		isNew := false
		err = e.Note(ctx, ns, func(op *resource.Op) (err error) {
			isNew, err = importOne(op, kind, doc)
			return err
		})
		if api := apierr.As(err); api != nil {
			came.Refused[doc.ID()] = api.Message
			continue
		}
		if err != nil {
			return came, err
		}
		if isNew {
			came.Made++
		} else {
			came.Known++
		}
		if note := importNotes[kind]; note != nil {
			if text := note(doc); text != "" {
				came.Noted[doc.ID()] = text
			}
		}
	}
	return came, nil
}

// importNotes say what is to be done at Stripe about an object that came, so that nobody is billed twice; empty if nothing.
var importNotes = map[string]func(doc *object.Object) string{
	"invoice":     noteOnInvoice,
	"invoiceitem": func(*object.Object) string { return "delete it at Stripe: it is on its customer's next invoice here" },
	"subscription": func(*object.Object) string {
		return "end it at Stripe before its next bill, without a final invoice: it is billed here from then on"
	},
	"subscription_schedule": func(*object.Object) string { return "cancel or release it at Stripe: it goes on here" },
}

// leftOut says why something cannot come.
func leftOut(why string, args ...any) error { return apierr.Invalid("", "", why, args...) }

func importOne(op *resource.Op, kind string, doc *object.Object) (isNew bool, err error) {
	there, err := op.Find(kind, doc.ID())
	if err != nil {
		return false, err
	}
	if there != nil {
		return false, followHeld(op, there, doc)
	}
	if madeHere(doc) {
		return false, leftOut("it was made here, and is in the books under another id")
	}
	if take := imports[kind]; take != nil {
		return true, take(op, doc)
	}
	if importedFields[kind] == "" {
		return false, leftOut("objects of the kind %s are not carried over", kind)
	}
	if check := importable[kind]; check != nil {
		if err := check(op, doc); err != nil {
			return false, err
		}
	}
	fields := strings.Fields(importedFields[kind])
	op.Choose(kind, doc.ID())
	o, err := op.Make(kind, "", object.New(nil), func(op *resource.Op) error {
		copyFields(op.Object, doc, func(name string) bool { return slices.Contains(fields, name) })
		return op.Hide(op.Object, hiddenWhenImported[kind]...)
	})
	if err != nil {
		return false, err
	}
	switch kind {
	case "coupon":
		return true, watchCoupon(op, o)
	case "promotion_code":
		if at := o.Int("expires_at"); at > op.Now().Unix() && o.Bool("active") {
			return true, op.SetTimer(promotionExpiry, o, unix(at))
		}
	case "payment_method":
		return true, noteMethod(op, o, "ready", true)
	case "customer":
		if err := importBalance(op, o, doc.Array(importedBalance)); err != nil {
			return false, err
		}
		return true, noteRemoteCustomer(op, o.ID(), o.ID())
	}
	return true, nil
}

// importable say why an object of a kind cannot come.
var importable = map[string]func(op *resource.Op, doc *object.Object) error{
	"payment_method": importableMethod, "promotion_code": importableCode,
}

// importableMethod says why a payment method cannot come.
func importableMethod(op *resource.Op, doc *object.Object) error {
	if doc.String("type") != "card" {
		return leftOut("live mode takes cards")
	}
	customer, err := op.Find("customer", doc.Ref("customer"))
	if err == nil && customer == nil {
		err = leftOut("its customer is not here")
	}
	return err
}

// importableCode says why a promotion code cannot come. Two that can be used may not be the same.
func importableCode(op *resource.Op, doc *object.Object) error {
	coupon, err := op.Find("coupon", doc.Object("promotion").Ref("coupon"))
	if err != nil {
		return err
	}
	if coupon == nil {
		return leftOut("its coupon is not here")
	}
	if err = checkCodeFree(op, doc); apierr.As(err) != nil {
		return leftOut("the same code is here already")
	}
	return err
}

// madeHere reports whether what is at Stripe was made for something that is here.
func madeHere(doc *object.Object) bool {
	notes := doc.Object("metadata")
	return notes.Has(processor.OurIntent) || notes.Has(processor.OurRefund) || notes.Has(processor.OurCustomer)
}

// copyFields sets the fields of an object that are wanted, as far as they are what the schema says.
func copyFields(o, doc *object.Object, wanted func(name string) bool) {
	for name, v := range doc.All() {
		p := o.Schema().Prop(name)
		if p != nil && wanted(name) && object.Check(p.Schema(), v) == nil {
			o.Set(name, v)
		}
	}
}

// isOurs are the fields that say what an object is here.
func isOurs(name string) bool {
	return slices.Contains([]string{"id", "object", "livemode", "test_clock"}, name)
}

// copyPast makes an object as it was.
func copyPast(op *resource.Op, kind, below string, doc *object.Object) (*object.Object, error) {
	return op.MakePast(kind, below, doc.ID(), func(o *object.Object) {
		copyFields(o, doc, func(name string) bool { return !isOurs(name) })
	})
}

// copyOnce is copyPast for what may be here already, and says by now what it says there.
func copyOnce(op *resource.Op, kind, below string, doc *object.Object) (*object.Object, error) {
	o, err := op.Find(kind, doc.ID())
	if err != nil {
		return nil, err
	}
	if o == nil {
		return copyPast(op, kind, below, doc)
	}
	copyFields(o, doc, func(name string) bool { return !isOurs(name) })
	op.Save(o)
	return o, nil
}
