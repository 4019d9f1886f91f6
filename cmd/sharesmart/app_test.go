package main

import (
	"slices"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/audit"
	"sharesmart/internal/people"
	"sharesmart/internal/spec"
)

// What the server keeps for itself has kinds of its own: else the API's objects of that kind lost their versions too.
func TestOwnKinds(t *testing.T) {
	t.Parallel()
	for _, kind := range slices.Concat(access.Unversioned, people.Unversioned, audit.Unversioned) {
		if spec.Component(kind) != nil {
			t.Errorf("the API has a kind %s", kind)
		}
	}
}
