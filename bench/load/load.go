// Package load sends a bounded number of requests over kept-open connections, as fast as they are answered or at a fixed
// rate. It does what wrk cannot: send exactly so many, look at each answer, and stop at the first that is not a success.
package load

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Key is the key that requests carry. stripe-mock takes any, and the demo account has this one.
const Key = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"

// answerTime is how long one answer may take.
const answerTime = 30 * time.Second

// Plan says what to send.
type Plan struct {
	Addr        string
	Connections int
	Requests    int
	// Rate is how many requests a second begin, whether or not the ones before were answered, as long as a connection is
	// free. What one waits for a connection counts. Zero sends the next request when the one before was answered.
	Rate float64
	// Request is the i-th request, as Get and Post make it. It is called from many goroutines.
	Request func(i int) []byte
	// Answer, if set, sees the body of the i-th answer. It is called from many goroutines and must not keep the body.
	Answer func(i int, body []byte)
}

// Result is what came of it.
type Result struct {
	Rate     float64 // answers a second
	P50, P99 time.Duration
}

// Get is a GET request.
func Get(path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Key + "\r\n\r\n")
}

// Post is a POST request with a form.
func Post(path, form string) []byte {
	return []byte("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + Key +
		"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + strconv.Itoa(len(form)) + "\r\n\r\n" + form)
}

// Run carries out a plan. The first answer that is no success ends it with an error.
func Run(ctx context.Context, p Plan) (Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took := make([]time.Duration, p.Requests)
	var next atomic.Int64
	var workers sync.WaitGroup
	begun := time.Now()
	for range min(p.Connections, p.Requests) {
		workers.Go(func() {
			if err := p.work(ctx, begun, &next, took); err != nil {
				cancel(err)
			}
		})
	}
	workers.Wait()
	elapsed := time.Since(begun)
	if err := context.Cause(ctx); err != nil {
		return Result{}, err
	}
	slices.Sort(took)
	return Result{Rate: float64(p.Requests) / elapsed.Seconds(), P50: took[len(took)/2], P99: took[len(took)*99/100]}, nil
}

// work sends requests over one connection until none is left.
func (p *Plan) work(ctx context.Context, start time.Time, next *atomic.Int64, took []time.Duration) error {
	conn, err := net.Dial("tcp", p.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	r := bufio.NewReaderSize(conn, 16<<10)
	var body bytes.Buffer
	for ctx.Err() == nil {
		i := int(next.Add(1)) - 1
		if i >= p.Requests {
			return nil
		}
		begun := p.due(start, i)
		if err := exchange(conn, r, p.Request(i), &body); err != nil {
			return fmt.Errorf("request %d to %s: %w", i, p.Addr, err)
		}
		took[i] = time.Since(begun)
		if p.Answer != nil {
			p.Answer(i, body.Bytes())
		}
	}
	return nil
}

// due waits until a request is to begin, and returns when that was.
func (p *Plan) due(start time.Time, i int) time.Time {
	if p.Rate == 0 {
		return time.Now()
	}
	at := start.Add(time.Duration(float64(i) / p.Rate * float64(time.Second)))
	time.Sleep(time.Until(at))
	return at
}

// exchange sends one request and reads its answer into body.
func exchange(conn net.Conn, r *bufio.Reader, request []byte, body *bytes.Buffer) error {
	if err := conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return err
	}
	if _, err := conn.Write(request); err != nil {
		return err
	}
	answer, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	body.Reset()
	_, err = io.Copy(body, answer.Body)
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if err == nil && answer.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %s", answer.Status, excerpt(body.Bytes()))
	}
	return err
}

func excerpt(body []byte) []byte { return body[:min(len(body), 500)] }
