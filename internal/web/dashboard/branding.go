package dashboard

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/resource"
)

func init() {
	register(Page{Pattern: "GET /branding", Role: people.Viewer, Handler: showBranding})
	register(Page{Pattern: "POST /branding", Role: people.Developer, Handler: saveBranding})
	register(Page{Pattern: "POST /branding/picture", Role: people.Developer, Upload: true, Handler: savePicture})
	register(Page{Pattern: "GET /branding/preview/{page}", Role: people.Viewer, Framed: true, Handler: previewBranding})
}

// brandView is what the page of the brand shows.
type brandView struct {
	*brand.Brand
	Shapes   []choice
	Pictures []picture
	Notes    []string // what the pages do with colours that are hard to read
	Previews []preview
}

// picture is the icon or the logo.
type picture struct{ Name, Label, Hint, Address string }

// preview is a page in a frame.
type preview struct{ Name, Href string }

func (v *Visit) brand() (*brand.Brand, error) { return brand.In(v.survey()) }

// draft is the brand as a form or an address says it.
func (v *Visit) draft(b *brand.Brand) *brand.Brand {
	d := *b
	for name, field := range map[string]*string{
		"name": &d.Name, "support_email": &d.Email, "support_url": &d.Site, "primary_color": &d.Primary, "secondary_color": &d.Secondary,
		"shape": &d.Shape, "terms_url": &d.Terms, "privacy_url": &d.Privacy,
	} {
		if v.R.Form.Has(name) {
			*field = strings.TrimSpace(v.R.Form.Get(name))
		}
	}
	for _, colour := range []*string{&d.Primary, &d.Secondary} {
		if *colour != "" && !strings.HasPrefix(*colour, "#") {
			*colour = "#" + *colour
		}
		*colour = strings.ToLower(*colour)
	}
	return &d
}

func showBranding(v *Visit) error {
	b, err := v.brand()
	if err != nil {
		return err
	}
	v.Query("") // so that the form is read
	d := v.draft(b)
	return v.showBrand(http.StatusOK, d, brandFaults(d))
}

// showBrand shows the page. With faults the previews stay as they were kept.
func (v *Visit) showBrand(status int, b *brand.Brand, faults map[string]string) error {
	data := &brandView{Brand: b, Pictures: []picture{
		{"icon", "Icon", "A square, on the tab of the browser and beside your name. PNG, JPEG or GIF, up to 512 KB.", b.Icon},
		{"logo", "Logo", "In the place of your name, on pages, messages and papers. PNG, JPEG or GIF, up to 512 KB.", b.Logo},
	}}
	for _, s := range brand.Shapes {
		data.Shapes = append(data.Shapes, choice{Name: s, Current: s == cmp.Or(b.Shape, brand.Rounded)})
	}
	asked := url.Values{}
	if len(faults) == 0 {
		data.Notes = legibility(b)
		for name, value := range map[string]string{"name": b.Name, "support_email": b.Email, "support_url": b.Site, "primary_color": b.Primary, "secondary_color": b.Secondary, "shape": b.Shape, "terms_url": b.Terms, "privacy_url": b.Privacy} {
			asked.Set(name, value)
		}
	}
	for _, name := range []string{"checkout", "pricing", "mail"} {
		data.Previews = append(data.Previews, preview{name, v.Path("/branding/preview/" + name + "?" + asked.Encode())})
	}
	v.frames()
	return v.Render(status, "branding", &View{Title: "Branding", Data: data, Faults: faults, Good: brandDone[v.R.URL.Query().Get("done")]})
}

var brandDone = map[string]string{"saved": "Saved. Pages, messages and papers show it from now on.", "picture": "The picture was changed."}

// frames lets the page have frames of this server.
func (v *Visit) frames() {
	h := v.W.Header()
	h.Set("Content-Security-Policy", h.Get("Content-Security-Policy")+"; frame-src 'self'")
}

// legibility says what happens to colours in which text could not be read.
func legibility(b *brand.Brand) (notes []string) {
	accent := b.Accent()
	if accent == "" {
		return nil
	}
	if light := brand.OnLight(accent); light != accent {
		notes = append(notes, fmt.Sprintf("%s has a contrast of %.1f on light pages, where text needs %.1f: links are written in %s.", accent, brand.Contrast(accent, "#ffffff"), brand.Readable, light))
	}
	if dark := brand.OnDark(accent); dark != accent {
		notes = append(notes, fmt.Sprintf("On dark pages, links are written in %s, which can be read there.", dark))
	}
	text := "dark"
	if brand.On(accent) == "#ffffff" {
		text = "white"
	}
	return append(notes, fmt.Sprintf("Buttons are %s with %s text, a contrast of %.1f.", accent, text, brand.Contrast(accent, brand.On(accent))))
}

