package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
)

// An invoice rendering template says what invoices look like. Templates are made outside of the API.
//
//	active --archive--> archived --unarchive--> active
//
// Its version grows with each change of what invoices look like; archiving is none. It has no events.
func init() {
	register(resource.Rules{
		Object: "invoice_rendering_template",
		States: resource.States{"active": {"archived"}, "archived": {"active"}},
		Actions: resource.Actions{
			"GET /v1/invoice_rendering_templates/{template}":            retrieveTemplate,
			"POST /v1/invoice_rendering_templates/{template}/archive":   func(op *resource.Op) error { return op.Move(op.Object, "archived") },
			"POST /v1/invoice_rendering_templates/{template}/unarchive": func(op *resource.Op) error { return op.Move(op.Object, "active") },
		},
	})
}

// retrieveTemplate answers the template as it is; earlier versions are not kept.
func retrieveTemplate(op *resource.Op) error {
	if version := op.Params.Int("version"); op.Params.Has("version") && version != op.Object.Int("version") {
		return apierr.MissingRef("invoice_rendering_template", op.Object.ID()+" in version "+strconv.FormatInt(version, 10), "version")
	}
	return nil
}
