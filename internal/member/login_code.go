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
	if err := checkCodes(op, email, who); err != nil {
		return nil, err
	}
	customer, err := memberByEmail(op, ext, email)
	if err != nil {
		return nil, err
	}
	c, err := issueCode(op, ext.ID(), email, customer, who)
	if err != nil {
		return nil, err
	}
	return c.Object, d.writeCode(op, ext, customer, email, c.digits, c.link, who)
}

// checkCodes refuses what is no address, and one that was sent codes enough.
func checkCodes(op *resource.Op, email string, who CodeFor) error {
	if !isEmail(email) {
		return apierr.Invalid("email_invalid", "email", "Invalid email address: %s", who.Email)
	}
	sent, err := op.Lookup("login_code", "email", email)
	if err == nil && len(sent) >= codesAnHour {
		err = &apierr.Error{Status: http.StatusTooManyRequests, Type: apierr.TypeInvalid, Code: "login_code_rate_limit", Param: "email",
			Message: "Several codes were sent to this address within an hour. Use the last one, or try again later."}
	}
	return err
}

// issued is a code as its mail has it.
type issued struct {
	*object.Object
	digits, link string
}

// issueCode makes a code that lets a customer in somewhere: to an extension, or a portal. Nobody is let in if there is no
// customer, whatever they type.
func issueCode(op *resource.Op, to, email string, customer *object.Object, who CodeFor) (issued, error) {
	digits, link := sixDigits(op), op.Secret(linkLetters)
	code, err := op.Make("login_code", who.Install, object.Of("email", email), func(op *resource.Op) error {
		now := op.WallNow()
		op.Object.Set("email", email)
		op.Object.Set("created", now.Unix())
		op.Object.Set("expires_at", now.Add(loginCodeLife).Unix())
		salt := op.Secret(linkLetters)
		return op.SetPrivate(op.Object, object.Of("salt", salt, "digits", hashed(salt+digits), "link", hashed(link), "browser", hashed(who.Browser),
			"customer", customer.ID(), "to", to))
	})
	if err != nil {
		return issued{}, err
	}
	return issued{code, digits, code.ID() + "." + link}, op.SetTimer(loginCodeGone, code, op.Now().Add(loginCodeKept))
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
	return letIn(op, ext, Keeps{Install: ins.ID()})(redeem(op, ext.ID(), codes[0], digits))
}

// letIn takes the customer whom a code was sent to as a member of an extension.
func letIn(op *resource.Op, ext *object.Object, keeps Keeps) func(customer *object.Object, err error) (*object.Object, error) {
	return func(customer *object.Object, err error) (*object.Object, error) {
		if customer == nil || err != nil {
			return nil, err
		}
		return customer, verify(op, ext, customer, keeps)
	}
}

// RedeemDigits logs in with the digits that were typed in the browser that asked for them.
func RedeemDigits(op *resource.Op, ext *object.Object, id, browser, digits string, keeps Keeps) (*object.Object, error) {
	return letIn(op, ext, keeps)(redeemIn(op, ext.ID(), id, browser, digits))
}

// redeemIn is redeem for the browser that asked for a code.
func redeemIn(op *resource.Op, to, id, browser, digits string) (*object.Object, error) {
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
	return redeem(op, to, code, digits)
}

// redeem is the customer whom a code was sent to, if the digits are right. Each try counts, also when it is wrong.
func redeem(op *resource.Op, to string, code *object.Object, digits string) (*object.Object, error) {
	private, err := op.Private(code)
	if err != nil {
		return nil, err
	}
	tries := private.Int("tries") + 1
	if private.Bool("used") || private.String("to") != to || code.Int("expires_at") <= op.WallNow().Unix() || tries > triesOfACode {
		return nil, wrongCode()
	}
	private.Set("tries", tries)
	if err := op.SetPrivate(code, private); err != nil {
		return nil, err
	}
	if !isSecret(private.String("salt")+digitsOf(digits), private.String("digits")) {
		return nil, resource.ErrKept{Err: wrongCode()}
	}
	return use(op, code, private)
}

// RedeemLink logs in by the link of the mail; nil if it was used or is too old.
func RedeemLink(op *resource.Op, ext *object.Object, token string, keeps Keeps) (*object.Object, error) {
	return letIn(op, ext, keeps)(redeemLink(op, ext.ID(), token))
}

func redeemLink(op *resource.Op, to, token string) (*object.Object, error) {
	id, link, _ := strings.Cut(token, ".")
	code, err := op.Find("login_code", id)
	if code == nil || err != nil {
		return nil, err
	}
	private, err := op.Private(code)
	if err != nil {
		return nil, err
	}
	if private.Bool("used") || private.String("to") != to || code.Int("expires_at") <= op.WallNow().Unix() || !isSecret(link, private.String("link")) {
		return nil, nil
	}
	customer, err := use(op, code, private)
	if apierr.As(err) != nil {
		return nil, nil
	}
	return customer, err
}

// use is the customer that a code was sent to. There may be none: then the digits were guessed, of a mail that had none.
func use(op *resource.Op, code, private *object.Object) (*object.Object, error) {
	private.Set("used", true)
	if err := op.SetPrivate(code, private); err != nil {
		return nil, err
	}
	customer, err := op.Find("customer", private.String("customer"))
	if err == nil && customer == nil {
		err = resource.ErrKept{Err: wrongCode()}
	}
	return customer, err
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
