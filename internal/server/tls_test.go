package server_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/server"
	"sharesmart/internal/servertest"
)

func TestHTTPS(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.TLS())
	id := s.Post("/v1/customers", "email", "jenny@example.com").OK().ID()
	sent, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v1/customers/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	sent.Header.Set("Authorization", "Bearer "+s.Key)
	got, err := s.Client.Do(sent)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if got.ProtoMajor != 2 || got.StatusCode != http.StatusOK {
		t.Errorf("answered %s %s, want HTTP/2 200", got.Proto, got.Status)
	}
}

func TestPlainHTTPIsRefused(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.TLS())
	plain := "http://" + strings.TrimPrefix(s.URL, "https://")
	sent, err := http.NewRequestWithContext(t.Context(), http.MethodGet, plain+"/v1/customers", nil)
	if err != nil {
		t.Fatal(err)
	}
	sent.Header.Set("Authorization", "Bearer "+s.Key)
	got, err := http.DefaultTransport.RoundTrip(sent)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	var body bytes.Buffer
	if _, err := body.ReadFrom(got.Body); err != nil {
		t.Fatal(err)
	}
	o, err := object.Parse(body.Bytes(), nil)
	if err != nil || got.StatusCode != http.StatusForbidden || got.Header.Get("Request-Id") == "" {
		t.Fatalf("answered %s %v: %s, %v", got.Status, got.Header, body.Bytes(), err)
	}
	if e := o.Object("error"); e.String("type") != "invalid_request_error" || !strings.Contains(e.String("message"), "HTTPS") {
		t.Errorf("error is %s", body.Bytes())
	}
}

// TestHTTP1OverTLS covers clients without HTTP/2, whose malformed requests are answered in the API's form as well.
func TestHTTP1OverTLS(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.TLS())
	config := s.Client.Transport.(*http.Transport).TLSClientConfig.Clone()
	config.NextProtos = []string{"http/1.1"}
	for _, test := range []struct{ request, status string }{
		{"GET /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + s.Key + "\r\n\r\n", "HTTP/1.1 200 "},
		{"GET /v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 400 "},
		{"nonsense\r\n\r\n", "HTTP/1.1 400 "},
	} {
		conn, err := (&tls.Dialer{Config: config}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.URL, "https://"))
		if err != nil {
			t.Fatal(err)
		}
		status, header, _ := talk(t, conn, test.request)
		if !strings.HasPrefix(status, test.status) || !strings.Contains(header, "Content-Type: application/json") || !strings.Contains(header, "Request-Id: req_") {
			t.Errorf("%.30q is answered %q with %q", test.request, status, header)
		}
	}
}

// talk sends bytes and reads one answer: its status line, its headers, and its body.
func talk(t *testing.T, conn net.Conn, request string) (status, header, body string) {
	t.Helper()
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(clock.Wall{}.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_, _ = conn.Write([]byte(request)) // the server may hang up before it has all
	}()
	got, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.60q: %v", request, err)
	}
	defer func() { _ = got.Body.Close() }()
	var h strings.Builder
	if err := got.Header.Write(&h); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatalf("%.60q: read the answer: %v", request, err)
	}
	_ = conn.Close()
	<-sent
	return got.Proto + " " + got.Status, h.String(), string(b)
}

// TestShutdownDrains sends a request, stops the server while it is at work, and expects its answer.
func TestShutdownDrains(t *testing.T) {
	t.Parallel()
	began, finish := make(chan struct{}), make(chan struct{})
	var once sync.Once
	s := servertest.New(t, servertest.Engine(func(e server.Engine) server.Engine {
		return engineFunc(func(ctx context.Context, r *resource.Request) (*resource.Answer, error) {
			once.Do(func() { close(began) })
			<-finish
			return e.Serve(ctx, r)
		})
	}))
	status := make(chan int, 1)
	go func() { status <- s.Post("/v1/customers").Status }()
	<-began
	stopped := make(chan error, 1)
	go func() { stopped <- s.Stop() }()
	s.WaitRefused()
	close(finish)
	if got := <-status; got != http.StatusOK {
		t.Errorf("the request at work was answered %d", got)
	}
	if err := <-stopped; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}
