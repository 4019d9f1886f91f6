package checkout

import (
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
)

// typed is what a form says, in the words of the API, and by which of its fields each part of that came.
type typed struct {
	params  *object.Object
	changes bool // of the order
	places  [][2]string
}

// place notes by which field a parameter came.
func (t *typed) place(param, name string) { t.places = append(t.places, [2]string{param, name}) }

// change notes that the order is to be another one.
func (t *typed) change(param string, to any) {
	t.params.Set(param, to)
	t.changes = true
}

// hash is a hash of the API with the pairs that say something.
func hash(pairs ...string) *object.Object {
	o := object.New(nil)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			o.Set(pairs[i], pairs[i+1])
		}
	}
	return o
}

// blame puts what a rule refused beside the field that it is about, or above the form.
func (v *view) blame(t *typed, refusal *apierr.Error) {
	name := ""
	for _, place := range t.places {
		if strings.HasPrefix(refusal.Param, place[0]) {
			name = place[1]
		}
	}
	if text := v.Words.Refusal(refusal.Code, refusal.DeclineCode); text != "" && (name == "" || name == fieldMethod) {
		v.refuse(refusal.Code, refusal.DeclineCode, refusal.Message)
		return
	}
	if _, typedPromo := t.params.Get(fieldPromo).(string); name == "" && refusal.Param == "" && typedPromo && refusal.Code != "amount_too_small" {
		name = fieldPromo // the rules of a code are about no parameter
	}
	text := v.Words.wrong(name, refusal)
	for f := range v.all() {
		if f.Name == name {
			v.faults[name] = text
			return
		}
	}
	v.Notice = text
}
