package server

import (
	"bytes"
	"net"
	"net/http"
	"strconv"

	"sharesmart/internal/apierr"
	"sharesmart/internal/store"
)

// shapedConn is an HTTP/1 connection on which even what is no HTTP request gets an answer in the API's form. net/http
// refuses such requests (a broken request line, headers too large, a path that cannot be unescaped) before any handler
// is asked, in plain text; this is the only place where that text can be replaced.
type shapedConn struct {
	net.Conn
	server *Server
}

// refusal is how net/http goes on after the status line of a refusal, and only then: our own answers are never text.
var refusal = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// expectation begins net/http's answer to an Expect header that it does not know; it has no body.
var expectation = []byte("HTTP/1.1 417 ")

func (c *shapedConn) Write(p []byte) (int, error) {
	text, refused := refusedBecause(p)
	if !refused {
		return c.Conn.Write(p)
	}
	if _, err := c.Conn.Write(c.server.refuse(c.RemoteAddr(), text)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// refusedBecause finds the reason in an answer that net/http gave by itself.
func refusedBecause(p []byte) (reason string, refused bool) {
	if !bytes.HasPrefix(p, []byte("HTTP/1.1 4")) && !bytes.HasPrefix(p, []byte("HTTP/1.1 5")) {
		return "", false
	}
	if bytes.HasPrefix(p, expectation) {
		return "417 Expectation Failed", true
	}
	statusLine, text, found := bytes.Cut(p, refusal)
	return string(text), found && bytes.IndexByte(statusLine, '\r') < 0
}

// CloseWrite lets net/http end its side of the connection first.
func (c *shapedConn) CloseWrite() error { return closeWrite(c.Conn) }

// refuse logs a refusal and puts it into the API's form. A request that asks for what HTTP/1.1 does not have is the
// client's mistake, so it is told 400 where net/http says 501 or 505: SDKs would try those again.
func (s *Server) refuse(from net.Addr, reason string) []byte {
	seq := s.Store.NextLogSeq()
	id := s.ids.New(seq)
	status := http.StatusBadRequest
	if sent, err := strconv.Atoi(reason[:min(3, len(reason))]); err == nil && sent > 400 && sent < 500 {
		status = sent
	}
	e := &apierr.Error{Type: apierr.TypeInvalid, Message: "This is not a valid HTTP request: " + reason + "."}
	body := e.Body(apierr.Links{})
	s.Store.Log(store.LogEntry{
		Seq: seq, ID: id, Time: s.Clock.Now().UnixMicro(), Status: status, IP: hostOf(from.String()), ErrorCode: e.Type, Answer: string(body),
	})
	b := make([]byte, 0, len(body)+256)
	b = append(b, "HTTP/1.1 "+strconv.Itoa(status)+" "+http.StatusText(status)...)
	b = append(b, "\r\nContent-Type: application/json\r\nCache-Control: no-cache, no-store\r\nAccess-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: "+inertOnly[0]+"\r\nConnection: close\r\nRequest-Id: "+id...)
	if s.Mock {
		b = append(b, "\r\nStripe-Mock-Version: "+mockVersion[0]...)
	}
	b = append(b, "\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"...)
	return append(b, body...)
}
