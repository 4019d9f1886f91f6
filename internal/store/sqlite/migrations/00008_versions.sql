-- +goose Up

-- Old versions are found by their document and number alone, so they are kept in that order, without an index beside them.
CREATE TABLE ordered (
    seq      INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    parent   TEXT    NOT NULL,
    created  INTEGER NOT NULL,
    deleted  INTEGER NOT NULL,
    differs  INTEGER NOT NULL DEFAULT 0,
    doc      BLOB    NOT NULL,
    PRIMARY KEY (seq, version)
) WITHOUT ROWID;
INSERT OR IGNORE INTO ordered (seq, version, replaced, kind, parent, created, deleted, differs, doc)
    SELECT seq, version, replaced, kind, parent, created, deleted, differs, doc FROM versions ORDER BY seq, version;
DROP TABLE versions;
ALTER TABLE ordered RENAME TO versions;

-- +goose Down
CREATE TABLE unordered (
    seq      INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    parent   TEXT    NOT NULL,
    created  INTEGER NOT NULL,
    deleted  INTEGER NOT NULL,
    doc      BLOB    NOT NULL,
    differs  INTEGER NOT NULL DEFAULT 0
);
INSERT INTO unordered (seq, version, replaced, kind, parent, created, deleted, doc, differs)
    SELECT seq, version, replaced, kind, parent, created, deleted, doc, differs FROM versions ORDER BY replaced, seq, version;
DROP TABLE versions;
ALTER TABLE unordered RENAME TO versions;
CREATE INDEX versions_seq ON versions (seq, version);