// brandFaults says what is wrong with a draft, by field.
func brandFaults(b *brand.Brand) map[string]string {
	faults := map[string]string{}
	for name, colour := range map[string]string{"primary_color": b.Primary, "secondary_color": b.Secondary} {
		if colour != "" && !brand.IsColour(colour) {
			faults[name] = "Write a colour as six digits: #3d35b0"
		}
	}
	for name, address := range map[string]string{"support_url": b.Site, "terms_url": b.Terms, "privacy_url": b.Privacy} {
		u, err := url.Parse(address)
		if address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			faults[name] = "Write the whole address: https://example.com/…"
		}
	}
	if b.Shape != "" && !slices.Contains(brand.Shapes, b.Shape) {
		faults["shape"] = "There is no such shape"
	}
	return faults
}

// saveBranding keeps what the API has of it by the API, and the rest beside the account.
func saveBranding(v *Visit) error {
	kept, err := v.brand()
	if err != nil {
		return err
	}
	b := v.draft(kept)
	if faults := brandFaults(b); len(faults) > 0 {
		return v.showBrand(http.StatusUnprocessableEntity, b, faults)
	}
	form := url.Values{
		"business_profile[name]": {b.Name}, "business_profile[support_email]": {b.Email}, "business_profile[support_url]": {b.Site},
		"settings[branding][primary_color]": {b.Primary}, "settings[branding][secondary_color]": {b.Secondary},
	}
	_, err = v.ask(http.MethodPost, "/v1/accounts/"+v.Namespace.Account, form)
	if faults := faultsOf(err); faults != nil {
		for param, text := range faults {
			name := strings.TrimSuffix(param[strings.LastIndexByte(param, '[')+1:], "]")
			return v.showBrand(http.StatusUnprocessableEntity, b, map[string]string{name: text})
		}
	}
	if err == nil {
		_, err = v.Engine.Call(v.R.Context(), v.Namespace, func(op *resource.Op) error { return b.Keep(op) })
	}
	if err != nil {
		return err
	}
	return v.Lead(v.Path("/branding?done=saved"))
}

// savePicture uploads an icon or a logo, or takes it away.
func savePicture(v *Visit) error {
	name := v.R.PostForm.Get("picture")
	if name != "icon" && name != "logo" {
		return notFound(v)
	}
	id := ""
	if v.R.PostForm.Get("remove") == "" {
		file, err := v.uploaded("business_" + name)
		if faults := faultsOf(err); faults != nil {
			b, kept := v.brand()
			if kept != nil {
				return kept
			}
			return v.showBrand(http.StatusUnprocessableEntity, b, map[string]string{name: apierr.As(err).Message})
		}
		if err != nil {
			return err
		}
		id = file.ID()
	}
	if _, err := v.ask(http.MethodPost, "/v1/accounts/"+v.Namespace.Account, url.Values{"settings[branding][" + name + "]": {id}}); err != nil {
		return err
	}
	return v.Lead(v.Path("/branding?done=picture"))
}

// uploaded makes a file of what a form has sent.
func (v *Visit) uploaded(purpose string) (*object.Object, error) {
	part, head, err := v.R.FormFile("file")
	if err != nil {
		return nil, apierr.Invalid("", "file", "Choose a file.")
	}
	defer func() { _ = part.Close() }()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("purpose", purpose); err != nil {
		return nil, err
	}
	to, err := form.CreateFormFile("file", head.Filename)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(to, part); err != nil {
		return nil, err
	}
	if err := form.Close(); err != nil {
		return nil, err
	}
	return v.upload(form.FormDataContentType(), body.String())
}

// previewBranding is a page as a draft would look, in a frame.
func previewBranding(v *Visit) error {
	b, err := v.brand()
	if err != nil {
		return err
	}
	v.Query("")
	if d := v.draft(b); len(brandFaults(d)) == 0 {
		b = d
	}
	switch v.R.PathValue("page") {
	case "checkout":
		if v.Checkout == nil {
			return notFound(v)
		}
		page, err := v.Checkout(v.R.Context(), v.Namespace, b)
		return v.framed(page, err)
	case "pricing":
		return v.previewPricing(b)
	case "mail":
		return v.previewMail(b)
	}
	return notFound(v)
}
