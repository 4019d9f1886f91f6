package billing

import (
	"time"

	"sharesmart/internal/resource"
)

// An ephemeral key lets a mobile app see one customer, card or verification session for an hour. Its secret is shown by
// the create alone.
//
//	(new) --DELETE, or an hour--> gone
func init() {
	register(resource.Rules{
		Object: "ephemeral_key", Create: createEphemeralKey, Delete: forgetPrivate,
		Timers: map[string]resource.Hook{keyExpiry: expireEphemeralKey},
	})
}

const (
	keyExpiry = "ephemeral_key.expires"
	keyLife   = time.Hour
	keySecret = 56
)

// keySubjects are what an ephemeral key can be for, by parameter.
var keySubjects = map[string]string{
	"customer": "customer", "issuing_card": "issuing.card", "verification_session": "identity.verification_session",
}

func createEphemeralKey(op *resource.Op) error {
	private := newParams("secret", "ek_"+modeOf(op)+"_"+op.Secret(keySecret))
	subjects := 0
	for name, kind := range keySubjects {
		id := op.Params.String(name)
		if id == "" {
			continue
		}
		if _, err := op.Get(kind, id, name); err != nil {
			return err
		}
		private.Set("kind", kind)
		private.Set("subject", id)
		subjects++
	}
	switch {
	case subjects == 0:
		return missingParam("customer")
	case subjects > 1:
		return onlyOne("customer", "issuing_card, verification_session")
	}
	expires := op.Now().Add(keyLife)
	op.Object.Set("expires", expires.Unix())
	if err := op.SetPrivate(op.Object, private); err != nil {
		return err
	}
	if err := op.SetTimer(keyExpiry, op.Object, expires); err != nil {
		return err
	}
	op.Result = op.Object.Clone()
	op.Result.Set("secret", private.String("secret"))
	return nil
}

func expireEphemeralKey(op *resource.Op) error {
	if err := forgetPrivate(op); err != nil {
		return err
	}
	return op.Delete(op.Object)
}
