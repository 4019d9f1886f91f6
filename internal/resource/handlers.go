package resource

import (
	"sharesmart/internal/spec"
)

// What serves an operation, as the golden ledger writes it.
const (
	OriginGeneric     = "generic"
	OriginRule        = "rule"
	OriginUnsupported = "unsupported"
)

// handlerFor chooses what serves an operation: its own rule, the generic way of its class, or nothing yet.
func (e *Engine) handlerFor(op *spec.Operation) handler {
	h := e.servedBy(op)
	if h.write != nil && !h.preview {
		h.ahead = &luck{}
	}
	if h.read != nil && e.recorded(op.Kind) {
		h.read = settled(h.read)
	}
	return h
}

func (e *Engine) servedBy(op *spec.Operation) handler {
	if h, ok := e.ruled[op]; ok {
		return h
	}
	h := e.genericHandler(op)
	if h.read == nil && h.write == nil {
		if e.options.Mock && op.Form == spec.Download {
			return handler{read: mockDownload, origin: OriginUnsupported}
		}
		if e.options.Mock {
			return handler{write: mockAction, origin: OriginUnsupported}
		}
		return handler{origin: OriginUnsupported}
	}
	h.origin = OriginGeneric
	return h
}

func (e *Engine) genericHandler(op *spec.Operation) handler {
	switch op.Form {
	case spec.Create:
		return handler{write: createNew}
	case spec.SubCreate:
		return handler{write: createBelow}
	case spec.Retrieve, spec.SubRetrieve:
		return handler{read: retrieve}
	case spec.Update, spec.SubUpdate:
		return handler{write: update}
	case spec.Delete, spec.SubDelete:
		return handler{write: remove}
	case spec.List, spec.SubList:
		return handler{read: list}
	case spec.Search:
		return handler{read: search}
	case spec.Singleton:
		return e.singletonHandler(op)
	case spec.Upload:
		return handler{write: upload}
	case spec.Download:
		return downloadHandler(op)
	}
	return handler{}
}

// isList reports whether an operation answers a list.
func isList(op *spec.Operation) bool {
	response := op.Response()
	return response != nil && response.Prop("data") != nil && response.Prop("has_more") != nil
}

// Origin says what serves an operation.
func (e *Engine) Origin(op *spec.Operation) string { return e.handlers[op].origin }
