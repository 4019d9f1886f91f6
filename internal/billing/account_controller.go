package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
)

// Who answers for a connected account: who pays its fees, who bears its losses, who collects what is required of it, and
// which dashboard it has. The types standard, express and custom are names for three of the ways to answer that.

type controller struct{ payer, losses, collection, dashboard string }

var controllers = map[string]controller{
	"standard": {"account", "stripe", "stripe", "full"},
	"express":  {"application_express", "application", "stripe", "express"},
	"custom":   {"application_custom", "application", "application", "none"},
}

// chooseController sets the type and the controller of a new account.
func chooseController(a, params *object.Object) error {
	kind := params.String("type")
	if kind == "" && !params.Has("controller") {
		kind = "standard"
	}
	c := controllers[kind]
	if sent := params.Object("controller"); sent != nil {
		c = controllerOf(sent)
		if c.collection == "application" && (c.dashboard != "none" || c.losses != "application") {
			return apierr.Invalid("", "controller[requirement_collection]",
				"When `controller[requirement_collection]` is `application`, `controller[losses][payments]` must be `application` and `controller[stripe_dashboard][type]` must be `none`.")
		}
		kind = c.kind()
	}
	by := object.New(nil)
	by.Set("fees", newParams("payer", c.payer))
	by.Set("is_controller", true)
	by.Set("losses", newParams("payments", c.losses))
	by.Set("requirement_collection", c.collection)
	by.Set("stripe_dashboard", newParams("type", c.dashboard))
	by.Set("type", "application")
	a.Set("controller", by)
	a.Set("type", kind)
	return nil
}

// controllerOf is what was sent, and the defaults of the rest.
func controllerOf(sent *object.Object) controller {
	c := controllers["standard"]
	for _, part := range []struct {
		at   *string
		sent string
	}{
		{&c.payer, sent.Object("fees").String("payer")}, {&c.losses, sent.Object("losses").String("payments")},
		{&c.collection, sent.String("requirement_collection")}, {&c.dashboard, sent.Object("stripe_dashboard").String("type")},
	} {
		if part.sent != "" {
			*part.at = part.sent
		}
	}
	return c
}

// kind is the type that a controller amounts to.
func (c controller) kind() string {
	for kind, known := range controllers {
		if kind != "standard" && c.payer == "application" {
			known.payer = "application"
		}
		if c == known {
			return kind
		}
	}
	return "none"
}
