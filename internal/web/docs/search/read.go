package search

import (
	_ "embed"
	"errors"
	"iter"
	"sort"
	"strings"
	"sync"
)

// An index is one text: its sections are read where they stand, so it takes neither time nor memory to have one. All
// numbers are of 32 bits, the lowest first:
//
//	magic, and the length of each section
//	entries  title, text, three parts of the path, group and weight: places of texts
//	names    a text in small letters, and the entry that is known by it; sorted
//	terms    a word, and where its posts are; sorted
//	posts    for each word how many entries have it, and of each its distance to the last with what it is worth, as varints
//	texts    for each its length as a varint, and itself
const (
	magic      = "search 1"
	weightBits = 8
	worthBits  = 2

	entrySize = 6 * 4
	nameSize  = 2 * 4
	termSize  = 2 * 4
)

// Index finds entries. It is safe for concurrent use.
type Index struct {
	entries, names, terms, posts, texts string
	scores                              sync.Pool
}

//go:embed index.bin
var compiled string

// Compiled is the index of the documentation, as gen made it.
func Compiled() (*Index, error) { return Open(compiled) }

// Open reads what Compile made.
func Open(text string) (*Index, error) {
	x := &Index{}
	sections := []*string{&x.entries, &x.names, &x.terms, &x.posts, &x.texts}
	head := len(magic) + 4*len(sections)
	if len(text) < head || text[:len(magic)] != magic {
		return nil, errors.New("this is no index of the search")
	}
	rest := text[head:]
	for i, section := range sections {
		n := int(number(text, len(magic)+4*i))
		if n > len(rest) {
			return nil, errors.New("the index of the search ends too early")
		}
		*section, rest = rest[:n], rest[n:]
	}
	x.scores.New = func() any { return &scores{total: make([]int32, x.Len()), best: make([]int32, x.Len())} }
	return x, nil
}

// Len is how many entries there are.
func (x *Index) Len() int { return len(x.entries) / entrySize }

// Entry is one of them, without keys and words.
func (x *Index) Entry(n int) *Entry {
	at := n * entrySize
	return &Entry{
		Group: x.text(x.kind(n) >> weightBits), Title: x.text(number(x.entries, at)), Text: x.text(number(x.entries, at+4)),
		Path: x.text(number(x.entries, at+8)) + x.text(number(x.entries, at+12)) + x.text(number(x.entries, at+16)), Weight: x.weight(n),
	}
}

// kind is the group of an entry and its weight.
func (x *Index) kind(n int) uint32 { return number(x.entries, n*entrySize+20) }

func (x *Index) weight(n int) int { return int(x.kind(n) & (1<<weightBits - 1)) }

// titled is how long the title of an entry is.
func (x *Index) titled(n int) int {
	length, _ := varint(x.texts, int(number(x.entries, n*entrySize)))
	return int(length)
}

func (x *Index) text(place uint32) string {
	n, at := varint(x.texts, int(place))
	return x.texts[at : at+int(n)]
}

// name is one of the names that entries are known by, and the entry.
func (x *Index) name(i int) (text string, entry int) {
	return x.text(number(x.names, i*nameSize)), int(number(x.names, i*nameSize+4))
}

// named yields the names that begin with a text, and whose they are.
func (x *Index) named(beginning string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		n := len(x.names) / nameSize
		first := sort.Search(n, func(i int) bool {
			text, _ := x.name(i)
			return text >= beginning
		})
		for i := first; i < n; i++ {
			if text, entry := x.name(i); !strings.HasPrefix(text, beginning) || !yield(text, entry) {
				return
			}
		}
	}
}

func (x *Index) words() int { return len(x.terms) / termSize }

func (x *Index) word(i int) string { return x.text(number(x.terms, i*termSize)) }

// from is the first word that is not before another.
func (x *Index) from(word string) int {
	return sort.Search(x.words(), func(i int) bool { return x.word(i) >= word })
}

// having yields the entries that have a word.
func (x *Index) having(word int) iter.Seq[post] {
	return func(yield func(post) bool) {
		n, at := varint(x.posts, int(number(x.terms, word*termSize+4)))
		entry := uint32(0)
		for range n {
			var v uint64
			v, at = varint(x.posts, at)
			entry += uint32(v >> worthBits)
			if !yield(post{entry, worth(v & (1<<worthBits - 1))}) {
				return
			}
		}
	}
}

func number(s string, at int) uint32 {
	s = s[at : at+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// varint is a number at a place, and the place after it.
func varint(s string, at int) (v uint64, end int) {
	for shift := 0; ; shift += 7 {
		b := s[at]
		at++
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v, at
		}
	}
}
