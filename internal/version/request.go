package version

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// Request is a request in an older version on its way to the newest.
type Request struct {
	Method, Path string

	version string
	gates   []Gate
	fetch   Fetch
	params  []param
	wanted  [][]string
	renamed [][2]string // what parameters are called now and were called when they were sent
	whole   func(r *Request, doc *object.Object) (*object.Object, error)
	page    map[string]string // what was sent for a page of a list that is none any more
	changed bool
	from    string // the address as it was sent, where that has changed since
}

// param is a parameter: "items[0][price]" is items, 0, price.
type param struct {
	name  []string
	value string
}

// NewRequest begins a request for a version, which may go to an address that has changed.
func NewRequest(version, method, path string, fetch Fetch) *Request {
	r := &Request{Method: method, Path: path, version: version, gates: pending(version), fetch: fetch}
	for _, g := range slices.Backward(r.gates) {
		for _, to := range g.routes {
			if to.method == r.Method && fits(to.path, r.Path) {
				r.from = r.Path
				r.Method, r.Path, r.changed = to.newMethod, to.newPath, true
				r.whole = to.whole
			}
		}
	}
	return r
}

// Upgrade turns the parameters, as they came in the query and the body, into the newest form, and says what they are now.
// What cannot be read is left as it is, for the error that comes of it.
func (r *Request) Upgrade(op *spec.Operation, query, contentType string, body []byte) (newQuery, newType string, newBody []byte, err error) {
	if !r.read(query, contentType, body) {
		return query, contentType, body, nil
	}
	for _, g := range slices.Backward(r.gates) {
		if g.request == nil {
			continue
		}
		if err := g.request(r); err != nil {
			return "", "", nil, err
		}
	}
	r.cutExpansions(op)
	if !r.changed {
		return query, contentType, body, nil
	}
	form := r.form()
	if r.Method == "POST" {
		return "", "application/x-www-form-urlencoded", []byte(form), nil
	}
	return form, contentType, nil, nil
}

// Sent is what a parameter was called when it was sent.
func (r *Request) Sent(name string) string {
	for _, pair := range slices.Backward(r.renamed) {
		if name == pair[0] || strings.HasPrefix(name, pair[0]+"[") {
			name = pair[1] + name[len(pair[0]):]
		}
	}
	return name
}

// read takes the parameters apart.
func (r *Request) read(query, contentType string, body []byte) bool {
	if strings.HasPrefix(contentType, "multipart/") {
		return false
	}
	if !r.readForm(query) {
		return false
	}
	if strings.HasPrefix(contentType, "application/json") {
		return len(body) == 0 || r.readJSON(body)
	}
	return r.readForm(string(body))
}

func (r *Request) readForm(form string) bool {
	for pair := range strings.SplitSeq(form, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return false
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return false
		}
		r.params = append(r.params, param{split(name), value})
	}
	return true
}

func (r *Request) readJSON(body []byte) bool {
	var v map[string]any
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return false
	}
	r.flatten(nil, v)
	r.changed = true
	return true
}

// split takes a name apart: "items[0][price]".
func split(name string) []string {
	head, rest, nested := strings.Cut(name, "[")
	parts := []string{head}
	if !nested || !strings.HasSuffix(rest, "]") {
		return []string{name}
	}
	return append(parts, strings.Split(rest[:len(rest)-1], "][")...)
}

func join(parts []string) string {
	var b strings.Builder
	for i, part := range parts {
		if i == 0 {
			b.WriteString(part)
			continue
		}
		b.WriteString("[" + part + "]")
	}
	return b.String()
}

func (r *Request) form() string {
	var b strings.Builder
	for _, p := range r.params {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(join(p.name)) + "=" + url.QueryEscape(p.value))
	}
	return b.String()
}

// cutExpansions takes out of expand what gates bring back, and notes it for the answer. What leads nowhere stays, to be refused.
func (r *Request) cutExpansions(op *spec.Operation) {
	kept := r.params[:0:0]
	for _, p := range r.params {
		if p.name[0] != "expand" {
			kept = append(kept, p)
			continue
		}
		names := strings.Split(p.value, ".")
		lead := 0
		if names[0] == "data" && (op.Form == spec.List || op.Form == spec.SubList || op.Form == spec.Search) {
			lead = 1
		}
		newer, through := cut(r.gates, shapesOf(op.Kinds...), names[lead:])
		if _, ok := reached(r.gates, shapesOf(op.Kinds...), names[lead:]); !through || !ok {
			kept = append(kept, p)
			continue
		}
		r.changed = true
		r.wanted = append(r.wanted, names)
		if len(newer) > 0 {
			kept = append(kept, param{p.name, strings.Join(names[:lead+len(newer)], ".")})
		}
	}
	r.params = kept
}

// Reveals are the kinds of objects that the answer shows in full because they were asked for, beyond what can be told from
// the request as it is now.
func (r *Request) Reveals(op *spec.Operation) (kinds []string) {
	for _, names := range r.wanted {
		if names[0] == "data" {
			names = names[1:]
		}
		more, _ := reached(r.gates, shapesOf(op.Kinds...), names)
		kinds = append(kinds, more...)
	}
	return kinds
}
