package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Archives hold nothing of when and where they were made.
func TestArchivesAreTheSame(t *testing.T) {
	t.Parallel()
	source := t.TempDir()
	var files []string
	for _, name := range []string{"sharesmart", "README.md"} {
		file := filepath.Join(source, name)
		if err := os.WriteFile(file, []byte("of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	made := time.Date(2027, 3, 31, 14, 5, 0, 0, time.UTC)
	var first, second [2][]byte
	for i, to := range []*[2][]byte{&first, &second} {
		b := &build{out: t.TempDir(), made: made}
		for _, file := range files { // the second build's sources are younger
			if err := os.Chtimes(file, made, made.Add(time.Duration(i)*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(b.tar("x", files), b.zip("x", files)); err != nil {
			t.Fatal(err)
		}
		for n, name := range []string{"x.tar.gz", "x.zip"} {
			data, err := os.ReadFile(filepath.Join(b.out, name))
			if err != nil {
				t.Fatal(err)
			}
			to[n] = data
		}
	}
	if !bytes.Equal(first[0], second[0]) || !bytes.Equal(first[1], second[1]) {
		t.Error("two builds differ")
	}
	z, err := gzip.NewReader(bytes.NewReader(first[0]))
	if err != nil {
		t.Fatal(err)
	}
	r := tar.NewReader(z)
	for want, mode := range map[string]int64{"x/sharesmart": 0o755} {
		h, err := r.Next()
		if err != nil || h.Name != want || h.Mode != mode || !h.ModTime.Equal(made) {
			t.Errorf("the archive begins with %+v, %v", h, err)
		}
		if text, err := io.ReadAll(r); err != nil || string(text) != "of sharesmart" {
			t.Errorf("it holds %q, %v", text, err)
		}
	}
	zipped, err := zip.NewReader(bytes.NewReader(first[1]), int64(len(first[1])))
	if err != nil || len(zipped.File) != 2 || zipped.File[0].Mode() != 0o755 {
		t.Errorf("the other holds %v, %v", zipped, err)
	}
}
