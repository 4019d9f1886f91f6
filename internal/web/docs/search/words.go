package search

import (
	"iter"
	"strings"
	"unicode"
)

// shortestMistyped is how long a word must be to be found with a letter wrong: shorter ones are like too many others.
const shortestMistyped = 4

// fillers say nothing of what is looked for.
var fillers = map[string]bool{"a": true, "an": true, "the": true, "of": true, "to": true, "is": true, "and": true, "in": true, "how": true, "do": true, "i": true}

// Words are the words of a text, in small letters: what is between anything that is no letter or digit, and what is between
// two underscores. A text of nothing but fillers has those.
func Words(text string) iter.Seq[string] {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return func(yield func(string) bool) {
		said := false
		for _, w := range words {
			if fillers[w] {
				continue
			}
			if said = true; !yield(w) {
				return
			}
		}
		for i := 0; i < len(words) && !said; i++ {
			if !yield(words[i]) {
				return
			}
		}
	}
}

// OneEdit reports whether one letter more, less or other makes one word of another, or two letters that changed places.
func OneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// Piece is a part of a text, which the question met or not.
type Piece struct {
	Text string
	Met  bool
}

// Mark parts a text at what the words of a question met in it.
func Mark(text, question string) (out []Piece) {
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // letters that change their length cannot be told apart by place
		return []Piece{{Text: text}}
	}
	met := make([]bool, len(text))
	for word := range Words(question) {
		for at := 0; ; {
			i := strings.Index(lower[at:], word)
			if i < 0 {
				break
			}
			at += i
			if startsWord(lower, at) {
				for j := range len(word) {
					met[at+j] = true
				}
			}
			at += len(word)
		}
	}
	start := 0
	for i := 1; i <= len(text); i++ {
		if i == len(text) || met[i] != met[i-1] {
			out = append(out, Piece{text[start:i], met[start]})
			start = i
		}
	}
	return out
}

// startsWord reports whether a word may start at a place: what is before is no letter or digit.
func startsWord(text string, at int) bool {
	return at == 0 || !isWord(text[at-1])
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
}
