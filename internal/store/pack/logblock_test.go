package pack

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/store"
)

// FuzzBlocks proves that blocks give back what was put in, and that damage is an error and no panic.
func FuzzBlocks(f *testing.F) {
	f.Add("id", "GET", "/v1", "", int64(3), int64(-5), int64(200), []byte{blockFormat, 1, 2, 3})
	f.Fuzz(func(t *testing.T, id, method, path, event string, seq, at, status int64, damaged []byte) {
		w, err := NewWriter()
		if err != nil {
			t.Fatal(err)
		}
		want := []store.LogEntry{
			{NS: 3, Seq: seq, Time: at, ID: id, Method: method, Path: path, Status: int(status), Events: []string{event, id}},
			{NS: 3, Seq: seq + 1, Time: at - 7, ID: method, Method: method, Duration: at, ObjectVersion: status},
		}
		for range 2 { // the second use of a writer must not see the first
			block, err := w.pack([]*store.LogEntry{&want[0], &want[1]})
			if err != nil {
				t.Fatal(err)
			}
			got, err := Unpack(3, block)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if len(block) > 4 {
				if _, err := Unpack(3, block[:len(block)/2]); err == nil {
					t.Error("half a block is no error")
				}
			}
		}
		_, _ = Unpack(3, damaged)
	})
}

// TestLongRequests keeps a block from seeming to hold everything since a request that took long began.
func TestLongRequests(t *testing.T) {
	t.Parallel()
	var entries []*store.LogEntry
	for _, seq := range []int64{6, 5, 6 + 10*BlockSpan} {
		entries = append(entries, &store.LogEntry{Seq: seq})
	}
	w, err := NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := w.Blocks(entries, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(blocks) != 2 || blocks[0].Last != 6 || blocks[1].First != 6+10*BlockSpan {
		t.Errorf("got %d blocks: %+v", len(blocks), blocks)
	}
}
