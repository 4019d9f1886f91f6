-- +goose Up

-- What runs on a test clock is due when that clock says so; '' is the wall clock. In a namespace that is kept as a
-- snapshot, nothing is due: there the clock begins with '|'.
ALTER TABLE timers ADD COLUMN clock TEXT NOT NULL DEFAULT '';
DROP INDEX timers_due;
CREATE INDEX timers_due ON timers (clock, due, ns, kind, id);

-- +goose Down
DROP INDEX timers_due;
ALTER TABLE timers DROP COLUMN clock;
CREATE INDEX timers_due ON timers (due, ns, kind, id);
