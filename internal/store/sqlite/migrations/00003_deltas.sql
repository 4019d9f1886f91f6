-- +goose Up

-- An old version is kept as what it takes to make it of the next one, where that is shorter: then differs is 1, and doc
-- is a delta.
ALTER TABLE versions ADD COLUMN differs INTEGER NOT NULL DEFAULT 0;

-- +goose Down
DELETE FROM versions WHERE differs;
ALTER TABLE versions DROP COLUMN differs;
