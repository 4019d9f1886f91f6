package billing

import (
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
)

// ava/endpoint/ids finds objects of any kind by their ids, and tags them: one call for a program that holds ids and
// does not know of what.
//
//	id=       the object itself
//	ids[]=    a list of them in the order asked; one that is not there is {"id", "object": "missing"}
//	metadata  is set on each, on all or on none
//
// A restricted key sees what it may read. Of the rest it is told nothing in a list, and refused when it asks for one
// alone.
//
// Emits what an update of each object would.
func init() {
	register(resource.Rules{Object: "ava", Actions: resource.Actions{"POST /v1/ava/endpoint/ids": lookUpIDs}})
}

// maxIDs is how many ids one request may name.
const maxIDs = 100

func lookUpIDs(op *resource.Op) error {
	one, many := op.Params.String("id"), op.Params.Array("ids")
	switch {
	case one != "" && op.Params.Has("ids"):
		return apierr.Invalid("parameters_exclusive", "id", "You may only specify one of these parameters: id, ids.")
	case one != "":
		return lookUpOne(op, one)
	case len(many) > maxIDs:
		return apierr.Invalid("", "ids", "You can ask for up to %d ids at a time; you sent %d.", maxIDs, len(many))
	case len(many) > 0:
		return lookUpMany(op, many)
	case op.Params.Has("ids"):
		return apierr.Invalid("parameter_invalid_empty", "ids", "You passed an empty list of ids. Name at least one.")
	}
	return apierr.Invalid("parameter_missing", "id", "Missing required param: id. Name one object by id, or several by ids.")
}

func lookUpOne(op *resource.Op, id string) error {
	o, err := op.FindAny(id)
	if err != nil {
		return err
	}
	if o == nil {
		return op.MissingAny(id, "id")
	}
	if kind := o.Schema().Name; !op.Allows(kind, false) {
		return op.Forbidden(kind, false)
	}
	op.Result = o
	return tag(op, o, "id")
}

func lookUpMany(op *resource.Op, ids []any) error {
	items := make([]any, len(ids))
	for i, v := range ids {
		id, _ := v.(string)
		o, err := op.FindAny(id)
		if err != nil {
			return err
		}
		if o != nil && op.Allows(o.Schema().Name, false) {
			items[i] = o
			continue
		}
		if op.Params.Has("metadata") {
			return op.MissingAny(id, "ids["+strconv.Itoa(i)+"]")
		}
		missing := object.New(nil)
		missing.Set("id", id)
		missing.Set("object", "missing")
		items[i] = missing
	}
	if op.Params.Has("metadata") {
		for i, v := range items {
			if err := tag(op, v.(*object.Object), "ids["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
	}
	op.List = resource.NewList("/v1/ava/endpoint/ids", items, false)
	return nil
}

// tag sets the metadata that was sent, as an update of the object would.
func tag(op *resource.Op, o *object.Object, param string) error {
	if !op.Params.Has("metadata") {
		return nil
	}
	if kind := o.Schema().Name; !op.Allows(kind, true) {
		return op.Forbidden(kind, true)
	}
	if !op.CanTag(o) {
		return apierr.Invalid("", param, "The %s %s has no metadata that can be changed.", apierr.Noun(o.String("object")), o.ID())
	}
	params := object.New(nil)
	params.Set("metadata", op.Params.Get("metadata")) // empty to clear it
	return op.Update(o, params)
}
