package billing

import (
	"slices"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// A payment method configuration says which payment methods an account offers.
//
//	(new) active <--POST active--> not active
//
// Every account has a default one, made when the configurations are first listed or when it is first needed. What a
// configuration does not decide (preference none) is as its parent has it, or as we do by default.
func init() {
	register(resource.Rules{
		Object: "payment_method_configuration", Create: createConfiguration, Update: updateConfiguration,
		Index:   map[string]func(o *object.Object) []string{"every": func(*object.Object) []string { return []string{"configuration"} }},
		Actions: resource.Actions{"GET /v1/payment_method_configurations": listConfigurations},
	})
}

// offered are the methods that are on unless somebody turns them off. Those that take days to settle are off.
var offered = []string{
	"affirm", "afterpay_clearpay", "alipay", "amazon_pay", "apple_pay", "bancontact", "card", "cartes_bancaires", "cashapp", "eps", "giropay", "google_pay",
	"grabpay", "ideal", "klarna", "link", "mobilepay", "p24", "revolut_pay", "twint", "wechat_pay",
}

// configurable are the payment methods that a configuration decides about.
var configurable = func() []string {
	var names []string
	for _, p := range spec.Component("payment_method_configuration").Props {
		if p.Schema().Name == "payment_method_config_resource_payment_method_properties" {
			names = append(names, p.Name)
		}
	}
	return names
}()

func createConfiguration(op *resource.Op) error {
	c := op.Object
	c.Set("active", true)
	c.Set("is_default", false)
	if !op.Params.Has("name") {
		c.Set("name", "Payment method configuration")
	}
	parent, err := parentConfiguration(op)
	if err != nil {
		return err
	}
	if parent != nil {
		c.Set("application", nil)
		c.Set("parent", parent.ID())
	}
	for _, method := range configurable {
		setPreference(c, parent, method, sentPreference(op.Params, method, "none"))
	}
	return nil
}

// parentConfiguration is the platform's configuration that this one follows, or nil.
func parentConfiguration(op *resource.Op) (*object.Object, error) {
	id := op.Params.String("parent")
	if id == "" {
		return nil, nil
	}
	platform, err := op.In(op.Platform())
	if err != nil {
		return nil, err
	}
	return platform.Get("payment_method_configuration", id, "parent")
}

// sentPreference is what a request says of a method, or else.
func sentPreference(params *object.Object, method, otherwise string) string {
	if sent := params.Object(method).Object("display_preference").String("preference"); sent != "" {
		return sent
	}
	return otherwise
}

func setPreference(c, parent *object.Object, method, preference string) {
	value := preference
	if value == "none" {
		value = "off"
		inherited := parent.Object(method).Object("display_preference").String("value")
		if inherited == "on" || inherited == "" && slices.Contains(offered, method) {
			value = "on"
		}
	}
	display := newParams("preference", preference, "value", value)
	display.Set("overridable", nil)
	if parent != nil {
		display.Set("overridable", true)
	}
	c.Set(method, newParams("available", value == "on", "display_preference", display))
}

func updateConfiguration(op *resource.Op) error {
	c := op.Object
	if c.Bool("is_default") && op.Params.Has("active") && !c.Bool("active") {
		return apierr.Invalid("", "active", "The default payment method configuration cannot be deactivated.")
	}
	parent, err := keptParent(op, c)
	if err != nil {
		return err
	}
	for _, method := range configurable {
		if sent := sentPreference(op.Params, method, ""); sent != "" {
			setPreference(c, parent, method, sent)
		}
	}
	return nil
}

func keptParent(op *resource.Op, c *object.Object) (*object.Object, error) {
	id := c.String("parent")
	if id == "" {
		return nil, nil
	}
	platform, err := op.In(op.Platform())
	if err != nil {
		return nil, err
	}
	return platform.Find("payment_method_configuration", id)
}

// listConfigurations shows the default one too, which nobody created.
func listConfigurations(op *resource.Op) error {
	if _, err := defaultConfiguration(op); err != nil {
		return err
	}
	all, err := op.Lookup("payment_method_configuration", "every", "configuration")
	if err != nil {
		return err
	}
	var items []any
	for _, c := range all {
		active, application := op.Params.Get("active"), op.Params.String("application")
		if (active == nil || active == c.Get("active")) && (application == "" || application == c.String("application")) {
			items = append(items, c)
		}
	}
	op.List, err = resource.PageOf(items, op.Params, op.Operation.Path, "payment_method_configuration")
	return err
}

// defaultConfiguration is the account's own configuration. It is made when it is first needed.
func defaultConfiguration(op *resource.Op) (*object.Object, error) {
	all, err := op.Lookup("payment_method_configuration", "every", "configuration")
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Bool("is_default") {
			return c, nil
		}
	}
	return op.Make("payment_method_configuration", "", object.New(nil), func(op *resource.Op) error {
		c := op.Object
		c.Set("active", true)
		c.Set("is_default", true)
		c.Set("name", "Default")
		for _, method := range configurable {
			preference := "off"
			if slices.Contains(offered, method) {
				preference = "on"
			}
			setPreference(c, nil, method, preference)
		}
		return nil
	})
}
