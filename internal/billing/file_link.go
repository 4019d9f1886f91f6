package billing

import (
	"slices"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// A file link is an address where anybody can read a file, without a key.
//
//	live --expires_at passes, or expires_at=now--> expired
func init() {
	register(resource.Rules{
		Object: "file_link", Shared: "token", Create: createFileLink, Created: showThisLink, Update: updateFileLink,
		Index:  filters{"token": func(l *object.Object) []string { return []string{linkToken(l)} }},
		Timers: map[string]resource.Hook{linkExpiry: expireFileLink},
	})
}

const linkExpiry = "file_link.expires_at"

// linkToken is the part of a link's address that nobody can guess.
func linkToken(l *object.Object) string {
	url := l.String("url")
	return url[strings.LastIndexByte(url, '/')+1:]
}

func createFileLink(op *resource.Op) error {
	l := op.Object
	file, err := op.Get("file", l.Ref("file"), "file")
	if err != nil {
		return err
	}
	if !purposes[file.String("purpose")].link {
		return apierr.Invalid("", "file", "You cannot create a link to a file with the purpose %s. The purpose must be one of: %s.", file.String("purpose"), strings.Join(linkable(), ", "))
	}
	l.Set("expired", false)
	l.Set("url", op.BaseURL()+"/links/"+op.ShareToken())
	return setLinkExpiry(op)
}

// linkable are the purposes of files that can have links.
func linkable() []string {
	var names []string
	for name, p := range purposes {
		if p.link {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func showThisLink(op *resource.Op) error { return showLink(op, op.Object) }

func updateFileLink(op *resource.Op) error {
	l := op.Object
	switch {
	case op.Params.Get("expires_at") == "now":
		l.Set("expires_at", op.Now().Unix())
		l.Set("expired", true)
	case op.Params.Has("expires_at"):
		l.Set("expired", false)
		if err := setLinkExpiry(op); err != nil {
			return err
		}
	}
	return showLink(op, l)
}

func setLinkExpiry(op *resource.Op) error {
	at := op.Object.Int("expires_at")
	switch {
	case at > op.Now().Unix():
		return op.SetTimer(linkExpiry, op.Object, unix(at))
	case at > 0:
		return apierr.Invalid("", "expires_at", "`expires_at` must be in the future.")
	}
	return nil
}

func expireFileLink(op *resource.Op) error {
	if at := op.Object.Int("expires_at"); at == 0 || at > op.Now().Unix() {
		return nil // it was moved
	}
	op.Object.Set("expired", true)
	op.Save(op.Object)
	return showLink(op, op.Object)
}
