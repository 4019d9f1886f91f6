package resource

import (
	"sharesmart/internal/object"
	"sharesmart/internal/param"
)

// MakeFile keeps a file that the server made for a purpose, with its bytes, as POST /v1/files keeps one that was sent.
func (op *Op) MakeFile(purpose, name, contentType string, data []byte) (*object.Object, error) {
	params := object.New(nil)
	params.Set("purpose", purpose)
	sub := op.nested(params)
	sub.Files = map[string]param.File{"file": {Name: name, ContentType: contentType, Data: data}}
	k := op.engine.kind("file")
	if err := sub.createFile(k, name, data); err != nil {
		return nil, err
	}
	if k.rules != nil && k.rules.Created != nil {
		if err := k.rules.Created(sub); err != nil {
			return nil, err
		}
	}
	return sub.Object, nil
}
