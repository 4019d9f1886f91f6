package server

import "strings"

// How many digits the numbers of cards have.
const (
	minCardDigits = 13
	maxCardDigits = 19
)

// maskCards hides what could be the number of a card, wherever it stands: in a description, in a parameter with a wrong
// name, in the message of an error. One in ten other numbers of that length is hidden as well. A text without any is
// returned as it is and costs no allocation.
func maskCards(text string) string {
	var b strings.Builder
	copied, escaped := 0, 0 // escaped is where the last %20 or the like ended
	for i := 0; i < len(text); {
		if text[i] == '%' && i+2 < len(text) && isWord(text[i+1]) && isWord(text[i+2]) {
			i += 3
			escaped = i
			continue
		}
		if !isDigit(text[i]) || i > 0 && i != escaped && isWord(text[i-1]) {
			i++
			continue
		}
		end, digits := cardRun(text[i:])
		end += i
		if (end == len(text) || !isWord(text[end])) && len(digits) >= minCardDigits && len(digits) <= maxCardDigits && luhn(digits) {
			b.WriteString(text[copied:i] + "****" + digits[len(digits)-4:])
			copied = end
		}
		i = end
	}
	if copied == 0 {
		return text
	}
	return b.String() + text[copied:]
}

// cardRun is the length of the digits that a text begins with, and the digits alone: people write a space or a hyphen
// between groups of them, and forms write a space as + or %20.
func cardRun(text string) (length int, digits string) {
	var room [maxCardDigits + 1]byte
	found := room[:0]
	for i := 0; i < len(text); {
		if isDigit(text[i]) {
			if len(found) < cap(found) {
				found = append(found, text[i])
			}
			i++
			length = i
			continue
		}
		gap := 0
		switch {
		case strings.HasPrefix(text[i:], "%20"):
			gap = 3
		case strings.IndexByte(" +-", text[i]) >= 0:
			gap = 1
		}
		if i+gap >= len(text) || gap == 0 || !isDigit(text[i+gap]) {
			break
		}
		i += gap
	}
	if len(found) < minCardDigits {
		return length, ""
	}
	return length, string(found)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

// luhn reports whether the last digit is what the others ask for.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	return sum%10 == 0
}
