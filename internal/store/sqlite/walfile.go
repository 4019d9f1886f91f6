package sqlite

import (
	"fmt"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// SQLite writes a commit to the write-ahead log in many small pieces: for each page a header of 24 bytes and then the
// page. They follow one another, but each is a system call, and as they do not begin where pages of the operating
// system do, most are two pages' work. The writer's connection therefore opens the log through a VFS of ours, which
// collects the pieces and writes them at once when SQLite syncs. For a commit of twenty pages that takes 0.25 ms off
// 0.55.
//
// This is safe because the log is synced in every commit before SQLite tells anyone, in shared memory, that there are
// new pages in it; so it is used with synchronous = FULL alone. Everything else that SQLite does with the file comes
// after what was collected has been written. All but the writing is left to the VFS of the platform.

// walVFS is the name of the VFS.
const walVFS = "sharesmart-wal"

// walBufferSize holds an ordinary commit; a larger one is written in several parts. SQLite's own write cuts what is
// longer than 128 KB.
const walBufferSize = 120 << 10

// walFile is a write-ahead log that is open for writing.
type walFile struct {
	opened   lib.Tsqlite3_file // as the platform made it
	original lib.Tsqlite3_io_methods
	buffer   uintptr
	used     int
	offset   int64 // of the buffer in the file
	synced   bool  // all that was written is on disk
}

// walFiles are the open ones, by the address of SQLite's structure.
var walFiles sync.Map

// platformVFS is the address of the platform's VFS.
var platformVFS uintptr

// registerWALVFS makes the VFS known to SQLite.
var registerWALVFS = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	platformVFS = lib.Xsqlite3_vfs_find(tls, 0)
	if platformVFS == 0 {
		return fmt.Errorf("sqlite has no VFS for this platform")
	}
	name, err := libc.CString(walVFS)
	if err != nil {
		return err
	}
	vfs := load[lib.Tsqlite3_vfs](platformVFS)
	vfs.FzName, vfs.FpNext, vfs.FxOpen = name, 0, cFunction(walVFSOpen)
	at, err := allocate(tls, vfs)
	if err != nil {
		return err
	}
	if rc := lib.Xsqlite3_vfs_register(tls, at, 0); rc != lib.SQLITE_OK {
		return fmt.Errorf("sqlite refuses the VFS (%d)", rc)
	}
	return nil
})

// load reads a structure of SQLite's, save writes one.
func load[T any](at uintptr) (v T) {
	size := int(unsafe.Sizeof(v))
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&v)), size), libc.GoBytes(at, size))
	return v
}

func save[T any](at uintptr, v T) {
	size := int(unsafe.Sizeof(v))
	copy(libc.GoBytes(at, size), unsafe.Slice((*byte)(unsafe.Pointer(&v)), size))
}

// allocate gives a structure to SQLite.
func allocate[T any](tls *libc.TLS, v T) (uintptr, error) {
	at := libc.Xcalloc(tls, 1, cSize(int(unsafe.Sizeof(v))))
	if at == 0 {
		return 0, &dbError{code: lib.SQLITE_NOMEM, text: "out of memory"}
	}
	save(at, v)
	return at, nil
}

// cFunction is the address by which the translated C code calls a function that is declared at the top level, and
// goFunction is the function at such an address.
func cFunction[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f})) }

func goFunction[F any](at uintptr) F { return *(*F)(unsafe.Pointer(&struct{ at uintptr }{at})) }

type (
	openFunction   = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	fileFunction   = func(tls *libc.TLS, file uintptr) int32
	memoryFunction = func(tls *libc.TLS, file, memory uintptr, n int32, offset lib.Tsqlite3_int64) int32
	sizeFunction   = func(tls *libc.TLS, file uintptr, size lib.Tsqlite3_int64) int32
	numberFunction = func(tls *libc.TLS, file uintptr, number int32) int32
	answerFunction = func(tls *libc.TLS, file, answer uintptr) int32
)

