package transfer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sharesmart/internal/spec"
)

// Count is how many objects of a kind were carried. Why says what did not come.
type Count struct {
	Kind    string `json:"kind"`
	Objects int    `json:"objects"`
	Why     string `json:"why,omitempty"`
}

// Export writes all that an account lists into a directory: KIND.jsonl with an object a line, exactly as the server answers it,
// and KIND.csv with a column for each field that is no object and no list. What must be asked for below another object,
// such as the lines of an invoice, comes as far as that object shows it. told hears of each kind when it is written.
func (s *Source) Export(ctx context.Context, dir string, told func(Count)) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the directory: %w", err)
	}
	for _, op := range exported() {
		n, err := s.exportKind(ctx, op, dir)
		c := Count{Kind: kindOf(op), Objects: n}
		var refused *Refusal
		if errors.As(err, &refused) {
			c.Why = refused.Error()
		} else if err != nil {
			return err
		}
		if c.Objects > 0 || c.Why != "" {
			told(c)
		}
	}
	return nil
}

// exported are the lists that need nothing to be known.
func exported() []*spec.Operation {
	var out []*spec.Operation
	for _, op := range spec.Operations() {
		if op.Form == spec.List && len(op.PathParams) == 0 && op.Method == "GET" {
			out = append(out, op)
		}
	}
	slices.SortFunc(out, func(a, b *spec.Operation) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// kindOf names a file: checkout.sessions of /v1/checkout/sessions.
func kindOf(op *spec.Operation) string {
	return strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(op.Path, "/v1/"), "/v2/"), "/", ".")
}

// exportKind writes the files of a kind. They appear under their names when they are whole.
func (s *Source) exportKind(ctx context.Context, op *spec.Operation, dir string) (n int, err error) {
	path := filepath.Join(dir, kindOf(op)+".jsonl")
	f, err := os.OpenFile(path+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	lines, all := bufio.NewWriter(f), []map[string]any(nil)
	err = s.Each(ctx, op.Path+exportQuery[op.Path], func(doc json.RawMessage) error {
		var line bytes.Buffer
		if err := json.Compact(&line, doc); err != nil {
			return err
		}
		line.WriteByte('\n')
		n++
		var flat map[string]any
		if err := json.Unmarshal(doc, &flat); err != nil {
			return err
		}
		all = append(all, plain(flat))
		_, err := lines.Write(line.Bytes())
		return err
	})
	if err = errors.Join(err, lines.Flush(), f.Close()); err != nil || n == 0 {
		return n, errors.Join(err, os.Remove(path+".part"))
	}
	if err := os.Rename(path+".part", path); err != nil {
		return n, err
	}
	return n, writeCSV(strings.TrimSuffix(path, ".jsonl")+".csv", all)
}

// exportQuery makes lists show what they leave out by themselves.
var exportQuery = map[string]string{"/v1/subscriptions": "?status=all"}

// plain are the fields that fit into a cell.
func plain(doc map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range doc {
		switch v.(type) {
		case map[string]any, []any:
		default:
			out[name] = v
		}
	}
	return out
}

func writeCSV(path string, all []map[string]any) error {
	var columns []string
	for _, o := range all {
		for name := range o {
			if i, known := slices.BinarySearch(columns, name); !known {
				columns = slices.Insert(columns, i, name)
			}
		}
	}
	if i, known := slices.BinarySearch(columns, "id"); known {
		columns = slices.Insert(slices.Delete(columns, i, i+1), 0, "id")
	}
	var table bytes.Buffer
	w := csv.NewWriter(&table)
	_ = w.Write(columns) // a buffer never fails to write
	for _, o := range all {
		row := make([]string, len(columns))
		for i, name := range columns {
			row[i] = cell(o[name])
		}
		_ = w.Write(row)
	}
	w.Flush()
	return os.WriteFile(path, table.Bytes(), 0o600)
}

// cell is a value as a table has it. What begins as a formula does in a spreadsheet is led by an apostrophe.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strings.TrimSuffix(fmt.Sprintf("%f", v), ".000000")
	case string:
		if v != "" && strings.ContainsAny(v[:1], "=+-@\t\r") {
			return "'" + v
		}
		return v
	}
	return fmt.Sprint(v)
}
