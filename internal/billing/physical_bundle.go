package billing

import (
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/spec"
)

// Physical bundles are reference data: what an issued card can be made of, and what can be printed on it.
func init() {
	register(resource.Rules{Object: "issuing.physical_bundle", Reference: physicalBundles})
}

func physicalBundles() []*object.Object {
	var out []*object.Object
	for _, row := range []struct{ id, name, kind, logo, carrier, second string }{
		{"ipb_1standardblack000000000", "Standard card, black", "standard", "unsupported", "optional", "optional"},
		{"ipb_1standardwhite000000000", "Standard card, white", "standard", "optional", "optional", "optional"},
		{"ipb_1custom0000000000000000", "Custom card", "custom", "required", "optional", "optional"},
	} {
		features := object.New(spec.Component("issuing_physical_bundle_features"))
		features.Set("card_logo", row.logo)
		features.Set("carrier_text", row.carrier)
		features.Set("second_line", row.second)
		o := object.New(spec.Component("issuing.physical_bundle"))
		o.Set("id", row.id)
		o.Set("object", "issuing.physical_bundle")
		o.Set("features", features)
		o.Set("livemode", false)
		o.Set("name", row.name)
		o.Set("status", "active")
		o.Set("type", row.kind)
		out = append(out, o)
	}
	return out
}
