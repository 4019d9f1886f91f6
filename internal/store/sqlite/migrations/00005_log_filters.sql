-- +goose Up

-- What the entries of a block can be found by, as a Bloom filter, so that a search unpacks only blocks that may have what it
-- looks for. Blocks written before this table was there have none and are always unpacked, until they are pruned.
CREATE TABLE log_filters (
    id         INTEGER PRIMARY KEY,
    first_time INTEGER NOT NULL,
    terms      BLOB    NOT NULL
);

-- +goose Down
DROP TABLE log_filters;
