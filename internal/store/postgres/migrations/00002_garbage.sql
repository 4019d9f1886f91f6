-- +goose Up

-- Namespaces that were dropped and whose documents are still to be removed. Nobody sees these any more.
CREATE TABLE garbage (
    ns bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);

-- +goose Down

DELETE FROM objects o USING garbage g WHERE o.ns = g.ns;
DELETE FROM versions v USING garbage g WHERE v.ns = g.ns;
DELETE FROM refs r USING garbage g WHERE r.ns = g.ns;
DELETE FROM search s USING garbage g WHERE s.ns = g.ns;
DROP TABLE garbage;
