package reference

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sharesmart/internal/spec"
)

// WriteOpenAPI writes the API as an OpenAPI document: Stripe's and ours as one, with the operations that are served, and
// the server's own address. It is written as it is read, so the eight megabytes are never in memory at once.
func (c *Catalog) WriteOpenAPI(to io.Writer, base string) error {
	w := bufio.NewWriterSize(to, 64<<10)
	head, err := json.Marshal(tree{
		"openapi": "3.0.0", "servers": []any{tree{"url": base}}, "security": []any{tree{"basicAuth": []any{}}, tree{"bearerAuth": []any{}}},
		"info": tree{"title": "ShareSmart", "version": spec.Version, "description": "What this server serves: Stripe's API, and what is ShareSmart's own."},
	})
	if err != nil {
		return err
	}
	_, _ = w.Write(bytes.TrimSuffix(head, []byte("}"))) // a Writer keeps its first error for Flush
	_, _ = w.WriteString(`,"paths":`)
	if err := c.writePaths(w); err != nil {
		return err
	}
	_, _ = w.WriteString(`,"components":{"securitySchemes":{"basicAuth":{"type":"http","scheme":"basic"},"bearerAuth":{"type":"http","scheme":"bearer"}},"schemas":`)
	if err := writeComponents(w); err != nil {
		return err
	}
	_, _ = w.WriteString("}}\n")
	return w.Flush()
}

func (c *Catalog) writePaths(w *bufio.Writer) error {
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
		text, err := operationText(op.ID)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(w, "%q:%s", strings.ToLower(op.Method), text)
	}
	_, _ = w.WriteString("}}")
	return nil
}

// operationText is an operation as it stands in the document, or as the overlay makes it. No server but this one is named.
func operationText(id string) ([]byte, error) {
	text := find(operationSpans[:], id)
	if text != nil && ours().MoreOperations[id] == nil && !bytes.Contains(text, []byte(`"servers"`)) {
		return text, nil
	}
	op := operation(id)
	delete(op, "servers")
	return json.Marshal(op)
}

func writeComponents(w *bufio.Writer) error {
	names := slices.Collect(maps.Keys(ours().Components))
	for _, s := range componentSpans {
		names = append(names, s.name)
	}
	slices.Sort(names)
	for i, name := range names {
		text := find(componentSpans[:], name)
		if text == nil || ours().MoreComponents[name] != nil {
			var err error
			if text, err = json.Marshal(component(name)); err != nil {
				return err
			}
		}
		separator := ",\n"
		if i == 0 {
			separator = "{"
		}
		_, _ = fmt.Fprintf(w, "%s%q:%s", separator, name, text)
	}
	return w.WriteByte('}')
}
