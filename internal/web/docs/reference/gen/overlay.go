package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

type tree = map[string]any

// overlay is what is ours: by operation id or name, whole or as additions to what Stripe's document has.
type overlay struct {
	Operations, Components         tree
	MoreOperations, MoreComponents tree // what x-extends says
	Paths                          map[string]string
}

// readOverlay reads the overlays of package spec, whose generator has checked them.
func readOverlay(dir string) (*overlay, error) {
	files, err := filepath.Glob(filepath.Join(dir, "overlay*.yaml"))
	if err != nil {
		return nil, err
	}
	o := &overlay{tree{}, tree{}, tree{}, tree{}, map[string]string{}}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var doc struct {
			Components struct{ Schemas tree }
			Paths      map[string]tree
			Extends    struct{ Schemas, Operations tree } `yaml:"x-extends"`
		}
		if err := yaml.Unmarshal(data, &doc); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		maps.Copy(o.Components, doc.Components.Schemas)
		maps.Copy(o.MoreComponents, doc.Extends.Schemas)
		maps.Copy(o.MoreOperations, doc.Extends.Operations)
		for path, item := range doc.Paths {
			o.add(path, item)
		}
	}
	return o, nil
}

func (o *overlay) add(path string, item tree) {
	for method, op := range item {
		id := fmt.Sprint(op.(tree)["operationId"])
		o.Operations[id] = op
		o.Paths[id] = strings.ToUpper(method) + " " + path
	}
}

// json writes one operation or component to a line, so that changes can be read.
func (o *overlay) json() ([]byte, error) {
	o.Paths = nil
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(o); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
