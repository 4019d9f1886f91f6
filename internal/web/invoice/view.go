package invoice

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/web/card"
	"sharesmart/internal/web/ui"
)

//go:embed pages.html
var pages string

var templates = template.Must(template.New("pages").Parse(pages))

// frame is what every page is put into.
type frame struct {
	Words         *words
	Lang          string
	Style, Script string
	Heading       string
	Brand         *brand.Brand // nil on pages that are no seller's
}

// WindowTitle is what the window is called.
func (f frame) WindowTitle() string { return f.Heading }

func newFrame(lang string) frame {
	return frame{Words: wordsFor(lang), Lang: lang, Style: styleAsset.Path, Script: scriptAsset.Path}
}

// view is the page of an invoice.
type view struct {
	frame
	*paper.Document
	Path     string
	Test     bool
	Payable  bool
	Standing string // why there is nothing to do here
	Continue string // where the customer left their bank's page
	Away     *card.Away
	Receipt  bool
	File     string // what the button that gets the file says
	Seen     string
	Notice   string
	Faults   faults
	Remote   *card.Remote // the processor's field for a card; nil in test mode, and where there is none
	ByHand   *byHand      // nil if it cannot be paid by hand
	typed    typed
	told     string
}

// view reads what the page shows.
func (p *Pages) view(r *http.Request, ns *access.Namespace, in *object.Object) (*view, error) {
	s := p.Engine.Survey(r.Context(), ns)
	d, err := p.Invoice(s, in)
	if err != nil {
		return nil, err
	}
	intent, err := p.Intent(s, in)
	if err != nil {
		return nil, err
	}
	if d.Language == "" {
		d.Language = accepted(r)
	}
	v := &view{
		frame: newFrame(d.Tongue()), Document: d, Path: r.URL.Path, Test: d.Test,
		Payable: p.Payable(in, intent), Continue: card.NextPage(intent), Receipt: d.Sums.Paid > 0, File: wordsFor(d.Tongue()).Invoice, Seen: p.Seen(in, intent),
	}
	v.Heading = d.Title() + " " + d.Number
	if v.Brand, err = brand.In(s); err != nil {
		return nil, err
	}
	v.Remote = card.NewRemote(p.Engine.Processor(ns), remoteAsset.Path, "payment", in.Int("amount_remaining"), in.String("currency"), v.Lang)
	v.Payable = v.Payable && (v.Test || v.Remote != nil)
	if v.ByHand, err = p.readByHand(s, in, intent, v); err != nil {
		return nil, err
	}
	if !v.Payable && v.ByHand == nil {
		v.Standing = v.Words.standing(d, intent)
	}
	if r.URL.Query().Get("redirect_status") == "failed" {
		if declined := card.DeclineOf(intent); declined != nil {
			v.refuse(declined.String("code"), declined.String("decline_code"), declined.String("message"))
		}
	}
	return v, nil
}

// WindowTitle says first that something is wrong, for those who hear the page.
func (v *view) WindowTitle() string {
	if len(v.Faults) > 0 {
		return v.Words.Error + ": " + v.Heading
	}
	return v.Heading
}

// refuse puts why a card was refused beside the field that it is about.
func (v *view) refuse(code, declineCode, message string) {
	if text := v.Words.Refusal(code, declineCode); text != "" {
		message = text
	}
	field := card.FieldOf(code)
	if v.Remote != nil {
		field = card.RemoteMethod
	}
	v.Faults = faults{field: message}
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, token string) {
	ns, in, err := p.find("invoice", token)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if in == nil {
		p.gone(w, r)
		return
	}
	v, err := p.view(r, ns, in)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if r.URL.RawQuery != "" && len(v.Faults) == 0 {
		lead(w, r.URL.Path) // what a bank adds to the address is of no more use
		return
	}
	p.render(w, http.StatusOK, "invoice", v)
}

// input is a field of the form.
type input struct {
	Name, Label, Hint, Autocomplete, Mode, Value string
	Length                                       int
	Required, First                              bool
	Fault, Error, Described                      string
}

