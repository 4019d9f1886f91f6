package dashboard

import "sharesmart/internal/people"

func init() {
	register(Page{Pattern: "GET /{$}", Role: people.Viewer, Handler: showHome})
}

// showHome shows where the person is and where they can go from here.
func showHome(v *Visit) error { return v.Show("home", "Home", nil) }
