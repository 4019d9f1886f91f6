package mail

import (
	"cmp"
	"regexp"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// seller is the account as its customers know it.
type seller struct {
	Name, Email, Site, Colour string
}

var colour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// sellerIn reads the account that an operation works in. A connected account's object is with its platform.
func sellerIn(op *resource.Op) (seller, error) {
	home, err := op.In(op.Platform())
	if err != nil {
		return seller{}, err
	}
	account, err := home.Find("account", op.Account())
	return sellerOf(account), err
}

func sellerOf(account *object.Object) seller {
	profile, settings := account.Object("business_profile"), account.Object("settings")
	s := seller{
		Name:  oneLine(cmp.Or(profile.String("name"), settings.Object("dashboard").String("display_name"), personal(account), "ShareSmart")),
		Email: profile.String("support_email"), Site: webPage(cmp.Or(profile.String("support_url"), profile.String("url"))),
	}
	if c := settings.Object("branding").String("primary_color"); colour.MatchString(c) {
		s.Colour = strings.ToLower(c)
	}
	return s
}

// personal is the name of the company or the person that an account is of.
func personal(account *object.Object) string {
	person := account.Object("individual")
	return cmp.Or(account.Object("company").String("name"), strings.TrimSpace(person.String("first_name")+" "+person.String("last_name")))
}

// webPage is an address if it is one of a web page.
func webPage(url string) string {
	if strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
		return url
	}
	return ""
}
