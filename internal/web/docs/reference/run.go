package reference

import (
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"sharesmart/internal/web/docs/reference/sample"
)

// What was run is in recorded: for each page, what its operations were sent and what they answered. calls has what is
// compiled of that for Go.
//
//go:embed recorded calls
var runs embed.FS

//go:embed names.json
var namesText []byte

// names are what the official libraries call operations, by sample.Key.
var names = sync.OnceValue(func() (n struct{ Node, Python map[string]string }) {
	if err := json.Unmarshal(namesText, &n); err != nil {
		panic("names.json: " + err.Error()) // a test reads it
	}
	return n
})

// The server and the key that samples name. The page puts in where it is.
const (
	SampleURL = "https://localhost:8443"
	SampleKey = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
)

// File is where the runs of a page are, in recorded and in calls.
func (r *Resource) File() string { return strings.ReplaceAll(r.Slug, "/", ".") + ".json" }

// size is about how much there is on the page: what its operations were sent and answered, which is shown with colours, and
// their text, of which what is deep within others is not on it.
func (r *Resource) size() (n int64) {
	if info, err := fs.Stat(runs, path.Join("recorded", r.File())); err == nil { // some were not run
		n = 3 * info.Size()
	}
	for _, op := range r.Operations {
		n += int64(len(find(operationSpans[:], op.ID))) / 2
	}
	return n
}

// Largest are the pages that have most on them, the largest first.
func (c *Catalog) Largest(n int) []*Resource {
	all := c.Resources()
	slices.SortFunc(all, func(a, b *Resource) int { return cmp.Compare(b.size(), a.size()) })
	return all[:min(n, len(all))]
}

// Calls are the runs of the operations of a page, by operation.
func (r *Resource) Calls() (map[string]*sample.Call, error) {
	recorded, bodies := map[string]*sample.Run{}, map[string]string{}
	if err := read(path.Join("recorded", r.File()), &recorded); err != nil {
		return nil, err
	}
	if err := read(path.Join("calls", r.File()), &bodies); err != nil {
		return nil, err
	}
	calls := map[string]*sample.Call{}
	for _, op := range r.Operations {
		if run := recorded[op.ID]; run != nil {
			key := sample.Key(op.Operation)
			calls[op.ID] = &sample.Call{Operation: op.Operation, Run: run, Node: names().Node[key], Python: names().Python[key], Go: bodies[op.ID], Key: cmp.Or(run.Key, SampleKey), URL: SampleURL}
		}
	}
	return calls, nil
}

// read reads a file of runs, which need not be there.
func read(name string, into any) error {
	data, err := runs.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// run puts in the samples and the answer of a call that was run, as of the server that it names.
func (s *Section) run(call *sample.Call) {
	for _, l := range sample.Languages {
		text := l.Write(call)
		s.Samples = append(s.Samples, Sample{l.Lang, l.Name, text, highlight(l.Lang, text)})
	}
	s.Status, s.Note, s.Passed = call.Run.Status, call.Run.Note, passed()
	if call.Run.Answer != nil {
		text := strings.ReplaceAll(indented(call.Run.Answer), SampleURL, call.URL)
		s.Answer, s.answers = highlight("json", text), kindOfAnswer(text)
	}
}

var objectLine = regexp.MustCompile(`(?m)^  "object": "([a-z0-9_.]+)",?$`)

// kindOfAnswer is the kind of object that an indented answer is; empty for what is none.
func kindOfAnswer(text string) string {
	if m := objectLine.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}
