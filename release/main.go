// Command release builds what is given to people: archives for each platform, a Debian package, and their sums. Two builds of
// one commit are the same, byte for byte: no path, clock or user of the machine that built them is in them.
//
//	go run ./release -out DIR [-only linux/amd64,...]
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var platforms = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64"}

// papers go into each archive.
var papers = []string{"README.md", "CHANGELOG.md", "LICENSE", "NOTICE"}

func main() {
	out := flag.String("out", "bin/release", "`dir`ectory to write to")
	only := flag.String("only", strings.Join(platforms, ","), "`platforms` to build for")
	flag.Parse()
	if err := run(*out, strings.Split(*only, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// build is one release.
type build struct {
	out, version, commit string
	made                 time.Time // of the commit
}

func run(out string, only []string) error {
	b, err := describe(out)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var made []string
	for _, platform := range only {
		if !slices.Contains(platforms, platform) {
			return fmt.Errorf("%s is none of %s", platform, strings.Join(platforms, ", "))
		}
		names, err := b.platform(platform)
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		made = append(made, names...)
	}
	return b.sums(made)
}

var versionLine = regexp.MustCompile(`(?m)^const version = "([^"]+)"$`)

// describe finds out what is built. Without git, as from an archive of the source, SOURCE_DATE_EPOCH is its time.
func describe(out string) (*build, error) {
	text, err := os.ReadFile("cmd/sharesmart/help.go")
	if err != nil {
		return nil, fmt.Errorf("run it in the project's directory: %w", err)
	}
	found := versionLine.FindSubmatch(text)
	if found == nil {
		return nil, fmt.Errorf("cmd/sharesmart/help.go names no version")
	}
	b := &build{out: out, version: string(found[1]), commit: os.Getenv("SOURCE_COMMIT")}
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if b.commit == "" {
		if b.commit, err = output("git", "rev-parse", "--short=12", "HEAD"); err != nil {
			return nil, err
		}
	}
	if epoch == "" {
		if epoch, err = output("git", "log", "-1", "--format=%ct"); err != nil {
			return nil, err
		}
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("SOURCE_DATE_EPOCH is %q: write seconds since 1970", epoch)
	}
	b.made = time.Unix(seconds, 0).UTC()
	return b, nil
}

func output(name string, args ...string) (string, error) {
	text, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(text)), nil
}

// platform builds for one, and names the files that it made.
func (b *build) platform(platform string) ([]string, error) {
	system, machine, _ := strings.Cut(platform, "/")
	dir, err := os.MkdirTemp("", "release-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program := filepath.Join(dir, "sharesmart")
	if system == "windows" {
		program += ".exe"
	}
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.commit="+b.commit, "-o", program, "./cmd/sharesmart")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+machine, "GOAMD64=v1", "GOARM64=v8.0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go build: %w", err)
	}
	stem := fmt.Sprintf("sharesmart_%s_%s_%s", b.version, system, machine)
	files := append([]string{program}, papers...)
	if system == "windows" {
		return []string{stem + ".zip"}, b.zip(stem, files)
	}
	names := []string{stem + ".tar.gz"}
	if err := b.tar(stem, files); err != nil || system != "linux" {
		return names, err
	}
	deb, err := b.debian(dir, program, machine)
	return append(names, deb), err
}

// mode is what a file may be used for: programs run.
func mode(name string) os.FileMode {
	if strings.HasPrefix(filepath.Base(name), "sharesmart") {
		return 0o755
	}
	return 0o644
}

func (b *build) tar(stem string, files []string) error {
	var text bytes.Buffer
	z, err := gzip.NewWriterLevel(&text, gzip.BestCompression)
	if err != nil {
		return err
	}
	w := tar.NewWriter(z)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		h := &tar.Header{Name: stem + "/" + filepath.Base(name), Mode: int64(mode(name)), Size: int64(len(data)), ModTime: b.made, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(h); err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.out, stem+".tar.gz"), text.Bytes(), 0o644)
}

func (b *build) zip(stem string, files []string) error {
	var text bytes.Buffer
	w := zip.NewWriter(&text)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		h := &zip.FileHeader{Name: stem + "/" + filepath.Base(name), Method: zip.Deflate, Modified: b.made}
		h.SetMode(mode(name))
		to, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := io.Copy(to, bytes.NewReader(data)); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.out, stem+".zip"), text.Bytes(), 0o644)
}

// sums writes the file by which people check the others.
func (b *build) sums(names []string) error {
	slices.Sort(names)
	var text strings.Builder
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(b.out, name))
		if err != nil {
			return err
		}
		line := fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name)
		text.WriteString(line)
		fmt.Print(line)
	}
	return os.WriteFile(filepath.Join(b.out, "SHA256SUMS"), []byte(text.String()), 0o644)
}
