-- +goose Up

-- One row per document, deleted ones included. seq is given once and never again; doc is exactly what is sent. refs
-- holds what lists find the document by, so that its entries can be made again from this row alone. doc is the last
-- column: everything before it is read without touching it.
CREATE TABLE objects (
    seq     INTEGER PRIMARY KEY,
    ns      INTEGER NOT NULL,
    id      TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    parent  TEXT    NOT NULL,
    version INTEGER NOT NULL,
    created INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    refs    BLOB,
    doc     BLOB    NOT NULL
);

-- A document as it was before it was replaced.
CREATE TABLE versions (
    seq      INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    parent   TEXT    NOT NULL,
    created  INTEGER NOT NULL,
    deleted  INTEGER NOT NULL,
    doc      BLOB    NOT NULL
);
CREATE INDEX versions_seq ON versions (seq, version);

-- What idempotency keys were answered. seq comes from the same counter as that of documents.
CREATE TABLE answers (
    seq            INTEGER PRIMARY KEY,
    ns             INTEGER NOT NULL,
    key            TEXT    NOT NULL,
    created        INTEGER NOT NULL,
    fingerprint    TEXT    NOT NULL,
    path           TEXT    NOT NULL,
    request_id     TEXT    NOT NULL,
    status         INTEGER NOT NULL,
    object_id      TEXT    NOT NULL,
    object_version INTEGER NOT NULL,
    body           BLOB
);

-- The one index: text keys of namespace, field, value and position, in the order in which lists read them. Rows whose
-- seq is beyond the mark "folded" may have no entries here yet; they are kept in memory and made again at the start.
CREATE TABLE entries (
    key TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE timers (
    ns   INTEGER NOT NULL,
    kind TEXT    NOT NULL,
    id   TEXT    NOT NULL,
    due  INTEGER NOT NULL,
    PRIMARY KEY (ns, kind, id)
) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due, ns, kind, id);

-- The request log, many entries in a compressed row.
CREATE TABLE log_blocks (
    id        INTEGER PRIMARY KEY,
    ns        INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    last_time INTEGER NOT NULL,
    data      BLOB    NOT NULL
);
CREATE INDEX log_blocks_seq ON log_blocks (ns, last_seq, first_seq);

-- Search terms by seq of their document. The terms themselves are hashed, with namespace and kind.
CREATE VIRTUAL TABLE search USING fts5 (terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

-- Documents that changed since they were indexed for search.
CREATE TABLE search_dirty (seq INTEGER PRIMARY KEY);

-- Where a namespace that was dropped goes on, and what is still to be reclaimed.
CREATE TABLE spaces (ns INTEGER PRIMARY KEY, space INTEGER NOT NULL);
CREATE TABLE garbage (space INTEGER PRIMARY KEY, dropped INTEGER NOT NULL);

-- Counters and marks.
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

-- +goose Down
DROP TABLE meta;
DROP TABLE garbage;
DROP TABLE spaces;
DROP TABLE search_dirty;
DROP TABLE search;
DROP TABLE log_blocks;
DROP TABLE timers;
DROP TABLE entries;
DROP TABLE answers;
DROP TABLE versions;
DROP TABLE objects;
