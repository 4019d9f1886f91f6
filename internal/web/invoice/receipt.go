package invoice

import (
	"net/http"
	"strings"

	"sharesmart/internal/brand"
)

// receipt shows the receipt of a charge, or gives out its file.
func (p *Pages) receipt(w http.ResponseWriter, r *http.Request, path string) {
	token, part, _ := strings.Cut(path, "/")
	switch part {
	case "pdf":
		p.file(w, r, "charge", token, p.Charge)
		return
	case "":
	default:
		p.gone(w, r)
		return
	}
	ns, charge, err := p.find("charge", token)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if charge == nil {
		p.gone(w, r)
		return
	}
	s := p.Engine.Survey(r.Context(), ns)
	d, err := p.Charge(s, charge)
	switch {
	case err != nil:
		p.fail(w, r, err)
		return
	case d == nil:
		p.gone(w, r)
		return
	case d.Language == "":
		d.Language = accepted(r)
	}
	v := &view{frame: newFrame(d.Tongue()), Document: d, Path: ReceiptPrefix + token, Test: d.Test}
	v.Heading, v.File = d.Title()+" "+d.Number, v.Words.Receipt
	if v.Brand, err = brand.In(s); err != nil {
		p.fail(w, r, err)
		return
	}
	p.render(w, http.StatusOK, "invoice", v)
}
