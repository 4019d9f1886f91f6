package resource

import (
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/store"
)

// belowID is the id that the path gives to an object of a kind. Ids that are unique only below their parent (a
// capability is just "card_payments") carry the parent's.
func belowID(k *kindInfo, path []string) string {
	last := len(path) - 1
	if k.id.prefix == "" && last > 0 {
		return path[0] + "/" + path[last]
	}
	return path[last]
}

// isBelow reports whether an object lives below a parent: by its own field, or by the document's parent.
func isBelow(o *object.Object, docParent string, k *kindInfo, parentKind, parentID string) bool {
	if docParent == parentID {
		return true
	}
	link := linkField(k.schema, parentKind)
	return link != "" && o.Ref(link) == parentID
}

func (e *Engine) linked(d store.Doc, k *kindInfo, parentKind, parentID string) bool {
	if d.Deleted {
		return false
	}
	o, err := object.Parse(d.Data, k.schema)
	return err == nil && isBelow(o, d.Parent, k, parentKind, parentID)
}

// targetKind chooses among the kinds that the path's last parameter may name: the one that the id looks like.
func targetKind(op *spec.Operation, id string) string {
	for _, kind := range op.Targets {
		if f := idFormOf(kind); f.prefix != "" && strings.HasPrefix(id, f.prefix) {
			return kind
		}
	}
	return op.Target
}
