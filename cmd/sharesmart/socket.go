package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// maxSocketPath is how long the path of a unix socket may be on every system, its final zero included.
const maxSocketPath = 104

// socketPath is the control socket of a data directory: in it, or, if that path is too long for a socket, under a name
// made from it in the directory for temporary files.
func socketPath(data string) string {
	path := filepath.Join(data, "sharesmart.sock")
	if len(path) < maxSocketPath {
		return path
	}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	sum := sha256.Sum256([]byte(path))
	return filepath.Join(os.TempDir(), "sharesmart-"+hex.EncodeToString(sum[:8])+".sock")
}

// listenControl opens the control socket, for this user alone. What an earlier process left there is of no use: this
// one has the lock.
func listenControl(data string) (net.Listener, error) {
	path := socketPath(data)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("control socket: %w", err), l.Close())
	}
	return l, nil
}

// serveControl answers commands until ctx is done.
func serveControl(ctx context.Context, l net.Listener, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	_ = s.Serve(l) // ends with Close
}

// exchange sends one question over a connection and reads the answer.
func exchange(ctx context.Context, conn net.Conn, q asked, out *answered) error {
	body, err := json.Marshal(q)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	t := &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://sharesmart/control", bytes.NewReader(body))
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	answer, err := t.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("the server did not answer: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	return json.NewDecoder(answer.Body).Decode(out)
}
