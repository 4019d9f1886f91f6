package resource

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/store"
)

// contentKind is the kind of the document that holds a file's bytes. It is no object of the API.
const contentKind = "file_content"

// maxFile is the size that Stripe accepts for the largest purposes.
const maxFile = 16 << 20

// upload serves POST /v1/files: the object, and beside it the bytes.
func upload(op *Op) error {
	f, ok := op.Files["file"]
	if !ok {
		return apierr.Validation("parameter_missing", "file", "Missing required param: file.")
	}
	if len(f.Data) > maxFile {
		return apierr.Invalid("", "file", "The file is too large: %d bytes. At most %d are accepted.", len(f.Data), maxFile)
	}
	k := op.engine.kind(op.Operation.Kind)
	op.Params.Delete("file")
	sub := op.nested(op.Params)
	if err := sub.createFile(k, f.Name, f.Data); err != nil {
		return err
	}
	op.Object = sub.Object
	if k.rules != nil && k.rules.Created != nil {
		return k.rules.Created(sub)
	}
	return nil
}

// createFile makes the object and keeps the bytes, whose content type the kind's rule may have corrected in op.Files.
func (op *Op) createFile(k *kindInfo, name string, data []byte) error {
	o, err := op.engine.instantiate(k, op.ns, op.NewID(k.name), op.now)
	if err != nil {
		return err
	}
	o.Set("filename", name)
	o.Set("size", len(data))
	o.Set("type", fileType(name))
	o.Set("url", op.BaseURL()+"/v1/files/"+o.ID()+"/contents")
	o.Set("purpose", op.Params.String("purpose"))
	o.Set("links", NewList("/v1/file_links?file="+o.ID(), []any{}, false))
	op.Object = o
	op.track(&record{kind: k, object: o, doc: op.newDoc(k, o, o.ID(), "")})
	if k.rules != nil && k.rules.Create != nil {
		if err := k.rules.Create(op); err != nil {
			return err
		}
	}
	content := store.Doc{ID: contentKind + ":" + o.ID(), Kind: contentKind, Created: op.now.Unix(), Data: encodeContent(op.Files["file"].ContentType, data)}
	if err := op.tx.Put(op.ns.NS, &content); err != nil {
		return err
	}
	return op.EmitCreated()
}

// A content document is the content type, a line feed, and the bytes.
func encodeContent(contentType string, data []byte) []byte {
	out := make([]byte, 0, len(contentType)+1+len(data))
	out = append(out, contentType...)
	out = append(out, '\n')
	return append(out, data...)
}

// fileType is what Stripe calls a file by its name's ending.
func fileType(name string) any {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			return name[i+1:]
		}
	}
	return nil
}
