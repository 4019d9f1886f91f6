package fault

import (
	"fmt"
	"strings"
)

// Rule says which requests of a namespace a fault may strike.
type Rule struct {
	ID     string
	Method string // empty is any
	Path   string // a pattern in which * stands for any characters; empty is any
}

// Fits reports whether the rule is about a request.
func (r *Rule) Fits(method, path string) bool {
	return (r.Method == "" || r.Method == method) && (r.Path == "" || matches(r.Path, path))
}

// maxStars bounds what a pattern costs.
const maxStars = 10

// CheckPattern refuses a pattern that could fit no request.
func CheckPattern(pattern string) error {
	switch {
	case !strings.HasPrefix(pattern, "/") && !strings.HasPrefix(pattern, "*"):
		return fmt.Errorf("%q does not begin with / or *, as a path does", pattern)
	case strings.Count(pattern, "*") > maxStars:
		return fmt.Errorf("%q has more than %d stars", pattern, maxStars)
	}
	return nil
}

// matches holds text against a pattern. Each star takes as little as it can, but for the last part, which is the end.
func matches(pattern, text string) bool {
	first, rest, starred := strings.Cut(pattern, "*")
	text, ok := strings.CutPrefix(text, first)
	if !ok || !starred {
		return ok && text == ""
	}
	for {
		part, next, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(text, part)
		}
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text, rest = text[at+len(part):], next
	}
}

// Draw reports whether the n-th request that a rule fits is among the given percent of them. The same seed draws the
// same, so that a failed run can be repeated.
func Draw(seed, n int64, percent int64) bool {
	x := uint64(seed) + uint64(n)*0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	x ^= x >> 31
	return int64(x%100) < percent
}
