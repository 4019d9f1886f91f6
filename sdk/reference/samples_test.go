//go:build samples

// Package reference runs every sample of the reference, as it is printed there but for ids, keys and the address: each on
// objects of its own, in a sandbox of its own, with one process for each language.
package reference

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/cli"
	"sharesmart/internal/clock"
	"sharesmart/internal/mail"
	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
	"sharesmart/internal/terminal"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/reference/sample"
	"sharesmart/internal/web/docs/reference/scene"
)

// printed is a sample as it is run.
type printed struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// runners are the programs that run all samples of a language. Each prints a line for a sample that failed, and how many
// passed at the end.
var runners = map[string]func(b *bench, t *testing.T, all []printed) *exec.Cmd{
	"curl":   (*bench).curl,
	"node":   (*bench).node,
	"go":     (*bench).golang,
	"python": (*bench).python,
	"ruby":   (*bench).ruby,
}

var update = flag.Bool("update", false, "write down that all samples passed today")

func TestSamples(t *testing.T) {
	b := newBench(t)
	t.Cleanup(func() {
		if *update && !t.Failed() {
			today := time.Now().UTC().Format(time.DateOnly) + "\n"
			if err := os.WriteFile("../../internal/web/docs/reference/passed.txt", []byte(today), 0o644); err != nil {
				t.Error(err)
			}
		}
	})
	for _, l := range sample.Languages {
		t.Run(l.Lang, func(t *testing.T) {
			t.Parallel()
			all := b.print(t, l.Write)
			if l.Lang == "cli" {
				b.cli(t, all)
				return
			}
			out, err := runners[l.Lang](b, t, all).CombinedOutput()
			if err != nil || !strings.HasSuffix(string(out), fmt.Sprintf("%d passed\n", len(all))) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// bench is where samples are run.
type bench struct {
	*servertest.Server
	dir, ca  string
	receiver string // the address of a server that takes what is sent to it
	catalog  *reference.Catalog
}

func newBench(t *testing.T) *bench {
	s := servertest.New(t, servertest.TLS(), servertest.WallClock(), servertest.Mail(mail.New(mail.Options{From: netmail.Address{Address: "no-reply@localhost"}})))
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"ok":true}`)) }))
	t.Cleanup(receiver.Close)
	b := &bench{Server: s, dir: t.TempDir(), receiver: receiver.URL}
	b.ca = filepath.Join(b.dir, "ca.pem")
	b.save(t, "ca.pem", string(s.CA))
	b.save(t, "logo.png", "the bytes of a picture")
	b.save(t, ".curlrc", "silent\nshow-error\nfail-with-body\n")
	b.catalog = reference.NewCatalog(func(op *spec.Operation) bool { return s.Engine.Origin(op) != resource.OriginUnsupported })
	return b
}

func (b *bench) save(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(b.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (b *bench) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "CURL_HOME="+b.dir, "CURL_CA_BUNDLE="+b.ca, "NODE_EXTRA_CA_CERTS="+b.ca, "SSL_CERT_FILE="+b.ca, "CA="+b.ca, "WORK="+b.dir)
	return cmd
}

// print writes the samples of a language for objects that it makes.
func (b *bench) print(t *testing.T, write func(*sample.Call) string) (all []printed) {
	s := b.For(t)
	for _, r := range b.catalog.Resources() {
		calls, err := r.Calls()
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range r.Operations {
			call := calls[op.ID]
			if call == nil {
				t.Errorf("%s has no sample", op.ID)
			} else {
				all = append(all, printed{op.ID, b.open(t, s, op, call).Replace(write(call))})
			}
		}
	}
	return all
}

// open makes the scene of a sample, and returns what puts it in the place of what is printed.
func (b *bench) open(t *testing.T, s *servertest.Server, op *reference.Operation, call *sample.Call) *strings.Replacer {
	key, behind := s.Key, scene.Behind{Engine: s.Engine, Receiver: b.receiver}
	if !strings.HasPrefix(op.Path, "/v1/sandboxes") {
		sandbox := s.Post("/v1/sandboxes", "name", op.ID).OK()
		key, behind.Publishable = sandbox.String("secret_key"), sandbox.String("publishable_key")
	}
	grant, err := s.Registry.Authenticate(key)
	if err != nil {
		t.Fatal(err)
	}
	behind.Namespace = grant.Namespace
	ask := func(method, path string, form []string) (int, *object.Object, error) {
		target, body, contentType := scene.Request(method, path, form)
		a := s.Do(servertest.Request{
			Method: method, Path: target, Body: strings.NewReader(body), ContentType: contentType, Key: key, Unchecked: true, Header: http.Header{"Stripe-Version": {spec.Version}},
		})
		if a.Object == nil {
			a.Object = object.New(nil)
		}
		return a.Status, a.Object, nil
	}
	for _, step := range scene.Account {
		if status, answer, _ := ask(http.MethodPost, step[0], step[1:]); status != http.StatusOK {
			t.Fatalf("%q: %s", step, answer.JSON())
		}
	}
	now, err := scene.NewStage(ask, behind).Open(op.Operation)
	if err != nil {
		t.Fatalf("%s: %v", op.ID, err)
	}
	before, after := slices.Concat(call.Run.Path, call.Run.Form), slices.Concat(now.Path, now.Form)
	if now.Key != "" {
		before, after = append(before, call.Run.Key), append(after, now.Key)
	}
	if len(before) != len(after) {
		t.Fatalf("%s sends %q, and %q is shown: run go test -update", op.ID, after, before)
	}
	pairs := []string{reference.SampleKey, key, reference.SampleURL, b.URL, "port: 8443", "port: " + b.URL[strings.LastIndexByte(b.URL, ':')+1:], "host: 'localhost'", "host: '127.0.0.1'"}
	order := make([]int, 0, len(before))
	for i := range before {
		if before[i] != after[i] {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int { return len(before[j]) - len(before[i]) }) // no name is the beginning of a later one
	for _, i := range order {
		pairs = append(pairs, before[i], after[i])
	}
	return strings.NewReplacer(pairs...)
}

// list writes the samples for a program that reads JSON.
func (b *bench) list(t *testing.T, name string, all []printed) string {
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return b.save(t, name, string(text))
}

func (b *bench) curl(t *testing.T, all []printed) *exec.Cmd {
	var script strings.Builder
	script.WriteString("cd \"$WORK\"\npassed=0\n")
	for _, p := range all {
		fmt.Fprintf(&script, "if out=$(%s 2>&1); then passed=$((passed + 1)); else echo \"%s: $out\"; fi\n", strings.TrimSpace(p.Text), p.ID)
	}
	script.WriteString("echo \"$passed passed\"\n")
	return b.command("bash", b.save(t, "samples.sh", script.String()))
}

// cli lets a shell part the commands, and carries each out in this process: six hundred would take long to start.
func (b *bench) cli(t *testing.T, all []printed) {
	var script strings.Builder
	script.WriteString("cd \"$WORK\"\nsharesmart() { printf '%s\\0' \"$@\" >&2; printf '\\n\\0' >&2; }\n")
	for _, p := range all {
		script.WriteString(p.Text)
	}
	cmd := b.command("bash", b.save(t, "cli.sh", script.String()))
	var parted strings.Builder
	cmd.Stderr = &parted
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	commands := strings.Split(strings.TrimSuffix(parted.String(), "\n\x00"), "\n\x00")
	if len(commands) != len(all) {
		t.Fatalf("the shell ran %d of %d commands", len(commands), len(all))
	}
	env := map[string]string{"SHARESMART_CA_FILE": b.ca, "HOME": b.dir}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	for i, command := range commands {
		var out bytes.Buffer
		args := strings.Split(strings.TrimSuffix(command, "\x00"), "\x00")
		o := cli.Options{Stdout: terminal.New(&out, lookup), Stderr: &out, Env: lookup, Clock: clock.Wall{}, Dir: b.dir}
		if code := cli.Run(t.Context(), args, o); code != cli.ExitOK {
			t.Errorf("%s: %s\n%s", all[i].ID, all[i].Text, out.String())
		}
	}
}

func (b *bench) node(t *testing.T, all []printed) *exec.Cmd {
	return b.command("node", "samples.cjs", b.list(t, "node.json", all))
}

func (b *bench) python(t *testing.T, all []printed) *exec.Cmd {
	return b.command("/usr/bin/python3", "samples.py", b.list(t, "python.json", all))
}

// ruby runs the samples with what stands in for Stripe's library, which Debian does not have.
func (b *bench) ruby(t *testing.T, all []printed) *exec.Cmd {
	if _, err := exec.LookPath("ruby"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no ruby: apt-get install ruby")
		}
		t.Skip("there is no ruby; CI has it")
	}
	return b.command("ruby", "-I", "../ruby", "samples.rb", b.list(t, "ruby.json", all), "../../internal/web/docs/reference/names.json")
}

// golang makes one program of all samples, so that the library is compiled and linked once.
func (b *bench) golang(t *testing.T, all []printed) *exec.Cmd {
	var program, calls strings.Builder
	program.WriteString("package main\n\nimport (\n\t\"context\"\n\t\"fmt\"\n\t\"io\"\n\t\"os\"\n\n\t\"github.com/stripe/stripe-go/v85\"\n)\n\n")
	program.WriteString("var passed int\n\nfunc run(id string, sample func()) {\n\tdefer func() {\n\t\tif err := recover(); err != nil {\n\t\t\tfmt.Fprintln(os.Stderr, id, err)\n\t\t} else {\n\t\t\tpassed++\n\t\t}\n\t}()\n\tsample()\n}\n\nvar _ io.Reader\nvar _ context.Context\n\n")
	for i, p := range all {
		_, body, _ := strings.Cut(p.Text, "func main() {\n")
		body = strings.NewReplacer("log.Fatal(err)", "panic(err)", "fmt.Println(", "fmt.Fprintln(io.Discard, ", "os.Stdout", "io.Discard").Replace(strings.TrimSuffix(body, "}\n"))
		fmt.Fprintf(&program, "func sample%d() {\n%s}\n\n", i, body)
		fmt.Fprintf(&calls, "\trun(%q, sample%d)\n", p.ID, i)
	}
	program.WriteString("func main() {\n\tstripe.DefaultLeveledLogger = &stripe.LeveledLogger{}\n" + calls.String() + "\tfmt.Println(passed, \"passed\")\n}\n")
	source, binary := b.save(t, "samples.go", program.String()), filepath.Join(b.dir, "samples")
	build := b.command("go", "build", "-trimpath", "-o", binary, source) // here the library is the module's
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := b.command(binary)
	cmd.Dir = b.dir
	return cmd
}
