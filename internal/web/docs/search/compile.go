package search

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// Compile makes the text that Open reads. What comes first of the entries keeps its place in the text when others follow.
func Compile(entries []Entry) string {
	t := &texts{places: map[string]uint32{}}
	t.place("")
	var records, shown, terms, posts []byte
	var names []name
	w := newWordList(len(entries))
	for i := range entries {
		e, n := &entries[i], uint32(i)
		page, part, rest := parted(e.Path)
		records = little(records, t.place(e.Title), t.place(e.Text), t.place(page), t.place(part), t.place(rest), t.place(e.Group)<<weightBits|uint32(e.Weight))
		w.add(e.Title, post{n, inTitle})
		for _, key := range append([]string{e.Title}, e.Keys...) {
			names = append(names, name{strings.ToLower(key), n})
			w.add(key, post{n, inTitle})
		}
		w.add(e.Text, post{n, inText})
		w.add(e.Words, post{n, inWords})
	}
	for _, known := range sortedNames(names) {
		shown = little(shown, t.place(known.text), known.entry)
	}
	for _, id := range w.sorted() {
		terms = little(terms, t.place(w.terms[id]), uint32(len(posts)))
		posts = appendPosts(posts, w.posts[id])
	}
	out := []byte(magic)
	for _, section := range [][]byte{records, shown, terms, posts, t.text} {
		out = little(out, uint32(len(section)))
	}
	return string(slices.Concat(out, records, shown, terms, posts, t.text))
}

// parted are the parts of an address that many others have too: the page, and what its anchors begin with.
func parted(path string) (page, part, rest string) {
	at := strings.IndexByte(path, '#') + 1
	if at == 0 {
		return path, "", ""
	}
	dot := at + strings.IndexByte(path[at:], '.') + 1
	return path[:at], path[at:dot], path[dot:]
}

// appendPosts writes the entries that have a word: how many, and the distance of each to the one before, with what it is worth.
func appendPosts(to []byte, posts []post) []byte {
	to = binary.AppendUvarint(to, uint64(len(posts)))
	last := uint32(0)
	for _, p := range posts {
		to = binary.AppendUvarint(to, uint64(p.entry-last)<<worthBits|uint64(p.worth))
		last = p.entry
	}
	return to
}

func little(to []byte, numbers ...uint32) []byte {
	for _, n := range numbers {
		to = binary.LittleEndian.AppendUint32(to, n)
	}
	return to
}

// texts are all texts, each once.
type texts struct {
	text   []byte
	places map[string]uint32
}

// place is where a text is.
func (t *texts) place(s string) uint32 {
	at, known := t.places[s]
	if !known {
		at = uint32(len(t.text))
		t.places[s] = at
		t.text = append(binary.AppendUvarint(t.text, uint64(len(s))), s...)
	}
	return at
}

// name is what an entry is known by, in small letters.
type name struct {
	text  string
	entry uint32
}

// sortedNames sorts names, and leaves out what an entry is known by twice.
func sortedNames(all []name) []name {
	slices.SortFunc(all, func(a, b name) int { return cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.entry, b.entry)) })
	return slices.Compact(all)
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

// sorted are the words in order.
func (w *wordList) sorted() []int32 {
	order := make([]int32, len(w.terms))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(w.terms[a], w.terms[b]) })
	return order
}
