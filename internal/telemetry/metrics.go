// Package telemetry tells other programs how a server is doing: Prometheus, which asks for figures, and OpenTelemetry, which is
// sent traces. It knows nothing of what is measured; a server that is told of neither has none of it in the way of a request.
package telemetry

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sharesmart/internal/store"
)

// Metrics are the figures of a server. No label takes values that clients choose, so their number is bounded: an operation is
// one of the spec's, or none.
type Metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	durations  *prometheus.HistogramVec
	commits    prometheus.Histogram
	batches    prometheus.Histogram
	deliveries *prometheus.CounterVec
	delivering prometheus.Histogram
	mails      *prometheus.CounterVec
}

// durationBuckets are seconds: a GET takes 50 microseconds, a commit some milliseconds, an endpoint up to ten seconds.
var durationBuckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5, 10}

// NewMetrics returns figures that are all zero.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry:  prometheus.NewRegistry(),
		requests:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sharesmart_requests_total", Help: "Requests to the API, by operation and status."}, []string{"operation", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sharesmart_request_duration_seconds", Help: "How long requests to the API took.", Buckets: durationBuckets}, []string{"operation"}),
		commits:   prometheus.NewHistogram(prometheus.HistogramOpts{Name: "sharesmart_store_commit_duration_seconds", Help: "How long commits of the store took.", Buckets: durationBuckets}),
		batches:   prometheus.NewHistogram(prometheus.HistogramOpts{Name: "sharesmart_store_commit_transactions", Help: "How many transactions were committed together.", Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128, 256}}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sharesmart_webhook_deliveries_total", Help: "Attempts to deliver events, by outcome: succeeded, refused (not 2xx) or failed (no answer)."}, []string{"outcome"}),
		delivering: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "sharesmart_webhook_delivery_duration_seconds", Help: "How long endpoints took to answer.", Buckets: durationBuckets}),
		mails:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sharesmart_mails_total", Help: "Attempts to send mail, by outcome: sent or failed."}, []string{"outcome"}),
	}
	built := prometheus.NewGauge(prometheus.GaugeOpts{Name: "sharesmart_build_info", Help: "Always 1; the version is a label.", ConstLabels: prometheus.Labels{"version": version}})
	built.Set(1)
	m.registry.MustRegister(m.requests, m.durations, m.commits, m.batches, m.deliveries, m.delivering, m.mails, built,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Gauge adds a figure that is asked for when the figures are read.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Answered counts a request to the API.
func (m *Metrics) Answered(e store.LogEntry) {
	operation := e.Operation
	if operation == "" {
		operation = "none"
	}
	m.requests.WithLabelValues(operation, strconv.Itoa(e.Status)).Inc()
	m.durations.WithLabelValues(operation).Observe(float64(e.Duration) / 1e6)
}

// Committed counts a commit of the store.
func (m *Metrics) Committed(transactions int, took time.Duration) {
	m.commits.Observe(took.Seconds())
	m.batches.Observe(float64(transactions))
}

// Mailed counts an attempt to send mail.
func (m *Metrics) Mailed(err error) {
	outcome := "sent"
	if err != nil {
		outcome = "failed"
	}
	m.mails.WithLabelValues(outcome).Inc()
}

// Deliveries counts what is sent by a transport.
func (m *Metrics) Deliveries(next http.RoundTripper, now func() time.Time) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		begun := now()
		a, err := next.RoundTrip(r)
		m.delivering.Observe(now().Sub(begun).Seconds())
		outcome := "succeeded"
		switch {
		case err != nil:
			outcome = "failed"
		case a.StatusCode/100 != 2:
			outcome = "refused"
		}
		m.deliveries.WithLabelValues(outcome).Inc()
		return a, err
	})
}

// Handler answers the figures in the format of Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// roundTripper is a function as a transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	if r == nil {
		return nil, errors.New("no request")
	}
	return f(r)
}
