package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// terminal is where a command prints. It has colours only if somebody looks at it.
type terminal struct {
	io.Writer
	colour bool
}

func newTerminal(w io.Writer, env func(string) (string, bool)) *terminal {
	t := &terminal{Writer: w}
	if _, off := env("NO_COLOR"); off {
		return t
	}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		t.colour = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return t
}

func (t *terminal) bold(s string) string { return t.paint("1", s) }
func (t *terminal) dim(s string) string  { return t.paint("2", s) }
func (t *terminal) warn(s string) string { return t.paint("33", s) }

func (t *terminal) paint(code, s string) string {
	if !t.colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// line prints a line. What cannot be printed has no reader.
func (t *terminal) line(format string, args ...any) {
	_, _ = fmt.Fprintf(t, format+"\n", args...)
}

// table prints rows with their columns aligned.
func (t *terminal) table(rows [][]string) {
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
		t.line("%s", strings.TrimRight(b.String(), " "))
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

// json prints a value for programs.
func (t *terminal) json(v any) error {
	enc := json.NewEncoder(t)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// quoted is a file name as a shell takes it.
func quoted(name string) string {
	if strings.IndexFunc(name, func(r rune) bool {
		return !strings.ContainsRune("/._-+:@%", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0 {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
