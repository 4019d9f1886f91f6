package billing

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
)

// A file link is an address where anybody can read a file.
//
//	live --expires_at passes, or expires_at=now--> expired
func init() {
	register(resource.Rules{
		Object: "file_link", Create: createFileLink, Update: updateFileLink,
		Timers: map[string]resource.Hook{linkExpiry: expireFileLink},
	})
}

const (
	linkExpiry = "file_link.expires_at"
	// linkSecret is how long the unguessable part of a link's address is.
	linkSecret = 80
)

func createFileLink(op *resource.Op) error {
	l := op.Object
	l.Set("expired", false)
	l.Set("url", op.BaseURL()+"/links/"+op.Secret(linkSecret))
	return setLinkExpiry(op)
}

func updateFileLink(op *resource.Op) error {
	l := op.Object
	if op.Params.Get("expires_at") == "now" {
		l.Set("expires_at", op.Now().Unix())
		l.Set("expired", true)
		return nil
	}
	if !op.Params.Has("expires_at") {
		return nil
	}
	l.Set("expired", false)
	return setLinkExpiry(op)
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
	return nil
}
