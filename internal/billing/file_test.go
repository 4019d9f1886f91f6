package billing_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sharesmart/internal/servertest"
)

// uploadOf is a request that uploads bytes under a name. More are further fields, names and values in turn.
func uploadOf(purpose, name, contentType, data string, more ...string) servertest.Request {
	const boundary = "a-boundary"
	var b strings.Builder
	fields := append([]string{"purpose", purpose}, more...)
	for i := 0; i < len(fields); i += 2 {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", boundary, fields[i], fields[i+1])
	}
	fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=%q\r\nContent-Type: %s\r\n\r\n%s\r\n--%s--\r\n", boundary, name, contentType, data, boundary)
	return servertest.Request{Method: "POST", Path: "/v1/files", Body: strings.NewReader(b.String()), ContentType: "multipart/form-data; boundary=" + boundary}
}

const someBytes, aPicture = "some words", "\x89PNG\x0D\x0A\x1A\x0A and more"

func TestFilePurposes(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	now := s.Clock.Now()
	for _, c := range []struct {
		name                string
		purpose, file, sent string
		data                string
		status              int
		served, message     string
		expires             any
	}{
		{"a picture by its bytes", "business_logo", "logo", "application/octet-stream", aPicture, 200, "image/png", "", nil},
		{"by its name", "dispute_evidence", "receipt.PDF", "application/octet-stream", someBytes, 200, "application/pdf", "", int(now.AddDate(0, 9, 0).Unix())},
		{"by what is said", "customer_signature", "signature", "image/svg+xml", someBytes, 200, "image/svg+xml", "", int(now.AddDate(0, 0, 7).Unix())},
		{"never a page", "business_icon", "icon.png", "text/html", "<html><script>", 200, "image/png", "", nil},
		{"any bytes", "terminal_wifi_private_key", "key.pem", "text/html", someBytes, 200, "application/octet-stream", "", nil},
		{"report", "issuing_regulatory_reporting", "r.json", "application/json", "{}", 200, "application/json", "", int(now.AddDate(0, 24, 0).Unix())},
		{"no such type for evidence", "dispute_evidence", "evidence.txt", "text/plain", someBytes, 400, "", "application/pdf, image/jpeg, image/png", nil},
		{"no document as a logo", "business_logo", "logo.pdf", "application/pdf", someBytes, 400, "", "mimetypes: image/jpeg", nil},
		{"exactly as large", "business_logo", "logo.png", "image/png", strings.Repeat("x", 512<<10), 200, "image/png", "", nil},
		{"too large", "business_logo", "logo.png", "image/png", strings.Repeat("x", 512<<10+1), 400, "", "at most 524288", nil},
		{"evidence too large", "dispute_evidence", "e.pdf", "application/pdf", strings.Repeat("x", 5<<20+1), 400, "", "at most 5242880", nil},
		{"empty", "business_logo", "logo.png", "image/png", "", 400, "", "empty", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := []string{"file.created"}
			if c.status != http.StatusOK {
				want = nil
			}
			wantEvents(t, s, want, func() {
				a := s.Do(uploadOf(c.purpose, c.file, c.sent, c.data))
				if c.status != http.StatusOK {
					e := a.Fails(c.status, "")
					if e.String("param") != "file" || !strings.Contains(e.String("message"), c.message) {
						t.Errorf("the error about %q is %q", e.String("param"), e.String("message"))
					}
					return
				}
				file := a.OK()
				wantFields(t, file, map[string]any{"purpose": c.purpose, "filename": c.file, "size": len(c.data), "expires_at": c.expires, "links.has_more": false})
				got := s.Get("/v1/files/" + file.ID() + "/contents")
				if got.Status != http.StatusOK || string(got.Body) != c.data || got.Header.Get("Content-Type") != c.served {
					t.Errorf("the contents are %d, %q, %d bytes", got.Status, got.Header.Get("Content-Type"), len(got.Body))
				}
			})
		})
	}
	s.Do(uploadOf("fun", "a.png", "image/png", someBytes)).Fails(400, "")
}

func TestFilesEnd(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	file := s.Do(uploadOf("customer_signature", "s.png", "image/png", aPicture)).OK().ID()
	link := s.Post("/v1/file_links", "file", file).OK().String("url")
	later(t, s, 7*24*time.Hour-time.Second)
	if got := open(s, link); got.Status != http.StatusOK {
		t.Errorf("before its end the file's link answers %d", got.Status)
	}
	later(t, s, time.Second)
	s.Get("/v1/files/" + file).OK()
	s.Get("/v1/files/"+file+"/contents").Fails(404, "resource_missing")
	open(s, link).Fails(404, "resource_missing")
}

