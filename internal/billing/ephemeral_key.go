package billing

import (
	"time"

	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
)

// An ephemeral key lets a mobile app see and change one customer and how they pay, or see one card or verification
// session, for an hour. Its secret is shown by the create alone; requests bring it as their key.
//
//	(new) --DELETE, or an hour--> gone
func init() {
	register(resource.Rules{
		Object: "ephemeral_key", Create: createEphemeralKey, Delete: revokeKey,
		Timers: map[string]resource.Hook{keyExpiry: expireEphemeralKey},
	})
}

const (
	keyExpiry = "ephemeral_key.expires"
	keyLife   = time.Hour
)

// keySubjects are what an ephemeral key can be for, by parameter.
var keySubjects = map[string]string{
	"customer": "customer", "issuing_card": "issuing.card", "verification_session": "identity.verification_session",
}

func createEphemeralKey(op *resource.Op) error {
	if !op.VersionSent() && !op.Mocks() {
		return apierr.Invalid("", "", "The Stripe-Version header is required to create an ephemeral key. Send the API version of the mobile SDK that will use it.")
	}
	subject, err := keySubject(op)
	if err != nil {
		return err
	}
	expires := op.Now().Add(keyLife)
	id, secret, err := op.IssueKey(subject, expires)
	if err != nil {
		return err
	}
	op.Object.Set("expires", expires.Unix())
	if err := op.SetPrivate(op.Object, newParams("key", id)); err != nil {
		return err
	}
	if err := op.SetTimer(keyExpiry, op.Object, expires); err != nil {
		return err
	}
	op.Result = op.Object.Clone()
	op.Result.Set("secret", secret)
	return nil
}

// keySubject finds the one object that a key is to be for.
func keySubject(op *resource.Op) (string, error) {
	var subjects []string
	for name, kind := range keySubjects {
		id := op.Params.String(name)
		if id == "" {
			continue
		}
		if _, err := op.Get(kind, id, name); err != nil {
			return "", err
		}
		subjects = append(subjects, id)
	}
	switch len(subjects) {
	case 0:
		return "", missingParam("customer")
	case 1:
		return subjects[0], nil
	}
	return "", onlyOne("customer", "issuing_card, verification_session")
}

// revokeKey makes the secret useless.
func revokeKey(op *resource.Op) error {
	private, err := op.Private(op.Object)
	if err != nil {
		return err
	}
	if err := op.RevokeKey(private.String("key")); err != nil {
		return err
	}
	return forgetPrivate(op)
}

func expireEphemeralKey(op *resource.Op) error {
	if err := revokeKey(op); err != nil {
		return err
	}
	return op.Delete(op.Object)
}
