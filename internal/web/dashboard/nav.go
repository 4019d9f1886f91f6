package dashboard

import (
	"strings"

	"sharesmart/internal/people"
)

// navGroup is a part of the side navigation.
type navGroup struct {
	Name  string
	Items []navItem
}

// navItem leads to a page. It is there as soon as the page is registered, for who may see it.
type navItem struct{ Name, Path string }

// navigation is the side navigation, from top to bottom.
var navigation = []navGroup{
	{"", []navItem{{"Home", "/"}, {"Business", "/business"}}},
	{"Data", []navItem{
		{"Payments", "/payment_intents"}, {"Customers", "/customers"}, {"Subscriptions", "/subscriptions"}, {"Invoices", "/invoices"},
		{"Products", "/products"}, {"All objects", "/objects"},
	}},
	{"Developers", []navItem{
		{"API keys", "/keys"}, {"Request logs", "/logs"}, {"Events", "/events"}, {"Webhooks", "/webhook_endpoints"}, {"Test clocks", "/clocks"}, {"Sandboxes", "/sandboxes"},
		{"Docs feedback", "/feedback"},
	}},
	{"Account", []navItem{{"People", "/people"}, {"Audit log", "/audit"}}},
}

// Navigation is what the person may go to.
func (v *Visit) Navigation() []navGroup {
	var groups []navGroup
	for _, g := range navigation {
		shown := navGroup{Name: g.Name}
		for _, item := range g.Items {
			if v.MayOpen(item.Path) {
				shown.Items = append(shown.Items, item)
			}
		}
		if len(shown.Items) > 0 {
			groups = append(groups, shown)
		}
	}
	return groups
}

// MayOpen reports whether there is a page at a path, below which others may be, that the person may see.
func (v *Visit) MayOpen(path string) bool {
	for _, page := range pages {
		pattern, _ := strings.CutSuffix(page.Pattern, "{$}")
		if pattern == "GET "+path {
			return v.Role >= page.Role && v.Role > people.Nobody && (v.Person != nil || !page.Signed)
		}
	}
	return false
}

// At reports whether the page is the one at a path, or below it.
func (v *Visit) At(path string) bool {
	here := v.R.URL.Path
	return here == path || path != "/" && strings.HasPrefix(here, path+"/")
}
