package people

import (
	"slices"
	"strings"
	"unicode"

	"github.com/trustelem/zxcvbn/frequency"
)

// ownWords are those that somebody would try here first. docs/security.md lists them.
var ownWords = []string{"sharesmart", "stripe", "dashboard", "admin", "administrator", "owner", "developer", "support", "extension", "payment", "payments"}

// isCommon reports whether a password is one of the 30,000 that people choose most, or one of our own words, also with
// digits and signs before and after it: password123, Sharesmart2026!. A look costs some 0.2 ms.
func isCommon(password string) bool {
	low := strings.ToLower(password)
	word := strings.TrimFunc(low, func(c rune) bool { return !unicode.IsLetter(c) })
	common := frequency.FrequencyLists["passwords"]
	return slices.Contains(common, low) || word != "" && (slices.Contains(ownWords, word) || slices.Contains(common, word))
}
