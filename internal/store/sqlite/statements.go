package sqlite

// statement names one of the statements below.
type statement int

const (
	stBegin statement = iota
	stBeginWrite
	stCommit
	stRollback
	stSavepoint
	stRollbackTo
	stRelease
	stDocBySeq
	stKindsFrom
	stKindDown
	stMaxSeq
	stInsertDoc
	stReplaceDoc
	stDeleteDoc
	stVersionsFrom
	stInsertVersion
	stDeleteVersions
	stOldVersions
	stDeleteVersion
	stAnswerBySeq
	stAnswersFrom
	stMaxAnswer
	stInsertAnswer
	stDeleteAnswer
	stOldAnswers
	stEntriesDown
	stEntriesUp
	stInsertEntry
	stDeleteEntry
	stCell
	stSetCell
	stSetTimer
	stDeleteTimer
	stDueTimers
	stDueOnClock
	stTimersOf
	stDeleteTimersOf
	stInsertBlock
	stBlocksDown
	stBlockData
	stBlocksOf
	stOldBlocks
	stDeleteBlock
	stInsertFilter
	stDeleteFilter
	stBlocksOfSpace
	stAddLogCount
	stLogCounts
	stPruneLogCounts
	stDeleteLogCountsOf
	stMeta
	stSetMeta
	stSetSpace
	stDeleteSpace
	stSetGarbage
	stDeleteGarbage
	stSearch
	stIndexDoc
	stUnindexDoc
	stMergeIndex
	stAddDirty
	stDirtyDown
	stModel
	stInsertModel
	stDeleteDirty
	statements
)

