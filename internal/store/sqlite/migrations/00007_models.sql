-- +goose Up

-- What is the same in most documents of a kind. A document that begins with a zero byte names the model that it is stored as a
-- difference to; all others are stored as they are, as all were before.
CREATE TABLE models (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    doc  BLOB NOT NULL
);

-- +goose Down

-- There is no way back in SQL once documents were stored so.
CREATE TABLE no_way_back (models INTEGER CHECK (models = 0));
INSERT INTO no_way_back SELECT count(*) FROM models;
DROP TABLE no_way_back;
DROP TABLE models;
