package billing

import (
	"slices"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A sku is one variant of a product that is sold as goods: a size, a colour, with a price and a stock.
//
//	(new) --> active <--active=false, true--> inactive
//	      never ordered --DELETE--> gone
//
// Its attributes are exactly those that the product names, and no other sku of the product has the same; they do not
// change. The stock is a number (finite), the seller's own word (bucket), or none (infinite).
//
// Emits sku.created, sku.updated, sku.deleted.
func init() {
	register(resource.Rules{
		Object: "sku", Create: createSKU, Update: updateSKU, Delete: deleteSKU,
		Filters: filters{"in_stock": func(o *object.Object) []string { return []string{strconv.FormatBool(stocked(o, 1))} }},
	})
}

func createSKU(op *resource.Op) error {
	sku := op.Object
	product, err := skuProduct(op, sku)
	if err != nil {
		return err
	}
	if !product.Bool("active") {
		return apierr.Invalid("product_inactive", "product", "The product %s is inactive: no SKU can be added to it.", product.ID())
	}
	if err := checkPrice(sku); err != nil {
		return err
	}
	inventory := op.Params.Object("inventory")
	if inventory.String("type") == "" {
		return missingParam("inventory[type]")
	}
	if err := setInventory(sku, inventory); err != nil {
		return err
	}
	if err := checkAttributes(sku, product); err != nil {
		return err
	}
	return checkUnique(op, sku)
}

func updateSKU(op *resource.Op) error {
	sku := op.Object
	if !object.Equal(op.Before.Object("attributes"), sku.Object("attributes")) {
		return apierr.Invalid("", "attributes", "The attributes of a SKU cannot be changed. Deactivate this SKU and create another with the new values.")
	}
	if err := checkPrice(sku); err != nil {
		return err
	}
	if changed := op.Params.Object("inventory"); changed != nil {
		if err := setInventory(sku, changed); err != nil {
			return err
		}
	}
	if op.Before.Ref("product") == sku.Ref("product") {
		return nil
	}
	product, err := skuProduct(op, sku)
	if err != nil {
		return err
	}
	if err := checkAttributes(sku, product); err != nil {
		return err
	}
	return checkUnique(op, sku)
}

func deleteSKU(op *resource.Op) error {
	orders, err := op.Lookup("order", "sku", op.Object.ID())
	if err != nil {
		return err
	}
	if len(orders) > 0 {
		return apierr.Invalid("", "id", "The SKU %s cannot be deleted because it was ordered. Set active to false instead.", op.Object.ID())
	}
	return nil
}

// skuProduct is the product that a sku belongs to. Only goods have skus.
func skuProduct(op *resource.Op, sku *object.Object) (*object.Object, error) {
	product, err := op.Get("product", sku.Ref("product"), "product")
	if err != nil {
		return nil, err
	}
	if product.String("type") != "good" {
		return nil, apierr.Invalid("", "product", "The product %s is not of type good: only goods have SKUs.", product.ID())
	}
	return product, nil
}

func checkPrice(sku *object.Object) error {
	if sku.Int("price") < 0 {
		return apierr.Invalid("parameter_invalid_integer", "price", "This value must be greater than or equal to 0.")
	}
	return checkCurrency(sku.String("currency"))
}

// setInventory keeps of an inventory what its type has. Changes are merged: a finite stock can be given a new quantity
// alone.
func setInventory(sku, sent *object.Object) error {
	inventory := sku.Sub("inventory")
	kind := sent.String("type")
	if kind == "" {
		kind = inventory.String("type")
	}
	quantity, value := inventory.Get("quantity"), inventory.Get("value")
	switch kind {
	case "finite":
		value = nil
		if n, ok := quantity.(int64); !ok {
			return missingParam("inventory[quantity]")
		} else if n < 0 {
			return apierr.Invalid("parameter_invalid_integer", "inventory[quantity]", "This value must be greater than or equal to 0.")
		}
	case "bucket":
		quantity = nil
		if value == nil || value == "" {
			return missingParam("inventory[value]")
		}
	default:
		quantity, value = nil, nil
	}
	inventory.Set("quantity", quantity)
	inventory.Set("type", kind)
	inventory.Set("value", value)
	return nil
}

// checkAttributes wants a value for each attribute that the product names, and for no other.
func checkAttributes(sku, product *object.Object) error {
	given := sku.Object("attributes")
	for _, name := range product.Array("attributes") {
		if given.String(name.(string)) == "" {
			return apierr.Invalid("parameter_missing", "attributes["+name.(string)+"]", "Missing required param: attributes[%s]. The product %s names this attribute.", name, product.ID())
		}
	}
	for name := range given.All() {
		if !slices.Contains(product.Array("attributes"), any(name)) {
			return apierr.Invalid("", "attributes["+name+"]", "The product %s has no attribute %q.", product.ID(), name)
		}
	}
	return nil
}

// checkUnique refuses a second sku with the same attributes. A product without attributes can have one sku.
func checkUnique(op *resource.Op, sku *object.Object) error {
	others, err := op.Lookup("sku", "product", sku.Ref("product"))
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.ID() != sku.ID() && object.Equal(other.Object("attributes"), sku.Object("attributes")) {
			return apierr.Invalid("", "attributes", "The SKU %s of the product %s has the same attributes.", other.ID(), sku.Ref("product"))
		}
	}
	return nil
}

// stocked reports whether a sku can be sold that many times.
func stocked(sku *object.Object, quantity int64) bool {
	inventory := sku.Object("inventory")
	switch inventory.String("type") {
	case "finite":
		return inventory.Int("quantity") >= quantity
	case "bucket":
		return inventory.String("value") != "out_of_stock"
	}
	return true
}

// takeStock counts down what was sold, where a stock is counted.
func takeStock(op *resource.Op, sku *object.Object, quantity int64) error {
	inventory := sku.Object("inventory")
	if inventory.String("type") != "finite" {
		return nil
	}
	inventory.Set("quantity", inventory.Int("quantity")-quantity)
	return op.EmitUpdated(sku)
}
