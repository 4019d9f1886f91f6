package extension

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/web/static"
)

var config = Config{
	Server: "https://share.example:8443", PublishableKey: "pk_test_123", Extension: "ext_1", Name: "ShareSmart",
	Keys: json.RawMessage(`[{"alg":"EdDSA","crv":"Ed25519","kid":"k1","kty":"OKP","x":"eA"},{"alg":"ES256","crv":"P-256","kid":"k2","kty":"EC","x":"eA","y":"eQ"}]`),
}

var packers = map[string]func(io.Writer, Config) error{"chromium": Pack, "firefox": PackFirefox, "sample": PackSample}

func packedBy(t *testing.T, packer func(io.Writer, Config) error, c Config) (*zip.Reader, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := packer(&b, c); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r, b.Bytes()
}

func read(t *testing.T, files fs.FS, name string) string {
	t.Helper()
	text, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func manifestOf(t *testing.T, files fs.FS) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(read(t, files, "manifest.json")), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPackIsDeterministic(t *testing.T) {
	t.Parallel()
	for name, packer := range packers {
		_, first := packedBy(t, packer, config)
		_, second := packedBy(t, packer, config)
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two archives of one config differ", name)
		}
		other := config
		other.Extension = "ext_2"
		if _, third := packedBy(t, packer, other); bytes.Equal(first, third) {
			t.Errorf("%s: archives of two extensions are the same", name)
		}
	}
}

// strings that a manifest, a page or a module names files with.
var (
	inManifest = regexp.MustCompile(`^[\w/-]+\.(js|html|png)$`)
	inPage     = regexp.MustCompile(`(?:src|href)="([\w./-]+)"`)
	inModule   = regexp.MustCompile(`(?m)^(?:import|export) [^;]*?from "(\.[\w./-]+)"|"(icons/[\w.-]+)"`)
)

// TestPackIsWhole looks for every file that something in an archive names, and for files that nothing names.
func TestPackIsWhole(t *testing.T) {
	t.Parallel()
	for name, packer := range packers {
		files, _ := packedBy(t, packer, config)
		named := map[string]bool{"manifest.json": true}
		walk(manifestOf(t, files), func(text string) {
			if inManifest.MatchString(text) {
				named[text] = true
			}
		})
		for _, f := range files.File {
			if pattern := map[string]*regexp.Regexp{".html": inPage, ".js": inModule}[path.Ext(f.Name)]; pattern != nil {
				for _, found := range pattern.FindAllStringSubmatch(read(t, files, f.Name), -1) {
					beside := path.Join(path.Dir(f.Name), found[1])
					if len(found) > 2 && found[2] != "" { // scripts name pictures as their page sees them
						beside = found[2]
					}
					named[beside] = true
				}
			}
		}
		for file := range named {
			if _, err := fs.Stat(files, file); err != nil {
				t.Errorf("%s: %s is named and not there", name, file)
			}
		}
		for _, f := range files.File {
			if !named[f.Name] && !strings.HasPrefix(f.Name, "_locales/") {
				t.Errorf("%s: nothing names %s", name, f.Name)
			}
		}
	}
}

func walk(v any, see func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, below := range v {
			walk(below, see)
		}
	case []any:
		for _, below := range v {
			walk(below, see)
		}
	case string:
		see(v)
	}
}

