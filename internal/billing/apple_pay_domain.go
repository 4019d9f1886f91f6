package billing

import (
	"net/netip"
	"regexp"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
)

// An Apple Pay domain is a web address whose pages may show Apple Pay. Registering one again answers the one that is
// there.
//
//	(new) --DELETE--> gone
func init() {
	register(resource.Rules{
		Object:  "apple_pay_domain",
		Actions: resource.Actions{"POST /v1/apple_pay/domains": registerDomain},
	})
}

// hostName is what a domain may look like: labels of letters, digits and hyphens, two at least.
var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

func registerDomain(op *resource.Op) error {
	domain := strings.ToLower(op.Params.String("domain_name"))
	if err := checkDomain(domain); err != nil {
		return err
	}
	there, err := op.Lookup("apple_pay_domain", "domain_name", domain)
	if err != nil {
		return err
	}
	if len(there) > 0 {
		op.Object = there[0]
		return nil
	}
	op.Object, err = op.Create("apple_pay_domain", newParams("domain_name", domain))
	return err
}

func checkDomain(domain string) error {
	_, notAddress := netip.ParseAddr(domain)
	if notAddress == nil || len(domain) > 253 || !hostName.MatchString(domain) {
		return apierr.Invalid("", "domain_name", "Invalid domain name: %s. Send the name alone, without https:// and without a path.", domain)
	}
	return nil
}
