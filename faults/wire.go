//go:build linux

package main

import (
	"errors"
	"io"
	"net"
	"sync"
)

// wire leads to a server, until it is cut or held.
type wire struct {
	to       string
	listener net.Listener
	mu       sync.Mutex
	cut      bool
	open     map[net.Conn]struct{}
	held     *sync.RWMutex // nothing passes while it is locked
}

func newWire(to string) (*wire, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wire{to: to, listener: l, open: map[net.Conn]struct{}{}, held: &sync.RWMutex{}}
	go w.accept()
	return w, nil
}

func (w *wire) address() string { return w.listener.Addr().String() }

func (w *wire) accept() {
	for {
		from, err := w.listener.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", w.to)
		if err != nil || !w.add(from, to) {
			_ = from.Close()
			continue
		}
		go w.pass(from, to)
		go w.pass(to, from)
	}
}

// add keeps a connection, unless the wire is cut.
func (w *wire) add(from, to net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		_ = to.Close()
		return false
	}
	w.open[from], w.open[to] = struct{}{}, struct{}{}
	return true
}

func (w *wire) pass(from, to net.Conn) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		w.held.RLock()
		w.held.RUnlock() //nolint:staticcheck // who holds the wire is waited for, nothing more
		if n > 0 {
			if _, failed := to.Write(buffer[:n]); failed != nil {
				err = failed
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				_ = from.Close()
			}
			_ = to.Close()
			w.mu.Lock()
			delete(w.open, to)
			w.mu.Unlock()
			return
		}
	}
}

// set cuts the wire, with all connections, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if !cut {
		return
	}
	for c := range w.open {
		_ = c.Close()
	}
	clear(w.open)
}

func (w *wire) close() error {
	w.set(true)
	return w.listener.Close()
}
