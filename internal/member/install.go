package member

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// An install is one copy of an extension in one browser.
//
//	unpaired --pair--> paired --revoke, one device too many--> revoked --pair--> paired
//
// Who holds a secret key may do everything with it; a browser brings the install's own client secret.
//
// Emits install.created, install.paired, install.revoked, install.updated.
func init() {
	register(resource.Rules{
		Object:  "install",
		States:  resource.States{"unpaired": {"paired"}, "paired": {"revoked"}, "revoked": {"paired"}},
		Figures: installFigures, Recounts: []resource.Recount{extensionRecount},
		Create: createInstall, Update: updateInstall, Unmerged: []string{"client_secret"},
		Actions: resource.Actions{
			"POST /v1/installs/{install}/pairing": withInstall(beginPairing),
			"POST /v1/installs/{install}/pair":    withInstall(pairByCode),
			"POST /v1/installs/{install}/revoke":  withInstall(revokeInstall),
			"POST /v1/installs/{install}/member":  withInstall(showMember),
			"POST /v1/installs/{install}/devices": withInstall(listDevices),
		},
	})
}

const (
	installSecret = 32
	// seenEvery is how often it is noted that an install is in use.
	seenEvery = time.Hour
)

func createInstall(op *resource.Op) error {
	ins := op.Object
	ext, err := op.Get("extension", op.Params.String("extension"), "extension")
	if err != nil {
		return err
	}
	if !ext.Bool("active") {
		return apierr.Invalid("", "extension", "The extension `%s` is not active.", ext.ID())
	}
	ins.Set("status", "unpaired")
	ins.Set("paired_at", nil)
	ins.Set("customer", nil)
	ins.Set("last_seen_at", op.WallNow().Unix())
	if ins.String("name") == "" {
		ins.Set("name", deviceName(ins.String("browser"), ins.String("platform")))
	}
	secret := ins.ID() + "_secret_" + op.Secret(installSecret)
	if err := op.SetPrivate(ins, object.Of("client_secret", hashed(secret))); err != nil {
		return err
	}
	if err := op.EmitCreated(); err != nil {
		return err
	}
	return answerWith(op, ins, "client_secret", secret)
}

// deviceName is what an install is called until its member calls it something.
func deviceName(browser, platform string) string {
	switch {
	case browser == "":
		return "A browser"
	case platform == "":
		return browser
	}
	return browser + " on " + platform
}

// answerWith answers an object with a field that is shown only now and kept nowhere.
func answerWith(op *resource.Op, o *object.Object, name string, value any) error {
	shown := o.Clone()
	shown.Set(name, value)
	op.Result = shown
	return nil
}

// withInstall lets a rule act on the install of the path once the caller has proved to be it.
func withInstall(rule func(op *resource.Op, ins *object.Object) error) resource.Hook {
	return func(op *resource.Op) error {
		if err := prove(op, op.Object); err != nil {
			return err
		}
		return rule(op, op.Object)
	}
}

// prove checks the client secret, which a secret key need not bring. It does not tell an install that is not there from
// one whose secret is wrong.
func prove(op *resource.Op, ins *object.Object) error {
	if !op.FromBrowser() {
		return nil
	}
	private, err := op.Private(ins)
	if err != nil {
		return err
	}
	if !isSecret(op.Params.String("client_secret"), private.String("client_secret")) {
		e := apierr.Missing("install", ins.ID(), "install")
		e.Status = http.StatusNotFound
		return e
	}
	return nil
}

func updateInstall(op *resource.Op) error { return prove(op, op.Object) }

// showMember tells an install of its member, and notes that it is in use.
func showMember(op *resource.Op, ins *object.Object) error {
	if err := seen(op, ins); err != nil {
		return err
	}
	ext, customer, err := ownersOf(op, ins)
	if err != nil {
		return err
	}
	if customer != nil {
		if err := Tidy(op, ext, customer); err != nil {
			return err
		}
	}
	op.Result, err = Of(op, ext, ins, customer)
	return err
}

func seen(op *resource.Op, ins *object.Object) error {
	if now := op.WallNow().Unix(); now-ins.Int("last_seen_at") >= int64(seenEvery/time.Second) {
		ins.Set("last_seen_at", now)
		op.Save(ins)
	}
	return nil
}

