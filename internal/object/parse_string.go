package object

import (
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string; at stands on its opening quote. Most strings need no change and are a part of the text.
func (p *parser) str() (string, error) {
	p.at++
	start := p.at
	ascii := true
	for p.at = plainEnd(p.text, p.at); p.at < len(p.text); p.at = plainEnd(p.text, p.at) {
		c := p.text[p.at]
		switch {
		case c == '"':
			s := p.text[start:p.at]
			if !ascii && !utf8.ValidString(s) {
				return "", errUTF8
			}
			p.at++
			return s, nil
		case c >= utf8.RuneSelf:
			ascii = false
			p.at++
		case c == '\\':
			return p.escaped(start)
		default:
			return "", errControl
		}
	}
	return "", errEnd
}

var (
	errUTF8    = errors.New("invalid UTF-8 in a string")
	errControl = errors.New("unescaped control character in a string")
	errEscape  = errors.New("invalid escape in a string")
)

// escaped reads on from the first backslash of a string that began at start.
func (p *parser) escaped(start int) (string, error) {
	buf := append(make([]byte, 0, p.at-start+32), p.text[start:p.at]...)
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == '"':
			p.at++
			if !utf8.Valid(buf) {
				return "", errUTF8
			}
			return string(buf), nil
		case c == '\\':
			var err error
			if buf, err = p.escape(buf); err != nil {
				return "", err
			}
		case c < ' ':
			return "", errControl
		default:
			buf = append(buf, c)
			p.at++
		}
	}
	return "", errEnd
}

// escape reads one escape; at stands on its backslash.
func (p *parser) escape(buf []byte) ([]byte, error) {
	if p.at+1 >= len(p.text) {
		return nil, errEnd
	}
	c := p.text[p.at+1]
	if c == 'u' {
		r, err := p.unicode()
		return utf8.AppendRune(buf, r), err
	}
	p.at += 2
	switch c {
	case '"', '\\', '/':
		return append(buf, c), nil
	case 'n':
		return append(buf, '\n'), nil
	case 't':
		return append(buf, '\t'), nil
	case 'r':
		return append(buf, '\r'), nil
	case 'b':
		return append(buf, '\b'), nil
	case 'f':
		return append(buf, '\f'), nil
	}
	return nil, errEscape
}

// unicode reads \uXXXX, or two of them that make one character. Half a pair is an error: it has no UTF-8.
func (p *parser) unicode() (rune, error) {
	r, err := p.hex()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if p.at+1 >= len(p.text) || p.text[p.at] != '\\' || p.text[p.at+1] != 'u' {
		return 0, errEscape
	}
	low, err := p.hex()
	if err != nil {
		return 0, err
	}
	if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
		return 0, errEscape
	}
	return r, nil
}

func (p *parser) hex() (rune, error) {
	if len(p.text)-p.at < 6 {
		return 0, errEnd
	}
	for _, c := range []byte(p.text[p.at+2 : p.at+6]) {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return 0, errEscape
		}
	}
	n, err := strconv.ParseUint(p.text[p.at+2:p.at+6], 16, 32)
	if err != nil {
		return 0, errEscape
	}
	p.at += 6
	return rune(n), nil
}