// walVFSOpen opens a file as the platform does, and puts our methods into a write-ahead log.
func walVFSOpen(tls *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	open := goFunction[openFunction](load[lib.Tsqlite3_vfs](platformVFS).FxOpen)
	rc := open(tls, platformVFS, name, file, flags, out)
	if rc != lib.SQLITE_OK || flags&lib.SQLITE_OPEN_WAL == 0 {
		return rc
	}
	opened := load[lib.Tsqlite3_file](file)
	f := &walFile{opened: opened, original: load[lib.Tsqlite3_io_methods](opened.FpMethods)}
	methods := f.original
	methods.FxClose, methods.FxRead, methods.FxWrite = cFunction(walClose), cFunction(walRead), cFunction(walWrite)
	methods.FxTruncate, methods.FxSync, methods.FxFileSize = cFunction(walTruncate), cFunction(walSync), cFunction(walFileSize)
	at, err := allocate(tls, methods)
	if err != nil {
		return rc // then it is written as ever
	}
	if f.buffer = libc.Xmalloc(tls, cSize(walBufferSize)); f.buffer == 0 {
		libc.Xfree(tls, at)
		return rc
	}
	walFiles.Store(file, f)
	save(file, lib.Tsqlite3_file{FpMethods: at})
	return rc
}

func openWAL(file uintptr) *walFile {
	f, _ := walFiles.Load(file)
	return f.(*walFile) // our methods are called for no other file
}

// flush writes what is collected.
func (f *walFile) flush(tls *libc.TLS, file uintptr) int32 {
	if f.used == 0 {
		return lib.SQLITE_OK
	}
	n := f.used
	f.used = 0
	f.synced = false
	return goFunction[memoryFunction](f.original.FxWrite)(tls, file, f.buffer, int32(n), f.offset)
}

func walWrite(tls *libc.TLS, file, memory uintptr, n int32, offset lib.Tsqlite3_int64) int32 {
	f := openWAL(file)
	if offset != f.offset+int64(f.used) || f.used+int(n) > walBufferSize {
		if rc := f.flush(tls, file); rc != lib.SQLITE_OK {
			return rc
		}
		f.offset = offset
	}
	if int(n) > walBufferSize {
		f.synced = false
		return goFunction[memoryFunction](f.original.FxWrite)(tls, file, memory, n, offset)
	}
	copy(libc.GoBytes(f.buffer+uintptr(f.used), int(n)), libc.GoBytes(memory, int(n)))
	f.used += int(n)
	return lib.SQLITE_OK
}

func walRead(tls *libc.TLS, file, memory uintptr, n int32, offset lib.Tsqlite3_int64) int32 {
	f := openWAL(file)
	if rc := f.flush(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	return goFunction[memoryFunction](f.original.FxRead)(tls, file, memory, n, offset)
}

// walSync spares a checkpoint the sync of a log in which there is nothing new since the last commit synced it: the disk is
// asked to write out all that it holds even then. What an earlier process left in the log may not be on disk.
func walSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	f := openWAL(file)
	rc := f.flush(tls, file)
	if rc != lib.SQLITE_OK || f.synced {
		return rc
	}
	rc = goFunction[numberFunction](f.original.FxSync)(tls, file, flags)
	f.synced = rc == lib.SQLITE_OK
	return rc
}

func walTruncate(tls *libc.TLS, file uintptr, size lib.Tsqlite3_int64) int32 {
	f := openWAL(file)
	if rc := f.flush(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	f.synced = false
	return goFunction[sizeFunction](f.original.FxTruncate)(tls, file, size)
}

func walFileSize(tls *libc.TLS, file, answer uintptr) int32 {
	f := openWAL(file)
	if rc := f.flush(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	return goFunction[answerFunction](f.original.FxFileSize)(tls, file, answer)
}

func walClose(tls *libc.TLS, file uintptr) int32 {
	f := openWAL(file)
	flushed := f.flush(tls, file)
	walFiles.Delete(file)
	libc.Xfree(tls, f.buffer)
	libc.Xfree(tls, load[lib.Tsqlite3_file](file).FpMethods)
	save(file, f.opened)
	rc := goFunction[fileFunction](f.original.FxClose)(tls, file)
	if rc == lib.SQLITE_OK {
		rc = flushed
	}
	return rc
}
