package outbound

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"
)

func TestAllows(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "172.32.0.1": true,
		"127.0.0.1": false, "127.8.8.8": false, "::1": false, "::ffff:127.0.0.1": false,
		"10.0.0.1": false, "172.16.0.1": false, "192.168.1.1": false, "::ffff:10.0.0.1": false, "fd00::1": false,
		"169.254.169.254": false, "fe80::1": false, "0.0.0.0": false, "::": false, "255.255.255.255": false, "224.0.0.1": false, "ff02::1": false,
		"100.64.0.1": false, "198.18.0.1": false, "240.0.0.1": false, "64:ff9b::a00:1": false, "2002:a00:1::": false, "::10.0.0.1": false,
		"192.88.99.1": false, "::ffff:0:10.0.0.1": false, "fec0::1": false, "3fff::1": false, "5f00::1": false,
	} {
		if got := (Policy{}).Allows(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	for text, want := range map[string]bool{"127.0.0.1": true, "::1": true, "10.0.0.1": false, "169.254.169.254": false} {
		if got := (Policy{Loopback: true}).Allows(netip.MustParseAddr(text)); got != want {
			t.Errorf("with loopback, %s: %v, want %v", text, got, want)
		}
	}
}

func TestClient(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/here", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, "hello")
	}))
	t.Cleanup(there.Close)
	got, err := get(t, Policy{}, there.URL)
	if !errors.Is(err, ErrRefused) || asked.Load() != 0 {
		t.Errorf("without loopback the answer is %d, error %v, after %d requests", got, err, asked.Load())
	}
	if got, err := get(t, Policy{Loopback: true}, there.URL); got != http.StatusOK || err != nil {
		t.Errorf("with loopback the answer is %d, error %v", got, err)
	}
	if got, err := get(t, Policy{Loopback: true}, there.URL+"/away"); got != http.StatusFound || err != nil || asked.Load() != 2 {
		t.Errorf("a redirect is answered with %d, error %v, after %d requests", got, err, asked.Load())
	}
}

func get(t *testing.T, p Policy, url string) (int, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.Client(5 * time.Second).Do(r)
	if err != nil {
		return 0, err
	}
	return a.StatusCode, a.Body.Close()
}
