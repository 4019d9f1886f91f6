package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A configuration of the billing portal says what customers can see and change there by themselves.
//
//	active <--active--> not active
//
// The first one of an account is its default, which sessions use that name no other, and stays active. Stripe makes it
// when the settings of the portal are saved on its own pages.
//
// Emits billing_portal.configuration.created, billing_portal.configuration.updated.
func init() {
	register(resource.Rules{
		Object: "billing_portal.configuration", Unmerged: []string{"features", "login_page"},
		Create: createPortalConfiguration, Update: updatePortalConfiguration,
		Index: map[string]func(*object.Object) []string{
			"default": func(c *object.Object) []string { return []string{strconv.FormatBool(c.Bool("is_default"))} },
			"login":   loginToken,
		},
	})
}

func createPortalConfiguration(op *resource.Op) error {
	c := op.Object
	known, err := defaultPortal(op)
	if err != nil {
		return err
	}
	c.Set("active", true)
	c.Set("application", actingApplication(op))
	c.Set("is_default", known == nil)
	c.Set("features", portalFeatures())
	c.Set("login_page", nulls("enabled", "url"))
	c.Object("login_page").Set("enabled", false)
	c.Set("updated", op.Now().Unix())
	if !op.Params.Has("metadata") {
		c.Set("metadata", object.New(nil))
	}
	return settlePortal(op, c)
}

// defaultPortal is the configuration that sessions use by themselves; nil if there is none yet.
func defaultPortal(op *resource.Op) (*object.Object, error) {
	found, err := op.Lookup("billing_portal.configuration", "default", "true")
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

func updatePortalConfiguration(op *resource.Op) error {
	c := op.Object
	if c.Bool("is_default") && !c.Bool("active") {
		return apierr.Invalid("", "active", "You can't deactivate your default configuration.")
	}
	return settlePortal(op, c)
}

// settlePortal takes what was sent of the features, and checks what they are then.
func settlePortal(op *resource.Op, c *object.Object) error {
	profile := op.Params.Object("business_profile")
	for _, sent := range []struct{ param, url string }{
		{"default_return_url", op.Params.String("default_return_url")}, {"business_profile[privacy_policy_url]", profile.String("privacy_policy_url")},
		{"business_profile[terms_of_service_url]", profile.String("terms_of_service_url")},
	} {
		if sent.url != "" && !isPlace(sent.url) {
			return apierr.Invalid("url_invalid", sent.param, "Not a valid URL")
		}
	}
	layFeatures(c.Object("features"), op.Params.Object("features"))
	if login := op.Params.Object("login_page"); login != nil {
		page := c.Object("login_page")
		page.Set("enabled", login.Bool("enabled"))
		page.Set("url", nil)
		if login.Bool("enabled") {
			page.Set("url", op.BaseURL()+"/p/login/"+placedSecret(op, linkLetters))
		}
	}
	return checkFeatures(op, c.Object("features"))
}

// loginToken is the token of the login page, as long as there is one.
func loginToken(c *object.Object) []string {
	url := c.Object("login_page").String("url")
	if url == "" {
		return nil
	}
	return []string{lastPart(url)}
}

// PortalLogin is the configuration whose login page has a token; nil if there is none that customers can use.
func PortalLogin(op *resource.Op, token string) (*object.Object, error) {
	found, err := op.Lookup("billing_portal.configuration", "login", token)
	if err != nil || len(found) == 0 || !found[0].Bool("active") {
		return nil, err
	}
	return found[0], nil
}
