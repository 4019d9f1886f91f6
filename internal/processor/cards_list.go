package processor

import (
	"slices"
	"strings"
)

// TestCard is a published test number, and what it is there to show.
type TestCard struct {
	Number, Brand, Funding, Country string
	Tokens                          []string // the names that stand for it after pm_card_ and tok_
	Decline                         *Decline // what it is answered, if it is refused
}

// TestCards are all numbers that can be typed, in the order in which they are documented.
func TestCards() (out []TestCard) {
	for i := range testCards {
		t := &testCards[i]
		if !t.behaviour.unpublished && byNumber[t.number] == t {
			out = append(out, TestCard{t.number, string(t.brand), t.funding, t.country, slices.Clone(t.names), t.behaviour.decline})
		}
	}
	return out
}

// Grouped is the number as it is written on a card.
func (c TestCard) Grouped() string {
	if len(c.Number) == 15 {
		return c.Number[:4] + " " + c.Number[4:10] + " " + c.Number[10:]
	}
	var parts []string
	for part := range slices.Chunk([]byte(c.Number), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}
