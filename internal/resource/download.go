package resource

import (
	"bytes"
	"context"
	"net/http"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// downloadHandler serves the bytes that an object keeps beside it. Other binary answers are made by a rule.
func downloadHandler(op *spec.Operation) handler {
	if lastSegment(op.Path) == "contents" {
		return handler{read: download}
	}
	return handler{}
}

// Download makes the file of an object: what its content is, and the content.
type Download func(s *Survey, o *object.Object) (contentType string, data []byte, err error)

func (f Download) serve(e *Engine, c *call) (*Answer, error) {
	d, err := e.liveDoc(c, e.kind(c.Op.Target), 0)
	if err != nil && e.options.Mock {
		return mockDownload(e, c)
	}
	if err != nil {
		return nil, err
	}
	o, err := object.Parse(d.Data, e.kind(d.Kind).schema)
	if err != nil {
		return nil, err
	}
	contentType, data, err := f(e.Survey(context.Background(), c.Namespace), o)
	if err != nil {
		return nil, err
	}
	return &Answer{Status: http.StatusOK, ContentType: contentType, Body: data}, nil
}

func download(e *Engine, c *call) (*Answer, error) {
	d, err := e.liveDoc(c, e.kind(c.Op.Target), 0)
	if err != nil {
		return nil, err
	}
	a, err := e.content(e.store, c.Namespace, d)
	if a == nil && err == nil {
		return nil, e.missingInPath(c)
	}
	return a, err
}

// content is the bytes that a file's document stands for; nil if they are not there any more.
func (e *Engine) content(from store.Reader, ns namespace, d store.Doc) (*Answer, error) {
	o, err := object.Parse(d.Data, e.kind(d.Kind).schema)
	if err != nil {
		return nil, err
	}
	if at := o.Int("expires_at"); at > 0 && at <= e.clock.Now().Unix() {
		return nil, nil
	}
	kept, err := from.Get(ns.NS, contentKind+":"+d.ID)
	if isMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	contentType, data, _ := bytes.Cut(kept.Data, []byte{'\n'})
	return &Answer{Status: http.StatusOK, ContentType: string(contentType), Body: data}, nil
}
