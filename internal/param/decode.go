package param

import (
	"net/http"
	"strings"
	"sync"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// The limits of a request. They keep the work linear in its size.
const (
	maxPairs = 10_000   // parameters
	maxDepth = 100      // brackets in one name
	maxFile  = 16 << 20 // bytes of an uploaded file
)

// Input is a decoded request.
type Input struct {
	// Params are typed, in the order in which they were sent, and hold exactly what was sent. They have no schema.
	Params *object.Object
	// Files are the uploads of a multipart body, by parameter name.
	Files map[string]File
}

// File is one uploaded file.
type File struct {
	Name        string
	ContentType string
	Data        []byte
}

// Decode reads query and body together: where both have a top-level name, the body's counts. A GET has no body. An empty
// content type means a form. The error, if any, is an *apierr.Error that is marked Early.
//
// What is wrong is reported in this order: what cannot be read, unknown parameters, missing ones, wrong values.
func Decode(op *spec.Operation, query, contentType string, body []byte) (*Input, error) {
	if op.Method == http.MethodGet {
		body = nil
	}
	encoding, problem := encodingOf(op, contentType, body)
	if problem != nil {
		return nil, problem
	}
	if encoding == asJSON {
		return decodeJSON(op, query, body)
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	if problem := d.read(query, encoding, contentType, body); problem != nil {
		return nil, problem
	}
	params := d.params(op)
	if problem := d.verdict(); problem != nil {
		return nil, problem
	}
	return &Input{Params: params, Files: d.files}, nil
}

// encoding is how a body is written.
type encoding uint8

const (
	noBody encoding = iota
	asForm
	asMultipart
	asJSON
)

func encodingOf(op *spec.Operation, contentType string, body []byte) (encoding, *apierr.Error) {
	if len(body) == 0 {
		return noBody, nil
	}
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.TrimSpace(media)
	v2 := op.JSON()
	switch {
	case strings.EqualFold(media, "application/json"):
		if v2 {
			return asJSON, nil
		}
		return 0, errJSON()
	case v2:
	case media == "" || strings.EqualFold(media, "application/x-www-form-urlencoded"):
		return asForm, nil
	case strings.EqualFold(media, "multipart/form-data"):
		return asMultipart, nil
	}
	return 0, errContentType(contentType)
}

// decoder holds the work of one request. Its slices are used again for the next one.
type decoder struct {
	form   []byte
	pairs  []pair
	nodes  []node
	index  map[place]int32
	total  int // pairs so far
	inBody bool
	files  map[string]File
	report
}

var decoders = sync.Pool{New: func() any { return &decoder{} }}

// release gives the decoder back, unless the request was far larger than usual. Nothing of it is kept.
func (d *decoder) release() {
	const usual = 256
	if cap(d.nodes) > usual || cap(d.form) > 16*usual || cap(d.pairs) > usual {
		return
	}
	clear(d.nodes)
	*d = decoder{form: d.form[:0], pairs: d.pairs[:0], nodes: d.nodes[:0]}
	decoders.Put(d)
}

// read builds the tree of what was sent.
func (d *decoder) read(query string, body encoding, contentType string, data []byte) *apierr.Error {
	d.nodes = append(d.nodes, node{})
	if err := readForm(d, query, inQuery); err != nil {
		return err
	}
	d.inBody = true
	switch body {
	case asForm:
		return readForm(d, data, inBody)
	case asMultipart:
		return d.readMultipart(contentType, data)
	}
	return nil
}
