package dashboard

import "sharesmart/internal/people"

// hint is something that the person should see to, and where.
type hint struct{ Text, Do, Path string }

// hints finds what wants to be done.
func (v *Visit) hints() (all []hint, err error) {
	if v.Person != nil {
		how, err := v.People.SecurityOf(v.Person.ID)
		if err != nil {
			return nil, err
		}
		if how.TOTP == 0 && len(how.Passkeys) == 0 {
			all = append(all, hint{"Your password alone keeps others out.", "Add a passkey or an authenticator app", v.Path("/profile")})
		}
	}
	if !v.may(people.Developer) {
		return all, nil
	}
	keys, err := v.Registry.ListKeys(v.R.Context(), v.Account, v.Namespace.Env)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		shown, err := v.shown(k)
		if err != nil {
			return nil, err
		}
		if shown.Soon {
			all = append(all, hint{"The key " + nameOr(k.Name, shown.Short()) + " ends on " + moment(k.Expires) + ".", "Roll it", v.Path("/keys/" + k.ID)})
		}
	}
	return all, nil
}
