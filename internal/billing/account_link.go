package billing

import (
	"net/url"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An account link leads a connected account to the page where it gives what is required of it. It works once, for some
// minutes.
func init() {
	register(resource.Rules{Object: "account_link", Create: createAccountLink})
}

// linkLife is how long an account link works.
const linkLife = 5 * time.Minute

func createAccountLink(op *resource.Op) error {
	account, err := op.Get("account", op.Params.String("account"), "account")
	if err != nil {
		return err
	}
	kind := op.Params.String("type")
	if !op.Mocks() && kind == "account_update" && !collectsItself(account) {
		return apierr.Invalid("", "type", "You cannot create `account_update` type Account Links for this account. Only accounts whose requirements the application collects can be updated this way.")
	}
	if op.Params.Has("collect") && op.Params.Has("collection_options") {
		return exclusive("collect", "collection_options")
	}
	for _, name := range []string{"refresh_url", "return_url"} {
		sent := op.Params.String(name)
		if sent == "" {
			return missingParam(name)
		}
		if u, err := url.Parse(sent); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || op.Live() && u.Scheme != "https" {
			return apierr.Invalid("url_invalid", name, "Not a valid URL")
		}
	}
	op.Object.Set("created", op.Now().Unix())
	op.Object.Set("expires_at", op.Now().Add(linkLife).Unix())
	op.Object.Set("url", op.BaseURL()+"/setup/s/"+account.ID()+"/"+op.Secret(24))
	return nil
}

// collectsItself reports whether the platform collects what is required of an account.
func collectsItself(account *object.Object) bool {
	return account.Object("controller").String("requirement_collection") == "application"
}
