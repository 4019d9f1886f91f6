// Package extension has the browser extension in it, and packs it for a server: with its address, its publishable key and its
// extension's public keys. What the browsers run is in app, what sellers put into extensions of their own in sharesmart.js,
// and what such an extension looks like in sample.
package extension

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"sharesmart/internal/web/static"
)

//go:generate go run ./icons
//go:generate go run github.com/evanw/esbuild/cmd/esbuild sharesmart.js/src/index.js --bundle --target=es2022 --format=esm --outfile=sharesmart.js/dist/sharesmart.js --log-level=warning
//go:generate go run github.com/evanw/esbuild/cmd/esbuild sharesmart.js/src/classic.js --bundle --target=es2022 --format=iife --outfile=sharesmart.js/dist/sharesmart.classic.js --log-level=warning

//go:embed all:app sample icons/*.png icons/*.svg sharesmart.js/dist
var files embed.FS

// library is where sharesmart.js is.
const library = "sharesmart.js/dist/sharesmart.js"

// Config says for whom an extension is packed.
type Config struct {
	Server         string          `json:"server"` // its origin: https://share.example
	PublishableKey string          `json:"publishableKey"`
	Extension      string          `json:"extension"` // the id
	Name           string          `json:"name"`
	Keys           json.RawMessage `json:"keys"` // the extension's public keys, as an array of JSON Web Keys
}

// Mark is the mark of ShareSmart, as SVG.
func Mark() []byte { return must(files.ReadFile("icons/mark.svg")) }

// Version is that of the extension, which its manifest says.
func Version() string {
	var manifest struct{ Version string }
	if err := json.Unmarshal(must(files.ReadFile("app/manifest.json")), &manifest); err != nil {
		panic(err)
	}
	return manifest.Version
}

// Pack writes the extension for Chromium and what is made of it. The same config always makes the same bytes.
func Pack(w io.Writer, c Config) error { return pack(w, c, chromium) }

// PackFirefox writes the extension for Firefox, which has no service workers in extensions, and no ports in patterns.
func PackFirefox(w io.Writer, c Config) error { return pack(w, c, firefox) }

// PackSample writes a small extension of a seller's own, ready to be loaded and changed.
func PackSample(w io.Writer, c Config) error {
	if _, err := origin(c); err != nil {
		return err
	}
	out := map[string][]byte{"config.js": configOf(c), "sharesmart.js": must(files.ReadFile(library))}
	take(out, "sample", "")
	return write(w, out)
}

func pack(w io.Writer, c Config, suit func(manifest map[string]any, server *url.URL)) error {
	server, err := origin(c)
	if err != nil {
		return err
	}
	out := map[string][]byte{
		"config.js": configOf(c), "lib/sharesmart.js": must(files.ReadFile(library)),
		"tokens.css": []byte(static.Tokens), "base.css": []byte(static.Base), "form.css": []byte(static.Form),
	}
	take(out, "app", "")
	take(out, "icons", "icons/")
	var manifest map[string]any
	if err := json.Unmarshal(out["manifest.json"], &manifest); err != nil {
		return err
	}
	manifest["name"] = c.Name
	suit(manifest, server)
	if out["manifest.json"], err = json.MarshalIndent(manifest, "", "  "); err != nil {
		return err
	}
	return write(w, out)
}

// origin checks that a config has all that an extension cannot do without.
func origin(c Config) (*url.URL, error) {
	u, err := url.Parse(c.Server)
	switch {
	case err != nil:
		return nil, fmt.Errorf("pack the extension: %w", err)
	case u.Host == "" || u.Path != "" || u.Scheme != "https" && !isLoopback(u):
		return nil, fmt.Errorf("pack the extension: %q is no origin such as https://share.example", c.Server)
	case c.PublishableKey == "" || c.Extension == "" || c.Name == "" || !json.Valid(c.Keys):
		return nil, fmt.Errorf("pack the extension: the config of %q is not complete", c.Extension)
	}
	return u, nil
}

// isLoopback reports whether a server is on the reader's own machine, where plain HTTP is heard by nobody.
func isLoopback(u *url.URL) bool {
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && err == nil && addr.IsLoopback()
}

// pages are those on which the extension logs itself in.
var pages = []string{"/account*", "/after-payment*", "/download*", "/from-extension*"}

func reach(manifest map[string]any, origin string) {
	matches := make([]any, len(pages))
	for i, page := range pages {
		matches[i] = origin + page
	}
	manifest["host_permissions"] = []any{origin + "/*"}
	manifest["content_scripts"].([]any)[0].(map[string]any)["matches"] = matches
}

func chromium(manifest map[string]any, server *url.URL) {
	reach(manifest, server.Scheme+"://"+server.Host)
	manifest["background"] = map[string]any{"service_worker": "background.js", "type": "module"}
	manifest["minimum_chrome_version"] = "123"
}

func firefox(manifest map[string]any, server *url.URL) {
	reach(manifest, server.Scheme+"://"+server.Hostname())
	manifest["background"] = map[string]any{"scripts": []any{"background.js"}, "type": "module"}
	manifest["browser_specific_settings"] = map[string]any{"gecko": map[string]any{
		"id": "sharesmart@" + server.Hostname(), "strict_min_version": "140.0",
		// The address that somebody logs in with, and the links that they make short.
		"data_collection_permissions": map[string]any{"required": []any{"authenticationInfo", "browsingActivity"}},
	}}
}

func configOf(c Config) []byte {
	return fmt.Appendf(nil, "// For which server this extension was packed.\nexport const config = %s;\n", must(json.MarshalIndent(c, "", "  ")))
}

// take adds the files below a directory.
func take(out map[string][]byte, dir, prefix string) {
	below := must(fs.Sub(files, dir))
	_ = fs.WalkDir(below, ".", func(path string, d fs.DirEntry, _ error) error {
		if !d.IsDir() {
			out[prefix+path] = must(fs.ReadFile(below, path))
		}
		return nil
	})
}

// packed is the time that all files in an archive have: the first one that there is in one.
var packed = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func write(w io.Writer, out map[string][]byte) error {
	archive := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(out)) {
		f, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: packed})
		if err != nil {
			return err
		}
		if _, err := io.Copy(f, bytes.NewReader(out[name])); err != nil {
			return err
		}
	}
	return archive.Close()
}

// must is for what was compiled in.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
