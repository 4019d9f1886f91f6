package resource

import (
	"sharesmart/internal/object"
)

// In is the same operation in another account, in the same mode or sandbox: what it finds and makes is that account's,
// and is written in the same transaction. The account's namespace is made on first use, so the caller must know that
// the account may be acted for.
func (op *Op) In(account string) (*Op, error) {
	if account == op.ns.Account {
		return op, nil
	}
	if other := op.elsewhere[account]; other != nil {
		return other, nil
	}
	if _, outside := op.tx.(*detachedTx); outside {
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
	home := *op
	other.work = &work{elsewhere: map[string]*Op{op.ns.Account: &home}}
	if op.elsewhere == nil {
		op.elsewhere = map[string]*Op{}
	}
	op.elsewhere[account] = other
	return other, nil
}

// Platform is the account that a connected account is acted for by: the one that the caller's key belongs to. What a
// timer does in a connected account, it does for the platform as well.
func (op *Op) Platform() string { return op.grant.Namespace.Account }
