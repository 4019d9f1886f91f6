package member

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// Pairing tells an install who uses it. There are three ways:
//
//   - A page on which a member is signed in has a one-time code in it, which an extension that may see the page takes to
//     the server. Nobody types anything.
//   - An install that may not see pages opens one whose address names it. The page asks whether the install shows the
//     same two digits, so that a link from a stranger pairs nothing, and pairs it.
//   - A member types six digits that came by mail.
const (
	pairingLife = time.Hour        // of the address that an install opens
	codeLife    = 10 * time.Minute // of the code in a page
	// usedCodes is how many codes of a session are remembered as used. Older ones have long run out.
	usedCodes = 50
)

// beginPairing makes the address that an install opens.
func beginPairing(op *resource.Op, ins *object.Object) error {
	ext, err := op.Get("extension", ins.Ref("extension"), "extension")
	if err != nil {
		return err
	}
	var two [1]byte
	op.Random(two[:])
	number := fmt.Sprintf("%02d", int(two[0])%90+10)
	now := op.WallNow()
	expires := now.Add(pairingLife).Unix()
	token, err := sealed(op, ext, "pairing", object.Of("i", ins.ID(), "n", number, "t", now.Unix(), "e", expires))
	if err != nil {
		return err
	}
	address := op.BaseURL() + PagesOf(ext) + pairingPage(op.Params.String("page")) + "?pair=" + token
	if plan := op.Params.String("plan"); plan != "" {
		address += "&plan=" + url.QueryEscape(plan)
	}
	return answerWith(op, ins, "pairing", object.Of("expires_at", expires, "number", number, "url", address))
}

// pairingPage is the path of the page that an install wants to open. From the sign-up in an extension people come to a
// page that says so.
func pairingPage(page string) string {
	switch page {
	case "", "signup":
		return "/from-extension"
	case "trial":
		return "/signup"
	}
	return "/" + page
}

// Pairing is what an address that an install made says.
type Pairing struct {
	Install *object.Object
	Number  string // what the install shows
}

// PairingOf reads the address that an install made; nil if there is nothing to pair: it is made up, or old, or used.
func PairingOf(op *resource.Op, ext *object.Object, token string) (*Pairing, error) {
	if token == "" {
		return nil, nil
	}
	o, err := unsealed(op, ext, "pairing", token)
	if o == nil || err != nil {
		return nil, err
	}
	ins, err := op.Find("install", o.String("i"))
	if ins == nil || err != nil || ins.Ref("extension") != ext.ID() || ins.Int("paired_at") >= o.Int("t") && ins.String("status") == "paired" {
		return nil, err
	}
	return &Pairing{Install: ins, Number: o.String("n")}, nil
}

// Pair gives the install to a member.
func (p *Pairing) Pair(op *resource.Op, ext, customer *object.Object) error {
	return pair(op, ext, p.Install, customer)
}

// PageCode is the one-time code that a page has in it for the extension to take.
func PageCode(op *resource.Op, ext, session *object.Object) (string, error) {
	return sealed(op, ext, "page", object.Of("s", session.ID(), "n", op.Secret(12), "e", op.WallNow().Add(codeLife).Unix()))
}

// pairByCode takes what a page had in it, or what came by mail.
func pairByCode(op *resource.Op, ins *object.Object) error {
	ext, err := op.Get("extension", ins.Ref("extension"), "extension")
	if err != nil {
		return err
	}
	var customer *object.Object
	if code := op.Params.String("code"); strings.Contains(code, ".") {
		customer, err = byPageCode(op, ext, code)
	} else {
		customer, err = byMailedCode(op, ext, ins, code)
	}
	if err != nil {
		return err
	}
	return pair(op, ext, ins, customer)
}

// byPageCode is the member who is signed in on the page that a code comes from.
func byPageCode(op *resource.Op, ext *object.Object, code string) (*object.Object, error) {
	o, err := unsealed(op, ext, "page", code)
	if err != nil {
		return nil, err
	}
	session, err := op.Find("member_session", o.String("s"))
	if err != nil {
		return nil, err
	}
	if o == nil || session == nil || session.Int("expires_at") <= op.WallNow().Unix() {
		return nil, wrongCode()
	}
	private, err := op.Private(session)
	if err != nil {
		return nil, err
	}
	used := private.Array("used")
	for _, n := range used {
		if n == o.String("n") {
			return nil, wrongCode()
		}
	}
	if len(used) >= usedCodes {
		used = used[1:]
	}
	private.Set("used", append(used, o.String("n")))
	if err := op.SetPrivate(session, private); err != nil {
		return nil, err
	}
	customer, err := op.Find("customer", session.String("customer"))
	if customer == nil && err == nil {
		err = wrongCode()
	}
	return customer, err
}

// wrongCode does not tell what is wrong with it.
func wrongCode() *apierr.Error {
	return apierr.Invalid("login_code_incorrect", "code", "This code is not right, or it was used or is too old. Ask for a new one.")
}

// pair gives an install to a member, and signs out those that were used the longest ago if there is one too many now.
func pair(op *resource.Op, ext, ins, customer *object.Object) error {
	op.Object = ins
	if ins.String("status") == "paired" && ins.Ref("customer") == customer.ID() {
		return seen(op, ins) // a page that is opened again hands its code out again
	}
	if ins.String("status") != "paired" {
		if err := op.Move(ins, "paired"); err != nil {
			return err
		}
	}
	now := op.WallNow().Unix()
	ins.Set("customer", customer.ID())
	ins.Set("paired_at", now)
	ins.Set("last_seen_at", now)
	if err := op.Emit("install.paired", ins); err != nil {
		return err
	}
	devices, err := DevicesOf(op, ext, customer.ID())
	if err != nil {
		return err
	}
	excess := len(devices) - int(ext.Int("device_limit"))
	for i := len(devices) - 1; i >= 0 && excess > 0; i-- {
		if devices[i].ID() == ins.ID() {
			continue
		}
		if err := Revoke(op, devices[i]); err != nil {
			return err
		}
		excess--
	}
	return nil
}
