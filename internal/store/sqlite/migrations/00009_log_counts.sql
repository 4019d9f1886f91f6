-- +goose Up

-- How many entries of the request log there are of what they are counted by, day for day: written with the blocks.
CREATE TABLE log_counts (
    ns    INTEGER NOT NULL,
    field TEXT    NOT NULL,
    day   INTEGER NOT NULL,
    value TEXT    NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (ns, field, day, value)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE log_counts;
