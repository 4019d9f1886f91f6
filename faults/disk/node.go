//go:build linux

package disk

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// node is a file or folder of a disk.
type node struct {
	fs.LoopbackNode
	disk *Disk
}

// WrapChild makes a node of what is below.
func (n *node) WrapChild(context.Context, fs.InodeEmbedder) fs.InodeEmbedder {
	return &node{LoopbackNode: fs.LoopbackNode{RootData: n.RootData}, disk: n.disk}
}

// handle is an open file. The kernel may not write to the real file past us.
type handle struct{ *fs.LoopbackFile }

// PassthroughFd refuses.
func (handle) PassthroughFd() (int, bool) { return 0, false }

// Open opens a file.
func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	h, fuseFlags, errno := n.LoopbackNode.Open(ctx, flags)
	if f, ok := h.(*fs.LoopbackFile); ok {
		h = handle{f}
	}
	return h, fuseFlags, errno
}

// volatile reports whether a file is memory that processes share, and nothing that must be on a disk.
func (n *node) volatile() bool { return strings.HasSuffix(n.Path(nil), "-shm") }

// file finds what the disk knows of the file. The disk's lock must be held.
func (n *node) file() (*file, syscall.Errno) {
	inode, err := inodeOf(filepath.Join(n.disk.real, n.Path(nil)))
	if err != nil {
		return nil, fs.ToErrno(err)
	}
	f := n.disk.files[inode]
	if f == nil {
		f = &file{}
		n.disk.files[inode] = f
	}
	return f, 0
}

// Create forgets what was known of a file that had the same inode.
func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fault.Write != 0 {
		return nil, nil, 0, n.disk.fault.Write
	}
	inode, h, fuseFlags, errno := n.LoopbackNode.Create(ctx, name, flags, mode, out)
	if f, ok := h.(*fs.LoopbackFile); ok {
		h = handle{f}
		if id, err := inodeOf(filepath.Join(n.disk.real, n.Path(nil), name)); err == nil {
			n.disk.files[id] = &file{}
		}
	}
	return inode, h, fuseFlags, errno
}

// Write writes, unless the disk is broken.
func (n *node) Write(ctx context.Context, h fs.FileHandle, data []byte, at int64) (uint32, syscall.Errno) {
	to := h.(fs.FileWriter)
	if n.volatile() {
		return to.Write(ctx, data, at)
	}
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fault.Write != 0 {
		return 0, n.disk.fault.Write
	}
	if n.disk.fault.Full && n.grows(ctx, h, at+int64(len(data))) {
		return 0, syscall.ENOSPC
	}
	f, errno := n.file()
	if errno != 0 {
		return 0, errno
	}
	written, errno := to.Write(ctx, data, at)
	if errno == 0 {
		f.pending = append(f.pending, change{at, slices.Clone(data[:written])})
	}
	return written, errno
}

func (n *node) grows(ctx context.Context, h fs.FileHandle, end int64) bool {
	var out fuse.AttrOut
	return n.Getattr(ctx, h, &out) != 0 || end > int64(out.Size)
}

// Setattr may change the size.
func (n *node) Setattr(ctx context.Context, h fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	size, sized := in.GetSize()
	if !sized || n.volatile() {
		return n.LoopbackNode.Setattr(ctx, h, in, out)
	}
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if n.disk.fault.Write != 0 {
		return n.disk.fault.Write
	}
	if n.disk.fault.Full && n.grows(ctx, h, int64(size)) {
		return syscall.ENOSPC
	}
	f, errno := n.file()
	if errno == 0 {
		errno = n.LoopbackNode.Setattr(ctx, h, in, out)
	}
	if errno == 0 {
		f.pending = append(f.pending, change{at: int64(size)})
	}
	return errno
}

// Fsync makes what was written durable, unless the disk is broken. After a failed one the writes stay what they
// are: there until the power is cut.
func (n *node) Fsync(_ context.Context, h fs.FileHandle, _ uint32) syscall.Errno {
	if _, isFile := h.(fs.FileWriter); !isFile {
		return 0
	}
	n.disk.mu.Lock()
	fault := n.disk.fault
	n.disk.mu.Unlock()
	if fault.Slow > 0 {
		<-time.After(fault.Slow)
	}
	n.disk.mu.Lock()
	defer n.disk.mu.Unlock()
	if fault.Sync != 0 {
		return fault.Sync
	}
	f, errno := n.file()
	if errno != 0 {
		return errno
	}
	f.sync()
	n.disk.syncs++
	return 0
}
