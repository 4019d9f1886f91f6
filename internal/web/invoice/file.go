package invoice

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// file answers a document as a PDF file. It may change as long as the invoice does, so it is asked for again each time
// and sent only if it did.
func (p *Pages) file(w http.ResponseWriter, r *http.Request, kind, token string, read func(*resource.Survey, *object.Object) (*paper.Document, error)) {
	ns, o, err := p.find(kind, token)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if o == nil {
		p.gone(w, r)
		return
	}
	d, err := read(p.Engine.Survey(r.Context(), ns), o)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if d == nil {
		p.gone(w, r)
		return
	}
	data, err := paper.PDF(d)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	sum := sha256.Sum256(data)
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.FileName()}))
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
