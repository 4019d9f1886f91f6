package spec

import (
	"slices"
	"strings"
	"time"
)

// Version is the API version that the tables were made from, and the shape in which objects are stored.
const Version = "2026-08-26.dahlia"

// KnownVersion reports whether s is a version that Stripe has released, exactly as a Stripe-Version header names it, the
// preview of one, which SDKs with beta in their version send, or one that looks like a later release: an SDK that is newer
// than the tables is answered in the newest shape there is.
func KnownVersion(s string) bool {
	at, found := slices.BinarySearch(versions[:], s)
	return found || isLater(s) || at > 0 && isPreviewOf(s, versions[at-1])
}

// isPreviewOf reports whether s is the preview of a release: "2025-09-30.preview" of "2025-09-30.clover", which sorts before it.
func isPreviewOf(s, release string) bool {
	date, name, named := strings.Cut(release, ".")
	return named && name < preview && s == date+"."+preview
}

const preview = "preview"

// isLater reports whether s is a date after Version's and the name of a release: "2026-10-28.endive".
func isLater(s string) bool {
	const date = "2006-01-02"
	if len(s) <= len(date)+1 || s[len(date)] != '.' || s[:len(date)] <= Version[:len(date)] {
		return false
	}
	if _, err := time.Parse(date, s[:len(date)]); err != nil {
		return false
	}
	return strings.Trim(s[len(date)+1:], "abcdefghijklmnopqrstuvwxyz") == ""
}

// Versions are all known versions, oldest first. The result must not be changed.
func Versions() []string { return versions[:] }
