package reference

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// WriteOpenAPI writes the API as an OpenAPI document: Stripe's and ours as one, with the operations that are served, and
// the server's own address. It is written as it is read, so the eight megabytes are never in memory at once.
func (c *Catalog) WriteOpenAPI(to io.Writer, base string) error {
	w := bufio.NewWriterSize(to, 64<<10)
	head := object.Of(
		"openapi", "3.0.0", "servers", []any{object.Of("url", base)}, "security", []any{object.Of("basicAuth", []any{}), object.Of("bearerAuth", []any{})},
		"info", object.Of("title", "ShareSmart", "version", spec.Version, "description", "What this server serves: Stripe's API, and what is ShareSmart's own."),
	).JSON()
	_, _ = w.Write(bytes.TrimSuffix(head, []byte("}"))) // a Writer keeps its first error for Flush
	_, _ = w.WriteString(`,"paths":`)
	c.writePaths(w)
	_, _ = w.WriteString(`,"components":{"securitySchemes":{"basicAuth":{"type":"http","scheme":"basic"},"bearerAuth":{"type":"http","scheme":"bearer"}},"schemas":`)
	writeComponents(w)
	_, _ = w.WriteString("}}\n")
	return w.Flush()
}

func (c *Catalog) writePaths(w *bufio.Writer) {
	all := slices.SortedFunc(maps.Values(c.byID), func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	for i, op := range all {
		switch {
		case i == 0:
			_, _ = fmt.Fprintf(w, "{%q:{", op.Path)
		case op.Path != all[i-1].Path:
			_, _ = fmt.Fprintf(w, "},\n%q:{", op.Path)
		default:
			_ = w.WriteByte(',')
		}
		_, _ = fmt.Fprintf(w, "%q:%s", strings.ToLower(op.Method), operationText(op.ID))
	}
	_, _ = w.WriteString("}}")
}

// operationText is an operation as it stands in the document, or as the overlay makes it. No server but this one is named.
func operationText(id string) []byte {
	text := find(operationSpans[:], id)
	if text != nil && ours().MoreOperations[id] == nil && !bytes.Contains(text, []byte(`"servers"`)) {
		return text
	}
	op := operation(id)
	op.Delete("servers")
	return op.JSON()
}

func writeComponents(w *bufio.Writer) {
	names := slices.Collect(maps.Keys(ours().Components))
	for _, s := range componentSpans {
		names = append(names, s.name)
	}
	slices.Sort(names)
	for i, name := range names {
		text := find(componentSpans[:], name)
		if text == nil || ours().MoreComponents[name] != nil {
			text = component(name).JSON()
		}
		separator := ",\n"
		if i == 0 {
			separator = "{"
		}
		_, _ = fmt.Fprintf(w, "%s%q:%s", separator, name, text)
	}
	_ = w.WriteByte('}')
}
