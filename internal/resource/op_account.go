package resource

import (
	"strconv"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/store"
)

// In is the same operation in another account, in the same mode or sandbox: what it finds and makes is that account's,
// and is written in the same transaction. The account's namespace is made on first use, so the caller must know that
// the account may be acted for.
func (op *Op) In(account string) (*Op, error) {
	if account == op.ns.Account {
		return op, nil
	}
	if other := op.accounts[account]; other != nil {
		return other, nil
	}
	if outside(op.tx) {
		return nil, errAttached
	}
	platform := op.Platform()
	if account == platform {
		platform = ""
	}
	ns, err := op.engine.registry.NamespaceIn(op.tx, account, op.ns.Env, platform)
	if err != nil {
		return nil, err
	}
	other := &Op{Operation: op.Operation, Path: op.Path, Params: object.New(nil), engine: op.engine, tx: op.tx, ns: ns, grant: op.grant,
		request: op.request, now: op.now}
	if op.accounts == nil {
		home := *op
		op.accounts = map[string]*Op{op.ns.Account: &home}
	}
	other.work = &work{accounts: op.accounts}
	op.accounts[account] = other
	return other, nil
}

// Place tells where the operation works, for an address that is called without a key. It is no secret: what lies behind
// such an address must need another proof.
func (op *Op) Place() string { return strconv.FormatInt(int64(op.ns.NS), 36) }

// At is the namespace that a Place tells; store.ErrNotFound if there is none, as after a reset. It costs a map look-up.
func (e *Engine) At(place string) (*access.Namespace, error) {
	number, err := strconv.ParseInt(place, 36, 64)
	if err != nil || number <= 0 {
		return nil, store.ErrNotFound
	}
	return e.registry.ByNS(store.NS(number))
}

// Platform is the account that a connected account is acted for by: the one that the caller's key belongs to. What a
// timer does in a connected account, it does for the platform as well.
func (op *Op) Platform() string { return op.grant.Namespace.Account }
