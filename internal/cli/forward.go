package cli

import (
	"context"
	"crypto/tls"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"sharesmart/internal/webhook"
)

const (
	// lanes is how many events are on their way at once. Those of one object share a lane, and so keep their order.
	lanes = 8
	// laneRoom is how many events wait in a lane before no more are heard.
	laneRoom = 256
	// forwardTime is how long an endpoint may take.
	forwardTime = 30 * time.Second
)

// forwarder sends events on.
type forwarder struct {
	*printer
	header http.Header
	http   *http.Client
	lanes  []chan *delivery
	work   sync.WaitGroup
}

// delivery is an event on its way.
type delivery struct {
	id, object      string // of the event, and of what it is about
	target, payload string // no target if it is not sent
	headers         map[string]string
}

func newForwarder(a *app, l *listenFlags) (*forwarder, error) {
	fw := &forwarder{printer: &printer{app: a}, header: http.Header{}}
	for _, text := range l.headers {
		name, value, ok := strings.Cut(text, ":")
		if !ok {
			return nil, usage("--headers has %q: write Name:Value", text)
		}
		fw.header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	for _, target := range []*string{&l.forward, &l.forwardConnect, &l.forwardThin, &l.forwardThinConnect} {
		if *target == "" {
			continue
		}
		full, err := endpoint(*target)
		if err != nil {
			return nil, err
		}
		*target = full
	}
	fw.http = &http.Client{
		Timeout:       forwardTime,
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: l.skipVerify}}, //nolint:gosec // the user asks for it
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for range lanes {
		lane := make(chan *delivery, laneRoom)
		fw.lanes = append(fw.lanes, lane)
		fw.work.Go(func() {
			for d := range lane {
				fw.send(d)
			}
		})
	}
	return fw, nil
}

// endpoint is what a user writes of one as a URL: a port, a host or a whole one.
func endpoint(text string) (string, error) {
	if _, err := strconv.Atoi(strings.SplitN(text, "/", 2)[0]); err == nil {
		text = "localhost:" + text
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "", usage("%q is no address to forward to: write localhost:3000/webhook", text)
	}
	return text, nil
}

// close sends what is on its way, and ends.
func (fw *forwarder) close() {
	for _, lane := range fw.lanes {
		close(lane)
	}
	fw.work.Wait()
}

// forward sends an event to its endpoint, if it has one.
func (fw *forwarder) forward(d *delivery) {
	if d.target == "" {
		return
	}
	h := fnv.New32a()
	_, _ = io.WriteString(h, d.object)
	fw.lanes[h.Sum32()%lanes] <- d
}

// send sends one event and shows what was answered.
func (fw *forwarder) send(d *delivery) {
	ctx, cancel := context.WithTimeout(context.Background(), forwardTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.target, strings.NewReader(d.payload))
	if err != nil {
		fw.failed(d, err)
		return
	}
	for name, value := range d.headers {
		r.Header.Set(name, value)
	}
	for name, values := range fw.header {
		r.Header[name] = values
	}
	got, err := fw.http.Do(r)
	if err != nil {
		fw.failed(d, err)
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(got.Body, 1<<20)) // what an endpoint says is of no use
	_ = got.Body.Close()
	if !fw.settings.json {
		fw.print("%s  %s [%s] %s %s", fw.Stdout.Dim(local(fw.Clock.Now().Unix())), fw.Stdout.Name("<--"), fw.status(got.StatusCode, strconv.Itoa(got.StatusCode)), d.target, d.id)
	}
}

// failed says that an endpoint was not reached.
func (fw *forwarder) failed(d *delivery, err error) {
	fw.mu.Lock()
	defer fw.mu.Unlock()
	fw.note(fw.Stdout.Bad("not delivered") + " " + d.id + ": " + err.Error())
}

// signed are the headers of an event, as the server sends them.
func signed(payload, secret string, now int64) map[string]string {
	return map[string]string{"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": webhook.Signature(now, []byte(payload), secret)}
}