// statementText is all SQL of the engine but the migrations and Check's. Columns of documents are those of docColumns.
var statementText = [statements]string{
	stBegin:      `BEGIN`,
	stBeginWrite: `BEGIN IMMEDIATE`,
	stCommit:     `COMMIT`,
	stRollback:   `ROLLBACK`,
	stSavepoint:  `SAVEPOINT piece`,
	stRollbackTo: `ROLLBACK TO piece`,
	stRelease:    `RELEASE piece`,

	stDocBySeq:  `SELECT ` + docColumns + ` FROM objects o WHERE o.seq = ?`,
	stKindsFrom: `SELECT seq, kind FROM objects WHERE seq > ? ORDER BY seq LIMIT ?`,
	stKindDown:  `SELECT seq FROM objects WHERE seq > ?1 AND seq < ?2 AND ns = ?3 AND kind = ?4 ORDER BY seq DESC`,
	stMaxSeq:    `SELECT max(seq) FROM objects`,
	stInsertDoc: `INSERT INTO objects (seq, ns, id, kind, parent, version, created, deleted, refs, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	stReplaceDoc: `UPDATE objects SET kind = ?2, parent = ?3, version = ?4, created = ?5, deleted = ?6, refs = ?7, doc = ?8
		WHERE seq = ?1`,
	stDeleteDoc: `DELETE FROM objects WHERE seq = ?`,

	stVersionsFrom: `SELECT version, differs, kind, parent, created, deleted, doc FROM versions
		WHERE seq = ? AND version >= ? ORDER BY version`,
	stInsertVersion: `INSERT INTO versions (seq, version, replaced, kind, parent, created, deleted, doc, differs)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	stDeleteVersions: `DELETE FROM versions WHERE seq = ?`,
	stOldVersions: `SELECT seq, version FROM versions WHERE (seq, version) > (?1, ?4) AND replaced < ?2
		ORDER BY seq, version LIMIT ?3`,
	stDeleteVersion: `DELETE FROM versions WHERE seq = ? AND version = ?`,

	stAnswerBySeq: `SELECT ns, key, created, fingerprint, path, request_id, status, object_id, object_version, body
		FROM answers WHERE seq = ?`,
	stAnswersFrom: `SELECT seq, ns, key FROM answers WHERE seq > ? ORDER BY seq`,
	stMaxAnswer:   `SELECT max(seq) FROM answers`,
	stInsertAnswer: `INSERT INTO answers
		(seq, ns, key, created, fingerprint, path, request_id, status, object_id, object_version, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	stDeleteAnswer: `DELETE FROM answers WHERE seq = ?`,
	stOldAnswers:   `SELECT seq, ns, key FROM answers WHERE seq > ? AND created < ? ORDER BY seq LIMIT ?`,

	stEntriesDown: `SELECT key, seqs FROM entries WHERE key >= ? AND key <= ? ORDER BY key DESC LIMIT ?`,
	stEntriesUp:   `SELECT key, seqs FROM entries WHERE key >= ? AND key <= ? ORDER BY key LIMIT ?`,
	stInsertEntry: `INSERT OR IGNORE INTO entries (key, seqs) VALUES (?, ?)`,
	stDeleteEntry: `DELETE FROM entries WHERE key = ?`,
	stCell:        `SELECT seqs FROM entries WHERE key = ?`,
	stSetCell:     `UPDATE entries SET seqs = ?2 WHERE key = ?1`,

	stSetTimer: `INSERT INTO timers (ns, kind, id, due, clock) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (ns, kind, id) DO UPDATE SET due = excluded.due, clock = excluded.clock
		WHERE due <> excluded.due OR clock <> excluded.clock`, // one that is set again and again writes no page for that
	stDeleteTimer: `DELETE FROM timers WHERE ns = ? AND kind = ? AND id = ?`,
	stDueTimers: `SELECT due, ns, kind, id FROM timers
		WHERE clock = '' AND due <= ?1 AND (due, ns, kind, id) > (?2, ?3, ?4, ?5) ORDER BY due, ns, kind, id LIMIT ?6`,
	stDueOnClock: `SELECT due, kind, id FROM timers
		WHERE clock = ?1 AND due <= ?2 AND ns = ?3 ORDER BY due, kind, id LIMIT ?4`,
	stTimersOf:       `SELECT kind, id, due, clock FROM timers WHERE ns = ?`,
	stDeleteTimersOf: `DELETE FROM timers WHERE ns = ?`,

	stInsertBlock: `INSERT INTO log_blocks (ns, first_seq, last_seq, last_time, data) VALUES (?, ?, ?, ?, ?)`,
	stBlocksDown: `SELECT b.id, b.last_seq, b.first_seq, b.last_time, coalesce(f.first_time, 0), f.terms
		FROM log_blocks b LEFT JOIN log_filters f ON f.id = b.id
		WHERE b.ns = ?1 AND (b.last_seq, b.first_seq, b.id) < (?2, ?3, ?4) AND b.first_seq < ?5
		ORDER BY b.last_seq DESC, b.first_seq DESC, b.id DESC LIMIT ?6`,
	stBlockData: `SELECT data FROM log_blocks WHERE id = ?`,
	stBlocksOf: `SELECT data FROM log_blocks
		WHERE ns = ?1 AND last_seq >= ?2 AND last_seq <= ?3 AND first_seq <= ?2 ORDER BY last_seq`,
	stOldBlocks:     `SELECT id FROM log_blocks WHERE id > ? AND last_time < ? ORDER BY id LIMIT ?`,
	stDeleteBlock:   `DELETE FROM log_blocks WHERE id = ?`,
	stInsertFilter:  `INSERT INTO log_filters (id, first_time, terms) VALUES (last_insert_rowid(), ?, ?)`,
	stDeleteFilter:  `DELETE FROM log_filters WHERE id = ?`,
	stBlocksOfSpace: `SELECT id FROM log_blocks WHERE ns = ? LIMIT ?`,

	stAddLogCount: `INSERT INTO log_counts (ns, field, day, value, n) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (ns, field, day, value) DO UPDATE SET n = n + excluded.n`,
	stLogCounts:         `SELECT value, n FROM log_counts WHERE ns = ? AND field = ? AND day >= ?`,
	stPruneLogCounts:    `DELETE FROM log_counts WHERE day <= ?`,
	stDeleteLogCountsOf: `DELETE FROM log_counts WHERE ns = ?`,

	stMeta: `SELECT value FROM meta WHERE name = ?`,
	stSetMeta: `INSERT INTO meta (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
	stSetSpace: `INSERT INTO spaces (ns, space) VALUES (?, ?)
		ON CONFLICT (ns) DO UPDATE SET space = excluded.space`,
	stDeleteSpace:   `DELETE FROM spaces WHERE ns = ?`,
	stSetGarbage:    `INSERT INTO garbage (space, dropped) VALUES (?, ?)`,
	stDeleteGarbage: `DELETE FROM garbage WHERE space = ?`,

	stSearch:      `SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC`,
	stIndexDoc:    `INSERT INTO search (rowid, terms) VALUES (?, ?)`,
	stUnindexDoc:  `DELETE FROM search WHERE rowid = ?`,
	stMergeIndex:  `INSERT INTO search (search, rank) VALUES ('merge', ?)`,
	stAddDirty:    `INSERT OR IGNORE INTO search_dirty (seq) VALUES (?)`,
	stDirtyDown:   `SELECT seq FROM search_dirty WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
	stModel:       `SELECT doc FROM models WHERE id = ?`,
	stInsertModel: `INSERT INTO models (id, kind, doc) VALUES (?, ?, ?)`,
	stDeleteDirty: `DELETE FROM search_dirty WHERE seq = ?`,
}
