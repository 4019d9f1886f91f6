package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"sharesmart/internal/clock"
)

// handshakeTime is how long a client may take to greet and to agree on a key.
const handshakeTime = 10 * time.Second

// recordHandshake is the first byte of every TLS connection; no HTTP request begins with it.
const recordHandshake = 0x16

// CheckLoopback refuses an address that other machines may reach.
func CheckLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q is not an address: write HOST:PORT", address)
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return fmt.Errorf("plain HTTP is served on loopback addresses only, and %q is none: write 127.0.0.1, [::1] or localhost", address)
	}
	return nil
}

// connections is a net.Listener of connections that somebody else accepted.
type connections struct {
	net.Listener
	ready chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newConnections(l net.Listener) *connections {
	return &connections{Listener: l, ready: make(chan net.Conn), done: make(chan struct{})}
}

func (c *connections) Accept() (net.Conn, error) {
	select {
	case conn := <-c.ready:
		return conn, nil
	case <-c.done:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and closes the listener below.
func (c *connections) Close() error {
	c.once.Do(func() { close(c.done) })
	if err := c.Listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// offer hands a connection over, unless nobody accepts any more.
func (c *connections) offer(conn net.Conn) {
	select {
	case c.ready <- conn:
	case <-c.done:
		_ = conn.Close()
	}
}

// split accepts from one port and sorts by the first byte: TLS, whose handshake it carries out, and plain HTTP.
// It runs until the listener is closed.
func (s *Server) split(l net.Listener, config *tls.Config, encrypted, plain *connections) {
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Too many open files, or a client that was gone at once: neither ends the server.
			time.Sleep(5 * time.Millisecond)
			continue
		}
		go s.greet(conn, config, encrypted, plain)
	}
}

func (s *Server) greet(conn net.Conn, config *tls.Config, encrypted, plain *connections) {
	first := make([]byte, 1)
	_ = conn.SetDeadline(clock.Wall{}.Now().Add(handshakeTime))
	if n, err := conn.Read(first); n == 0 || err != nil {
		_ = conn.Close()
		return
	}
	peeked := &peekedConn{Conn: conn, first: first}
	if first[0] != recordHandshake {
		_ = conn.SetDeadline(time.Time{})
		plain.offer(&shapedConn{Conn: peeked, server: s})
		return
	}
	secure := tls.Server(peeked, config)
	if err := secure.HandshakeContext(context.Background()); err != nil {
		_ = conn.Close()
		return
	}
	_ = conn.SetDeadline(time.Time{})
	if secure.ConnectionState().NegotiatedProtocol == "h2" {
		encrypted.offer(secure) // net/http knows HTTP/2 by the type
		return
	}
	encrypted.offer(&shapedConn{Conn: secure, server: s})
}

// peekedConn gives back a byte that was read ahead.
type peekedConn struct {
	net.Conn
	first []byte
}

func (c *peekedConn) Read(p []byte) (int, error) {
	if len(c.first) > 0 && len(p) > 0 {
		p[0] = c.first[0]
		c.first = nil
		return 1, nil
	}
	return c.Conn.Read(p)
}

// CloseWrite lets net/http end its side of the connection first.
func (c *peekedConn) CloseWrite() error { return closeWrite(c.Conn) }

func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// shapedListener shapes each connection's early errors, see shapedConn.
type shapedListener struct {
	net.Listener
	server *Server
}

func (l shapedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &shapedConn{Conn: conn, server: l.server}, nil
}
