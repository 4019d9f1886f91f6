package version

import "sharesmart/internal/object"

var dahlia = []Gate{
	{
		Since: "2026-03-25.dahlia", Name: "checkout-ui-mode", Objects: []string{"checkout.session"},
		Newer:   "A checkout session's `ui_mode` is `hosted_page`, `embedded_page` or `elements`.",
		Older:   "It is `hosted`, `embedded` or `custom`.",
		request: func(r *Request) error { r.revalue("ui_mode", newModes); return nil },
		answers: map[string]turn{"checkout.session": func(_ *rendering, s *object.Object) error {
			for older, newer := range newModes {
				if s.String("ui_mode") == newer {
					s.Set("ui_mode", older)
				}
			}
			return nil
		}},
	},
}

// newModes are the modes of checkout sessions by their older names.
var newModes = map[string]string{"hosted": "hosted_page", "embedded": "embedded_page", "custom": "elements"}
