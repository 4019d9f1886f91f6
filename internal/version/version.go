// Package version owns what older versions of the API look like.
//
// Everything is stored and worked out in the newest shape. A gate is one change that a version made: it turns an answer
// into the shape before that change, and a request that is written in the older way into the newer one. An answer for an
// older version passes the gates of all versions since, the newest first; its request passes them the other way round.
//
// It does not know HTTP or the store: what an older shape shows and the newest does not is read through a Fetch.
//
// Sources: Stripe's changelog (docs.stripe.com/changelog) and the types of the official SDKs that pin each version.
package version

import (
	"slices"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// Gate is one change of the API.
type Gate struct {
	Since   string   // the version that made the change; who asks for an older one passes the gate
	Name    string   // in short, for addresses
	Newer   string   // what holds since then, in one sentence
	Older   string   // what an older version answers and takes instead
	Objects []string // the kinds of objects that it is about

	routes   []route
	request  func(r *Request) error
	answers  map[string]turn
	restores map[string][]string // fields, by kind, that an older version has and that can be expanded there
	events   map[string]string   // types of events that were called otherwise, newest name first
}

// turn brings an object into the older shape.
type turn func(r *rendering, o *object.Object) error

// Fetch reads what GET answers at a path ("/v1/invoices/in_1?limit=3") in the newest shape, with these expansions. It
// is nil if there is no such thing.
type Fetch func(path string, expand ...string) ([]byte, error)

// Gates are all gates, the newest first. The result must not be changed.
func Gates() []Gate { return gates }

var gates = slices.Concat(dahlia, clover, basil, gates2024, gates2022, gates2020, gates2019)

// Changed reports whether a version differs from the newest in anything that a gate knows. It costs a comparison for
// versions of the newest release.
func Changed(version string) bool { return version < gates[0].Since }

// pending are the gates that an answer for a version passes.
func pending(version string) []Gate {
	n, _ := slices.BinarySearchFunc(gates, version, func(g Gate, v string) int {
		if g.Since > v {
			return -1
		}
		return 1
	})
	return gates[:n]
}

// Known reports whether requests may ask for a version.
func Known(version string) bool { return spec.KnownVersion(version) }

// Of lists the gates that are about a kind of object, the newest first.
func Of(kind string) []Gate {
	var about []Gate
	for _, g := range gates {
		if slices.Contains(g.Objects, kind) {
			about = append(about, g)
		}
	}
	return about
}
