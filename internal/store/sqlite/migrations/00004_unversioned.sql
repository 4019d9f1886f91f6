-- +goose Up

-- Private parts of documents keep no old versions any more (Options.Unversioned). Those that were kept differ from versions
-- that are not written now, and nothing reads them.
DELETE FROM versions WHERE kind = 'private';

-- +goose Down
