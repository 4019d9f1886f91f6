package member

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A login code is six digits, and a link for those who read their mail in the same browser, on the way to an address.
// Whoever asks is told the same whether a member has the address or not; only the mail differs.
//
//	(new) --the right digits, the link--> used
//	      --five wrong tries, ten minutes--> of no use
func (d *Desk) loginCodes() resource.Rules {
	return resource.Rules{
		Object:  "login_code",
		Actions: resource.Actions{"POST /v1/installs/{install}/login_codes": ofMember(d.codeForInstall)},
		Index:   map[string]func(*object.Object) []string{"email": func(c *object.Object) []string { return []string{c.String("email")} }},
		Timers:  map[string]resource.Hook{loginCodeGone: func(op *resource.Op) error { return op.Delete(op.Object) }},
	}
}

func (d *Desk) codeForInstall(op *resource.Op, ins *object.Object) error {
	ext, err := op.Get("extension", ins.Ref("extension"), "extension")
	if err != nil {
		return err
	}
	op.Object, err = d.MailCode(op, ext, CodeFor{Email: op.Params.String("email"), Install: ins.ID()})
	return err
}

const (
	loginCodeGone = "login_code.gone"
	loginCodeLife = 10 * time.Minute
	// loginCodeKept is how long codes count against what an address may be sent.
	loginCodeKept = time.Hour
	codesAnHour   = 5
	triesOfACode  = 5
	linkLetters   = 32
)

// CodeFor says who asks for a code: an install, or a browser that shows the members' pages, which brings the browser's
// own secret again.
type CodeFor struct {
	Email   string
	Install string
	Browser string
	Next    string // the path that the link of the mail leads on to
	Locale  string // of who is no member
}

// MailCode sends a code to an address. It answers the same, and takes about as long, whoever has the address.
func (d *Desk) MailCode(op *resource.Op, ext *object.Object, who CodeFor) (*object.Object, error) {
	email := normalEmail(who.Email)
	if !isEmail(email) {
		return nil, apierr.Invalid("email_invalid", "email", "Invalid email address: %s", who.Email)
	}
	sent, err := op.Lookup("login_code", "email", email)
	if err != nil {
		return nil, err
	}
	if len(sent) >= codesAnHour {
		return nil, &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "login_code_rate_limit", Param: "email",
			Message: "Several codes were sent to this address within an hour. Use the last one, or try again later."}
	}
	customer, err := memberByEmail(op, ext, email)
	if err != nil {
		return nil, err
	}
	digits, link := sixDigits(op), op.Secret(linkLetters)
	code, err := op.Make("login_code", who.Install, object.Of("email", email), func(op *resource.Op) error {
		now := op.WallNow()
		op.Object.Set("email", email)
		op.Object.Set("created", now.Unix())
		op.Object.Set("expires_at", now.Add(loginCodeLife).Unix())
		salt := op.Secret(linkLetters)
		return op.SetPrivate(op.Object, object.Of("salt", salt, "digits", hashed(salt+digits), "link", hashed(link), "browser", hashed(who.Browser),
			"customer", customer.ID(), "extension", ext.ID()))
	})
	if err != nil {
		return nil, err
	}
	if err := op.SetTimer(loginCodeGone, code, op.Now().Add(loginCodeKept)); err != nil {
		return nil, err
	}
	return code, d.writeCode(op, ext, customer, email, digits, code.ID()+"."+link, who)
}

func sixDigits(op *resource.Op) string {
	const million = 1_000_000
	for {
		var p [4]byte
		op.Random(p[:])
		n := uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3])
		if n < 1<<32/million*million { // so that every code is as likely
			return fmt.Sprintf("%06d", n%million)
		}
	}
}

// byMailedCode is the member who was sent the last code for an install.
func byMailedCode(op *resource.Op, ext, ins *object.Object, digits string) (*object.Object, error) {
	codes, err := op.Below("login_code", ins)
	if err != nil {
		return nil, err
	}
	if len(codes) == 0 {
		return nil, wrongCode()
	}
	return redeem(op, ext, codes[0], digits, Keeps{Install: ins.ID()})
}

// RedeemDigits logs in with the digits that were typed in the browser that asked for them.
func RedeemDigits(op *resource.Op, ext *object.Object, id, browser, digits string, keeps Keeps) (*object.Object, error) {
	code, err := op.Find("login_code", id)
	if err != nil {
		return nil, err
	}
	private := object.New(nil)
	if code != nil {
		if private, err = op.Private(code); err != nil {
			return nil, err
		}
	}
	if !isSecret(browser, private.String("browser")) {
		return nil, wrongCode()
	}
	return redeem(op, ext, code, digits, keeps)
}

// redeem is the member whom a code was sent to, if the digits are right. Each try counts, also when it is wrong.
func redeem(op *resource.Op, ext, code *object.Object, digits string, keeps Keeps) (*object.Object, error) {
	private, err := op.Private(code)
	if err != nil {
		return nil, err
	}
	tries := private.Int("tries") + 1
	if private.Bool("used") || private.String("extension") != ext.ID() || code.Int("expires_at") <= op.WallNow().Unix() || tries > triesOfACode {
		return nil, wrongCode()
	}
	private.Set("tries", tries)
	if err := op.SetPrivate(code, private); err != nil {
		return nil, err
	}
	if !isSecret(private.String("salt")+digitsOf(digits), private.String("digits")) {
		return nil, resource.ErrKept{Err: wrongCode()}
	}
	return use(op, ext, code, private, keeps)
}

// RedeemLink logs in by the link of the mail; nil if it was used or is too old.
func RedeemLink(op *resource.Op, ext *object.Object, token string, keeps Keeps) (*object.Object, error) {
	id, link, _ := strings.Cut(token, ".")
	code, err := op.Find("login_code", id)
	if code == nil || err != nil {
		return nil, err
	}
	private, err := op.Private(code)
	if err != nil {
		return nil, err
	}
	if private.Bool("used") || private.String("extension") != ext.ID() || code.Int("expires_at") <= op.WallNow().Unix() || !isSecret(link, private.String("link")) {
		return nil, nil
	}
	customer, err := use(op, ext, code, private, keeps)
	if apierr.As(err) != nil {
		return nil, nil
	}
	return customer, err
}

// use logs the member in that a code was sent to. There may be none: then the digits were guessed, of a mail that had
// none.
func use(op *resource.Op, ext, code, private *object.Object, keeps Keeps) (*object.Object, error) {
	private.Set("used", true)
	if err := op.SetPrivate(code, private); err != nil {
		return nil, err
	}
	customer, err := op.Find("customer", private.String("customer"))
	if err != nil {
		return nil, err
	}
	if customer == nil {
		return nil, resource.ErrKept{Err: wrongCode()}
	}
	return customer, verify(op, ext, customer, keeps)
}

// digitsOf drops what people put between digits.
func digitsOf(typed string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
}
