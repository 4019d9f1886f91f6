package reference_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/reference/sample"
	"sharesmart/internal/web/docs/reference/scene"

	gocmp "github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "record what samples send and what is answered; then run go generate")

// TestRecorded runs what each sample of the reference sends, each in a sandbox of its own, and compares the answer with
// the one that is shown: its status, and the names and kinds of all that is in it.
func TestRecorded(t *testing.T) {
	t.Parallel()
	s := servertest.New(t, servertest.Mail(mail.New(mail.Options{From: netmail.Address{Address: "no-reply@localhost"}})))
	receiver := receive(t)
	for _, r := range served(s).Resources() {
		shown, err := r.Calls()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]*sample.Run{}
		for _, op := range r.Operations {
			run := record(t, s, receiver, op.Operation)
			got[op.ID] = run
			if *update {
				if old := shown[op.ID]; old != nil && gocmp.Equal(outline(old.Run), outline(run)) {
					got[op.ID] = old.Run // another one would only have other ids
				}
				continue
			}
			if shown[op.ID] == nil {
				t.Errorf("%s has no sample: run go test -update", op.ID)
			} else if diff := gocmp.Diff(outline(shown[op.ID].Run), outline(run)); diff != "" {
				t.Errorf("%s answers something else than what is shown (-shown +answered); run go test -update:\n%s", op.ID, diff)
			}
		}
		if *update {
			write(t, filepath.Join("recorded", r.File()), got)
		}
	}
}

// served is what a server serves.
func served(s *servertest.Server) *reference.Catalog {
	return reference.NewCatalog(func(op *spec.Operation) bool { return s.Engine.Origin(op) != resource.OriginUnsupported })
}

// shownReceiver is what stands in samples for the address of a server of the reader's.
const shownReceiver = "https://example.com/cards"

// receive starts a server that takes whatever is sent to it, and returns its address.
func receive(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"ok":true}`)) }))
	t.Cleanup(s.Close)
	return s.URL
}

// record runs an operation in a sandbox of its own.
func record(t *testing.T, s *servertest.Server, receiver string, op *spec.Operation) *sample.Run {
	t.Helper()
	sandbox := s.Post("/v1/sandboxes", "name", op.ID).OK()
	key := sandbox.String("secret_key")
	grant, err := s.Registry.Authenticate(key)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(op.Path, "/v1/sandboxes") { // they are made by the account itself
		key = s.Key
	}
	call := caller(s, key)
	prepare(t, call)
	opened, err := scene.NewStage(call, scene.Behind{
		Engine: s.Engine, Namespace: grant.Namespace, Publishable: sandbox.String("publishable_key"), Receiver: receiver,
	}).Open(op)
	if err != nil {
		t.Fatalf("%s: %v", op.ID, err)
	}
	run := &sample.Run{Path: opened.Path, Form: opened.Form, Key: opened.Key, Note: scene.Note(op.ID)}
	a := send(s, cmp.Or(run.Key, key), op.Method, (&sample.Call{Operation: op, Run: run}).Path(), run.Form)
	if a.Status != http.StatusOK {
		t.Errorf("%s %q: %d: %s", op.ID, run.Form, a.Status, a.Body)
	}
	run.Status = fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status))
	if a.Object != nil {
		run.Answer = json.RawMessage(strings.NewReplacer(s.URL, reference.SampleURL, receiver, shownReceiver).Replace(string(bytes.TrimSpace(a.Body))))
	}
	for i, value := range run.Form {
		run.Form[i] = strings.ReplaceAll(value, receiver, shownReceiver)
	}
	return run
}

// prepare gives an account what every seller has: money, and where it sells from.
func prepare(t *testing.T, call scene.Caller) {
	t.Helper()
	for _, step := range scene.Account {
		if status, answer, err := call(http.MethodPost, step[0], step[1:]); err != nil || status != http.StatusOK {
			t.Fatalf("%q: %d %v %v", step, status, answer, err)
		}
	}
}

func caller(s *servertest.Server, key string) scene.Caller {
	return func(method, path string, form []string) (int, *object.Object, error) {
		a := send(s, key, method, path, form)
		if a.Object == nil {
			return a.Status, object.New(nil), nil
		}
		return a.Status, a.Object, nil
	}
}

func send(s *servertest.Server, key, method, path string, form []string) *servertest.Answer {
	target, body, contentType := scene.Request(method, path, form)
	return s.Do(servertest.Request{
		Method: method, Path: target, Body: strings.NewReader(body), ContentType: contentType, Key: key, Unchecked: true, Header: http.Header{"Stripe-Version": {spec.Version}},
	})
}

// outline is what two answers to the same request have in common: what is sent, by name, and the answer without its
// values. Of a list only the first element is compared.
func outline(run *sample.Run) map[string]string {
	out := map[string]string{"status": run.Status, "note": run.Note}
	for i := 0; i+1 < len(run.Form); i += 2 {
		out["sends "+run.Form[i]] = ""
	}
	var v any
	if json.Unmarshal(run.Answer, &v) == nil {
		outlineOf(out, "", v)
	}
	return out
}

func outlineOf(out map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			outlineOf(out, path+"."+name, inner)
		}
	case []any:
		if len(v) > 0 {
			outlineOf(out, path+"[]", v[0])
		}
	default:
		out[path] = fmt.Sprintf("%T", v)
	}
}

func write(t *testing.T, file string, runs map[string]*sample.Run) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(runs); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
