package docs_test

import (
	"bufio"
	"context"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/access"
	"sharesmart/internal/billing"
	"sharesmart/internal/mail"
	"sharesmart/internal/servertest"
	"sharesmart/internal/web/docs/compiled"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "record the answers that have changed; then run make generate")

// TestSamples runs each curl sample as it is printed, each on a demo server of its own, and compares the answer with the
// one that is shown.
func TestSamples(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no curl: apt-get install curl")
		}
		t.Skip("there is no curl; CI has it")
	}
	for _, p := range pages(t) {
		if len(p.Samples) == 0 {
			continue
		}
		t.Run(p.Slug, func(t *testing.T) {
			t.Parallel()
			got, output := runCurl(t, &p)
			if want := p.Samples[0].Prints; want == "" || !strings.Contains(output, want) {
				t.Fatalf("it does not print %q:\n%s", want, output)
			}
			file := filepath.Join("content", "responses", compiled.AnswerFile(p.Slug))
			want, err := os.ReadFile(file)
			if err != nil && !*update {
				t.Fatalf("its answer is not recorded: run go test -update: %v", err)
			}
			diff := cmp.Diff(settled(string(want)), settled(got))
			if diff != "" && *update {
				err = os.WriteFile(file, []byte(got), 0o644)
			} else if diff != "" {
				t.Errorf("it answers something else than what is shown (-shown +answered):\n%s", diff)
			}
			if err != nil && !os.IsNotExist(err) {
				t.Error(err)
			}
		})
	}
}

// pages are all sections and all error codes.
func pages(t *testing.T) (all []compiled.Page) {
	t.Helper()
	d, err := compiled.Load()
	if err != nil {
		t.Fatal(err)
	}
	for p := range d.Pages() {
		if err := p.Read(); err != nil {
			t.Fatal(err)
		}
		all = append(all, *p)
	}
	return all
}

// demo is a server with the demo account and the key of the samples.
func demo(t *testing.T) *servertest.Server {
	t.Helper()
	s := servertest.New(t, servertest.Mail(mail.New(mail.Options{}))) // which stays here: samples read it
	ctx := context.Background()
	if _, err := s.Registry.CreateAccount(ctx, billing.DemoAccount); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Registry.ImportKey(ctx, "sk_test_4eC39HqLyjWDarjtT1zdp7dc", access.KeySpec{Account: billing.DemoAccount}); err != nil {
		t.Fatal(err)
	}
	if err := billing.SeedDemo(ctx, s.Engine, s.Registry); err != nil {
		t.Fatal(err)
	}
	if err := s.Engine.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	return s
}

// runCurl runs the first sample of a page. answer is what is recorded: the status, the headers that are shown, the body.
func runCurl(t *testing.T, p *compiled.Page) (answer, output string) {
	t.Helper()
	s, dir := demo(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".curlrc"), []byte("silent\nshow-error\ndump-header = headers\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", "-ec", strings.ReplaceAll(p.Samples[0].Text, "https://localhost:8443", s.URL))
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CURL_HOME="+dir, "HOME="+dir)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(filepath.Join(dir, "headers"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	head, err := http.ReadResponse(bufio.NewReader(f), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = head.Body.Close()
	output = string(out)
	lines := head.Status + "\n"
	for _, name := range p.Headers {
		lines += name + ": " + head.Header.Get(name) + "\n"
	}
	body := output[strings.Index(output, "{\n"):]
	return strings.ReplaceAll(lines+"\n"+body, s.URL, "https://localhost:8443"), output
}

// What is another one in each run: ids, but for those that the demo gives, and what is drawn by chance.
var (
	ids    = regexp.MustCompile(`\b((?:[a-z]+_)+)[A-Za-z0-9_]{10,}`)
	chance = regexp.MustCompile(`"(invoice_prefix|number|fingerprint|client_secret|hosted_invoice_url|pdf)": "[^"]*"`)
)

func settled(answer string) string {
	return chance.ReplaceAllString(ids.ReplaceAllStringFunc(answer, func(id string) string {
		if strings.Contains(" or_1Ce6vg2eZvKYlo2CcQtHtXdu cn_1FWqvi2eZvKYlo2CZd3TwT6n cn_1FWuAc2eZvKYlo2C1Kbk7sKK ch_1Ce6vm2eZvKYlo2CHPf2Ho6S sku_G3qQngkSaByvzT ", " "+id+" ") || !strings.ContainsAny(id, "0123456789") {
			return id
		}
		return id[:strings.LastIndexByte(id, '_')+1]
	}), `"$1": ""`)
}
