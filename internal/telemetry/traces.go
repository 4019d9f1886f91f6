package telemetry

import (
	"context"
	"fmt"
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	otelresource "go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"sharesmart/internal/apierr"
	"sharesmart/internal/resource"
	"sharesmart/internal/server"
	"sharesmart/internal/store"
)

// Traces are sent over OTLP/HTTP to where the variables of OpenTelemetry say: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME,
// OTEL_TRACES_SAMPLER and the others of its specification. A request is a span; below it are the operation, its commit, and,
// apart, each delivery of an event.
type Traces struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	carrier  propagation.TextMapPropagator
}

// WantsTraces reports whether the environment asks for traces.
func WantsTraces(env func(string) (string, bool)) bool {
	set := func(name, value string) bool { v, _ := env(name); return v == value }
	if set("OTEL_SDK_DISABLED", "true") || set("OTEL_TRACES_EXPORTER", "none") {
		return false
	}
	return !set("OTEL_EXPORTER_OTLP_ENDPOINT", "") || !set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "")
}

// NewTraces begins to send.
func NewTraces(ctx context.Context, version string) (*Traces, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	named, err := otelresource.New(ctx,
		otelresource.WithAttributes(attribute.String("service.name", "sharesmart"), attribute.String("service.version", version)),
		otelresource.WithTelemetrySDK(), otelresource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(named))
	return &Traces{provider, provider.Tracer("sharesmart"), propagation.TraceContext{}}, nil
}

// Close sends what is not sent yet.
func (t *Traces) Close(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// Handler makes a span of each request, below that of the client if it sent one.
func (t *Traces) Handler(next http.Handler) http.Handler {
	return otelhttp.NewHandler(next, "request", otelhttp.WithTracerProvider(t.provider), otelhttp.WithPropagators(t.carrier),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method }))
}

// Engine makes a span of each operation, and names the request's after it.
func (t *Traces) Engine(next server.Engine) server.Engine { return tracedEngine{next, t} }

type tracedEngine struct {
	server.Engine
	traces *Traces
}

func (e tracedEngine) Serve(ctx context.Context, r *resource.Request) (*resource.Answer, error) {
	name := r.Op.Method + " " + r.Op.Path
	request := trace.SpanFromContext(ctx)
	request.SetName(name)
	request.SetAttributes(attribute.String("http.route", r.Op.Path), attribute.String("sharesmart.request_id", r.ID))
	ctx, span := e.traces.tracer.Start(ctx, "operation", trace.WithAttributes(
		attribute.String("sharesmart.operation", r.Op.ID), attribute.String("sharesmart.api_version", r.Version), attribute.Bool("sharesmart.live", r.Namespace.Live)))
	defer span.End()
	a, err := e.Engine.Serve(ctx, r)
	if err != nil {
		end(span, err)
	}
	return a, err
}

// end notes an error. Those of the API are told by their code: their text may repeat what a client sent.
func end(span trace.Span, err error) {
	if api := apierr.As(err); api != nil {
		span.SetAttributes(attribute.String("error.type", api.Type), attribute.String("sharesmart.error_code", api.Code))
		return
	}
	span.SetStatus(codes.Error, "internal")
}

// Store makes a span of each transaction of a request, from when it begins to wait to when it is on disk.
func (t *Traces) Store(next store.Store) store.Store {
	if shared, ok := next.(store.Shared); ok { // the engine looks for it
		return tracedShared{shared, tracedStore{next, t}}
	}
	return tracedStore{next, t}
}

type tracedShared struct {
	store.Shared
	traced tracedStore
}

func (s tracedShared) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.traced.Update(ctx, fn)
}

type tracedStore struct {
	store.Store
	traces *Traces
}

func (s tracedStore) Update(ctx context.Context, fn func(store.Tx) error) error {
	if !trace.SpanFromContext(ctx).IsRecording() { // a timer's, of which nobody asked
		return s.Store.Update(ctx, fn)
	}
	ctx, span := s.traces.tracer.Start(ctx, "commit")
	defer span.End()
	err := s.Store.Update(ctx, fn)
	if err != nil {
		end(span, err)
	}
	return err
}

// Deliveries makes a span of what is sent by a transport. The address is the endpoint's without its path, which may hold a secret.
func (t *Traces) Deliveries(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		ctx, span := t.tracer.Start(r.Context(), "delivery", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attribute.String("server.address", r.URL.Host)))
		defer span.End()
		r = r.Clone(ctx)
		t.carrier.Inject(ctx, propagation.HeaderCarrier(r.Header))
		a, err := next.RoundTrip(r)
		if err != nil {
			span.SetStatus(codes.Error, "no answer")
			return a, err
		}
		span.SetAttributes(attribute.Int("http.response.status_code", a.StatusCode))
		if a.StatusCode/100 != 2 {
			span.SetStatus(codes.Error, "not 2xx")
		}
		return a, nil
	})
}
