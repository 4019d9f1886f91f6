// Package search finds entries by what somebody types: the exact name of something first, then what begins with it, then
// what has all the words, where a longer word may have one letter wrong.
//
// An index is made once and held in memory: some 20,000 entries take 60 ms and ten megabytes. A question reads the
// entries that have its words, which takes about a millisecond.
package search

import (
	"cmp"
	"slices"
	"strings"
	"sync"
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

// Index finds entries. It is safe for concurrent use.
type Index struct {
	entries []Entry
	names   []name   // that entries are known by, sorted
	terms   []string // all words, sorted
	posts   [][]post // the entries that have a word
	scores  sync.Pool
}

// post says that an entry has a word, and how much that says of it.
type post struct {
	entry int32
	worth int32
}

// What a match is worth. A name that is met exactly is worth more than all words, a word of a title more than one of a text.
const (
	exactKey  = 100_000
	prefixKey = 20_000
	// What a name that begins with the question is worth more the less it goes on.
	prefixRest = 5_000
	inTitle    = 3_000
	inText     = 1_000
	// A word with an s more or less, one that only begins with what was typed, and one with a letter wrong, in parts of a
	// whole one.
	whole, otherNumber, beginning, mistyped = 12, 11, 8, 2
	// The longer a title is, the more of it is about something else.
	longTitle = 60
)

// New makes an index. The entries are its own from then on.
func New(entries []Entry) *Index {
	x := &Index{entries: entries}
	var names []name
	w := newWordList(len(entries))
	for i := range entries {
		e, n := &entries[i], int32(i)
		names = append(names, name{strings.ToLower(e.Title), n})
		w.add(e.Title, post{n, inTitle})
		for _, key := range e.Keys {
			names = append(names, name{strings.ToLower(key), n})
			w.add(key, post{n, inTitle})
		}
		w.add(e.Text, post{n, inText})
		w.add(e.Words, post{n, inText / 2})
		e.Words = "" // it is in the index now
	}
	x.names = sortedNames(names)
	x.terms, x.posts = w.sorted()
	x.scores.New = func() any { return &scores{total: make([]int32, len(entries)), best: make([]int32, len(entries))} }
	return x
}

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
		x.words(question, s)
	}
	x.named(question, s)
	var found []int32
	for n, worth := range s.total {
		if worth > 0 {
			e := &x.entries[n]
			s.total[n] += int32(e.Weight + (longTitle-min(len(e.Title), longTitle))/2)
			found = append(found, int32(n))
		}
	}
	slices.SortStableFunc(found, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.total[b], s.total[a]), cmp.Compare(len(x.entries[a].Title), len(x.entries[b].Title)))
	})
	return x.groups(found, few)
}

// Knows reports whether something has exactly that name.
func (x *Index) Knows(name string) bool {
	name = strings.ToLower(name)
	at := x.from(name)
	return at < len(x.names) && x.names[at].text == name
}

// groups are what was found, by group, in the order of the best of each.
func (x *Index) groups(found []int32, few int) (out []Group) {
	for _, n := range found {
		e := &x.entries[n]
		at := slices.IndexFunc(out, func(g Group) bool { return g.Name == e.Group })
		if at < 0 {
			at = len(out)
			out = append(out, Group{Name: e.Group})
		}
		if g := &out[at]; len(g.Hits) < few {
			g.Hits = append(g.Hits, e)
		}
		out[at].Total++
	}
	return out
}

// named scores the entries whose name is the question, or begins with it.
func (x *Index) named(question string, s *scores) {
	for at := x.from(question); at < len(x.names) && strings.HasPrefix(x.names[at].text, question); at++ {
		known := x.names[at]
		worth := prefixKey + int32(prefixRest*len(question)/len(known.text))
		if known.text == question {
			worth = exactKey
		}
		s.total[known.entry] = max(s.total[known.entry], worth)
	}
}

// words scores the entries that have all words of the question.
func (x *Index) words(question string, s *scores) {
	first := true
	for word := range Words(question) {
		clear(s.best)
		for n, share := range x.like(word) {
			for _, p := range x.posts[n] {
				s.best[p.entry] = max(s.best[p.entry], p.worth*share/whole)
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
	at, _ := slices.BinarySearch(x.terms, word)
	for ; at < len(x.terms) && strings.HasPrefix(x.terms[at], word); at++ {
		found[at] = beginning
		switch x.terms[at] {
		case word:
			found[at] = whole
		case word + "s":
			found[at] = otherNumber
		}
	}
	if one, many := strings.CutSuffix(word, "s"); many && len(one) >= shortestMistyped {
		if at, exact := slices.BinarySearch(x.terms, one); exact {
			found[at] = otherNumber
		}
	}
	if len(found) > 0 || len(word) < shortestMistyped {
		return found
	}
	for i, term := range x.terms {
		if OneEdit(word, term) || len(term) > len(word) && OneEdit(word, term[:len(word)]) {
			found[i] = mistyped
		}
	}
	return found
}
