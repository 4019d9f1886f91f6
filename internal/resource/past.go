package resource

import "sharesmart/internal/object"

// MakePast makes an object that was made elsewhere before, below the document with an id if that is not empty. fill sets what
// it says, with the time that it was made at; none of the kind's rules run, and nobody is told of it.
func (op *Op) MakePast(kind, below, id string, fill func(o *object.Object)) (*object.Object, error) {
	op.Choose(kind, id)
	return op.Make(kind, below, object.New(nil), func(sub *Op) error {
		fill(sub.Object)
		sub.created = true
		sub.Save(sub.Object)
		return nil
	})
}
