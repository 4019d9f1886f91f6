package billing

import (
	"net/url"
	"strconv"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A product is what is sold; what it costs is in its prices, or, for goods that are sold by order, in its skus.
//
//	(new) --active=false--> archived --active=true--> active
//	(new) --DELETE, without prices and skus--> gone
//
// Emits product.created, product.updated, product.deleted; with default_price_data also price.created (and
// plan.created), and product.updated for the default.
func init() {
	register(resource.Rules{
		Object: "product", Create: createProduct, Created: createDefaultPrice, Update: updateProduct, Delete: deleteProduct,
		Timers: map[string]resource.Hook{featureChange: followMore},
	})
}

const (
	// maxAttributes is how many attributes the skus of a product can differ in.
	maxAttributes = 5
	maxImages     = 8
	// maxMarketing is how many features a pricing table shows of a product.
	maxMarketing = 15
)

func createProduct(op *resource.Op) error {
	p, params := op.Object, op.Params
	if !params.Has("active") {
		p.Set("active", true)
	}
	if !params.Has("type") {
		p.Set("type", "service")
	}
	if p.String("type") == "good" {
		if !params.Has("shippable") {
			p.Set("shippable", true)
		}
		for _, name := range []string{"attributes", "deactivate_on"} {
			if !p.Has(name) {
				p.Set(name, []any{})
			}
		}
	}
	return checkProduct(p, params)
}

// checkProduct checks what the parameters say against the product that they make.
func checkProduct(p, params *object.Object) error {
	if p.String("type") != "good" {
		for _, name := range []string{"attributes", "caption", "deactivate_on"} {
			if params.Has(name) {
				return apierr.Invalid("", name, "Only products of type `good` can have `%s`.", name)
			}
		}
	}
	if n := len(params.Array("attributes")); n > maxAttributes {
		return apierr.Invalid("", "attributes", "A product can have up to %d attributes; this one would have %d.", maxAttributes, n)
	}
	if n := len(params.Array("images")); n > maxImages {
		return apierr.Invalid("", "images", "A product can have up to %d images; this one would have %d.", maxImages, n)
	}
	if n := len(params.Array("marketing_features")); n > maxMarketing {
		return apierr.Invalid("", "marketing_features", "A product can have up to %d marketing features; this one would have %d.", maxMarketing, n)
	}
	for i, v := range params.Array("images") {
		if name := "images[" + strconv.Itoa(i) + "]"; !isURL(v) {
			return apierr.Invalid("url_invalid", name, "Not a valid URL")
		}
	}
	if err := checkDescriptor(params.String("statement_descriptor")); err != nil {
		return err
	}
	return checkURL(params, "url")
}

// checkDescriptor checks what statements of cards call a product; it may be empty.
func checkDescriptor(text string) error {
	switch {
	case text == "":
		return nil
	case strings.ContainsAny(text, `<>\'"`):
		return apierr.Invalid("invalid_characters", "statement_descriptor", "The statement descriptor cannot contain any of `<`, `>`, `\\`, `'` and `\"`.")
	case !strings.ContainsAny(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz"):
		return apierr.Invalid("", "statement_descriptor", "The statement descriptor must contain at least one alphabetic character.")
	}
	return nil
}

// checkURL refuses a parameter that is there and no address of the web.
func checkURL(params *object.Object, name string) error {
	if text := params.String(name); text != "" && !isURL(text) {
		return apierr.Invalid("url_invalid", name, "Not a valid URL")
	}
	return nil
}

// isURL reports whether a parameter is an address of the web.
func isURL(v any) bool {
	text, _ := v.(string)
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

// createDefaultPrice makes the price that came with the product.
func createDefaultPrice(op *resource.Op) error {
	data := op.Params.Object("default_price_data")
	if data == nil {
		return nil
	}
	params := data.Clone()
	params.Set("product", op.Object.ID())
	price, err := op.Create("price", params)
	if err != nil {
		return within(err, "default_price_data")
	}
	op.Object.Set("default_price", price.ID())
	return op.EmitUpdated(op.Object)
}

// within puts the parameter of an error below another one: an object was made from a part of the request.
func within(err error, name string) error {
	if e := apierr.As(err); e != nil && e.Param != "" {
		inner := *e
		outer, rest, deep := strings.Cut(e.Param, "[")
		if inner.Param = name + "[" + outer + "]"; deep {
			inner.Param += "[" + rest
		}
		inner.Message = strings.Replace(e.Message, "param: "+e.Param+".", "param: "+inner.Param+".", 1)
		return &inner
	}
	return err
}

func updateProduct(op *resource.Op) error {
	if err := checkProduct(op.Object, op.Params); err != nil {
		return err
	}
	id := op.Params.String("default_price")
	if id == "" {
		return nil
	}
	price, err := op.Get("price", id, "default_price")
	if err != nil {
		return err
	}
	if price.Ref("product") != op.Object.ID() {
		return apierr.Invalid("", "default_price", "The price `%s` belongs to another product, so it cannot be the default price of this one.", id)
	}
	if !price.Bool("active") {
		return apierr.Invalid("", "default_price", "The price `%s` is inactive, so it cannot be a default price.", id)
	}
	return nil
}

func deleteProduct(op *resource.Op) error {
	for _, kind := range []struct{ name, why string }{
		{"price", "This product cannot be deleted because it has one or more user-created prices."},
		{"sku", "This product cannot be deleted because it has one or more SKUs."},
	} {
		found, err := op.Oldest(kind.name, resource.Selection{Field: "product", Values: []string{op.Object.ID()}, Limit: 1})
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return apierr.Invalid("", "id", "%s", kind.why)
		}
	}
	return nil
}
