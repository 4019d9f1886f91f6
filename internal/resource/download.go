package resource

import (
	"bytes"

	"sharesmart/internal/spec"
)

// downloadHandler serves the bytes that an object keeps beside it. Other binary answers are made by a rule.
func downloadHandler(op *spec.Operation) handler {
	if lastSegment(op.Path) == "contents" {
		return handler{read: download}
	}
	return handler{}
}

func download(e *Engine, c *call) (*Answer, error) {
	d, err := e.liveDoc(c, e.kind(c.Op.Target), 0)
	if err != nil {
		return nil, err
	}
	content, err := e.store.Get(c.Namespace.NS, contentKind+":"+d.ID)
	if isMissing(err) {
		return nil, e.missingInPath(c)
	}
	if err != nil {
		return nil, err
	}
	contentType, data, _ := bytes.Cut(content.Data, []byte{'\n'})
	return &Answer{Status: 200, ContentType: string(contentType), Body: data}, nil
}