func TestManifests(t *testing.T) {
	t.Parallel()
	pages := func(origin string) []any {
		return []any{origin + "/account*", origin + "/after-payment*", origin + "/download*", origin + "/from-extension*"}
	}
	for _, test := range []struct {
		name   string
		server string
		want   map[string]any
		pages  []any
	}{
		{"chromium", "https://share.example:8443", map[string]any{
			"host_permissions": []any{"https://share.example:8443/*"}, "background": map[string]any{"service_worker": "background.js", "type": "module"},
			"browser_specific_settings": nil,
		}, pages("https://share.example:8443")},
		{"chromium", "http://127.0.0.1:8080", map[string]any{"host_permissions": []any{"http://127.0.0.1:8080/*"}}, pages("http://127.0.0.1:8080")},
		{"firefox", "https://share.example:8443", map[string]any{
			"host_permissions": []any{"https://share.example/*"}, "background": map[string]any{"scripts": []any{"background.js"}, "type": "module"},
			"browser_specific_settings": map[string]any{"gecko": map[string]any{
				"id": "sharesmart@share.example", "strict_min_version": "140.0", "data_collection_permissions": map[string]any{"required": []any{"authenticationInfo", "browsingActivity"}},
			}},
			"minimum_chrome_version": nil,
		}, pages("https://share.example")},
	} {
		c := config
		c.Server, c.Name = test.server, "A name"
		files, _ := packedBy(t, packers[test.name], c)
		m := manifestOf(t, files)
		for key, want := range test.want {
			if diff := cmp.Diff(want, m[key]); diff != "" {
				t.Errorf("%s %s: %s: %s", test.name, test.server, key, diff)
			}
		}
		if diff := cmp.Diff(test.pages, m["content_scripts"].([]any)[0].(map[string]any)["matches"]); diff != "" {
			t.Errorf("%s %s: pages: %s", test.name, test.server, diff)
		}
		if diff := cmp.Diff([]any{"activeTab", "alarms", "storage"}, m["permissions"]); diff != "" || m["name"] != "A name" || m["version"] != Version() {
			t.Errorf("%s: permissions %s; name %v, version %v", test.name, diff, m["name"], m["version"])
		}
		var sent Config
		text := read(t, files, "config.js")
		if err := json.Unmarshal([]byte(strings.TrimSuffix(text[strings.Index(text, "{"):], ";\n")), &sent); err != nil {
			t.Fatal(err)
		}
		var keys bytes.Buffer // they are indented
		if err := json.Compact(&keys, sent.Keys); err != nil {
			t.Fatal(err)
		}
		sent.Keys = keys.Bytes()
		if diff := cmp.Diff(c, sent); diff != "" {
			t.Errorf("%s: the config is another one: %s", test.name, diff)
		}
		if read(t, files, "tokens.css") != static.Tokens {
			t.Errorf("%s: the tokens are not those of the pages", test.name)
		}
	}
}

func TestPackRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(*Config)
	}{
		{"plain HTTP", func(c *Config) { c.Server = "http://share.example" }},
		{"plain HTTP, a name", func(c *Config) { c.Server = "http://localhost.share.example" }},
		{"a path", func(c *Config) { c.Server += "/x" }},
		{"no server", func(c *Config) { c.Server = "" }},
		{"no URL", func(c *Config) { c.Server = "https://%" }},
		{"no key", func(c *Config) { c.PublishableKey = "" }},
		{"no extension", func(c *Config) { c.Extension = "" }},
		{"no name", func(c *Config) { c.Name = "" }},
		{"no keys", func(c *Config) { c.Keys = nil }},
		{"keys that are none", func(c *Config) { c.Keys = json.RawMessage("[{") }},
	} {
		for name, packer := range packers {
			c := config
			test.spoil(&c)
			if err := packer(io.Discard, c); err == nil {
				t.Errorf("%s: %s is packed", name, test.name)
			}
		}
	}
}

// TestLocales holds that every text is there in each language, with the same parts to fill in.
func TestLocales(t *testing.T) {
	t.Parallel()
	type message struct {
		Message      string
		Placeholders map[string]struct{ Content string }
	}
	languages := map[string]map[string]message{}
	for _, language := range []string{"en", "de"} {
		var messages map[string]message
		if err := json.Unmarshal(must(files.ReadFile("app/_locales/"+language+"/messages.json")), &messages); err != nil {
			t.Fatal(err)
		}
		languages[language] = messages
	}
	code := source(t)
	for key, en := range languages["en"] {
		de, ok := languages["de"][key]
		if !ok || de.Message == "" {
			t.Errorf("there is no German for %s", key)
		}
		if diff := cmp.Diff(en.Placeholders, de.Placeholders); diff != "" {
			t.Errorf("%s: the parts differ: %s", key, diff)
		}
	}
	if len(languages["en"]) != len(languages["de"]) {
		t.Errorf("%d English texts, %d German", len(languages["en"]), len(languages["de"]))
	}
	for _, found := range regexp.MustCompile(`\b([tn])\("(\w+)"`).FindAllStringSubmatch(code, -1) {
		key := found[2]
		if found[1] == "n" {
			key += "_other"
		}
		if _, ok := languages["en"][key]; !ok {
			t.Errorf("the text %s is not there", key)
		}
	}
}

func source(t *testing.T) string {
	t.Helper()
	var code strings.Builder
	names := slices.Concat(must(fs.Glob(files, "app/*.js")), must(fs.Glob(files, "app/lib/*.js")), must(fs.Glob(files, "app/popup/*.js")))
	for _, name := range names {
		code.WriteString(read(t, files, name))
	}
	return code.String()
}
