package access

import (
	"strings"

	"sharesmart/internal/store"
)

// Left drops what is cached of a namespace that its account has left, in another process.
func (r *Registry) Left(number store.NS) {
	r.epoch.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := r.numbers[number]; n != nil {
		delete(r.numbers, number)
		delete(r.namespaces, place{n.Account, n.Env})
	}
}

// Learn drops what is cached of a document that another process changed, or, with nil, all that is cached.
func (r *Registry) Learn(d *store.Doc) {
	r.epoch.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case d == nil:
		r.server = nil
		r.versions.Clear()
		clear(r.namespaces)
		clear(r.numbers)
	case d.Kind == kindServer && d.ID == serverID:
		r.server = nil
	case d.Kind == kindAccount:
		r.versions.Delete(strings.TrimPrefix(d.ID, accountID("")))
	case d.Kind == kindNamespace:
		account, env, _ := strings.Cut(strings.TrimPrefix(d.ID, "ns:"), "/")
		p := place{account, env}
		if n := r.namespaces[p]; n != nil {
			delete(r.namespaces, p)
			delete(r.numbers, n.NS)
		}
	}
}
