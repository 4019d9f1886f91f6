package billing

import (
	"net/netip"
	"regexp"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A value list is what rules against fraud refer to: addresses, cards, countries. A list has an alias of its own, and
// no value twice; only case_sensitive_string tells capitals from small letters. A deleted list takes its items along.
//
// No events.
func init() {
	register(resource.Rules{
		Object: "radar.value_list", Create: createValueList, Update: updateValueList, Delete: deleteValueList,
	})
	register(resource.Rules{
		Object: "radar.value_list_item", Create: createValueListItem, Created: showNewItem, Delete: deleteValueListItem,
		Index: map[string]func(*object.Object) []string{"folded": func(o *object.Object) []string { return []string{foldedItem(o)} }},
	})
}

func createValueList(op *resource.Op) error {
	if !op.Params.Has("item_type") {
		op.Object.Set("item_type", "string")
	}
	op.Object.Set("created_by", "API")
	return checkAlias(op)
}

func updateValueList(op *resource.Op) error { return checkAlias(op) }

// checkAlias refuses an alias that another list has. A mock server's clients all take that of the example.
func checkAlias(op *resource.Op) error {
	alias := op.Object.String("alias")
	if alias == "" {
		return apierr.Invalid("parameter_invalid_empty", "alias", "A value list must have an alias.")
	}
	all, err := op.Lookup("radar.value_list", "alias", alias)
	if err != nil || op.Mocks() {
		return err
	}
	for _, other := range all {
		if other.ID() != op.Object.ID() && other.String("alias") == alias {
			return apierr.Invalid("resource_already_exists", "alias", "A value list with the alias %s already exists: %s.", alias, other.ID())
		}
	}
	return nil
}

// deleteValueList deletes the items first. It loads them all.
func deleteValueList(op *resource.Op) error {
	items, err := op.Lookup("radar.value_list_item", "value_list", op.Object.ID())
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := op.Delete(item); err != nil {
			return err
		}
	}
	return nil
}

// foldedItem is the same for items of a list that differ in capitals only.
func foldedItem(o *object.Object) string {
	return o.String("value_list") + " " + strings.ToLower(o.String("value"))
}

func createValueListItem(op *resource.Op) error {
	item := op.Object
	list, err := op.Get("radar.value_list", op.Params.String("value_list"), "value_list")
	if err != nil {
		return err
	}
	item.Set("created_by", "API")
	kind, value := list.String("item_type"), item.String("value")
	if fits := itemForms[kind]; fits != nil && !fits(value) {
		return apierr.Invalid("", "value", "Invalid value for a list of the type %s: %s", kind, value)
	}
	same, err := op.Lookup("radar.value_list_item", "folded", foldedItem(item))
	if err != nil {
		return err
	}
	for _, other := range same {
		if kind != "case_sensitive_string" || other.String("value") == value {
			return apierr.Invalid("resource_already_exists", "value", "The value %s is already in the list %s: %s.", value, list.ID(), other.ID())
		}
	}
	return nil
}

// itemForms say what values of a type look like. Texts may be anything.
var itemForms = map[string]func(string) bool{
	"account":                     regexp.MustCompile(`^acct_[0-9A-Za-z]+$`).MatchString,
	"card_bin":                    regexp.MustCompile(`^[0-9]{6,8}$`).MatchString,
	"card_fingerprint":            isFingerprint,
	"country":                     regexp.MustCompile(`^[A-Za-z]{2}$`).MatchString,
	"crypto_fingerprint":          isFingerprint,
	"customer_id":                 regexp.MustCompile(`^g?cus_[0-9A-Za-z]+$`).MatchString,
	"email":                       isEmail,
	"ip_address":                  isAddress,
	"sepa_debit_fingerprint":      isFingerprint,
	"us_bank_account_fingerprint": isFingerprint,
}

var isFingerprint = regexp.MustCompile(`^[0-9A-Za-z]{16}$`).MatchString

// isAddress takes an IP address or a range of them.
func isAddress(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	_, err := netip.ParsePrefix(text)
	return err == nil
}

// shownItems is how many items a list shows of itself.
const shownItems = 10

// showNewItem puts a new item in front of those that its list shows.
func showNewItem(op *resource.Op) error {
	list, err := op.Get("radar.value_list", op.Object.String("value_list"), "value_list")
	if err != nil {
		return err
	}
	items := list.Object("list_items")
	data := append([]any{op.Object.Clone()}, items.Array("data")...)
	if len(data) > shownItems {
		data = data[:shownItems]
		items.Set("has_more", true)
	}
	items.Set("data", data)
	op.Save(list)
	return nil
}

// deleteValueListItem takes an item out of those that its list shows. It loads all items of the list.
func deleteValueListItem(op *resource.Op) error {
	list, err := op.Find("radar.value_list", op.Object.String("value_list"))
	if err != nil || list == nil {
		return err
	}
	all, err := op.Lookup("radar.value_list_item", "value_list", list.ID())
	if err != nil {
		return err
	}
	data := []any{}
	for _, item := range all {
		if item.ID() != op.Object.ID() && len(data) < shownItems {
			data = append(data, item.Clone())
		}
	}
	items := list.Object("list_items")
	items.Set("data", data)
	items.Set("has_more", len(all)-1 > len(data))
	op.Save(list)
	return nil
}
