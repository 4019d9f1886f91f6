package portal

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Before a change is made, the customer sees what it costs: the invoice that it will make, previewed as of a moment that
// the form brings back, so that what is billed is what was seen.

func showConfirm(v *visit) error {
	c, faults, err := v.change()
	switch {
	case err != nil:
		return err
	case !v.Updatable(c.subscription):
		return v.settled()
	case v.Flow.String("type") == flowConfirm && (len(faults) > 0 || c.Same):
		return v.settled()
	case len(faults) > 0:
		return v.again(c, faults)
	case c.Same:
		return v.again(c, map[string]string{"price": "This is what you have now. Choose something else"})
	}
	if err := v.preview(c); err != nil {
		return v.refuse(c, err)
	}
	return v.show("confirm", "Confirm the change", c)
}

// change reads what the customer wants to change, and what is wrong with it.
func (v *visit) change() (c *change, faults map[string]string, err error) {
	err = v.load(func(op *resource.Op) (err error) {
		c, faults, err = v.readChange(op)
		return err
	})
	return c, faults, err
}

// again shows the choice once more.
func (v *visit) again(c *change, faults map[string]string) error {
	return v.render(http.StatusUnprocessableEntity, "update", &page{Title: "Change your plan", Data: c.choice, Faults: faults})
}

// refuse shows why a change cannot be made.
func (v *visit) refuse(c *change, err error) error {
	refused := refusal(err)
	switch {
	case refused == nil:
		return err
	case c.Code != "" && strings.Contains(refused.Param, "discounts"):
		return v.again(c, map[string]string{"code": notForPlan})
	}
	return v.note(refused.Status, "This cannot be done", refused.Message)
}

// terms are the parameters of a change, beside its item and discount.
func (v *visit) terms(c *change) *object.Object {
	says := v.features(subscriptionUpdate)
	params := object.Of("proration_behavior", says.String("proration_behavior"))
	if says.String("proration_behavior") != "none" && c.Trial == 0 {
		params.Set("proration_date", c.At)
	}
	if says.String("billing_cycle_anchor") == "now" {
		params.Set("billing_cycle_anchor", "now")
	}
	if c.EndsTrial(says) {
		params.Set("trial_end", "now")
	}
	return params
}

// EndsTrial reports whether the trial is over with the change.
func (c *change) EndsTrial(says *object.Object) bool {
	return c.Trial > 0 && says.String("trial_update_behavior") == "end_trial"
}

// TrialEnds is EndsTrial, for templates.
func (v *visit) TrialEnds(c *change) bool { return c.EndsTrial(v.features(subscriptionUpdate)) }

// preview asks what a change will bill.
func (v *visit) preview(c *change) error {
	if c.Later {
		return nil
	}
	form := url.Values{"subscription": {c.ID()}}
	const details = "subscription_details"
	for name, value := range map[string]string{"id": c.Items[0].ID(), "price": c.To.ID(), "quantity": strconv.FormatInt(c.Count, 10)} {
		form.Set(details+"[items][0]["+name+"]", value)
	}
	for name, value := range v.terms(c).All() {
		text, isText := value.(string)
		if at, isTime := value.(int64); isTime && !isText {
			text = strconv.FormatInt(at, 10)
		}
		form.Set(details+"["+name+"]", text)
	}
	if c.Discount != "" {
		form.Set("discounts[0]["+c.Discount+"]", c.Of)
	}
	in, err := v.Engine.Do(v.r.Context(), v.ns, "POST /v1/invoices/create_preview", form)
	c.Preview = in
	return err
}

// Seen marks what the customer sees a change to cost.
func (c *change) Seen() string {
	return strconv.FormatInt(c.Preview.Int("amount_due"), 10) + "-" + strconv.FormatInt(c.Preview.Int("total"), 10)
}

// Now reports whether something is billed at once; else the preview is the next invoice.
func (v *visit) Now(c *change) bool { return c.Preview.Int("created") <= v.now }

// Lines are those of the preview.
func (c *change) Lines() (lines []*object.Object) {
	for _, o := range c.Preview.Object("lines").Array("data") {
		lines = append(lines, o.(*object.Object))
	}
	return lines
}

// Off is what discounts take off the preview, Tax what comes on top of its prices, and Balance what earlier credits pay.
func (c *change) Off() int64 { return sumOf(c.Preview.Array("total_discount_amounts"), "") }

// Tax is what comes on top of the prices of the preview.
func (c *change) Tax() int64 { return sumOf(c.Preview.Array("total_taxes"), "exclusive") }

// Balance is what earlier credits pay of the preview.
func (c *change) Balance() int64 { return max(c.Preview.Int("total"), 0) - c.Preview.Int("amount_due") }

// Credit is what is left over, and pays the next invoices.
func (c *change) Credit() int64 { return max(-c.Preview.Int("total"), 0) }

func sumOf(amounts []any, behavior string) (sum int64) {
	for _, o := range amounts {
		if part := o.(*object.Object); behavior == "" || part.String("tax_behavior") == behavior {
			sum += part.Int("amount")
		}
	}
	return sum
}
