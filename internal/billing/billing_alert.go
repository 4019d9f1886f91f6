package billing

import (
	"math/big"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An alert tells when a customer's usage of a meter reaches a threshold, once for each customer.
//
//	active --deactivate--> inactive --activate--> active
//	active, inactive --archive--> archived, and out of the list
//
// What was used before the alert was there does not count, nor what is used while it is not active. Activating it lets
// it tell again of those whom it has told of.
//
// Emits billing.alert.triggered.
func init() {
	register(resource.Rules{
		Object: "billing.alert", Create: createAlert,
		Index:  filters{"watches": watchedUsage, "status": at("status")},
		Listed: map[string][]string{"status": {"active", "inactive"}},
		States: resource.States{"active": {"inactive", "archived"}, "inactive": {"active", "archived"}},
		Actions: resource.Actions{
			"POST /v1/billing/alerts/{id}/activate":   activateAlert,
			"POST /v1/billing/alerts/{id}/deactivate": func(op *resource.Op) error { return op.Move(op.Object, "inactive") },
			"POST /v1/billing/alerts/{id}/archive":    func(op *resource.Op) error { return op.Move(op.Object, "archived") },
		},
	})
}

const (
	// maxAlerts is how many alerts one customer's usage of a meter may have.
	maxAlerts = 25
	// triggeredAlert is what the event of an alert shows. There is no other way to see it.
	triggeredAlert = "billing.alert_triggered"
)

// watchedUsage is what an alert looks at while it may tell: a meter, and the customer if it is for one only.
func watchedUsage(alert *object.Object) []string {
	if alert.String("status") != "active" {
		return nil
	}
	threshold := alert.Object("usage_threshold")
	return []string{watchKey(threshold.Ref("meter"), alertCustomer(alert))}
}

func watchKey(meter, customer string) string { return meter + " " + customer }

// alertCustomer is the customer whom an alert is for, or empty if it is for all.
func alertCustomer(alert *object.Object) string {
	for _, f := range alert.Object("usage_threshold").Array("filters") {
		return f.(*object.Object).Ref("customer")
	}
	return ""
}

func createAlert(op *resource.Op) error {
	a := op.Object
	a.Set("status", "active")
	if !op.Params.Has("usage_threshold") {
		return missingParam("usage_threshold")
	}
	threshold := a.Object("usage_threshold")
	if threshold.Int("gte") < 1 {
		return apierr.Invalid("parameter_invalid_integer", "usage_threshold[gte]", "This value must be greater than or equal to 1.")
	}
	if !op.Params.Object("usage_threshold").Has("filters") {
		threshold.Set("filters", nil)
	}
	if err := checkAlertFilters(op, threshold.Array("filters")); err != nil {
		return err
	}
	meter, err := op.Get("billing.meter", threshold.Ref("meter"), "usage_threshold[meter]")
	if err != nil {
		return err
	}
	customer := alertCustomer(a)
	alerts, err := alertsOn(op, meter.ID(), customer)
	if err != nil {
		return err
	}
	if len(alerts) >= maxAlerts {
		return apierr.Invalid("", "usage_threshold[meter]", "There can be at most %d alerts for the usage of a meter by a customer.", maxAlerts)
	}
	return nil
}

func checkAlertFilters(op *resource.Op, all []any) error {
	if len(all) > 1 {
		return apierr.Invalid("", "usage_threshold[filters]", "An alert can have at most one filter.")
	}
	for _, f := range all {
		const param = "usage_threshold[filters][0][customer]"
		id := f.(*object.Object).Ref("customer")
		if id == "" {
			return missingParam(param)
		}
		if _, err := op.Get("customer", id, param); err != nil {
			return err
		}
	}
	return nil
}

// alertsOn are the alerts that look at a customer's usage of a meter, the oldest first.
func alertsOn(op *resource.Op, meter, customer string) ([]*object.Object, error) {
	return op.Oldest("billing.alert", resource.Selection{
		Field: "watches", Values: []string{watchKey(meter, customer), watchKey(meter, "")}, Limit: 2 * maxAlerts,
	})
}

func activateAlert(op *resource.Op) error {
	if err := op.Move(op.Object, "active"); err != nil {
		return err
	}
	private, err := op.Private(op.Object)
	if err != nil {
		return err
	}
	private.Set("activations", private.Int("activations")+1)
	return op.SetPrivate(op.Object, private)
}

// watchUsage tells the alerts on a customer's usage of a meter how the tally of a day has changed. It costs a few reads
// for each of them, however much was used.
func watchUsage(op *resource.Op, meter *object.Object, customer string, before, after tally) error {
	alerts, err := alertsOn(op, meter.ID(), customer)
	if err != nil {
		return err
	}
	for _, alert := range alerts {
		if err := watch(op, alert, meter, customer, before, after); err != nil {
			return err
		}
	}
	return nil
}

// watch adds a change to what an alert has counted of a customer, and triggers it if that is enough.
func watch(op *resource.Op, alert, meter *object.Object, customer string, before, after tally) error {
	watched, private, err := watchedBy(op, alert, meter, customer)
	if err != nil {
		return err
	}
	counted := readTally(private.Object("tally")).changed(before, after)
	value := counted.value(meter)
	watched.Set("aggregated_value", ratNumber(value))
	watched.Set("end_time", op.Now().Unix())
	op.Save(watched)
	private.Set("tally", counted.stored())
	own, err := op.Private(alert)
	if err != nil {
		return err
	}
	enough := value.Cmp(new(big.Rat).SetInt64(alert.Object("usage_threshold").Int("gte"))) >= 0
	activation := own.Int("activations") + 1
	trigger := enough && private.Int("triggered") != activation
	if trigger {
		private.Set("triggered", activation)
	}
	if err := op.SetPrivate(watched, private); err != nil || !trigger {
		return err
	}
	return triggerAlert(op, alert, customer, value)
}

// watchedBy is the summary of what a customer has used since an alert began to look. Its private part holds the tally,
// and when the alert last told of the customer: in its first, second, ... time of being active.
func watchedBy(op *resource.Op, alert, meter *object.Object, customer string) (s, private *object.Object, err error) {
	id := "mtrusg_" + alert.ID() + "_" + customer
	s, err = op.Find("billing.meter_event_summary", id)
	if err != nil {
		return nil, nil, err
	}
	if s != nil {
		private, err = op.Private(s)
		return s, private, err
	}
	op.Choose("billing.meter_event_summary", id)
	s, err = op.Make("billing.meter_event_summary", "", newParams(), func(op *resource.Op) error {
		fillSummary(op, op.Object, meter, new(big.Rat), op.Now().Unix(), op.Now().Unix())
		return nil
	})
	return s, object.New(nil), err
}

func triggerAlert(op *resource.Op, alert *object.Object, customer string, value *big.Rat) error {
	t, err := op.Make(triggeredAlert, "", newParams(), func(op *resource.Op) error {
		op.Object.Set("alert", alert.Clone())
		op.Object.Set("created", op.Now().Unix())
		op.Object.Set("customer", customer)
		op.Object.Set("livemode", op.Live())
		op.Object.Set("value", ratNumber(value))
		return nil
	})
	if err != nil {
		return err
	}
	return op.Emit("billing.alert.triggered", t)
}
