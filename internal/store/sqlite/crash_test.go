package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sharesmart/internal/store"
)

// The crash test runs this program again as a child that writes as fast as it can and says on its standard output what
// was acknowledged. The parent kills it at a moment that nobody chose, opens the file, and looks for everything that was
// acknowledged. All rounds use the same file.

const (
	crashChild  = "STORE_CRASH_CHILD"  // the file, and a number for the ids of the round
	crashRounds = "STORE_CRASH_ROUNDS" // how often to kill; the default is 10
)

const crashWriters = 8

// writeUntilKilled is the child.
func writeUntilKilled(where string) error {
	path, round, _ := strings.Cut(where, "#")
	db, err := Open(path, store.Options{Terms: func(string, []byte) []string { return []string{"all"} }})
	if err != nil {
		return err
	}
	if err := db.alone(func(w *writer) error {
		w.fold.size, w.fold.least = 200, 3
		return nil
	}); err != nil {
		return err
	}
	failed := make(chan error)
	for n := range crashWriters {
		go func() {
			for i := 0; ; i++ {
				if err := writeOnce(db, fmt.Sprintf("%s_%d_%d", round, n, i), n, i); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

// writeOnce makes a document, changes it twice, and says so after each acknowledgement. Some are deleted in the end; one
// writer copies and drops namespaces instead.
func writeOnce(db *DB, id string, n, i int) error {
	if n == 0 {
		return copyAndDrop(db, store.NS(1000+i%5))
	}
	d := store.Doc{ID: id, Kind: "customer", Created: int64(i), Refs: []store.Ref{{Field: "state", Value: "1"}}}
	for version := 1; version <= 3; version++ {
		d.Data = []byte(strconv.Itoa(version))
		d.Refs = []store.Ref{{Field: "state", Value: strconv.Itoa(version)}, {Field: "id", Value: id}}
		if d.Deleted = version == 3 && i%4 == 0; d.Deleted {
			d.Refs = nil
		}
		err := db.Update(context.Background(), func(tx store.Tx) error {
			next := d
			if err := tx.Put(1, &next); err != nil {
				return err
			}
			d = next
			return tx.SaveAnswer(1, store.Answer{Key: fmt.Sprint(id, "/", version), Status: version})
		})
		if err != nil {
			return err
		}
		fmt.Println("put", id, version)
		if i%2 == 0 {
			return nil
		}
	}
	return nil
}

func copyAndDrop(db *DB, ns store.NS) error {
	err := db.Update(context.Background(), func(tx store.Tx) error {
		if err := tx.Drop(ns); err != nil {
			return err
		}
		return tx.Copy(2, ns, false)
	})
	if err != nil {
		return err
	}
	fmt.Println("copied", ns)
	return nil
}

func TestKillMinusNine(t *testing.T) {
	t.Parallel()
	rounds := 10
	if s := os.Getenv(crashRounds); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	path := filepath.Join(t.TempDir(), "crash.db")
	db := open(t, path, store.Options{})
	for i := range 30 {
		d := store.Doc{ID: fmt.Sprint("seed_", i), Kind: "customer", Created: int64(i)}
		if err := db.Update(context.Background(), func(tx store.Tx) error { return tx.Put(2, &d) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	acked := map[string]int64{} // by id, the version
	total := 0
	for round := range rounds {
		fresh := map[string]int64{}
		total += killOnce(t, path, round, fresh)
		maps.Copy(acked, fresh)
		if round == rounds-1 {
			fresh = acked
		}
		lookForAll(t, path, fresh)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	t.Logf("%d kills, %d acknowledged writes to %d documents, none missing", rounds, total, len(acked))
}

// killOnce lets a child write until some hundred writes are acknowledged and kills it. It gives how many were.
func killOnce(t *testing.T, path string, round int, acked map[string]int64) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s#%d", crashChild, path, round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	enough, count := 50+rand.IntN(500), 0
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break // what is left of a last line was not acknowledged for all we know
		}
		if err != nil {
			t.Fatal(err)
		}
		if count++; count == enough {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		var id string
		var version int64
		if _, err := fmt.Sscanf(line, "put %s %d\n", &id, &version); err == nil {
			acked[id] = max(acked[id], version)
		}
	}
	if err := cmd.Wait(); err == nil || count < enough {
		t.Fatalf("the child ended by itself after %d writes: %v", count, err)
	}
	return count
}

// lookForAll opens the file and compares.
func lookForAll(t *testing.T, path string, acked map[string]int64) {
	t.Helper()
	db, err := Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	faults, err := db.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Errorf("Check: %s", f)
	}
	for id, version := range acked {
		lookFor(t, db, id, version)
	}
	for ns := store.NS(1000); ns < 1005; ns++ {
		p, err := db.List(store.Query{NS: ns, Kind: "customer", Limit: 100})
		if err != nil || len(p.Docs) != 0 && len(p.Docs) != 30 {
			t.Errorf("namespace %d has %d documents, %v", ns, len(p.Docs), err)
		}
	}
}

func lookFor(t *testing.T, db *DB, id string, version int64) {
	t.Helper()
	d, err := db.Get(1, id)
	if err != nil || d.Version < version || string(d.Data) != fmt.Sprint(d.Version) {
		t.Errorf("%s: acknowledged at version %d, now %+v, %v", id, version, d, err)
		return
	}
	for v := int64(1); v <= version; v++ {
		if old, err := db.Version(1, id, v); err != nil || string(old.Data) != fmt.Sprint(v) {
			t.Errorf("%s: version %d is %+v, %v", id, v, old, err)
		}
		if a, err := db.Answer(1, fmt.Sprint(id, "/", v)); err != nil || a.Status != int(v) {
			t.Errorf("%s: answer %d is %+v, %v", id, v, a, err)
		}
	}
	p, err := db.List(store.Query{NS: 1, Kind: "customer", Limit: 2, Where: []store.Cond{
		{Field: "id", Values: []string{id}}, {Field: "state", Values: []string{fmt.Sprint(d.Version)}},
	}})
	if want := !d.Deleted; err != nil || (len(p.Docs) == 1) != want {
		t.Errorf("%s: listed %d times, %v; deleted %v", id, len(p.Docs), err, d.Deleted)
	}
}
