package invoice

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/manual"
	"sharesmart/internal/object"
	"sharesmart/internal/param"
	"sharesmart/internal/resource"
)

// Paying by hand: the customer chooses how, is told the rest, and may say that they have paid.

// maxProof is more than the largest proof that is taken, with the rest of its form.
const maxProof = 5<<20 + 64<<10

// The fields of the forms.
const (
	fieldWay   = "way"
	fieldTold  = "told"
	fieldProof = "proof"
)

// byHand is what the page shows of it.
type byHand struct {
	*manual.Payment
	Others []manual.Method // that can be chosen instead
	Day    string          // when the customer said that they have paid
	Due    string          // until when they have to
}

// readByHand reads what the page shows; nil if there is nothing, or another payment is on its way.
func (p *Pages) readByHand(s *resource.Survey, in, intent *object.Object, v *view) (*byHand, error) {
	if intent.String("status") == "processing" {
		return nil, nil
	}
	m, err := manual.Read(s, in)
	if err != nil || in.String("status") != "open" || m.Chosen == nil && len(m.Offered) == 0 {
		return nil, err
	}
	b := &byHand{Payment: m}
	for _, other := range m.Offered {
		if m.Chosen == nil || other.ID != m.Chosen.ID {
			b.Others = append(b.Others, other)
		}
	}
	day := func(at int64) string {
		if at == 0 {
			return ""
		}
		return v.Date(time.Unix(at, 0).UTC())
	}
	b.Day, b.Due = day(m.ToldAt), day(in.Int("due_date"))
	return b, nil
}

// choose lets the invoice be paid in the way that the customer chose.
func (p *Pages) choose(w http.ResponseWriter, r *http.Request, ns *access.Namespace, in *object.Object, v *view) {
	_, err := p.Engine.Call(r.Context(), ns, func(op *resource.Op) error { return p.Choose(op, in.ID(), r.PostForm.Get(fieldWay)) })
	p.ledOn(w, r, v, err, fieldWay)
}

// tell takes down that the customer has paid.
func (p *Pages) tell(w http.ResponseWriter, r *http.Request, ns *access.Namespace, in *object.Object, v *view) {
	proof, err := sentFile(r, fieldProof)
	if err != nil {
		p.note(w, r, http.StatusBadRequest, func(t *words) (string, string) { return t.unread, t.unreadText })
		return
	}
	v.told = strings.TrimSpace(r.PostForm.Get(fieldTold))
	_, err = p.Engine.Call(r.Context(), ns, func(op *resource.Op) error { return p.Tell(op, in.ID(), v.told, proof) })
	p.ledOn(w, r, v, err, fieldTold)
}

// ledOn leads back to the page, or shows on it what was refused.
func (p *Pages) ledOn(w http.ResponseWriter, r *http.Request, v *view, err error, field string) {
	refused := apierr.As(err)
	switch {
	case err == nil:
		lead(w, r.URL.Path+"#by-hand")
	case refused != nil && (v.ByHand == nil || field == fieldTold && v.ByHand.Chosen == nil): // what they saw is over
		lead(w, r.URL.Path)
	case refused != nil && refused.Status < http.StatusInternalServerError:
		if refused.Param == fieldProof || refused.Param == fieldTold {
			field = refused.Param
		}
		v.Faults = faults{field: v.Words.handFault(refused)}
		p.render(w, http.StatusUnprocessableEntity, "invoice", v)
	default:
		p.fail(w, r, err)
	}
}

// sentFile is a file of a form; nil if none was chosen.
func sentFile(r *http.Request, name string) (*param.File, error) {
	part, head, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = part.Close() }()
	data, err := io.ReadAll(part)
	if err != nil || head.Filename == "" {
		return nil, err
	}
	return &param.File{Name: head.Filename, ContentType: head.Header.Get("Content-Type"), Data: data}, nil
}

// parse reads a form of the page. Only that with a proof may be large.
func parse(w http.ResponseWriter, r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		return r.ParseForm()
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxProof)
	return r.ParseMultipartForm(maxProof)
}
