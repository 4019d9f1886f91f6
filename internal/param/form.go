package param

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"sharesmart/internal/apierr"
)

// pair is one name=value as places in the decoded text: the value begins one byte after the name ends.
type pair struct{ start, nameEnd, valueEnd int }

// source says where a parameter was, for messages.
type source string

const (
	inQuery source = "query string"
	inBody  source = "POST body"
)

// stops marks the bytes that mean something in a form.
var stops = [256]bool{'&': true, '=': true, '+': true, '%': true, 0: true}

// readForm reads a form in one pass, and then puts its pairs into the tree. All text of a form is one string, of which
// names and values are parts.
func readForm[T string | []byte](d *decoder, raw T, from source) *apierr.Error {
	if len(raw) == 0 {
		return nil
	}
	if err := unescape(d, raw, from); err != nil {
		return err
	}
	if !utf8.Valid(d.form) {
		return errUTF8(from)
	}
	text := string(d.form)
	for _, p := range d.pairs {
		if err := d.put(text[p.start:p.nameEnd], text[p.nameEnd+1:p.valueEnd]); err != nil {
			return err
		}
	}
	return nil
}

// unescape writes names and values to d.form, each with a zero byte behind it, so that broken UTF-8 at the end of one
// cannot be mended by the beginning of the next.
func unescape[T string | []byte](d *decoder, raw T, from source) *apierr.Error {
	d.form, d.pairs = d.form[:0], d.pairs[:0]
	start, nameEnd := 0, -1
	for i := 0; ; i++ {
		j := i
		for j < len(raw) && !stops[raw[j]] {
			j++
		}
		d.form = append(d.form, raw[i:j]...)
		i = j
		if i == len(raw) {
			return d.endPair(start, nameEnd)
		}
		switch c := raw[i]; {
		case c == '&':
			if err := d.endPair(start, nameEnd); err != nil {
				return err
			}
			start, nameEnd = len(d.form), -1
		case c == '=' && nameEnd < 0:
			nameEnd = len(d.form)
			d.form = append(d.form, 0)
		case c == '=':
			d.form = append(d.form, '=')
		case c == '+':
			d.form = append(d.form, ' ')
		case c == 0:
			return errNUL(from)
		default:
			if i+2 >= len(raw) || unhex[raw[i+1]] < 0 || unhex[raw[i+2]] < 0 {
				return errEscape(from)
			}
			c = byte(unhex[raw[i+1]]<<4 | unhex[raw[i+2]])
			if c == 0 {
				return errNUL(from)
			}
			d.form = append(d.form, c)
			i += 2
		}
	}
}

// endPair notes the pair that began at start. Nothing between two & is no pair; a name without = has an empty value.
func (d *decoder) endPair(start, nameEnd int) *apierr.Error {
	if nameEnd < 0 {
		if len(d.form) == start {
			return nil
		}
		nameEnd = len(d.form)
		d.form = append(d.form, 0)
	}
	d.pairs = append(d.pairs, pair{start, nameEnd, len(d.form)})
	d.form = append(d.form, 0)
	return d.countPair()
}

// unhex is the value of a hexadecimal digit, or -1.
var unhex = func() (t [256]int16) {
	for c := range t {
		switch {
		case '0' <= c && c <= '9':
			t[c] = int16(c - '0')
		case 'a' <= c && c <= 'f':
			t[c] = int16(c - 'a' + 10)
		case 'A' <= c && c <= 'F':
			t[c] = int16(c - 'A' + 10)
		default:
			t[c] = -1
		}
	}
	return t
}()

// Lookup is the value of a plain name in a form, the last if there are several. Nothing else of the form is read or
// checked: this is for who must know a parameter before the operation is known, such as the key that a browser sends.
func Lookup(form, name string) (value string, found bool) {
	for form != "" {
		var item string
		item, form, _ = strings.Cut(form, "&")
		text, is := strings.CutPrefix(item, name+"=")
		if !is {
			continue
		}
		if text, err := url.QueryUnescape(text); err == nil {
			value, found = text, true
		}
	}
	return value, found
}
