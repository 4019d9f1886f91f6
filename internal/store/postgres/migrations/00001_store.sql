-- +goose Up

-- Every key begins with the namespace, so that all tables can be split by it, into partitions or onto machines.

-- A namespace's lock and counters. Who writes in a namespace holds its row to the end of the transaction, so seq and
-- change are given in the order of the commits. Rows are never removed: what a dropped namespace counted is not given again.
CREATE TABLE namespaces (
    ns     bigint PRIMARY KEY,
    seq    bigint NOT NULL DEFAULT 0,
    change bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- What each transaction changed in a namespace, for the memory of other processes. Kept for minutes.
CREATE TABLE changes (
    ns      bigint NOT NULL,
    change  bigint NOT NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    process bigint NOT NULL,
    data    bytea  NOT NULL,
    PRIMARY KEY (ns, change)
);
CREATE INDEX changes_at ON changes USING brin (at);

-- One row per document, deleted ones included. doc is exactly what is sent. An id that is no text, or too long for an
-- index, stands in long_id, and id is made of it.
CREATE TABLE objects (
    ns      bigint NOT NULL,
    seq     bigint NOT NULL,
    id      text COLLATE "C" NOT NULL,
    long_id bytea,
    kind    text COLLATE "C" NOT NULL,
    parent  text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    created bigint NOT NULL,
    deleted boolean NOT NULL,
    refs    text[] COLLATE "C",
    doc     bytea NOT NULL,
    PRIMARY KEY (ns, seq)
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX objects_id ON objects (ns, id);

-- A document as it was before it was replaced, or, where differs, what it takes to make it of the next version.
CREATE TABLE versions (
    ns       bigint NOT NULL,
    seq      bigint NOT NULL,
    version  bigint NOT NULL,
    replaced bigint NOT NULL,
    kind     text COLLATE "C" NOT NULL,
    parent   text COLLATE "C" NOT NULL,
    created  bigint NOT NULL,
    deleted  boolean NOT NULL,
    differs  boolean NOT NULL,
    doc      bytea NOT NULL,
    PRIMARY KEY (ns, seq, version)
);
CREATE INDEX versions_replaced ON versions USING brin (replaced);

-- What lists find live documents by, in the order of lists: "customer" all of a kind, "customer:email" a filter,
-- "card<" what lies below a parent.
CREATE TABLE refs (
    ns      bigint NOT NULL,
    field   text COLLATE "C" NOT NULL,
    value   text COLLATE "C" NOT NULL,
    created bigint NOT NULL,
    seq     bigint NOT NULL,
    PRIMARY KEY (ns, field, value, created, seq)
);

CREATE TABLE answers (
    ns             bigint NOT NULL,
    key            text COLLATE "C" NOT NULL,
    created        bigint NOT NULL,
    fingerprint    text NOT NULL,
    path           text NOT NULL,
    request_id     text NOT NULL,
    status         integer NOT NULL,
    object_id      text NOT NULL,
    object_version bigint NOT NULL,
    body           bytea,
    PRIMARY KEY (ns, key)
);
CREATE INDEX answers_created ON answers USING brin (created);

-- What is due, by the clock that says when: '' is the wall clock. In a namespace that is kept as a snapshot, nothing is
-- due: there the clock begins with '|'.
CREATE TABLE timers (
    ns    bigint NOT NULL,
    kind  text COLLATE "C" NOT NULL,
    id    text COLLATE "C" NOT NULL,
    due   bigint NOT NULL,
    clock text COLLATE "C" NOT NULL,
    PRIMARY KEY (ns, kind, id)
);
CREATE INDEX timers_due ON timers (clock, due, ns, kind, id);

-- Search terms of documents, hashed with namespace and kind.
CREATE TABLE search (
    ns    bigint NOT NULL,
    kind  text COLLATE "C" NOT NULL,
    seq   bigint NOT NULL,
    terms bigint[] NOT NULL,
    PRIMARY KEY (ns, kind, seq)
);
CREATE INDEX search_terms ON search USING gin (terms);

-- The request log, many entries in a compressed row, with a Bloom filter of what they can be found by.
CREATE TABLE log_blocks (
    ns        bigint NOT NULL,
    last_seq  bigint NOT NULL,
    first_seq bigint NOT NULL,
    began     bigint NOT NULL,
    ended     bigint NOT NULL,
    terms     bytea,
    data      bytea NOT NULL,
    PRIMARY KEY (ns, last_seq, first_seq)
);
CREATE INDEX log_blocks_ended ON log_blocks USING brin (ended);

-- Places in the request log, given out in portions.
CREATE SEQUENCE log_portions;

-- +goose Down
DROP SEQUENCE log_portions;
DROP TABLE log_blocks;
DROP TABLE search;
DROP TABLE timers;
DROP TABLE answers;
DROP TABLE refs;
DROP TABLE versions;
DROP TABLE objects;
DROP TABLE changes;
DROP TABLE namespaces;
