package card

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"sharesmart/internal/processor"
)

// Where money is real, a card is typed into a field of the processor's own, which its script shows on the page. What the
// form carries is the id of a payment method, so that no number of a card ever comes here. That takes a script.

// RemoteScript puts what was typed into the processor's field into the form.
//
//go:embed remote.js
var RemoteScript string

// RemoteMethod is the name of the field that carries the id of the payment method that was typed at the processor.
const RemoteMethod = "remote_method"

// Remote is what a page needs for the processor's field.
type Remote struct {
	Name        string // of the processor
	Script, Own string // addresses of its script and of ours
	Key         string
	Mode        string // payment, subscription, or setup where nothing is paid
	Currency    string
	Amount      int64
	Lang        string
	browser     processor.Browser
}

// NewRemote is the field of a processor, which takes an amount, or of 0 sets a card up; nil without a processor. own is the
// address of RemoteScript.
func NewRemote(p processor.Remote, own, mode string, amount int64, currency, lang string) *Remote {
	if p == nil {
		return nil
	}
	b := p.Browser()
	f := &Remote{Name: p.Name(), Script: b.Script, Own: own, Key: b.Key, Mode: mode, Currency: currency, Amount: amount, Lang: lang, browser: b}
	if amount == 0 || currency == "" {
		f.Mode = "setup"
	}
	return f
}

// Policy is what a page with the field may load beside its own, as parts of a content security policy; without a field its
// own scripts alone.
func (f *Remote) Policy() string {
	if f == nil {
		return "; script-src 'self'"
	}
	b := f.browser
	return "; script-src 'self' " + strings.Join(b.Scripts, " ") + "; frame-src " + strings.Join(b.Frames, " ") + "; connect-src " + strings.Join(b.Connects, " ")
}

var remoteField = template.Must(template.New("remote").Parse(`<div class="remote" data-remote data-testid="remote" data-key="{{.Key}}" data-mode="{{.Mode}}" data-amount="{{.Amount}}" data-currency="{{.Currency}}" data-locale="{{.Lang}}" data-unreachable="{{.Words.Unreachable}}"><noscript><p>{{.Words.NeedsScript}}</p></noscript></div>
<p class="fault" id="remote-fault" role="alert" hidden></p><input type="hidden" name="remote_method" autocomplete="off">
<p class="hint">{{printf .Words.CardAt .Name}}</p>`))

// Words are what the field says.
func (f *Remote) Words() *Words { return WordsFor(f.Lang) }

// Field is the part of the form.
func (f *Remote) Field() (template.HTML, error) {
	var b bytes.Buffer
	err := remoteField.Execute(&b, f)
	return template.HTML(b.String()), err //nolint:gosec // the template has escaped it
}
