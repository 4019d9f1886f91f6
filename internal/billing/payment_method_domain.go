package billing

import (
	"strings"

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
		Object: "payment_method_domain", Prepare: checkMethodDomain, Create: createDomain,
		Actions: resource.Actions{"POST /v1/payment_method_domains/{payment_method_domain}/validate": validateDomain},
	})
}

// checkMethodDomain takes the name of a website, in lower case.
func checkMethodDomain(op *resource.Op) error {
	name := strings.ToLower(op.Params.String("domain_name"))
	op.Params.Set("domain_name", name)
	return checkDomain(name)
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
