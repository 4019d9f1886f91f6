//go:build linux && (amd64 || arm64)

package sqlite

import (
	"syscall"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

const (
	// writeBackSlice is how much of the file is handed to the disk at once. Commits that sync meanwhile come in between.
	writeBackSlice = 4 << 20
	// writeAndWait is SYNC_FILE_RANGE_WRITE and SYNC_FILE_RANGE_WAIT_AFTER.
	writeAndWait = 2 | 4
)

// writeBack lets the disk have what was written to the file, a slice at a time, so that the sync which follows has little left
// to do. It promises nothing, as a sync does, and so a failure is none: not every file system can do it.
func (c *conn) writeBack(size int64) {
	out := libc.Xcalloc(c.tls, 1, pointerSize)
	defer libc.Xfree(c.tls, out)
	if out == 0 || lib.Xsqlite3_file_control(c.tls, c.db, 0, lib.SQLITE_FCNTL_FILE_POINTER, out) != lib.SQLITE_OK {
		return
	}
	file := int(load[lib.TunixFile](loadPointer(out)).Fh)
	for at := int64(0); at < size; at += writeBackSlice {
		if err := syscall.SyncFileRange(file, at, writeBackSlice, writeAndWait); err != nil {
			return
		}
	}
}
