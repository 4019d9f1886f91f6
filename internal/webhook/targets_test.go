package webhook_test

import (
	"context"
	"encoding/binary"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sharesmart/internal/object"
	"sharesmart/internal/outbound"
	"sharesmart/internal/servertest"
)

// targets are hosts that nothing must be sent to in live mode.
var targets = []string{
	// this machine, in all the ways to write it
	"127.0.0.1", "127.8.8.8", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]",
	"2130706433", "0x7f000001", "017700000001", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0", "0.0.0.0", "[::]",
	// what runs it
	"169.254.169.254", "169.254.170.2", "[fd00:ec2::254]", "[fe80::1]", "2852039166", "0xa9fea9fe", "[::ffff:169.254.169.254]",
	// its neighbours
	"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "[fc00::1]", "[fec0::1]",
	// IPv4 within IPv6
	"[64:ff9b::a00:1]", "[64:ff9b:1::a00:1]", "[2002:a00:1::]", "[2001:0:a00:1::]",
	// nobody in particular
	"224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1", "203.0.113.7", "[ff02::1]", "[2001:db8::1]",
	// names
	"inside.test", "both.test",
}

// In live mode nothing is sent to what stands behind the server's own walls, whatever it is called, and the attempt says so.
func TestTargets(t *testing.T) {
	t.Parallel()
	resolver := resolve(t, func(name string, _ int64) []string {
		return map[string][]string{"inside.test.": {"10.1.2.3"}, "both.test.": {"127.0.0.1", "192.168.0.1"}}[name]
	})
	s := servertest.New(t, servertest.Reach(outbound.Policy{Resolver: resolver}))
	live := func(r servertest.Request) *servertest.Answer {
		r.Key = s.Account.LiveSecret.Secret
		return s.Do(r)
	}
	we := live(servertest.Request{Method: "POST", Path: "/v1/webhook_endpoints", Form: []string{"url", "https://example.com", "enabled_events[]", "customer.created"}}).OK()
	for _, host := range targets {
		live(servertest.Request{Method: "POST", Path: "/v1/webhook_endpoints/" + we.ID(), Form: []string{"url", "https://" + host + "/hook"}}).OK()
		live(servertest.Request{Method: "POST", Path: "/v1/customers"}).OK()
		run(t, s)
		d := live(servertest.Request{Path: "/v1/webhook_deliveries", Form: []string{"limit", "1"}}).OK().Array("data")[0].(*object.Object)
		attempt, _ := d.Array("attempts")[0].(*object.Object)
		if got := attempt.String("error"); !strings.HasPrefix(got, "Nothing was sent: ") || !strings.Contains(got, " is not a public address. ") {
			t.Errorf("%s: %q", host, got)
		}
	}
}

// A name is judged by the address that it has at the moment of the connection.
func TestRebinding(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	resolver := resolve(t, func(string, int64) []string {
		if asked.Add(1) == 1 {
			return []string{"127.0.0.1"}
		}
		return []string{"127.0.0.2"}
	})
	there := receive(t, nil)
	client := outbound.Policy{Resolver: resolver, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}.Client(5 * time.Second)
	_, port, _ := net.SplitHostPort(there.Listener.Addr().String())
	for i, want := range []string{"", "127.0.0.2: the address is not a public one"} {
		got, err := client.Post("http://rebinds.test:"+port, "application/json", strings.NewReader("{}"))
		if err == nil {
			_ = got.Body.Close()
		}
		if text := errText(err); want == "" && err != nil || !strings.Contains(text, want) || want != "" && err == nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if n := len(there.take()); n != 1 {
		t.Errorf("%d requests arrived", n)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A redirect to an address behind the walls is not followed, nor any other.
func TestRedirects(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	inside := receive(t, nil)
	r := receive(t, func(w http.ResponseWriter, _ got) {
		w.Header().Set("Location", inside.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	endpoint(s, r.URL)
	s.Post("/v1/customers").OK()
	run(t, s)
	if n := len(inside.take()); n > 0 {
		t.Errorf("the redirect was followed %d times", n)
	}
}

// resolve is a resolver whose names have the addresses that answer says.
func resolve(t *testing.T, answer func(name string, n int64) []string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buffer := make([]byte, 1500)
		for n := int64(0); ; n++ {
			size, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(dnsAnswer(buffer[:size], func(name string) []string { return answer(name, n) }), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// dnsAnswer answers a question for A records, and any other with nothing.
func dnsAnswer(question []byte, answer func(name string) []string) []byte {
	name, at := "", 12
	for question[at] != 0 {
		name += string(question[at+1:at+1+int(question[at])]) + "."
		at += 1 + int(question[at])
	}
	end := at + 5
	var addresses []string
	if binary.BigEndian.Uint16(question[at+1:]) == 1 {
		addresses = answer(name)
	}
	out := append([]byte{question[0], question[1], 0x81, 0x80, 0, 1, 0, byte(len(addresses)), 0, 0, 0, 0}, question[12:end]...)
	for _, text := range addresses {
		a := netip.MustParseAddr(text).As4()
		out = append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
		out = append(out, a[:]...)
	}
	return out
}
