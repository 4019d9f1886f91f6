package server

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/store"
)

// logSink keeps what is logged and nothing else.
type logSink struct {
	store.Store
	entries []store.LogEntry
}

func (l *logSink) NextLogSeq() int64    { return 7 }
func (l *logSink) Log(e store.LogEntry) { l.entries = append(l.entries, e) }

// sink is a connection that keeps what is written.
type sink struct {
	net.Conn
	written strings.Builder
}

func (s *sink) Write(p []byte) (int, error) { return s.written.Write(p) }
func (s *sink) RemoteAddr() net.Addr        { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func TestShapedConn(t *testing.T) {
	t.Parallel()
	const plain = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
	for _, test := range []struct {
		name, written string
		status        int // 0 is passed on as it is
	}{
		{"refused request", "HTTP/1.1 400 Bad Request" + plain + "400 Bad Request: malformed Host header", 400},
		{"refused headers", "HTTP/1.1 431 Request Header Fields Too Large" + plain + "431 Request Header Fields Too Large", 431},
		{"refused encoding", "HTTP/1.1 501 Unsupported transfer encoding" + plain + "Unsupported transfer encoding", 400},
		{"another HTTP", "HTTP/1.1 505 HTTP Version Not Supported" + plain + "505 HTTP Version Not Supported: unsupported protocol version", 400},
		{"expectation", "HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 417},
		{"success", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}", 0},
		{"error of ours", "HTTP/1.1 404 Not Found\r\nCache-Control: no-cache\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\nx", 0},
		{"body", "4HTTP/1.1 400 Bad Request" + plain, 0},
		{"empty", "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			log, below := &logSink{}, &sink{}
			s := New(Options{Store: log, Clock: clock.NewFake(time.Unix(1_790_000_000, 0))})
			n, err := (&shapedConn{Conn: below, server: s}).Write([]byte(test.written))
			if n != len(test.written) || err != nil {
				t.Fatalf("Write = %d, %v", n, err)
			}
			got := below.written.String()
			if test.status == 0 {
				if got != test.written || len(log.entries) > 0 {
					t.Errorf("%q became %q", test.written, got)
				}
				return
			}
			for _, want := range []string{"HTTP/1.1 " + strconv.Itoa(test.status) + " " + http.StatusText(test.status) + "\r\n", "\r\nContent-Type: application/json\r\n", "\r\nRequest-Id: req_", `"type": "invalid_request_error"`} {
				if !strings.Contains(got, want) {
					t.Errorf("%q lacks %q", got, want)
				}
			}
			if len(log.entries) != 1 || log.entries[0].Status != test.status || log.entries[0].IP != "127.0.0.1" {
				t.Errorf("logged %+v", log.entries)
			}
		})
	}
}
