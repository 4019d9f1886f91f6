-- +goose Up

-- How many entries of the request log there are of what they are counted by, day for day: written with the blocks.
CREATE TABLE log_counts (
    ns    bigint NOT NULL,
    field text COLLATE "C" NOT NULL,
    day   bigint NOT NULL,
    value text COLLATE "C" NOT NULL,
    n     bigint NOT NULL,
    PRIMARY KEY (ns, field, day, value)
) WITH (fillfactor = 70);

-- +goose Down
DROP TABLE log_counts;
