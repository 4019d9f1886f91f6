// Package resource is the engine: it serves every operation of the spec over one store of documents.
//
// The way of a write, always in this order:
//
//	decode → validate → load → rule → check state → persist → events, timers → commit → expand → encode
//
// What every resource has in common is here: create, retrieve, update, delete, list, search, expansion, metadata,
// idempotency, events. What is special about one resource is a Rules value, made in package billing. The engine
// never names a resource to treat it differently; where Stripe's spec is silent, a Rules value says what holds.
package resource
