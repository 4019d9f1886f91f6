package reference

import (
	"slices"
	"strings"
)

// typeOf is the type of a value in words: string, timestamp, array of objects.
func (b *builder) typeOf(schema tree) string {
	if schema.Get("x-expansionResources") != nil {
		return "string"
	}
	if name := refName(schema); name != "" {
		if b.pageOf(name) != nil {
			return "object"
		}
		return b.typeOf(b.component(name))
	}
	if alts := alternatives(schema); len(alts) > 0 {
		var names []string
		for _, alt := range alts {
			if name := b.typeOf(alt); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return strings.Join(names, " or ")
	}
	switch kind := schema.String("type"); kind {
	case "object":
		return objectType(schema)
	case "array":
		return "array of " + plural(b.typeOf(schema.Object("items")))
	case "":
		return "any"
	case "integer", "number", "string":
		return scalarType(kind, schema)
	default:
		return kind
	}
}

func objectType(schema tree) string {
	list := schema.Object("properties").Object("object")
	if values := enumOf(list); len(values) == 1 && values[0] == "list" {
		return "list"
	}
	if schema.Get("properties") == nil && schema.Get("additionalProperties") != nil && schema.Get("additionalProperties") != false {
		return "map"
	}
	return "object"
}

func scalarType(kind string, schema tree) string {
	switch format := schema.String("format"); {
	case format == "unix-time":
		return "timestamp"
	case format == "currency":
		return "currency code"
	case format == "decimal":
		return "decimal string"
	case format == "binary":
		return "file"
	case len(enumOf(schema)) > 0:
		return "enum"
	}
	return kind
}

func plural(kind string) string {
	if strings.Contains(kind, " ") {
		return kind
	}
	return kind + "s"
}

// about is the page of the object that a value holds or refers to; nil if it holds none that has a page.
func (b *builder) about(schema tree) *Resource {
	if name := refName(schema); name != "" {
		return b.pageOf(name)
	}
	if more := schema.Object("x-expansionResources"); more != nil {
		all := more.Array("oneOf")
		return b.firstOf(all)
	}
	if all := schema.Array("anyOf"); all != nil {
		return b.firstOf(all)
	}
	if items := schema.Object("items"); items != nil {
		return b.about(items)
	}
	if data := schema.Object("properties").Object("data"); data != nil && objectType(schema) == "list" {
		return b.about(data)
	}
	return nil
}

func (b *builder) firstOf(all []any) *Resource {
	for _, v := range all {
		if r := b.pageOf(refName(asTree(v))); r != nil {
			return r
		}
	}
	return nil
}

func (b *builder) pageOf(kind string) *Resource {
	kind = strings.TrimPrefix(kind, "deleted_")
	if kind == "" || b.catalog.byKind[kind] == nil {
		return nil
	}
	return b.catalog.byKind[kind]
}
