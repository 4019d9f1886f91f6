// Package access owns who may do what where: API keys and their rights, accounts and their namespaces, sandboxes.
//
// Everything is kept as documents in the store's Control namespace, so it shares the store's transactions, backups
// and engines. Secrets are kept as keyed hashes; the clear text leaves this package once, when a key is made.
//
// It does not know what an account sells, nor what a request asks for: it answers which namespace a key opens and
// which kinds of object the key may read or write.
package access

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/control"
	"sharesmart/internal/store"
)

// Kinds of the documents in the Control namespace.
const (
	kindKey       = "api_key"
	kindNamespace = "namespace"
	kindSandbox   = "sandbox"
	kindServer    = "server"
	kindAccount   = "account_settings"
)

// Options change how a Registry behaves.
type Options struct {
	// AnyKey lets every key in: one that is not known opens the test mode of the default account. For mocks.
	AnyKey bool
	// HashKey is the key that secrets are hashed with. Empty takes the one in the store, which is made on first use.
	HashKey []byte
}

// Registry finds keys, namespaces and sandboxes, and makes them. It is safe for concurrent use.
//
// Its methods run transactions of their own, so they must not be called from within one.
type Registry struct {
	store   store.Store
	clock   clock.Clock
	options Options

	// epoch counts changes that may contradict what is cached: what was cached under an older epoch is read again.
	epoch atomic.Int64
	// versions are the API versions of accounts. If another process sets them, Learn is told.
	versions sync.Map

	mu         sync.RWMutex
	grants     map[string]*cachedGrant // by secret
	namespaces map[place]*Namespace
	numbers    map[store.NS]*Namespace // the same, by number
	server     *serverDoc
	uses       map[string]int64 // when keys were used last, as far as it is not written yet
}

// NewRegistry returns a Registry over a store. It reads nothing yet.
func NewRegistry(s store.Store, c clock.Clock, o Options) *Registry {
	return &Registry{
		store: s, clock: c, options: o,
		grants: map[string]*cachedGrant{}, namespaces: map[place]*Namespace{}, numbers: map[store.NS]*Namespace{}, uses: map[string]int64{},
	}
}

// serverDoc is what a database has once.
type serverDoc struct {
	HashKey        string `json:"hash_key"` // hex
	DefaultAccount string `json:"default_account,omitempty"`
	key            []byte
}

const (
	serverID  = "server"
	counterID = "namespace_counter"
)

// settings returns the server document and makes it when there is none.
func (r *Registry) settings(ctx context.Context) (*serverDoc, error) {
	r.mu.RLock()
	s := r.server
	r.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	s = &serverDoc{}
	err := r.store.Update(ctx, func(tx store.Tx) error {
		_, err := control.Load(tx, serverID, s)
		if errors.Is(err, store.ErrNotFound) {
			secret := make([]byte, 32)
			r.clock.Random(secret)
			s.HashKey = hex.EncodeToString(secret)
			return r.put(tx, &store.Doc{ID: serverID, Kind: kindServer}, s)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("access: read the server's settings: %w", err)
	}
	return s, r.useSettings(s)
}

// useSettings remembers the server document.
func (r *Registry) useSettings(s *serverDoc) error {
	s.key = r.options.HashKey
	if len(s.key) == 0 {
		var err error
		if s.key, err = hex.DecodeString(s.HashKey); err != nil || len(s.key) < 16 {
			return errors.New("access: the server's hash key is damaged")
		}
	}
	r.mu.Lock()
	r.server = s
	r.mu.Unlock()
	return nil
}

// DefaultAccount is the account that was made first, or empty when there is none yet.
func (r *Registry) DefaultAccount(ctx context.Context) (string, error) {
	s, err := r.settings(ctx)
	if err != nil {
		return "", err
	}
	return s.DefaultAccount, nil
}

// put writes a control document: d names it and, with its version, what it replaces.
func (r *Registry) put(tx store.Tx, d *store.Doc, v any) error {
	return control.Put(tx, d, v, r.now().Unix())
}

func (r *Registry) now() time.Time { return r.clock.Now() }
