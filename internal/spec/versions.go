package spec

import "slices"

// Version is the API version that the tables were made from, and the shape in which objects are stored.
const Version = "2026-08-26.dahlia"

// KnownVersion reports whether s is a version that Stripe has released, exactly as a Stripe-Version header names it.
func KnownVersion(s string) bool {
	_, found := slices.BinarySearch(versions[:], s)
	return found
}

// Versions are all known versions, oldest first. The result must not be changed.
func Versions() []string { return versions[:] }
