package sqlite

import "fmt"

// Each commit that writes to the full-text index adds a segment to it, and a search looks into every segment. FTS5 merges
// segments of one level into one of the next, by default within the commits that add them, as much as makes such a commit
// take tens of milliseconds now and then. So that is switched off (migrations/00010_search_merges.sql), and the writer
// merges a few pages at a time: all there is to merge when nobody waits, and while requests come as much as keeps pace
// with what they add.

const (
	// mergePages is how many pages a merge writes at once, in about a millisecond. It ends only between two terms, so a
	// term that most of 100,000 documents have takes it some milliseconds more; few of a thousand merges meet one.
	mergePages = 8
	// owedPages is how many pages are to be merged, while requests come, for each page of terms that is indexed. A page of
	// terms becomes a quarter of one to one in the index, as some terms are those of many documents, and is written again
	// on each of its levels, of which there are five at a million documents. What is not used of it is forgotten.
	owedPages = 4
	termsPage = 4 << 10 // bytes
	mostOwed  = 32 * mergePages
)

// merging is what the writer knows about what is to be merged.
type merging struct {
	pending bool // there may be something
	owed    int  // pages to merge before it waits until nobody asks for anything
}

// grown notes that terms of so many bytes were indexed.
func (m *merging) grown(bytes int) {
	m.pending = true
	m.owed = min(m.owed+1+owedPages*bytes/termsPage, mostOwed)
}

// merged notes what a merge did.
func (m *merging) merged(worked bool) {
	m.owed = max(0, m.owed-mergePages)
	if !worked {
		*m = merging{}
	}
}

// mergePiece merges some pages. It is false if there are none to merge.
func (w *writer) mergePiece() (worked bool, err error) {
	if !w.indexed.merging.pending {
		return false, nil
	}
	b := w.newBatch()
	err = w.transact(b, func(c *conn) error {
		worked, err = w.indexed.merge(b, c)
		return err
	})
	return worked, err
}

// merge merges some pages within a commit.
func (x *indexed) merge(b *batch, c *conn) (worked bool, err error) {
	before := c.totalChanges()
	if err := c.runInts(stMergeIndex, mergePages); err != nil {
		return false, fmt.Errorf("merge the search's index: %w", err)
	}
	worked = c.totalChanges()-before > 1 // the command itself counts as one
	b.after = append(b.after, func() { x.merging.merged(worked) })
	return worked, nil
}
