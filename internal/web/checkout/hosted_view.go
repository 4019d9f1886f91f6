package checkout

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/web/card"
)

//go:embed hosted.html
var hostedPages string

var hostedTemplates = template.Must(template.New("hosted").Parse(hostedPages))

// frame is what every hosted page is put into.
type frame struct {
	Words         *sayings
	Lang          string
	Style, Script string
	Heading       string
	Brand         *brand.Brand // nil on pages that are no seller's
	Error         bool         // something has to be put right
	end           string
}

func newFrame(lang string) frame {
	return frame{Words: sayingsFor(lang), Lang: lang, Style: hostedStyle.Path, Script: hostedScript.Path}
}

// WindowTitle says first that something is wrong, for those who hear the page.
func (f frame) WindowTitle() string {
	if f.Error {
		return f.Words.Error + ": " + f.Heading
	}
	return f.Heading
}

// view is the page of a session.
type view struct {
	frame
	Path   string
	Seller string
	Test   bool
	Seen   string
	Notice string
	Back   template.URL // where the customer turns back to
	Next   template.URL // where they go on to when there is nothing left to do
	Help   string       // the seller's address for questions
	HelpAt template.URL // and their page
	Again  string       // where an expired session can be begun anew

	Continue string // where the customer left their bank's page
	Away     *card.Away
	Remote   *card.Remote // the processor's field for a card; nil in test mode
	Payable  bool         // the button can be pressed
	NotHere  string       // why not

	goods
	asked

	kind                 string // payment, subscription or setup
	visit, session, page *object.Object
	form                 url.Values // what was posted; nil if nothing was
	fresh                bool       // the order is not as the form says, but as the session does
	faults               map[string]string
	paper                *paper.Document
	taxIDKind            func(country, number string) string
}

func (h *Hosted) newView(r *http.Request, visit *object.Object, form url.Values) *view {
	s, page := visit.Object("session"), visit.Object("page")
	v := &view{
		Path: r.URL.Path, Seller: sellerOf(s, page), Test: !s.Bool("livemode"), Seen: visit.String("seen"), visit: visit, session: s, page: page, kind: s.String("mode"),
		form: form, faults: map[string]string{}, Again: visit.String("recovery"), Continue: card.NextPage(visit.Object("intent")), taxIDKind: h.TaxID,
	}
	v.frame = newFrame(tongueOf(s.String("locale"), r))
	v.Remote = h.newRemote(r, s, v.Lang)
	v.end = visit.String("redirect")
	v.paper = &paper.Document{Language: v.Lang, Currency: s.String("currency")}
	v.Back, v.Next = address(s.String("cancel_url")), address(goOn(visit))
	seller := page.Object("account_settings")
	v.Help, v.HelpAt = seller.String("support_email"), address(seller.String("support_url"))
	v.Payable = s.String("ui_mode") == hostedMode
	if v.needsMethod() {
		switch none := len(v.offers()) == 0 && len(visit.Array("manual")) == 0; {
		case none && !v.takesCards():
			v.Payable, v.NotHere = false, v.Words.Live
		case none:
			v.Payable, v.NotHere = false, v.Words.NoCards
		}
	}
	v.build()
	v.Heading = v.heading()
	return v
}

// hostedMode is the form of the page that is this one.
const hostedMode = "hosted_page"

// build makes all that is shown and asked of what the session and the form say.
func (v *view) build() {
	v.goods, v.asked = goods{}, asked{}
	v.buildGoods()
	v.buildAsked()
}

// settled forgets what the form says of the order: the session says it now.
func (v *view) settled() {
	form := url.Values{}
	for name, values := range v.form {
		if !isOrder(name) {
			form[name] = values
		}
	}
	v.form, v.fresh = form, true
	v.build()
}

// posted is what was typed into a field.
func (v *view) posted(name string) string { return strings.TrimSpace(v.form.Get(name)) }

// address is where a link may lead; empty for nowhere. Apps have addresses of their own, which a template does not know.
func address(text string) template.URL {
	u, err := url.Parse(text)
	if err != nil || text == "" || !leadsOn(u) {
		return ""
	}
	return template.URL(u.String()) //nolint:gosec // it is known to be no script, and is escaped as an attribute
}

// sellerOf is who sells.
func sellerOf(s, page *object.Object) string {
	if name := s.Object("branding_settings").String("display_name"); name != "" {
		return name
	}
	return page.Object("account_settings").String("display_name")
}

func (v *view) money(amount int64) string { return v.paper.Amount(amount) }

func (v *view) day(at int64) string { return v.paper.Date(time.Unix(at, 0).UTC()) }

// heading is what the page is about.
func (v *view) heading() string {
	w := v.Words
	switch {
	case v.kind == "setup":
		return put(w.SetUpAt, v.Seller)
	case v.kind == "subscription" && v.Terms.Free != "":
		return put(w.TryAt, v.mainItem())
	case v.kind == "subscription":
		return put(w.SubscribeTo, v.mainItem())
	}
	return put(w.PayTo, v.Seller)
}

// mainItem is what is subscribed to, or who sells if it is more than one thing.
func (v *view) mainItem() string {
	name := ""
	for _, item := range v.Items {
		if item.Often != "" && name != "" {
			return v.Seller
		}
		if item.Often != "" {
			name = item.Name
		}
	}
	return name
}

// render shows what a session has come to: the form as long as it is open.
func (h *Hosted) render(w http.ResponseWriter, r *http.Request, status int, v *view) {
	if v.Brand == nil {
		var err error
		if v.Brand, err = h.brand(r, v.session); err != nil {
			h.fail(w, r, err)
			return
		}
	}
	switch s := v.session; {
	case s.String("status") == "complete":
		h.write(w, status, "complete", v.done())
	case s.String("status") == "expired":
		v.Heading = v.Words.Expired
		h.write(w, status, "expired", v)
	case s.String("ui_mode") != hostedMode:
		h.note(w, r, http.StatusNotFound, func(t *sayings) (string, string) { return t.Elsewhere, t.ElsewhereText })
	default:
		v.mark()
		secureHosted(w.Header(), v.end, v.Remote)
		h.write(w, status, "session", v)
	}
}

// brand is how the page of a session looks.
func (h *Hosted) brand(r *http.Request, session *object.Object) (*brand.Brand, error) {
	ns, err := h.at(r.PathValue("token"))
	if err != nil {
		return nil, err
	}
	b, err := brand.In(h.Engine.Survey(r.Context(), ns))
	if err != nil {
		return nil, err
	}
	return b.Session(session.Object("branding_settings")), nil
}

// note is a page that only says something.
func (h *Hosted) note(w http.ResponseWriter, r *http.Request, status int, text func(t *sayings) (title, text string)) {
	n := struct {
		frame
		Text string
	}{frame: newFrame(tongueOf("auto", r))}
	n.Heading, n.Text = text(n.Words)
	h.write(w, status, "note", n)
}

// write writes a page. It is made before anything is sent, so that a fault of a template cannot send half of one.
func (h *Hosted) write(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := hostedTemplates.ExecuteTemplate(&page, name, data); err != nil {
		h.Log.Error("render a page", "page", name, "error", err)
		http.Error(w, "This did not work.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write(page.Bytes())
}
