package billing

import "sharesmart/internal/resource"

// How objects begin whose rules are no more than that. The spec's examples, from which the engine takes what is not
// said, show some of them in the middle of their life.
var beginnings = map[string]map[string]any{
	"issuing.card": {"status": "inactive"},
}

func init() {
	for kind, fields := range beginnings {
		register(resource.Rules{Object: kind, Create: func(op *resource.Op) error {
			for name, value := range fields {
				if !op.Params.Has(name) {
					op.Object.Set(name, value)
				}
			}
			return nil
		}})
	}
}
