package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// PostgreSQL's text takes no zero byte and nothing that is not UTF-8, and its indexes take no long keys. What is looked up
// may be anything, as clients choose it. So text is escaped, which changes nothing of what people write and keeps the order
// of all that is valid UTF-8, and keys that are long are cut and told apart by a hash.

const (
	escape  = 0x02
	hashed  = 0x03 // begins the hash of a key that was cut; all that is not above it is escaped
	longKey = 400
	cutKey  = 300
)

func plain(s string) bool {
	for i := range len(s) {
		if s[i] <= hashed {
			return false
		}
	}
	return utf8.ValidString(s)
}

// text is s as a column of text takes it.
func text(s string) string {
	if plain(s) {
		return s
	}
	b := make([]byte, 0, len(s)+8)
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			b = append(b, escape, 'x', hexDigits[s[0]>>4], hexDigits[s[0]&15])
		case s[0] <= hashed:
			b = append(b, escape, '0'+s[0])
		default:
			b = append(b, s[:n]...)
		}
		s = s[n:]
	}
	return string(b)
}

const hexDigits = "0123456789abcdef"

// untext takes back text.
func untext(s string) string {
	if strings.IndexByte(s, escape) < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != escape || i+1 >= len(s):
			b = append(b, s[i])
		case s[i+1] == 'x' && i+3 < len(s):
			if c, err := hex.DecodeString(s[i+2 : i+4]); err == nil {
				b = append(b, c...)
			}
			i += 3
		default:
			b = append(b, s[i+1]-'0')
			i++
		}
	}
	return string(b)
}

// key is s as an index takes it.
func key(s string) string {
	t := text(s)
	if len(t) <= longKey {
		return t
	}
	n := cutKey
	for !utf8.RuneStart(t[n]) {
		n--
	}
	sum := sha256.Sum256([]byte(s))
	return t[:n] + string(rune(hashed)) + hex.EncodeToString(sum[:16])
}

func parentField(kind string) string    { return key(kind + "<") }
func refField(kind, name string) string { return key(kind + ":" + name) }

// arrayLiteral writes an array as PostgreSQL reads it; empty for none.
func arrayLiteral(of []string) string {
	if len(of) == 0 {
		return ""
	}
	b := []byte{'{'}
	for i, s := range of {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		for j := range len(s) {
			if s[j] == '"' || s[j] == '\\' {
				b = append(b, '\\')
			}
			b = append(b, s[j])
		}
		b = append(b, '"')
	}
	return string(append(b, '}'))
}
