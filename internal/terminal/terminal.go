// Package terminal is where commands print: aligned tables, JSON, and colours where somebody looks.
package terminal

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// Terminal is where a command prints. It has colours only if somebody looks at it.
type Terminal struct {
	io.Writer
	Colour bool
}

// New returns one. The variable NO_COLOR turns colours off.
func New(w io.Writer, env func(string) (string, bool)) *Terminal {
	t := &Terminal{Writer: w}
	if _, off := env("NO_COLOR"); off {
		return t
	}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		t.Colour = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return t
}

// Bold is text that stands out.
func (t *Terminal) Bold(s string) string { return t.paint("1", s) }

// Dim is text that matters less.
func (t *Terminal) Dim(s string) string { return t.paint("2", s) }

// Good is text of what went well.
func (t *Terminal) Good(s string) string { return t.paint("32", s) }

// Warn is text to take care of.
func (t *Terminal) Warn(s string) string { return t.paint("33", s) }

// Bad is text of what went wrong.
func (t *Terminal) Bad(s string) string { return t.paint("31", s) }

// Name is the name of something: of a field, of a type.
func (t *Terminal) Name(s string) string { return t.paint("36", s) }

func (t *Terminal) paint(code, s string) string {
	if !t.Colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// Progress prints how far something is, on a line that is written anew each time where somebody looks; elsewhere it prints
// what is done alone.
func (t *Terminal) Progress(line string, done bool) {
	if t.Colour {
		_, _ = fmt.Fprint(t, "\r\x1b[K", line)
		line = ""
	}
	if done {
		t.Line("%s", line)
	}
}

// Line prints a line. What cannot be printed has no reader.
func (t *Terminal) Line(format string, args ...any) {
	_, _ = fmt.Fprintf(t, format+"\n", args...)
}

// Width is how many columns texts are set for: a terminal that nobody has made wider has these.
const Width = 80

// Fill sets a text into lines of at most Width columns, each of them indented. A longer word has a line of its own.
func (t *Terminal) Fill(text, indent string) string {
	var b strings.Builder
	at := 0
	for _, word := range strings.Fields(text) {
		switch n := width(word); {
		case at > 0 && at+1+n <= Width:
			b.WriteString(" " + word)
			at += 1 + n
		default:
			if at > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(indent + word)
			at = len(indent) + n
		}
	}
	return b.String()
}

// Table prints rows with their columns aligned.
func (t *Terminal) Table(rows [][]string) {
	widths := map[int]int{}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-width(cell)+2))
			}
		}
		t.Line("%s", strings.TrimRight(b.String(), " "))
	}
}

// width is how many columns a text takes; colours take none.
func width(s string) int {
	n := utf8.RuneCountInString(s)
	for rest := s; ; {
		start := strings.Index(rest, "\x1b[")
		if start < 0 {
			return n
		}
		end := strings.IndexByte(rest[start:], 'm')
		if end < 0 {
			return n
		}
		n -= end + 1
		rest = rest[start+end+1:]
	}
}

// JSON prints a value for programs.
func (t *Terminal) JSON(v any) error {
	enc := json.NewEncoder(t)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
