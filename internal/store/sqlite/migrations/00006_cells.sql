-- +goose Up

-- Entries of one prefix whose positions lie close together share a row, a cell: its key has the position that the cell begins
-- at, and seqs the last bytes of their seqs. Those of documents before the mark "celled" have each a row of its own, without
-- seqs, as all had before.
ALTER TABLE entries ADD COLUMN seqs BLOB;
INSERT INTO meta (name, value) SELECT 'celled', CASE WHEN max(seq) IS NULL THEN 0 ELSE (max(seq) | 255) + 1 END FROM objects;

-- +goose Down

-- All entries are made again from their documents.
DELETE FROM entries;
DELETE FROM meta WHERE name IN ('celled', 'folded');
ALTER TABLE entries DROP COLUMN seqs;