// Inputs are the fields of the form. The first one with a fault is where the customer goes on.
func (v *view) Inputs() []input {
	w := v.Words
	all := []input{
		{Name: card.Number, Label: w.Number, Autocomplete: "cc-number", Mode: "numeric", Length: 30, Required: true},
		{Name: card.Expiry, Label: w.Expiry, Hint: w.ExpiryHint, Autocomplete: "cc-exp", Mode: "numeric", Length: 9, Required: true, Value: v.typed.Expiry},
		{Name: card.CVC, Label: w.CVC, Hint: w.CVCHint, Autocomplete: "cc-csc", Mode: "numeric", Length: 4, Required: true},
	}
	if v.Remote != nil {
		all = nil
	}
	return v.blame(append(all, input{Name: fieldName, Label: w.Name, Autocomplete: "cc-name", Length: 200, Value: v.typed.name}))
}

// ToldField is where the customer writes by what their payment can be found.
func (v *view) ToldField() input {
	w := v.Words
	return v.blame([]input{{Name: fieldTold, Label: w.Told, Hint: w.ToldHint, Autocomplete: "off", Length: 200, Value: cmp.Or(v.told, v.ByHand.Told)}})[0]
}

// Fault is what is wrong with a field that is no input of ours.
func (v *view) Fault(name string) string { return v.Faults[name] }

// blame puts what is wrong beside the fields.
func (v *view) blame(all []input) []input {
	first, w := true, v.Words
	for i := range all {
		in := &all[i]
		if in.Hint != "" {
			in.Described = in.Name + "-hint"
		}
		if in.Fault, in.Error = v.Faults[in.Name], w.Error; in.Fault != "" {
			in.Described = strings.TrimSpace(in.Described + " " + in.Name + "-fault")
			in.First, first = first, false
		}
	}
	return all
}

// Rows are the lines of goods as they are shown.
func (v *view) Rows() []paper.Cells {
	rows := make([]paper.Cells, len(v.Lines))
	for i, l := range v.Lines {
		rows[i] = v.Cells(l)
	}
	return rows
}

// Badge is how what became of the invoice is shown.
func (v *view) Badge() string {
	switch v.Status {
	case paper.Paid:
		return "good"
	case paper.Void, paper.Canceled:
		return "neutral"
	case paper.Uncollectible, paper.Pending, paper.Accepted:
	}
	return "bad"
}

// Pay is what the button says.
func (v *view) Pay() string { return strings.Replace(v.Words.Pay, "%s", v.Left(), 1) }

// Left is what is left to pay.
func (v *view) Left() string { return v.Amount(v.Sums.Due) }

// GoOn is where a customer goes who came from a checkout.
func (v *view) GoOn() template.URL { return ui.Link(v.ByHand.Return) }

// accepted is the first language that a browser asks for and that there are words in; empty for none.
func accepted(r *http.Request) string {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if base, _, _ := strings.Cut(strings.ToLower(tag), "-"); languages[base] != nil {
			return tag
		}
	}
	return ""
}

// note is a page that only says something.
func (p *Pages) note(w http.ResponseWriter, r *http.Request, status int, text func(t *words) (title, text string)) {
	lang := accepted(r)
	if lang == "" {
		lang = "en"
	}
	n := struct {
		frame
		Text string
	}{frame: newFrame(lang)}
	n.Heading, n.Text = text(n.Words)
	p.render(w, status, "note", n)
}

// renderPolicy lets the page load what the processor's field needs.
func renderPolicy(h http.Header, data any) {
	if v, ok := data.(*view); ok && v.Payable {
		secure(h, v.Remote)
	}
}

// render writes a page. It is made before anything is sent, so that a fault of a template cannot send half of one.
func (p *Pages) render(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := templates.ExecuteTemplate(&page, name, data); err != nil {
		p.Log.Error("render a page", "page", name, "error", err)
		http.Error(w, "This did not work.", http.StatusInternalServerError)
		return
	}
	renderPolicy(w.Header(), data)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write(page.Bytes())
}
