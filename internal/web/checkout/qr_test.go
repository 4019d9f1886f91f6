package checkout

import (
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPictures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path, contentType string
		status            int
	}{
		{"/authenticate/payatt_1/qr.png?client_secret=pi_1_secret_2&in=3", "image/png", http.StatusOK},
		{"/authenticate/payatt_1/qr.svg?client_secret=pi_1_secret_2&in=3", "image/svg+xml", http.StatusOK},
		{"/authenticate/payatt_1/qr.svg?client_secret=" + strings.Repeat("x", 4000), "text/plain; charset=utf-8", http.StatusRequestURITooLong},
	} {
		w := httptest.NewRecorder()
		New(Options{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.path, nil))
		if w.Code != c.status || w.Header().Get("Content-Type") != c.contentType {
			t.Errorf("%s: status %d, %s", c.path, w.Code, w.Header().Get("Content-Type"))
		}
		switch c.contentType {
		case "image/png":
			if picture, err := png.Decode(w.Body); err != nil || picture.Bounds().Dx() < 100 {
				t.Errorf("%s is no picture to scan: %v", c.path, err)
			}
		case "image/svg+xml":
			if !strings.HasPrefix(w.Body.String(), "<svg") || strings.Count(w.Body.String(), "M") < 100 {
				t.Errorf("%s is %.80s", c.path, w.Body)
			}
		}
	}
}