// open reads an address without a key.
func open(s *servertest.Server, url string) *servertest.Answer {
	return s.Do(servertest.Request{Path: strings.TrimPrefix(url, s.URL), Key: "none", Unchecked: true})
}

func TestSharedFile(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	made := s.Do(uploadOf("business_logo", "logo.png", "image/png", aPicture, "file_link_data[create]", "true", "file_link_data[metadata][a]", "b")).OK()
	file := s.Get("/v1/files/" + made.ID()).OK()
	wantFields(t, file, map[string]any{"links.data.0.metadata.a": "b", "links.data.0.expired": false, "links.data.0.file": made.ID(), "links.data.1": nil})
	first := field(file, "links.data.0.url").(string)
	got := open(s, first)
	if got.Status != http.StatusOK || string(got.Body) != aPicture || got.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the link answers %d, %q, %q", got.Status, got.Header.Get("Content-Type"), got.Body)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"} {
		if !strings.HasPrefix(got.Header.Get(name), want) {
			t.Errorf("%s is %q", name, got.Header.Get(name))
		}
	}
	if head := s.Do(servertest.Request{Method: "HEAD", Path: strings.TrimPrefix(first, s.URL), Key: "none", Unchecked: true}); head.Status != http.StatusOK || len(head.Body) != 0 {
		t.Errorf("HEAD answers %d with %d bytes", head.Status, len(head.Body))
	}

	link := s.Post("/v1/file_links", "file", made.ID(), "expires_at", in(s, time.Hour)).OK()
	wantFields(t, s.Get("/v1/files/"+made.ID()).OK(), map[string]any{"links.data.0.id": link.ID(), "links.data.1.url": first})
	wantFields(t, s.Post("/v1/file_links/"+link.ID(), "metadata[k]", "v").OK(), map[string]any{"expired": false})
	wantFields(t, s.Get("/v1/files/"+made.ID()).OK(), map[string]any{"links.data.0.metadata.k": "v"})
	s.Clock.Advance(time.Hour) // the timer has not run yet
	open(s, link.String("url")).Fails(404, "resource_missing")
	later(t, s, 0)
	wantFields(t, s.Get("/v1/files/"+made.ID()).OK(), map[string]any{"links.data.0.expired": true})
	s.Post("/v1/file_links/"+link.ID(), "expires_at", "").OK()
	if got := open(s, link.String("url")); got.Status != http.StatusOK {
		t.Errorf("the renewed link answers %d", got.Status)
	}
	s.Post("/v1/file_links/"+link.ID(), "expires_at", "now").OK()
	open(s, link.String("url")).Fails(404, "resource_missing")

	for name, url := range map[string]string{"no token": s.URL + "/links/", "no such token": first[:len(first)-1] + "0", "no base64": s.URL + "/links/$$$", "deeper": first + "/x"} {
		t.Run(name, func(t *testing.T) { open(s, url).Fails(404, "resource_missing") })
	}
	if a := s.Do(servertest.Request{Method: "POST", Path: strings.TrimPrefix(first, s.URL), Key: "none", Unchecked: true}); a.Status != http.StatusUnauthorized {
		t.Errorf("POST to a link answers %d", a.Status)
	}
	secret := s.Do(uploadOf("identity_document", "id.png", "image/png", aPicture)).OK().ID()
	refuse(t, s, []refusal{{"a document that is nobody's business", "/v1/file_links", "file=" + secret, "", "file", "identity_document"}})
	s.Do(uploadOf("identity_document", "id.png", "image/png", aPicture, "file_link_data[create]", "true")).Fails(400, "")
	if n := len(s.Get("/v1/files", "purpose", "identity_document").IDs()); n != 1 {
		t.Errorf("%d documents are there, want 1: a refused link takes its file away", n)
	}
	for range 12 {
		s.Post("/v1/file_links", "file", made.ID()).OK()
	}
	file = s.Get("/v1/files/" + made.ID()).OK()
	if n := len(file.Object("links").Array("data")); n != 10 || !file.Object("links").Bool("has_more") {
		t.Errorf("the file shows %d links", n)
	}
}

func TestSharedFileOfSandbox(t *testing.T) {
	t.Parallel()
	s := servertest.New(t)
	key := s.Post("/v1/sandboxes", "name", "one").OK().String("secret_key")
	up := uploadOf("business_logo", "logo.png", "image/png", aPicture, "file_link_data[create]", "true")
	up.Key = key
	made := s.Do(up).OK()
	file := s.Do(servertest.Request{Path: "/v1/files/" + made.ID(), Key: key}).OK()
	if got := open(s, field(file, "links.data.0.url").(string)); got.Status != http.StatusOK {
		t.Errorf("the link answers %d", got.Status)
	}
}
