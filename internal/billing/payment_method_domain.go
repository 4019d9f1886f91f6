package billing

import (
	"net/url"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A payment method domain is a website that shows wallets.
//
//	(new) enabled <--POST enabled--> not enabled
//
// Wallets ask for a proof that the seller owns the website. In test mode every website is theirs.
func init() {
	register(resource.Rules{
		Object: "payment_method_domain", Prepare: checkDomain, Create: createDomain,
		Actions: resource.Actions{"POST /v1/payment_method_domains/{payment_method_domain}/validate": validateDomain},
	})
}

func checkDomain(op *resource.Op) error {
	name := op.Params.String("domain_name")
	u, err := url.Parse("https://" + name)
	if err != nil || u.Host != name || !strings.Contains(name, ".") || strings.ContainsAny(name, ":@ ") {
		return apierr.Invalid("", "domain_name", "Invalid domain name: %s. Give the name of the website alone, without https:// and without a path.", name)
	}
	op.Params.Set("domain_name", strings.ToLower(name))
	return nil
}

func createDomain(op *resource.Op) error {
	if !op.Params.Has("enabled") {
		op.Object.Set("enabled", true)
	}
	activateWallets(op.Object)
	return nil
}

func validateDomain(op *resource.Op) error {
	activateWallets(op.Object)
	op.Save(op.Object)
	return nil
}

func activateWallets(domain *object.Object) {
	for _, wallet := range []string{"amazon_pay", "apple_pay", "google_pay", "klarna", "link", "paypal"} {
		domain.Set(wallet, newParams("status", "active"))
	}
}
