package search

import (
	"cmp"
	"slices"
	"strings"
)

// name is what an entry is known by, in small letters.
type name struct {
	text  string
	entry int32
}

// sortedNames sorts names, and leaves out what an entry is known by twice.
func sortedNames(all []name) []name {
	slices.SortFunc(all, func(a, b name) int { return cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.entry, b.entry)) })
	return slices.Compact(all)
}

// from is where the names begin that are not before a text.
func (x *Index) from(text string) int {
	at, _ := slices.BinarySearchFunc(x.names, text, func(n name, text string) int { return strings.Compare(n.text, text) })
	return at
}

// wordList is all words while an index is made. Many entries have the same texts, whose words are parted once.
type wordList struct {
	terms []string
	posts [][]post
	ids   map[string]int32
	said  map[string][]int32 // by text
}

func newWordList(entries int) *wordList {
	return &wordList{ids: make(map[string]int32, entries/4), said: make(map[string][]int32, entries)}
}

// add notes that an entry has the words of a text. Words that it has already keep what they were worth first.
func (w *wordList) add(text string, p post) {
	if text == "" {
		return
	}
	said, before := w.said[text]
	if !before {
		for word := range Words(text) {
			said = append(said, w.id(word))
		}
		w.said[text] = said
	}
	for _, id := range said {
		if have := w.posts[id]; len(have) == 0 || have[len(have)-1].entry != p.entry {
			w.posts[id] = append(have, p)
		}
	}
}

func (w *wordList) id(word string) int32 {
	id, known := w.ids[word]
	if !known {
		id = int32(len(w.terms))
		w.ids[word] = id
		w.terms, w.posts = append(w.terms, word), append(w.posts, nil)
	}
	return id
}

// sorted are the words in order, each with the entries that have it.
func (w *wordList) sorted() (terms []string, posts [][]post) {
	order := make([]int32, len(w.terms))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(w.terms[a], w.terms[b]) })
	terms, posts = make([]string, len(order)), make([][]post, len(order))
	for i, id := range order {
		terms[i], posts[i] = w.terms[id], w.posts[id]
	}
	return terms, posts
}
