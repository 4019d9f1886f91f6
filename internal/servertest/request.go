package servertest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
	"sharesmart/internal/spec"
)

// Request is one request to the server. Only Path must be set.
type Request struct {
	Method      string // empty means GET
	Path        string // with its query
	Key         string // empty means the server's Key; "none" sends none
	Header      http.Header
	Form        []string // names and values in turn; in the query of a GET, in the body otherwise
	Body        io.Reader
	ContentType string
	// Unchecked leaves the answer unchecked: for what is no operation of the spec.
	Unchecked bool
}

// Answer is what the server said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Object *object.Object // nil if the body is no JSON object

	s *Server
	r Request
}

// Get retrieves or lists. The form is names and values in turn.
func (s *Server) Get(path string, form ...string) *Answer {
	s.t.Helper()
	return s.Do(Request{Path: path, Form: form})
}

// Post creates, changes, acts.
func (s *Server) Post(path string, form ...string) *Answer {
	s.t.Helper()
	return s.Do(Request{Method: http.MethodPost, Path: path, Form: form})
}

// Delete deletes.
func (s *Server) Delete(path string, form ...string) *Answer {
	s.t.Helper()
	return s.Do(Request{Method: http.MethodDelete, Path: path, Form: form})
}

// Do sends a request and checks its answer.
func (s *Server) Do(r Request) *Answer {
	s.t.Helper()
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	sent := s.build(r)
	got, err := s.Client.Do(sent)
	if err != nil {
		s.t.Fatalf("%s %s: %v", r.Method, r.Path, err)
	}
	a := &Answer{Status: got.StatusCode, Header: got.Header, s: s, r: r}
	a.Body, err = io.ReadAll(got.Body)
	if err != nil {
		s.t.Fatalf("%s %s: read the answer: %v", r.Method, r.Path, err)
	}
	_ = got.Body.Close()
	if strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") && len(a.Body) > 0 {
		a.decode(sent)
	}
	return a
}

func (s *Server) build(r Request) *http.Request {
	s.t.Helper()
	target, body, contentType := s.URL+r.Path, r.Body, r.ContentType
	if len(r.Form) > 0 {
		form := Encode(r.Form...)
		if r.Method == http.MethodGet {
			target += "?" + form
		} else {
			body, contentType = strings.NewReader(form), "application/x-www-form-urlencoded"
		}
	}
	sent, err := http.NewRequestWithContext(s.t.Context(), r.Method, target, body)
	if err != nil {
		s.t.Fatal(err)
	}
	for name, values := range r.Header {
		sent.Header[http.CanonicalHeaderKey(name)] = values
	}
	if contentType != "" {
		sent.Header.Set("Content-Type", contentType)
	}
	switch {
	case r.Key == "none" || sent.Header.Get("Authorization") != "":
	case r.Key != "":
		sent.Header.Set("Authorization", "Bearer "+r.Key)
	default:
		sent.Header.Set("Authorization", "Bearer "+s.Key)
	}
	return sent
}

// Encode encodes names and values in turn, in their order.
func Encode(form ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(form); i += 2 {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(form[i]) + "=" + url.QueryEscape(form[i+1]))
	}
	return b.String()
}

// decode parses the body and holds it against the spec.
func (a *Answer) decode(sent *http.Request) {
	a.s.t.Helper()
	v, err := object.ParseValue(a.Body)
	if err != nil {
		a.fail("the answer is no JSON: %v", err)
	}
	a.Object, _ = v.(*object.Object)
	if a.r.Unchecked {
		return
	}
	if a.Status >= http.StatusBadRequest {
		a.checkError()
		return
	}
	op, _, found := spec.Match(sent.Method, sent.URL.EscapedPath())
	if !found {
		a.fail("the spec has no such operation")
	}
	if err := object.Check(op.Response(), v); err != nil {
		a.fail("the answer does not fit the spec of %s: %v", op.ID, err)
	}
}

// checkError holds an error against what every error must be.
func (a *Answer) checkError() {
	a.s.t.Helper()
	if a.Object == nil || a.Object.Len() != 1 || a.Object.Object("error") == nil {
		a.fail("an error must be one object named error")
	}
	e := a.Object.Object("error")
	switch e.String("type") {
	case apierr.TypeAPI, apierr.TypeCard, apierr.TypeIdempotency, apierr.TypeInvalid:
	default:
		a.fail("SDKs do not know an error of type %q", e.String("type"))
	}
	if e.String("message") == "" {
		a.fail("the error has no message")
	}
	if got, want := e.String("doc_url"), a.s.settings.DocURL(e.String("code")); got != want {
		a.fail("doc_url is %q, want %q", got, want)
	}
	if a.Header.Get("Request-Id") == "" {
		a.fail("the error has no Request-Id")
	}
}

// OK asserts that the request succeeded and returns the object.
func (a *Answer) OK() *object.Object {
	a.s.t.Helper()
	if a.Status != http.StatusOK || a.Object == nil {
		a.fail("status %d, want 200 and an object", a.Status)
	}
	return a.Object
}

// Fails asserts that the request failed with a status and a code, which may be empty, and returns the error.
func (a *Answer) Fails(status int, code string) *object.Object {
	a.s.t.Helper()
	if a.Status != status || a.Object == nil || a.Object.Object("error") == nil {
		a.fail("status %d, want %d and an error", a.Status, status)
	}
	e := a.Object.Object("error")
	if got := e.String("code"); got != code {
		a.fail("the error's code is %q, want %q", got, code)
	}
	return e
}

// IDs are the ids of a list's items.
func (a *Answer) IDs() []string {
	a.s.t.Helper()
	ids := []string{}
	for _, item := range a.OK().Array("data") {
		o, ok := item.(*object.Object)
		if !ok {
			a.fail("a list's item is no object")
		}
		ids = append(ids, o.ID())
	}
	return ids
}

// Into decodes the body into a Go value.
func (a *Answer) Into(v any) {
	a.s.t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.fail("%v", err)
	}
}

func (a *Answer) fail(format string, args ...any) {
	a.s.t.Helper()
	body := a.Body
	if len(body) > 2000 {
		body = append(body[:2000:2000], "..."...)
	}
	a.s.t.Fatalf("%s %s %s: "+format+"\n%s", append([]any{a.r.Method, a.r.Path, strings.Join(a.r.Form, " ")}, append(args, body)...)...)
}
