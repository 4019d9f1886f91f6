package docs_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/web/docs"
)

// How much a page may weigh with its styles, scripts and images, in bytes: as it is sent, and as it stands. Pages of the
// reference that are about a dozen operations weigh more as they stand, by what they say.
const (
	heaviestSent     = 100 << 10
	heaviestStanding = 150 << 10
)

var assets = regexp.MustCompile(`(?:href|src)="(/docs/assets/[^"]+)"`)

// weight is what a page is, as it is sent and as it stands.
type weight struct{ sent, standing int }

func (w *weight) add(other weight) { w.sent, w.standing = w.sent+other.sent, w.standing+other.standing }

// weigh asks for something as browsers do.
func weigh(t *testing.T, p *docs.Pages, path string) (text string, _ weight) {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	if p.ServeHTTP(w, r); w.Code != http.StatusOK {
		t.Errorf("%s answers %d", path, w.Code)
	}
	sent := w.Body.Len()
	var body io.Reader = w.Body
	if w.Header().Get("Content-Encoding") == "gzip" {
		zip, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = zip
	}
	plain, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain), weight{sent, len(plain)}
}

// TestWeight weighs every page, as whoever opens it first loads it.
func TestWeight(t *testing.T) {
	t.Parallel()
	if !thorough {
		t.Skip("all pages are weighed without the race detector")
	}
	m := newManual(t)
	paths := []string{"/docs/search?q=customer", "/docs/try/PostCustomers", "/docs/try/PostPaymentIntents", "/docs/try/PostCheckoutSessions"}
	places, _ := weigh(t, m.pages, "/sitemap.xml")
	for _, loc := range regexp.MustCompile(`<loc>https://docs\.example:9443(/docs[^<]*)</loc>`).FindAllStringSubmatch(places, -1) {
		paths = append(paths, loc[1])
	}
	loaded := map[string]weight{}
	for _, path := range paths {
		text, whole := weigh(t, m.pages, path)
		for _, a := range assets.FindAllStringSubmatch(text, -1) {
			if _, known := loaded[a[1]]; !known {
				_, loaded[a[1]] = weigh(t, m.pages, a[1])
			}
			whole.add(loaded[a[1]])
		}
		large := strings.HasPrefix(path, "/docs/api/")
		if whole.sent > heaviestSent || whole.standing > heaviestStanding && !large {
			t.Errorf("%s weighs %d bytes, %d as it is sent", path, whole.standing, whole.sent)
		}
	}
	if len(paths) < 300 {
		t.Errorf("%d pages were weighed", len(paths))
	}
}
