package resource

import (
	"bytes"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// The index of a search holds terms: "f=value" for tokens and numbers, "f:word" for the words of a string, "f~abc" for
// its parts of three characters. They narrow; the clause itself decides.

// Terms returns what the store calls to index a document of a kind; nil for a kind that is not searched.
func Terms(rules []Rules) func(kind string, data []byte) []string {
	byKind := map[string]*Rules{}
	for i, r := range rules {
		if r.Search != nil {
			byKind[r.Object] = &rules[i]
		}
	}
	return func(kind string, data []byte) []string {
		r := byKind[kind]
		if r == nil {
			return nil
		}
		o, err := object.Open(data, spec.Component(kind))
		if err != nil {
			return nil
		}
		return documentTerms(o, r.Search, r.SearchValues)
	}
}

// documentTerms are in no order.
func documentTerms(o *object.Object, fields map[string]SearchField, read searchValues) []string {
	terms := make([]string, 1, usualTerms)
	terms[0] = "*"
	for field, kind := range fields {
		if kind == SearchMetadata {
			if meta := o.Object(field); meta != nil {
				for key, v := range meta.All() {
					terms = append(terms, tokenTerm(field, key, searchText(v)))
				}
			}
			continue
		}
		text := searchText(searchValue(o, field, "", read))
		switch {
		case text == "":
		case kind == SearchString:
			terms = appendStringTerms(terms, field, text)
		default:
			terms = append(terms, tokenTerm(field, "", text))
		}
	}
	return terms
}

// sameTerms reports whether a search finds an object by what it finds an older state of it by: most changes of an object
// are none of what is searched.
func (k *kindInfo) sameTerms(before []byte, now *object.Object) bool {
	if k.rules == nil || k.rules.Search == nil {
		return true
	}
	old, err := object.Open(before, k.schema)
	if err != nil {
		return false
	}
	for field, kind := range k.rules.Search {
		same := false
		if kind == SearchMetadata {
			same = bytes.Equal(old.Object(field).JSON(), now.Object(field).JSON())
		} else {
			read := k.rules.SearchValues
			same = searchText(searchValue(old, field, "", read)) == searchText(searchValue(now, field, "", read))
		}
		if !same {
			return false
		}
	}
	return true
}

// usualTerms is the room that most documents need.
const usualTerms = 64

func tokenTerm(field, key, value string) string {
	return field + "[" + key + "]=" + strings.ToLower(value)
}

func appendStringTerms(terms []string, field, text string) []string {
	for _, w := range words(text) {
		terms = append(terms, field+":"+w)
	}
	return appendTrigrams(terms, field, text)
}

// appendTrigrams makes terms that share their memory: they are most of what is made for the index.
func appendTrigrams(terms []string, field, text string) []string {
	lower := strings.ToLower(text)
	var b strings.Builder
	b.Grow((len(field) + 1 + minSubstring) * len(lower))
	add := func(part string) {
		start := b.Len()
		b.WriteString(field)
		b.WriteByte('~')
		b.WriteString(part)
		terms = append(terms, b.String()[start:])
	}
	var begins [minSubstring]int // of the last characters, in turn
	n := 0
	for i := range lower {
		if n >= minSubstring {
			add(lower[begins[n%minSubstring]:i])
		}
		begins[n%minSubstring] = i
		n++
	}
	if n >= minSubstring {
		add(lower[begins[n%minSubstring]:])
	}
	return terms
}

// terms are the lists of terms of which a document must have one whole list. A clause that no term can narrow
// (negation, comparison, null) leaves its list without one; an empty list means that every document is looked at.
func (q searchQuery) terms() [][]string {
	if q.any {
		var lists [][]string
		for i := range q.clauses {
			lists = append(lists, q.clauses[i].terms())
		}
		return lists
	}
	var all []string
	for i := range q.clauses {
		all = append(all, q.clauses[i].terms()...)
	}
	return [][]string{all}
}

func (c *clause) terms() []string {
	switch {
	case c.negated || c.null || (c.kind == SearchNumber && c.op != ":"):
		return nil
	case c.kind == SearchString && c.op == "~":
		return appendTrigrams(nil, c.field, c.value)
	case c.kind == SearchString:
		var terms []string
		for _, w := range words(c.value) {
			terms = append(terms, c.field+":"+w)
		}
		return terms
	case c.kind == SearchNumber && strings.Trim(c.value, "0123456789") != "":
		return nil // 10.0 and 10 are equal but not the same text
	default:
		return []string{tokenTerm(c.field, c.key, c.value)}
	}
}
