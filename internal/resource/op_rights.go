package resource

import (
	"net/http"
	"strings"

	"sharesmart/internal/access"
	"sharesmart/internal/apierr"
	"sharesmart/internal/spec"
)

// Allows reports whether the caller's key may read objects of a kind or, with write, change them.
func (op *Op) Allows(kind string, write bool) bool {
	return op.grant.Key == nil || op.grant.Key.Rights.Allows(rightKind(kind), write)
}

// Forbidden is the error for a kind that the caller's key has no right to. It names the missing right.
func (op *Op) Forbidden(kind string, write bool) *apierr.Error {
	return forbidden(op.grant, op.ns, kind, write)
}

func forbidden(g *access.Grant, ns namespace, kind string, write bool) *apierr.Error {
	level := "_read"
	if write {
		level = "_write"
	}
	return &apierr.Error{Status: http.StatusForbidden, Type: apierr.TypeInvalid,
		Message: "The provided key '" + g.Key.Masked + "' does not have the required permissions for this endpoint on account '" + ns.Account +
			"'. Having the 'rak_" + strings.ReplaceAll(rightKind(kind), ".", "_") + level + "' permission would allow this request to continue."}
}

// rightKind is the kind whose right an object falls under: its own if it can be had on its own, else that of the
// object that it belongs to. The lines of a credit note need the right to the credit note.
func rightKind(kind string) string {
	parent := ""
	for _, op := range spec.Operations() {
		if op.Kind != kind {
			continue
		}
		switch op.Class {
		case spec.Create, spec.Retrieve, spec.List, spec.Search, spec.Upload:
			return kind
		}
		if parent == "" {
			parent = op.Parent
		}
	}
	if parent == "" {
		return kind
	}
	return parent
}
