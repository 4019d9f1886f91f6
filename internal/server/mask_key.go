package server

import (
	"strings"

	"sharesmart/internal/access"
)

// keyMarks are how keys and signing secrets begin.
var keyMarks = []string{"sk_test_", "sk_live_", "rk_test_", "rk_live_", "ek_test_", "ek_live_", "whsec_"}

// shortKey is what a word has after its mark at the least to be hidden: sk_test_123 is what examples write.
const shortKey = 5

// maskKeys hides keys wherever they stand in a text: people take a key for an id, or paste it into a description, and
// messages of errors repeat what they sent. A text without any is returned as it is and costs no allocation.
func maskKeys(text string) string {
	if !strings.Contains(text, "k_test_") && !strings.Contains(text, "k_live_") && !strings.Contains(text, "whsec_") {
		return text
	}
	for _, mark := range keyMarks {
		for from := 0; ; {
			at := strings.Index(text[from:], mark)
			if at < 0 {
				break
			}
			at += from
			end := at + len(mark)
			for end < len(text) && isWord(text[end]) {
				end++
			}
			from = end
			if end-at >= len(mark)+shortKey {
				masked := access.Mask(text[at:end])
				text, from = text[:at]+masked+text[end:], at+len(masked)
			}
		}
	}
	return text
}

// isToken tells a JSON Web Token from other text: three parts, of which the first is an object in base64.
func isToken(value string) bool {
	return len(value) > 64 && (strings.HasPrefix(value, "ey") || strings.HasPrefix(value, "ew")) && strings.Count(value, ".") == 2 && !strings.ContainsAny(value, " \n")
}
