// Command gen bundles the script's sources into the one file that is served. With -check it only says whether that file
// is what it would write.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/evanw/esbuild/pkg/api"
)

const bundle = "stripe.js"

// maxSize is what a page should have to load at most, before compression.
const maxSize = 60 << 10

func main() {
	check := flag.Bool("check", false, "fail if the bundle is not up to date")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	text, err := build()
	if err != nil {
		return err
	}
	if !check {
		return os.WriteFile(bundle, text, 0o644)
	}
	old, err := os.ReadFile(bundle)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, text) {
		return errors.New(bundle + " is not up to date: run make generate")
	}
	return nil
}

// build makes one script without modules, as pages load it.
func build() ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{"src/stripe.ts"},
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		Plugins:           []api.Plugin{styles},
		Banner:            map[string]string{"js": "// Made of internal/web/stripejs/src by go generate. Do not edit."},
		Define:            map[string]string{"servedFrom": `"{origin}"`}, // what Serve replaces
		LogLevel:          api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, errors.New(result.Errors[0].Text)
	}
	text := result.OutputFiles[0].Contents
	if len(text) > maxSize {
		return nil, fmt.Errorf("%s has %d bytes, and should have %d at most", bundle, len(text), maxSize)
	}
	return text, nil
}

// styles makes style sheets texts that a script can adopt.
var styles = api.Plugin{Name: "styles", Setup: func(build api.PluginBuild) {
	build.OnLoad(api.OnLoadOptions{Filter: `\.css$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		sheet, err := os.ReadFile(args.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		small := api.Transform(string(sheet), api.TransformOptions{Loader: api.LoaderCSS, MinifyWhitespace: true})
		text := string(small.Code)
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderText, Errors: small.Errors}, nil
	})
}}
