-- +goose Up

-- The search's index is merged a few pages at a time by whoever writes (searchmerge.go), eight segments of a level into one
-- of the next. Left to itself, FTS5 merges 64 pages for each level of the index, or all segments of a level, in one commit,
-- which then takes tens of milliseconds. crisismerge only guards its limit of 2,000 segments.
INSERT INTO search (search, rank) VALUES ('automerge', 0);
INSERT INTO search (search, rank) VALUES ('crisismerge', 500);
INSERT INTO search (search, rank) VALUES ('usermerge', 8);

-- +goose Down
INSERT INTO search (search, rank) VALUES ('automerge', 4);
INSERT INTO search (search, rank) VALUES ('crisismerge', 16);
INSERT INTO search (search, rank) VALUES ('usermerge', 4);
