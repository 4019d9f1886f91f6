package checkout

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"sharesmart/internal/access"
	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// errPreview throws away what a preview has made.
var errPreview = errors.New("checkout: a preview is not kept")

// Preview is the page of a made-up subscription as a brand would show it. Nothing of it is kept.
func (h *Hosted) Preview(ctx context.Context, ns *access.Namespace, b *brand.Brand) ([]byte, error) {
	var visit *object.Object
	_, err := h.Engine.Call(ctx, ns, func(op *resource.Op) (err error) {
		if visit, err = h.Sample(op); err != nil {
			return err
		}
		return errPreview
	})
	if !errors.Is(err, errPreview) {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, sessionPrefix, http.NoBody)
	if err != nil {
		return nil, err
	}
	v := h.newView(r, visit, nil)
	v.Brand, v.Seller = b, b.Name
	v.Help, v.HelpAt = b.Email, address(b.Site)
	v.mark()
	var page bytes.Buffer
	err = hostedTemplates.ExecuteTemplate(&page, "session", v)
	return page.Bytes(), err
}
