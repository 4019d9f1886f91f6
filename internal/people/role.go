package people

import "fmt"

// Role is what a person may do in an account. Each may do what those before it may.
type Role uint8

// The roles.
const (
	Nobody    Role = iota
	Viewer         // reads
	Support        // helps customers: refunds, cancels, sends again
	Developer      // keys, webhooks, sandboxes, prices
	Owner          // everything, people included
)

var roleNames = [...]string{"none", "viewer", "support", "developer", "owner"}

// Roles are those that a person can have, least first.
var Roles = []Role{Viewer, Support, Developer, Owner}

func (r Role) String() string { return roleNames[r] }

// MarshalText writes a role as its name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (r *Role) UnmarshalText(text []byte) error {
	for i, name := range roleNames {
		if name == string(text) {
			*r = Role(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a role: use viewer, support, developer or owner", text)
}
