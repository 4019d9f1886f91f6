// Package store keeps documents. It knows namespaces, versions, refs, timers, saved answers and request logs; it
// does not know what a customer is.
//
// One engine is one sub-package (sqlite, postgres); both pass the suite in storetest. SQL and driver errors do
// not leave an engine: they come out as the errors below, or wrapped.
package store

import (
	"context"
	"errors"
	"iter"
	"time"
)

// What an engine may say.
var (
	ErrNotFound = errors.New("store: not found")
	ErrExists   = errors.New("store: exists already")
	ErrClosed   = errors.New("store: closed")
	// ErrReadOnly means that the store was opened for reading only.
	ErrReadOnly = errors.New("store: read only")
	// ErrConflict means that a Put was to replace a version that is not the newest any more.
	ErrConflict = errors.New("store: version conflict")
)

// NS is a namespace: one account in one mode or sandbox. It leads every key, so nothing is ever found across
// namespaces. Control holds what stands above all accounts: keys, namespaces, sandboxes.
type NS int64

// Control is the namespace of keys, accounts and sandboxes. Data namespaces are greater.
const Control NS = 0

// Doc is one object at one version. Data and Refs are shared between the store and all who read the document: nobody may
// change them, neither what was read nor what was given to Put.
type Doc struct {
	ID     string // unique in its namespace
	Kind   string // "customer"
	Parent string // id of the object that it lives below, or empty
	// Seq is the place in the namespace's order of creation; it is given by the first Put and never changes.
	Seq     int64
	Version int64 // 1, 2, 3 ...; given by Put
	Created int64 // unix seconds: first key of every list's order, Seq is the second
	Deleted bool  // only Get and Version find it; it has no Refs
	// Erased is for Put alone, with Deleted: once that is committed, nothing is left of the document and its versions, and its
	// id is free.
	Erased bool
	// Warm is for Put alone: the document will be read soon, though its kind is cold (Options.Cold).
	Warm bool
	// SameTerms is for Put alone: a search finds the document by what it found the version before by (Options.Terms).
	SameTerms bool
	Data      []byte // exactly the bytes that are sent
	// Refs are what lists can find the document by. Every live document is also found by its kind, and by its
	// parent when it has one, without naming those here.
	Refs []Ref
}

// Ref says that a document answers to a value in a field: {"email", "jenny@example.com"}.
// Values compare as bytes; numbers that are asked for as ranges are encoded so that this order is theirs (see Number).
type Ref struct{ Field, Value string }

// Query asks for a page of live documents, newest first (Created, then Seq, descending).
type Query struct {
	NS     NS
	Kind   string
	Parent string // only those below this object, if not empty
	Where  []Cond // all must hold
	// CreatedMin and CreatedMax bound Created, both inclusive; zero is open.
	CreatedMin, CreatedMax int64
	// After asks for what is older than that position, Before for the page just newer than it (still newest
	// first). At most one is set.
	After, Before *Position
	Ascending     bool // oldest first; After then means newer
	Limit         int
}

// Cond asks for documents that have one of Values in Field, or, when Values is nil, a value from Min to Max, both
// inclusive, an empty one being open.
type Cond struct {
	Field    string
	Values   []string
	Min, Max string
}

// Position is a place in a list's order.
type Position struct{ Created, Seq int64 }

// Page is a part of a list. More says that there are documents beyond it in the direction that was asked.
type Page struct {
	Docs []Doc
	More bool
}

// SearchQuery asks for live documents of a kind, newest first by Seq, that Match accepts.
//
// Any narrows by search terms: a document qualifies if it has all the terms of one of the lists. An empty Any, or an
// empty list in it, means that every document of the kind qualifies and only Match decides. Terms are what the
// engine's Options.Terms made of the document; Match is always asked, so terms may be coarse.
type SearchQuery struct {
	NS    NS
	Kind  string
	Any   [][]string
	Match func(Doc) bool
	After int64 // only documents with a smaller Seq, if not zero
	Limit int
	Count bool // also count all matches, to at most 10,000
}

// SearchPage is what a search found. Total is filled if Count was asked.
type SearchPage struct {
	Docs  []Doc
	More  bool
	Total int
}