// ownersOf are the extension of an install and the customer who uses it, nil if nobody is logged in.
func ownersOf(op *resource.Op, ins *object.Object) (ext, customer *object.Object, err error) {
	if ext, err = op.Get("extension", ins.Ref("extension"), "extension"); err != nil {
		return nil, nil, err
	}
	if id := ins.Ref("customer"); id != "" && ins.String("status") == "paired" {
		customer, err = op.Find("customer", id)
	}
	return ext, customer, err
}

// memberOf is the customer who uses an install; an error if nobody is logged in.
func memberOf(op *resource.Op, ins *object.Object) (ext, customer *object.Object, err error) {
	ext, customer, err = ownersOf(op, ins)
	if err == nil && customer == nil {
		err = &apierr.Error{Status: http.StatusForbidden, Type: apierr.TypeInvalid, Code: "install_not_paired", Message: "Nobody is logged in to this install. Log in first."}
	}
	return ext, customer, err
}

// DevicesOf are the installs that a member uses, those first that were used last.
func DevicesOf(op *resource.Op, ext *object.Object, customer string) ([]*object.Object, error) {
	installs, err := op.Lookup("install", "customer", customer)
	if err != nil {
		return nil, err
	}
	devices := slices.DeleteFunc(installs, func(ins *object.Object) bool {
		return ins.String("status") != "paired" || ins.Ref("extension") != ext.ID()
	})
	slices.SortStableFunc(devices, func(a, b *object.Object) int { return cmp.Compare(b.Int("last_seen_at"), a.Int("last_seen_at")) })
	return devices, nil
}

func listDevices(op *resource.Op, ins *object.Object) error {
	ext, customer, err := memberOf(op, ins)
	if err != nil {
		return err
	}
	devices, err := DevicesOf(op, ext, customer.ID())
	if err != nil {
		return err
	}
	items := make([]any, len(devices))
	for i, d := range devices {
		items[i] = d.Clone()
	}
	op.List = resource.NewList("/v1/installs/"+ins.ID()+"/devices", items, false)
	return nil
}

// revokeInstall signs an install out, or another one of the same member.
func revokeInstall(op *resource.Op, ins *object.Object) error {
	other := op.Params.String("device")
	if other == "" || other == ins.ID() {
		return Revoke(op, ins)
	}
	_, customer, err := memberOf(op, ins)
	if err != nil {
		return err
	}
	device, err := op.Find("install", other)
	if err != nil {
		return err
	}
	if device == nil || device.Ref("customer") != customer.ID() {
		return apierr.MissingRef("install", other, "device")
	}
	op.Object = device
	return Revoke(op, device)
}

// Revoke signs an install out. One that nobody is logged in to is left alone.
func Revoke(op *resource.Op, ins *object.Object) error {
	if ins.String("status") != "paired" {
		return nil
	}
	if err := op.Move(ins, "revoked"); err != nil {
		return err
	}
	ins.Set("customer", nil)
	return op.Emit("install.revoked", ins)
}

// What installs add to the figures of the business, each of an extension.
const (
	FigureInstalls = "installs" // browsers with the extension
	FigurePaired   = "paired"   // those of them that somebody is signed in with
)

func installFigures(ins *object.Object) []resource.Figure {
	out := []resource.Figure{{Name: FigureInstalls, Of: ins.Ref("extension"), Amount: 1}}
	if ins.String("status") == "paired" {
		out = append(out, resource.Figure{Name: FigurePaired, Of: ins.Ref("extension"), Amount: 1})
	}
	return out
}

// extensionRecount gives installs to their extensions that were counted for none, each on the days of its making and of its last
// pairing. Those that are signed out again stay as they were: when that happened is not known any more.
var extensionRecount = resource.Recount{Name: "installs are of an extension", Changes: func(ins *object.Object) (out []resource.FigureCorrection) {
	for _, f := range installFigures(ins) {
		at := ins.Int("created")
		if f.Name == FigurePaired {
			at = ins.Int("paired_at")
		}
		nobodys := resource.Figure{Name: f.Name, Amount: -f.Amount}
		out = append(out, resource.FigureCorrection{Figure: nobodys, Movement: resource.FigureNew, At: at}, resource.FigureCorrection{Figure: f, Movement: resource.FigureNew, At: at})
	}
	return out
}}
