package transfer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sharesmart/internal/spec"
)

// Count is how many objects of a kind were carried. Why says what did not come; Done, that there are no more.
type Count struct {
	Kind    string `json:"kind"`
	Objects int    `json:"objects"`
	Why     string `json:"why,omitempty"`
	Done    bool   `json:"done"`
}

// manifestName is the file that says how far an export is. It is gone when the export is whole.
const manifestName = "export.json"

// Export writes all that an account lists into a directory: KIND.jsonl with an object a line, exactly as the server answers it,
// and KIND.csv with a column for each field that is no object and no list. What must be asked for below another object,
// such as the lines of an invoice, comes as far as that object shows it. told hears how far it is.
//
// An export that was interrupted goes on where it was, with what was there when it began; one that was whole begins anew,
// for what is there changes.
func (s *Source) Export(ctx context.Context, dir string, told func(Count)) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the directory: %w", err)
	}
	done, err := readManifest(dir)
	if err != nil {
		return err
	}
	for _, op := range exported() {
		c, known := done[kindOf(op)]
		if !known {
			c = Count{Kind: kindOf(op)}
			c.Objects, err = s.exportKind(ctx, op, dir, told)
			var refused *Refusal
			if errors.As(err, &refused) {
				c.Why = refused.Error()
			} else if err != nil {
				return err
			}
			c.Done = true
			done[c.Kind] = c
			if err := writeManifest(dir, done); err != nil {
				return err
			}
		}
		if c.Objects > 0 || c.Why != "" {
			told(c)
		}
	}
	return os.Remove(filepath.Join(dir, manifestName))
}

// readManifest is what of an interrupted export is whole. Without one, what other exports have left half written goes.
func readManifest(dir string) (map[string]Count, error) {
	done := map[string]Count{}
	data, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err == nil {
		if err := json.Unmarshal(data, &done); err != nil {
			return nil, fmt.Errorf("read how far the export is: %w", err)
		}
		return done, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	parts, err := filepath.Glob(filepath.Join(dir, "*.part"))
	for _, part := range parts {
		err = errors.Join(err, os.Remove(part))
	}
	return done, errors.Join(err, writeManifest(dir, done))
}

// writeManifest replaces the file at once, so that it is never half written.
func writeManifest(dir string, done map[string]Count) error {
	data, err := json.Marshal(done)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, manifestName)
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
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
func (s *Source) exportKind(ctx context.Context, op *spec.Operation, dir string, told func(Count)) (n int, err error) {
	path := filepath.Join(dir, kindOf(op)+".jsonl")
	f, err := os.OpenFile(path+".part", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return 0, err
	}
	n, after, err := resume(f)
	lines := bufio.NewWriter(f)
	if err == nil {
		err = s.EachAfter(ctx, op.Path+exportQuery[op.Path], after, func(doc json.RawMessage) error {
			var line bytes.Buffer
			if err := json.Compact(&line, doc); err != nil {
				return err
			}
			line.WriteByte('\n')
			if n++; n%pageSize == 0 {
				told(Count{Kind: kindOf(op), Objects: n})
			}
			_, err := lines.Write(line.Bytes())
			return err
		})
	}
	if err = errors.Join(err, lines.Flush(), f.Close()); err != nil {
		var refused *Refusal
		if errors.As(err, &refused) { // it will not be answered later either
			err = errors.Join(err, os.Remove(path+".part"))
		}
		return n, err
	}
	if n == 0 {
		return n, os.Remove(path + ".part")
	}
	if err := writeCSV(strings.TrimSuffix(path, ".jsonl")+".csv", path+".part"); err != nil {
		return n, err
	}
	return n, os.Rename(path+".part", path)
}

// resume goes to the end of what was written of a file, without a last line that is not whole; n is how many there are, and
// after the id of the last.
func resume(f *os.File) (n int, after string, err error) {
	var end int64
	for r := bufio.NewReader(f); ; n++ {
		line, err := r.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return n, after, err
		}
		var o struct{ ID string }
		if err != nil || json.Unmarshal(line, &o) != nil || o.ID == "" {
			break
		}
		end += int64(len(line))
		after = o.ID
	}
	if err := f.Truncate(end); err != nil {
		return n, after, err
	}
	_, err = f.Seek(end, io.SeekStart)
	return n, after, err
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

// readPlain reads the objects of a file, as far as they fit into cells.
func readPlain(path string) (all []map[string]any, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for objects := json.NewDecoder(f); ; {
		var o map[string]any
		if err := objects.Decode(&o); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, plain(o))
	}
}

// writeCSV makes a table of a file of objects.
func writeCSV(path, from string) error {
	all, err := readPlain(from)
	if err != nil {
		return err
	}
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