// Timer is work that is due at a time. There is one timer for each namespace, kind and id.
type Timer struct {
	NS    NS
	Due   int64  // unix seconds
	Kind  string // "invoice.collect"
	ID    string // the object
	Clock string // the test clock that decides when it is due; empty is the wall clock
}

// TimerQuery asks for timers that are due on a clock.
type TimerQuery struct {
	// NS and Clock name a test clock. Without them, timers of all namespaces that go by the wall clock are meant.
	NS    NS
	Clock string
	Until int64 // unix seconds; what is due then or before
	Limit int
}

// Answer is what an idempotency key was answered.
type Answer struct {
	Key         string
	Fingerprint string // of method, path and parameters
	Path        string // as first used, for the message of a mismatch
	RequestID   string // of the first execution
	Status      int
	// Body is the answer, unless it is just the object ObjectID at version ObjectVersion (then Body is nil).
	Body          []byte
	ObjectID      string
	ObjectVersion int64
	Created       int64
}

// LogEntry is one request that was answered.
type LogEntry struct {
	NS          NS
	Seq         int64  // order in the log; also found in the request's id
	ID          string // req_...
	Time        int64  // unix microseconds
	Duration    int64  // microseconds
	Method      string
	Path        string // without query
	Query       string // parameters of a GET as sent, secrets masked
	Params      string // parameters of the body, secrets masked
	Status      int
	Operation   string // the spec's operation id
	KeyID       string // public id of the key
	IP          string
	UserAgent   string
	Version     string // API version
	Idempotency string
	ErrorCode   string
	// Answer is the body, for errors and for answers that are not just one object; otherwise ObjectID and
	// ObjectVersion name it.
	Answer        string
	ObjectID      string
	ObjectVersion int64
	Events        []string // ids of the events that it caused
}

// LogQuery asks for requests, newest first.
type LogQuery struct {
	NS     NS
	Before int64 // only entries with a smaller Seq, if not zero
	// Where narrows by terms (Options.LogTerms): for each condition, an entry must have one of Values in Field.
	// Min and Max do not count here.
	Where []Cond
	// From and Until bound Time, in unix microseconds; From is inclusive, Until is not; zero is open.
	From, Until int64
	Match       func(*LogEntry) bool // is asked for each that fits so far; nil takes all
	Limit       int
	// Effort is about how many entries are looked at before the search is broken off; zero is as many as it takes.
	Effort int
}

// LogPage is a part of the log. Next is where the search goes on, to be the next query's Before; 0 says that it has come
// to the end.
type LogPage struct {
	Entries []LogEntry
	Next    int64
}

// Reader reads what is committed, or, on a Tx, also what this transaction and those before it in its batch wrote.
type Reader interface {
	// Get finds a document, deleted ones included. ErrNotFound if there never was one.
	Get(ns NS, id string) (Doc, error)
	// Version finds a document as it was. ErrNotFound if that version is not kept any more.
	Version(ns NS, id string, version int64) (Doc, error)
	List(q Query) (Page, error)
	// Answer finds what an idempotency key was answered, or ErrNotFound.
	Answer(ns NS, key string) (Answer, error)
}

// Tx is a unit of work. Its writes are applied together when its function returns nil, and not at all otherwise.
// Functions of different transactions never overlap, so a Tx needs no locks; it must be quick and do no I/O.
type Tx interface {
	Reader
	// Put writes a document. With Version 0 it creates (ErrExists if the id is taken, deleted ones included),
	// else it replaces exactly that version and keeps the old one. It sets d.Version, and d.Seq on creation.
	Put(ns NS, d *Doc) error
	// SetTimer creates or moves a timer; with Due 0 it removes it.
	SetTimer(t Timer) error
	SaveAnswer(ns NS, a Answer) error
	// Copy makes the empty namespace to hold all that from holds: documents with their versions, refs, timers. Saved
	// answers and logs are not copied. Timers of a copy that is kept aside are not due until it is copied
	// on.
	Copy(from, to NS, aside bool) error
	// Drop empties a namespace. It is gone for readers at once; the space is reclaimed later.
	Drop(ns NS) error
}

