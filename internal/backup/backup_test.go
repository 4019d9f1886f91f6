package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"sharesmart/internal/clock"
	"sharesmart/internal/store"
	"sharesmart/internal/store/sqlite"
)

var begin = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

// tapped is a store as a source.
type tapped struct{ *sqlite.Tap }

func (t tapped) Take() (Pages, bool) {
	p, ok := t.Tap.Take()
	return Pages(p), ok
}

// shop is a store with a copy that is kept of it.
type shop struct {
	*sqlite.DB
	*Shipper
	clock *clock.Fake
	n     int
}

func openShop(t *testing.T, path string, to Target, c *clock.Fake) *shop {
	t.Helper()
	db, err := sqlite.Open(path, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	tap, err := db.Tap(10_000)
	if err != nil {
		t.Fatal(err)
	}
	return &shop{DB: db, clock: c, Shipper: New(Options{
		Source: tapped{tap}, Target: to, Clock: c, Log: slog.New(slog.DiscardHandler), Every: time.Hour, Keep: 48 * time.Hour, Spool: filepath.Dir(path),
	})}
}

// sell writes some documents.
func (s *shop) sell(t *testing.T, n int) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for range n {
			s.n++
			if err := tx.Put(1, &store.Doc{ID: fmt.Sprintf("cus_%05d", s.n), Kind: "customer", Created: int64(s.n), Data: []byte(`{"name":"` + strings.Repeat("x", 500) + `"}`)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *shop) ship(t *testing.T) {
	t.Helper()
	if err := s.Ship(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// restored counts what a restored database holds, having proved that it is whole.
func restored(t *testing.T, from Target, at time.Time) int {
	t.Helper()
	path := filepath.Join(t.TempDir(), "restored.db")
	if _, err := Restore(t.Context(), from, at, path); err != nil {
		t.Fatalf("restore as of %s: %v", at, err)
	}
	db, err := sqlite.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if faults, err := db.Check(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("restored as of %s: %v, %v", at, faults, err)
	}
	p, err := db.List(store.Query{NS: 1, Kind: "customer", Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	return len(p.Docs)
}

// targets are a directory, and a bucket on a real server of S3's protocol.
func targets(t *testing.T) map[string]Target {
	t.Helper()
	server := httptest.NewServer(gofakes3.New(s3mem.New(), gofakes3.WithAutoBucket(true)).Server())
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "shop")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-shop")
	all := map[string]Target{}
	for name, address := range map[string]string{"directory": t.TempDir(), "S3": "s3://backups/shop/a?region=us-east-1&endpoint=" + server.URL} {
		target, err := OpenTarget(address)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = target
	}
	return all
}

// The drill: a database is restored as it was at each time that it was shipped, over restarts and after retention.
func TestRestoreDrill(t *testing.T) {
	for name, to := range targets(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clock.NewFake(begin)
			path := filepath.Join(t.TempDir(), "shop.db")
			s := openShop(t, path, to, c)
			var want []int
			for range 6 { // an hour each
				s.sell(t, 37)
				s.ship(t)
				want = append(want, s.n)
				c.Advance(time.Hour)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s.ship(t) // what closing wrote
			again := openShop(t, path, to, c)
			again.n = s.n
			for range 3 {
				again.sell(t, 300)
				again.ship(t)
				want = append(want, again.n)
				c.Advance(time.Hour)
			}
			for hour, n := range want {
				if got := restored(t, to, begin.Add(time.Duration(hour)*time.Hour+30*time.Minute)); got != n {
					t.Errorf("as of half past %d there are %d customers, not %d", hour, got, n)
				}
			}
			if got := restored(t, to, time.Time{}); got != again.n {
				t.Errorf("as of the end there are %d customers, not %d", got, again.n)
			}
			_, err := Restore(t.Context(), to, begin.Add(-time.Second), filepath.Join(t.TempDir(), "x.db"))
			if !errors.Is(err, ErrNothing) || !strings.Contains(err.Error(), "2027-01-01T00:00:00Z") {
				t.Errorf("before the first backup: %v", err)
			}
			if _, err := Restore(t.Context(), to, time.Time{}, path); err == nil {
				t.Error("the database itself was overwritten")
			}
			testKeep(t, again, to)
		})
	}
}

// testKeep goes on for five days, a snapshot each, of which two must be kept.
func testKeep(t *testing.T, s *shop, to Target) {
	t.Helper()
	for range 5 {
		s.clock.Advance(24 * time.Hour)
		s.sell(t, 1)
		s.ship(t)
	}
	files, err := list(t.Context(), to, snapshots)
	if err != nil || len(files) != 3 {
		t.Errorf("%d snapshots are kept: %v, %v", len(files), files, err)
	}
	if left, _ := list(t.Context(), to, changes); len(left) > 3 {
		t.Errorf("%d files of changes are kept", len(left))
	}
	if got := restored(t, to, s.clock.Now().Add(-48*time.Hour)); got != s.n-2 {
		t.Errorf("two days ago there were %d customers, not %d", got, s.n-2)
	}
}

// failing fails so many times, after it has read a part.
type failing struct {
	Target
	times int
}

func (f *failing) Put(ctx context.Context, name string, content io.ReadSeeker, size int64, made time.Time) error {
	if f.times > 0 {
		f.times--
		_, _ = io.CopyN(io.Discard, content, size/2)
		return errors.New("no route to host")
	}
	return f.Target.Put(ctx, name, content, size, made)
}

// What could not be sent is sent later, whichever file it was that failed.
func TestTargetFails(t *testing.T) {
	t.Parallel()
	to := &failing{Target: directory(t.TempDir())}
	s := openShop(t, filepath.Join(t.TempDir(), "shop.db"), to, clock.NewFake(begin))
	for round := range 8 {
		s.sell(t, 20)
		to.times = round % 3
		for to.times > 0 {
			if err := s.Ship(t.Context()); err == nil {
				t.Fatal("nobody is told that it failed")
			}
			s.sell(t, 5)
		}
		s.ship(t)
		if got := restored(t, to, time.Time{}); got != s.n {
			t.Fatalf("after round %d there are %d customers, not %d", round, got, s.n)
		}
	}
}

// A byte that has changed in a file is found, and so are two databases in one place.
func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	dir := directory(t.TempDir())
	c := clock.NewFake(begin)
	one := openShop(t, filepath.Join(t.TempDir(), "one.db"), dir, c)
	one.sell(t, 10)
	one.ship(t)
	two := openShop(t, filepath.Join(t.TempDir(), "two.db"), dir, c)
	two.ship(t)
	one.sell(t, 10)
	one.ship(t) // takes the place of what follows two's snapshot
	one.sell(t, 10)
	one.ship(t)
	_, err := Restore(t.Context(), dir, time.Time{}, filepath.Join(t.TempDir(), "x.db"))
	if err == nil || !strings.Contains(err.Error(), "two servers") {
		t.Errorf("two databases in one place: %v", err)
	}
	files, err := list(t.Context(), dir, snapshots)
	if err != nil {
		t.Fatal(err)
	}
	damage(t, dir.path(files[0].name))
	to := filepath.Join(t.TempDir(), "y.db")
	if _, err := Restore(t.Context(), dir, begin, to); err == nil {
		t.Error("a damaged file was restored")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(to), "*")); len(left) > 0 {
		t.Errorf("a failed restore leaves %v", left)
	}
}

func TestOpenTarget(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ address, want string }{
		{"", "name a directory"},
		{"ftp://host/dir", "ftp:// is no place for backups"},
		{"s3://", "write s3://BUCKET"},
		{"s3://key:secret@bucket/x", "AWS_SECRET_ACCESS_KEY"},
		{"s3://bucket/x?acl=public", `"acl", which is neither`},
		{"s3://bucket/x?endpoint=minio:9000", "write https://HOST"},
	} {
		if _, err := OpenTarget(tt.address); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v", tt.address, err)
		}
	}
}

// damage changes a byte in the middle of a file.
func damage(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
