// Package papertest reads the text of PDF files that package paper made, for tests. It knows just as much of the format
// as those files use.
package papertest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

var (
	stream = regexp.MustCompile(`(?s)/Length (\d+)>>\nstream\n(.*?)\nendstream`)
	shown  = regexp.MustCompile(`(?s)\(((?:[^\\()]|\\.)*)\)\s*Tj`)
)

// Pages are the texts of a file by page, a line for each piece of text.
func Pages(t testing.TB, file []byte) []string {
	t.Helper()
	if !bytes.HasPrefix(file, []byte("%PDF-")) || !bytes.Contains(file[max(len(file)-32, 0):], []byte("%%EOF")) {
		t.Fatalf("this is no PDF file: %.40q", file)
	}
	var pages []string
	for _, found := range stream.FindAllSubmatch(file, -1) {
		r, err := zlib.NewReader(bytes.NewReader(found[2]))
		if err != nil {
			continue
		}
		content, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(content, []byte("Tj")) {
			continue
		}
		var lines []string
		for _, text := range shown.FindAllSubmatch(content, -1) {
			lines = append(lines, decode(text[1]))
		}
		pages = append(pages, strings.Join(lines, "\n"))
	}
	return pages
}

// Text is the text of the whole file.
func Text(t testing.TB, file []byte) string {
	t.Helper()
	return strings.Join(Pages(t, file), "\n")
}

// decode reads a string of the file: UTF-16 with some bytes escaped. No-break spaces are read as plain ones.
func decode(escaped []byte) string {
	var raw []byte
	for i := 0; i < len(escaped); i++ {
		c := escaped[i]
		if c == '\\' && i+1 < len(escaped) {
			i++
			c = escaped[i]
			if c == 'r' {
				c = '\r'
			}
		}
		raw = append(raw, c)
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(raw[2*i:])
	}
	return strings.ReplaceAll(string(utf16.Decode(units)), "\u00a0", " ")
}