// Store is a database of documents. It is safe for concurrent use.
type Store interface {
	Reader
	Search(ctx context.Context, q SearchQuery) (SearchPage, error)
	// Update runs fn with a Tx and returns nil only after its writes are on disk. Transactions that wait together
	// are committed together. fn may be called once only.
	Update(ctx context.Context, fn func(Tx) error) error
	// Due lists timers that are due, in order of time.
	Due(q TimerQuery) ([]Timer, error)
	// Log adds entries to the request log; they are on disk within a second, or at Close.
	Log(e LogEntry)
	Logs(q LogQuery) (LogPage, error)
	// LogCounts counts the entries that have a ref of the field (Options.LogCounts), by its value, since the beginning of the
	// day (UTC) that a time (unix microseconds) lies in. Days of which Prune took something away are left out.
	LogCounts(ns NS, field string, since int64) (map[string]int64, error)
	// LogEntry finds one request by its Seq.
	LogEntry(ns NS, seq int64) (LogEntry, error)
	// NextLogSeq gives the place in the log of a request that begins.
	NextLogSeq() int64
	// Prune forgets versions, saved answers and log entries made before the time (unix seconds).
	Prune(before int64) error
	// Check proves that refs and documents agree and lists what does not.
	Check(ctx context.Context) ([]string, error)
	// Snapshot gives the store as it is now, while others go on. It holds back what the engine would reclaim, so it is for
	// minutes and must be closed.
	Snapshot(ctx context.Context) (Snapshot, error)
	Close() error
}

// Snapshot is a store as it was at one moment. It is for one goroutine.
type Snapshot interface {
	Reader
	// Check is that of the store.
	Check(ctx context.Context) ([]string, error)
	Close() error
}

// Options are what an engine is opened with.
type Options struct {
	// Terms makes the search terms of a document; nil for a kind that cannot be searched.
	Terms func(kind string, data []byte) []string
	// LogTerms makes the terms by which entries of the request log are found; nil for none. What it made of older
	// entries is kept, so a term that it makes anew is not found in those.
	LogTerms func(e *LogEntry) iter.Seq[Ref]
	// LogCounts makes the refs that entries of the request log are counted by, day for day; nil for none. They should be of
	// few values: each is a row a day. What it made of older entries is kept.
	LogCounts func(e *LogEntry) iter.Seq[Ref]
	// Cold are kinds of which hardly any document is read soon after it was made: they are not kept in memory before
	// somebody asks for them.
	Cold []string
	// Unversioned are kinds of which only the newest version is kept.
	Unversioned []string
	// Model makes of a document a text that most documents of its kind can be stored as differences to, and that holds
	// nothing which is anybody's, as it is kept for ever; nil for a kind whose documents are stored as they are. An engine
	// need not ask.
	Model func(kind string, data []byte) []byte
	// CacheBytes bounds the memory for hot documents; 0 takes the default of 64 MB.
	CacheBytes int64
	// Now gives the unix time at which a version is replaced, which Prune goes by; nil takes the system's.
	Now func() int64
	// Committed is told of each commit how many transactions waited for it and how long it took; nil is told nothing.
	Committed func(transactions int, took time.Duration)
	// ReadOnly opens what another process may be writing. Everything is read as it was at that moment.
	ReadOnly bool
	// Broken is told, once, why nothing can be written any more until the store is opened anew: a sync failed, say, and nobody
	// knows what is on disk. It is called on the writer and must be quick; nil tells nobody.
	Broken func(error)
	// Foreign is called with what other processes changed, by the one goroutine that runs the functions of transactions and
	// before any of them can see it.
	Foreign func([]Foreign)
	// NoSync skips the fsync: what is acknowledged survives the process, not a power cut.
	NoSync bool
}

// Number encodes an integer so that encoded numbers compare as bytes in the order of the numbers.
func Number(n int64) string {
	const digits = "0123456789abcdef"
	var b [16]byte
	u := uint64(n) ^ 1<<63
	for i := range b {
		b[i] = digits[u>>(60-4*i)&15]
	}
	return string(b[:])
}
