package resource

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sharesmart/internal/apierr"
)

// The query language of Stripe's search: clauses of a field, an operator and a value, joined by AND (or just a space)
// or by OR, never both. behaviour.md 2.4.

// SearchField is how a field of a search compares.
type SearchField uint8

// The types of search fields: tokens match exactly, strings by words or parts, numbers by size.
const (
	SearchToken SearchField = iota + 1
	SearchString
	SearchNumber
	SearchMetadata // metadata["key"], a token
)

// clause is one condition of a query.
type clause struct {
	negated bool
	field   string
	key     string // of metadata["key"]
	kind    SearchField
	op      string // : ~ > < >= <=
	value   string
	null    bool
	number  float64
}

// searchQuery is a parsed query.
type searchQuery struct {
	clauses []clause
	any     bool // joined by OR
	read    searchValues
}

// maxClauses bounds the work that one query may ask for.
const maxClauses = 10

// parseSearch reads a query against the fields of a kind.
func parseSearch(query string, fields map[string]SearchField) (searchQuery, error) {
	p := searchParser{rest: query, fields: fields}
	var q searchQuery
	if !utf8.ValidString(query) {
		return q, p.errorf("it is not valid UTF-8")
	}
	p.skipSpace()
	if p.rest == "" {
		return q, p.errorf("it is empty")
	}
	joined := "" // AND or OR, once one was seen
	for {
		c, err := p.clause()
		if err != nil {
			return q, err
		}
		if q.clauses = append(q.clauses, c); len(q.clauses) > maxClauses {
			return q, p.errorf("it has more than %d clauses", maxClauses)
		}
		p.skipSpace()
		if p.rest == "" {
			q.any = joined == "OR"
			return q, nil
		}
		word := p.connective()
		if joined != "" && word != joined {
			return q, p.errorf("AND and OR cannot be combined in one query")
		}
		joined = word
	}
}

type searchParser struct {
	rest   string
	fields map[string]SearchField
}

func (p *searchParser) errorf(format string, args ...any) error {
	return apierr.Validation("", "query", "We were unable to parse your search query: "+format+". See https://stripe.com/docs/search#query-structure.", args...)
}

func (p *searchParser) skipSpace() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// connective reads AND, OR, or the space that means AND.
func (p *searchParser) connective() string {
	for _, word := range []string{"AND", "OR"} {
		n := len(word)
		if len(p.rest) > n && strings.EqualFold(p.rest[:n], word) && strings.ContainsRune(" \t\r\n", rune(p.rest[n])) {
			p.rest = p.rest[n:]
			p.skipSpace()
			return word
		}
	}
	return "AND"
}

func (p *searchParser) clause() (clause, error) {
	var c clause
	if strings.HasPrefix(p.rest, "-") {
		c.negated = true
		p.rest = p.rest[1:]
	}
	if err := p.field(&c); err != nil {
		return c, err
	}
	if err := p.operator(&c); err != nil {
		return c, err
	}
	quoted, err := p.value(&c)
	if err != nil {
		return c, err
	}
	return c, p.check(&c, quoted)
}

// field reads a field's name, with the key of metadata["key"].
func (p *searchParser) field(c *clause) error {
	end := strings.IndexAny(p.rest, ":~<>=[ \t\r\n\"'()")
	if end < 0 {
		end = len(p.rest)
	}
	c.field, p.rest = p.rest[:end], p.rest[end:]
	kind, known := p.fields[c.field]
	if !known {
		return p.errorf("%q is not a field that can be searched", c.field)
	}
	c.kind = kind
	if kind != SearchMetadata {
		return nil
	}
	if !strings.HasPrefix(p.rest, "[") {
		return p.errorf(`metadata needs a key: metadata["key"]:"value"`)
	}
	p.rest = p.rest[1:]
	key, ok := p.quoted()
	if !ok || !strings.HasPrefix(p.rest, "]") {
		return p.errorf(`metadata needs a quoted key: metadata["key"]:"value"`)
	}
	c.key, p.rest = key, p.rest[1:]
	return nil
}

func (p *searchParser) operator(c *clause) error {
	for _, op := range []string{">=", "<=", ">", "<", ":", "~", "="} {
		if strings.HasPrefix(p.rest, op) {
			p.rest = p.rest[len(op):]
			c.op = op
			if op == "=" {
				c.op = ":"
			}
			return nil
		}
	}
	return p.errorf("the field %q needs an operator (one of : ~ > < >= <=)", c.field)
}

func (p *searchParser) value(c *clause) (quoted bool, err error) {
	if p.rest == "" {
		return false, p.errorf("the field %q has no value", c.field)
	}
	if p.rest[0] == '"' || p.rest[0] == '\'' {
		v, ok := p.quoted()
		if !ok {
			return true, p.errorf("a quotation mark is not closed")
		}
		c.value = v
		return true, nil
	}
	end := strings.IndexAny(p.rest, " \t\r\n")
	if end < 0 {
		end = len(p.rest)
	}
	c.value, p.rest = p.rest[:end], p.rest[end:]
	c.null = strings.EqualFold(c.value, "null")
	return false, nil
}

// quoted reads a string in single or double quotes, with backslash escapes.
func (p *searchParser) quoted() (string, bool) {
	if p.rest == "" || (p.rest[0] != '"' && p.rest[0] != '\'') {
		return "", false
	}
	mark := p.rest[0]
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		switch ch := p.rest[i]; {
		case ch == mark:
			p.rest = p.rest[i+1:]
			return b.String(), true
		case ch == '\\' && i+1 < len(p.rest):
			i++
			b.WriteByte(p.rest[i])
		default:
			b.WriteByte(ch)
		}
	}
	return "", false
}

// minSubstring is the shortest part of a string that ~ looks for.
const minSubstring = 3

// check refuses operators and values that the field's type does not have.
func (p *searchParser) check(c *clause, quoted bool) error {
	if c.null {
		if c.op != ":" {
			return p.errorf("null can only be compared with the : operator")
		}
		return nil
	}
	switch c.kind {
	case SearchNumber:
		n, err := strconv.ParseFloat(c.value, 64)
		if err != nil {
			return p.errorf("the field %q is numeric, and %q is not a number", c.field, c.value)
		}
		if c.op == "~" {
			return p.errorf("the field %q is numeric and does not support the ~ operator", c.field)
		}
		c.number = n
	case SearchString:
		if c.op != ":" && c.op != "~" {
			return p.errorf("the field %q does not support the %s operator", c.field, c.op)
		}
		if c.op == "~" && utf8.RuneCountInString(c.value) < minSubstring {
			return p.errorf("the ~ operator needs at least %d characters", minSubstring)
		}
	default:
		if c.op != ":" {
			return p.errorf("the field %q does not support the %s operator", c.field, c.op)
		}
	}
	if !quoted && c.kind == SearchString {
		return p.errorf("string values must be in quotation marks")
	}
	return nil
}
