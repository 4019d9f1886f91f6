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

// navItem leads to a page. It is there as soon as the page is registered, for who may see it. Key leads there after a g.
type navItem struct{ Name, Path, Key string }

// navigation is the side navigation, from top to bottom.
var navigation = []navGroup{
	{"", []navItem{{"Home", "/", "h"}, {"Business", "/business", "b"}}},
	{"Data", []navItem{
		{"Payments", "/objects/payment_intent", "p"}, {"Customers", "/objects/customer", "c"}, {"Subscriptions", "/objects/subscription", "s"}, {"Invoices", "/objects/invoice", "i"}, {"Payments by hand", "/manual-payments", ""},
		{"Plans and extensions", "/extensions", ""}, {"Products", "/objects/product", ""}, {"Orders", "/objects/order", ""}, {"Ways to pay", "/ways-to-pay", ""}, {"Branding", "/branding", ""}, {"Mail texts", "/mail-texts", ""}, {"All objects", "/objects", ""},
	}},
	{"Developers", []navItem{
		{"API keys", "/keys", "k"}, {"Request logs", "/logs", "l"}, {"Events", "/events", "e"}, {"Webhooks", "/webhooks", "w"}, {"Test clocks", "/objects/test_helpers.test_clock", "t"}, {"Sandboxes", "/sandboxes", "x"},
		{"Docs feedback", "/feedback", ""},
	}},
	{"Account", []navItem{{"People", "/people", ""}, {"Audit log", "/audit", ""}}},
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

// Shortcuts are the pages of the navigation that a key leads to.
func (v *Visit) Shortcuts() (items []navItem) {
	for _, g := range v.Navigation() {
		for _, item := range g.Items {
			if item.Key != "" {
				items = append(items, item)
			}
		}
	}
	return items
}

// MayOpen reports whether there is a page at a path, below which others may be, that the person may see.
func (v *Visit) MayOpen(path string) bool {
	for _, page := range pages {
		pattern, _ := strings.CutSuffix(page.Pattern, "{$}")
		if fits(strings.TrimPrefix(pattern, "GET "), path) {
			return v.Role >= page.Role && v.Role > people.Nobody && (v.Person != nil || !page.Signed && !page.Personal)
		}
	}
	return false
}

// fits reports whether a path is one of a pattern.
func fits(pattern, path string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if want[i] != have[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

// At reports whether a path of the navigation is the one that leads nearest to this page.
func (v *Visit) At(path string) bool {
	here, nearest := v.R.URL.Path, ""
	for _, g := range navigation {
		for _, item := range g.Items {
			if isBelow(here, item.Path) && len(item.Path) > len(nearest) {
				nearest = item.Path
			}
		}
	}
	return path == nearest
}

func isBelow(here, path string) bool {
	return here == path || path != "/" && strings.HasPrefix(here, path+"/")
}
