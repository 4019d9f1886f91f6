package cli

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// client sends requests to the API.
type client struct {
	base *url.URL
	key  string
	http *http.Client
}

// pair is a parameter: items[0][price] and its value.
type pair struct{ name, value string }

// call is a request.
type call struct {
	method, path string
	params       []pair
	body         []byte // instead of params
	contentType  string // of body
	header       http.Header
}

// answer is what came of it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// apiError is an answer that says what is wrong.
type apiError struct {
	*answer
	Type, Code, Message, Param string
}

func (e *apiError) Error() string {
	text := e.Message
	if text == "" {
		text = fmt.Sprintf("the server answered with status %d", e.status)
	}
	var notes []string
	for _, note := range []string{e.Code, e.Param, e.header.Get("Request-Id")} {
		if note != "" {
			notes = append(notes, note)
		}
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return text
}

// connect finds the server and the key.
func (a *app) connect() (*client, error) {
	if a.client != nil {
		return a.client, nil
	}
	key, _, err := a.value("api-key")
	if err != nil {
		return nil, err
	}
	if key == "" {
		return nil, errors.New("there is no API key: give it with --api-key, in " + variable("api-key") + ", or keep it with 'sharesmart config set api_key sk_test_...'; 'sharesmart keys create' makes one")
	}
	text, from, err := a.value("api-base")
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(text)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("the server's url is %q (%s): write https://HOST:PORT", text, from)
	}
	roots, err := a.roots()
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, Proxy: http.ProxyFromEnvironment}
	a.client = &client{base: base, key: key, http: &http.Client{Transport: transport}}
	return a.client, nil
}

// roots are the system's authorities and that of the server.
func (a *app) roots() (*x509.CertPool, error) {
	file, from, err := a.value("ca-file")
	if err != nil {
		return nil, err
	}
	if file == "" {
		if _, err := os.Stat(a.CAFile); err != nil {
			return nil, nil
		}
		file, from = a.CAFile, "default"
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the certificate authority (%s): %w", from, err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("there is no certificate in %s (%s)", file, from)
	}
	return pool, nil
}

// do sends a request. An answer of 400 or more is an *apiError.
func (c *client) do(ctx context.Context, q *call) (*answer, error) {
	target := c.base.String() + q.path
	var body io.Reader
	contentType := q.contentType
	switch {
	case q.body != nil:
		body = bytes.NewReader(q.body)
	case len(q.params) == 0:
	case q.method == http.MethodGet || q.method == http.MethodDelete:
		target += "?" + encode(q.params)
	default:
		body, contentType = strings.NewReader(encode(q.params)), "application/x-www-form-urlencoded"
	}
	r, err := http.NewRequestWithContext(ctx, q.method, target, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.key)
	r.Header.Set("User-Agent", "sharesmart-cli")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for name, values := range q.header {
		r.Header[name] = values
	}
	got, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("reach the server: %w", err)
	}
	defer func() { _ = got.Body.Close() }()
	a := &answer{status: got.StatusCode, header: got.Header}
	if a.body, err = io.ReadAll(got.Body); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if a.status >= http.StatusBadRequest {
		return nil, a.failure()
	}
	return a, nil
}

func (a *answer) failure() *apiError {
	e := &apiError{answer: a}
	var body struct{ Error *apiError }
	body.Error = e
	_ = json.Unmarshal(a.body, &body) // what is no JSON has a status, which is told
	return e
}

// list asks for a page of a list and calls fn for each of its items.
func (c *client) list(ctx context.Context, path string, params []pair, fn func(item json.RawMessage) error) error {
	got, err := c.do(ctx, &call{method: http.MethodGet, path: path, params: params})
	if err != nil {
		return err
	}
	var page struct{ Data []json.RawMessage }
	if err := json.Unmarshal(got.body, &page); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	for _, item := range page.Data {
		if err := fn(item); err != nil {
			return err
		}
	}
	return nil
}

// encode writes parameters as a form, in their order.
func encode(params []pair) string {
	var b strings.Builder
	for i, p := range params {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value))
	}
	return b.String()
}

// explain is an error as a person reads it, with what helps against it.
func (a *app) explain(err error) string {
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		return err.Error() + "\nName the server's certificate authority with --ca-file: 'sharesmart serve' prints where it is."
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return err.Error() + "\nIs it running? 'sharesmart serve' starts one, and --api-base names another."
	}
	return err.Error()
}
