// Package brand owns how a seller looks to their customers: name, pictures, colours, the shape of buttons, where they are
// asked and what they have to say about terms and privacy. Pages, messages and papers all read it here.
//
// What Stripe's API has of it is the account's (business_profile, settings.branding); the rest is in the account's private
// part. It does not own what pages look like without a brand: that is package static's.
package brand

import (
	"cmp"
	"context"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// The shapes of buttons, as checkout sessions call them.
const (
	Rounded     = "rounded"
	Rectangular = "rectangular"
	Pill        = "pill"
)

// Shapes are all of them.
var Shapes = []string{Rounded, Rectangular, Pill}

// Brand is a seller as their customers know them. Every field may be empty.
type Brand struct {
	Name           string
	Email, Site    string // where questions go
	Terms, Privacy string // the seller's pages about those
	// Primary and Secondary are colours: "#3d35b0". Secondary is that of buttons and links, if there is one.
	Primary, Secondary string
	Shape              string
	Icon, Logo         string // paths of pictures on this server, or addresses of others
}

// The names of what the private part of an account keeps.
const (
	keptShape   = "button_shape"
	keptTerms   = "terms_url"
	keptPrivacy = "privacy_url"
	keptIcon    = "icon_url"
	keptLogo    = "logo_url"
)

// Of reads the brand of an account. Both may be nil.
func Of(account, private *object.Object) *Brand {
	profile, colours := account.Object("business_profile"), account.Object("settings").Object("branding")
	return &Brand{
		Name:  cmp.Or(profile.String("name"), account.Object("settings").Object("dashboard").String("display_name")),
		Email: profile.String("support_email"), Site: webPage(cmp.Or(profile.String("support_url"), profile.String("url"))),
		Terms: webPage(private.String(keptTerms)), Privacy: webPage(private.String(keptPrivacy)), Shape: private.String(keptShape),
		Primary: colour(colours.String("primary_color")), Secondary: colour(colours.String("secondary_color")),
		Icon: private.String(keptIcon), Logo: private.String(keptLogo),
	}
}

// In reads the brand of the account that a survey is of.
func In(s *resource.Survey) (*Brand, error) {
	account, err := s.Self()
	if err != nil {
		return nil, err
	}
	private, err := s.SelfPrivate()
	return Of(account, private), err
}

// For reads the brand of the account that an operation is in.
func For(op *resource.Op) (*Brand, error) {
	account, private, err := account(op)
	return Of(account, private), err
}

// account is that of an operation, with its private part. A connected account's object is with its platform.
func account(op *resource.Op) (account, private *object.Object, err error) {
	home, err := op.In(op.Platform())
	if err != nil {
		return nil, nil, err
	}
	if account, err = home.Find("account", op.Account()); account == nil || err != nil {
		return nil, nil, err
	}
	private, err = home.Private(account)
	return account, private, err
}

// Kept is the private part of the account that an operation is in; nil if nothing was noted yet.
func Kept(op *resource.Op) (*object.Object, error) {
	_, private, err := account(op)
	return private, err
}

// Keep writes down what the account's own fields have no place for.
func (b *Brand) Keep(op *resource.Op) error {
	return Note(op, func(private *object.Object) {
		for name, value := range map[string]string{keptShape: b.Shape, keptTerms: b.Terms, keptPrivacy: b.Privacy} {
			put(private, name, value)
		}
	})
}

// Note changes the private part of the account that an operation is in.
func Note(op *resource.Op, change func(private *object.Object)) error {
	a, private, err := account(op)
	if err != nil {
		return err
	}
	change(private)
	home, err := op.In(op.Platform())
	if err != nil {
		return err
	}
	home.Save(a) // one that nobody has changed yet is not stored, and has no private part then
	return home.SetPrivate(a, private)
}

// Picture notes in the private part of an account where its icon or logo can be seen.
func Picture(private *object.Object, name, address string) {
	_, path, found := strings.Cut(address, "/links/")
	if found {
		address = "/links/" + path
	}
	put(private, map[string]string{"icon": keptIcon, "logo": keptLogo}[name], address)
}

func put(o *object.Object, name, value string) {
	if value == "" {
		o.Delete(name)
		return
	}
	o.Set(name, value)
}

// webPage is an address if it is one of a web page.
func webPage(url string) string {
	if strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
		return url
	}
	return ""
}

type draftKey struct{}

// WithDraft lets the pages that are made in a context look as a brand that is not kept yet.
func WithDraft(ctx context.Context, b *Brand) context.Context {
	return context.WithValue(ctx, draftKey{}, b)
}

// Drafted is the draft of a context, or b.
func Drafted(ctx context.Context, b *Brand) *Brand {
	if draft, ok := ctx.Value(draftKey{}).(*Brand); ok {
		return draft
	}
	return b
}

// Session is the brand as a checkout session has it changed (branding_settings).
func (b *Brand) Session(settings *object.Object) *Brand {
	if settings == nil {
		return b
	}
	s := *b
	s.Name = cmp.Or(settings.String("display_name"), s.Name)
	s.Secondary = cmp.Or(colour(settings.String("button_color")), s.Secondary)
	s.Shape = cmp.Or(settings.String("border_style"), s.Shape)
	if at := webPage(settings.Object("logo").String("url")); at != "" {
		s.Logo = at
	}
	return &s
}
