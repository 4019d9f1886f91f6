//go:build linux

// Package disk is a disk that fails when it is told to, and that forgets at a power cut what was not synced: a file
// system in user space (FUSE) over a directory.
//
// What it keeps of a file that was written and not synced is a random part of it: some of the writes, of some only
// some sectors. Names of files (creations, renames, removals) are kept at once, which is kinder than a real disk.
package disk

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// Fault is what is wrong with a disk. The zero Fault is nothing.
type Fault struct {
	Sync  syscall.Errno // of each sync
	Write syscall.Errno // of each write
	Slow  time.Duration // each sync takes longer by that
	// Full says that files cannot grow.
	Full bool
}

// Disk is a mounted disk.
type Disk struct {
	Dir    string // where it is mounted
	real   string // where its files are
	mu     sync.Mutex
	fault  Fault
	files  map[uint64]*file // by the inode of the real file
	server *fuse.Server
	syncs  int
}

// Mount makes an empty disk below a directory, which must be empty too.
func Mount(dir string) (*Disk, error) {
	d := &Disk{Dir: filepath.Join(dir, "disk"), real: filepath.Join(dir, "real"), files: map[uint64]*file{}}
	for _, path := range []string{d.Dir, d.real} {
		if err := os.Mkdir(path, 0o700); err != nil {
			return nil, err
		}
	}
	return d, d.mount()
}

func (d *Disk) mount() error {
	var of syscall.Stat_t
	if err := syscall.Stat(d.real, &of); err != nil {
		return err
	}
	root := &fs.LoopbackRoot{Path: d.real, Dev: of.Dev}
	top := &node{LoopbackNode: fs.LoopbackNode{RootData: root}, disk: d}
	root.RootNode = top
	hour := time.Hour // nobody else changes the files
	server, err := fs.Mount(d.Dir, top, &fs.Options{
		AttrTimeout: &hour, EntryTimeout: &hour,
		MountOptions: fuse.MountOptions{DirectMount: true, FsName: "faults", Name: "faults", MaxWrite: 1 << 20},
	})
	if err != nil {
		return fmt.Errorf("mount a disk that fails (this needs /dev/fuse and the right to mount): %w", err)
	}
	d.server = server
	return nil
}

// Set breaks the disk, or mends it.
func (d *Disk) Set(f Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault = f
}

// Syncs is how often something was synced.
func (d *Disk) Syncs() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.syncs
}

// PowerCut makes the disk what it is after a power cut: what was not synced is there or not, as chance has it. No process
// may have a file open.
func (d *Disk) PowerCut(chance *rand.Rand) error {
	if err := d.Unmount(); err != nil {
		return err
	}
	d.fault = Fault{}
	err := filepath.WalkDir(d.real, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		inode, err := inodeOf(path)
		if err != nil {
			return err
		}
		f := d.files[inode]
		if f == nil || len(f.pending) == 0 {
			return nil
		}
		f.cut(chance)
		return os.WriteFile(path, f.durable, 0o600)
	})
	if err != nil {
		return err
	}
	return d.mount()
}

// Unmount takes the disk away. Its files stay where they are.
func (d *Disk) Unmount() error { return d.server.Unmount() }

func inodeOf(path string) (uint64, error) {
	var of syscall.Stat_t
	err := syscall.Lstat(path, &of)
	return of.Ino, err
}
