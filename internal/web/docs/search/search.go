// Package search finds entries by what somebody types: the exact name of something first, then what begins with it, then
// what has all the words, where a longer word may have one letter wrong.
//
// An index is compiled once, by gen, and read as it stands in the program: to have it costs nothing. A question reads the
// entries that have its words, which takes about a millisecond.
package search

//go:generate go run ./gen

import (
	"cmp"
	"slices"
	"strings"
)

// Entry is something that can be found.
type Entry struct {
	Group string   // what it is listed under
	Title string   // as it is shown
	Text  string   // what is said of it
	Path  string   // where it is
	Keys  []string // names that it is known by, exactly; the title is one
	Words string   // what else it is about
	// Weight tells which of two entries that match alike is meant more often: more is first. It is at most MaxWeight.
	Weight int
}

// MaxWeight is the largest weight of an entry.
const MaxWeight = 99

// Group are the entries of one kind that were found, the best first.
type Group struct {
	Name  string
	Hits  []*Entry
	Total int // how many there are, of which Hits are some
}

// post says that an entry has a word, and where, which tells how much that says of it.
type post struct {
	entry uint32
	worth worth
}

type worth uint8

// Where a word is: in a name, in what is said, or in what else it is about.
const (
	inTitle worth = iota
	inText
	inWords
)

// What a match is worth. A name that is met exactly is worth more than all words, a word of a title more than one of a text.
const (
	exactKey  = 100_000
	prefixKey = 20_000
	// What a name that begins with the question is worth more the less it goes on.
	prefixRest = 5_000
	// A word with an s more or less, one that only begins with what was typed, and one with a letter wrong, in parts of a
	// whole one.
	whole, otherNumber, beginning, mistyped = 12, 11, 8, 2
	// The longer a title is, the more of it is about something else.
	longTitle = 60
)

// worths are what the places of a word are worth.
var worths = [...]int32{inTitle: 3_000, inText: 1_000, inWords: 500}

// scores are the worth of each entry while a question is answered.
type scores struct{ total, best []int32 }

// Find lists what a question finds, in groups, of each the first few.
func (x *Index) Find(question string, few int) []Group {
	question = strings.ToLower(strings.Join(strings.Fields(question), " "))
	if question == "" {
		return nil
	}
	s := x.scores.Get().(*scores)
	defer x.scores.Put(s)
	clear(s.total)
	if len(question) > 1 { // nearly every entry has a word that begins with a given letter
		x.said(question, s)
	}
	x.known(question, s)
	var found []int32
	for n, worth := range s.total {
		if worth > 0 {
			s.total[n] += int32(x.weight(n) + (longTitle-min(x.titled(n), longTitle))/2)
			found = append(found, int32(n))
		}
	}
	slices.SortStableFunc(found, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.total[b], s.total[a]), cmp.Compare(x.titled(int(a)), x.titled(int(b))))
	})
	return x.groups(found, few)
}

// Knows reports whether something has exactly that name.
func (x *Index) Knows(name string) bool {
	name = strings.ToLower(name)
	for text := range x.named(name) {
		return text == name // the shortest is first
	}
	return false
}

// groups are what was found, by group, in the order of the best of each.
func (x *Index) groups(found []int32, few int) (out []Group) {
	at := map[uint32]int{} // by the place of its name
	for _, n := range found {
		name := x.kind(int(n)) >> weightBits
		i, known := at[name]
		if !known {
			i = len(out)
			at[name] = i
			out = append(out, Group{Name: x.text(name)})
		}
		if g := &out[i]; len(g.Hits) < few {
			g.Hits = append(g.Hits, x.Entry(int(n)))
		}
		out[i].Total++
	}
	return out
}

// known scores the entries whose name is the question, or begins with it.
func (x *Index) known(question string, s *scores) {
	for name, entry := range x.named(question) {
		worth := prefixKey + int32(prefixRest*len(question)/len(name))
		if name == question {
			worth = exactKey
		}
		s.total[entry] = max(s.total[entry], worth)
	}
}

// said scores the entries that have all words of the question.
func (x *Index) said(question string, s *scores) {
	first := true
	for word := range Words(question) {
		clear(s.best)
		for n, share := range x.like(word) {
			for p := range x.having(n) {
				s.best[p.entry] = max(s.best[p.entry], worths[p.worth]*share/whole)
			}
		}
		for n, worth := range s.best {
			if worth == 0 || !first && s.total[n] == 0 {
				s.total[n] = 0
			} else {
				s.total[n] += worth
			}
		}
		first = false
	}
}

// like are the terms that a word may mean, with their share of a whole match. Of those with a letter wrong there are only
// some where nothing is like it otherwise.
func (x *Index) like(word string) map[int]int32 {
	found := map[int]int32{}
	for at := x.from(word); at < x.words() && strings.HasPrefix(x.word(at), word); at++ {
		found[at] = beginning
		switch x.word(at) {
		case word:
			found[at] = whole
		case word + "s":
			found[at] = otherNumber
		}
	}
	if one, many := strings.CutSuffix(word, "s"); many && len(one) >= shortestMistyped {
		if at := x.from(one); at < x.words() && x.word(at) == one {
			found[at] = otherNumber
		}
	}
	if len(found) > 0 || len(word) < shortestMistyped {
		return found
	}
	for i := range x.words() {
		if term := x.word(i); OneEdit(word, term) || len(term) > len(word) && OneEdit(word, term[:len(word)]) {
			found[i] = mistyped
		}
	}
	return found
}
