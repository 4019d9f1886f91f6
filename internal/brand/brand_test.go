package brand

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sharesmart/internal/object"
)

func TestLegible(t *testing.T) {
	t.Parallel()
	for _, colour := range []string{"#000000", "#ffffff", "#ffdd00", "#3d35b0", "#ff0000", "#00ff00", "#0000ff", "#808080", "#7f7f00", "#16181d", "#f6f7f9"} {
		for what, got := range map[string]float64{
			"on light paper": Contrast(OnLight(colour), lightPaper), "on dark paper": Contrast(OnDark(colour), darkPaper), "the text on it": Contrast(On(colour), colour),
			"the text on the light one": Contrast(On(OnLight(colour)), OnLight(colour)), "the text on the dark one": Contrast(On(OnDark(colour)), OnDark(colour)),
		} {
			if least := Readable; got < least && !(what == "the text on it" && got > 4.2) { // white and ink leave a gap in the middle
				t.Errorf("%s, %s: %.2f", colour, what, got)
			}
		}
	}
	if got := OnLight("#3d35b0"); got != "#3d35b0" {
		t.Errorf("what can be read was changed to %s", got)
	}
}

func TestSheet(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		brand Brand
		path  string
		want  []string
	}{
		{Brand{}, "", nil},
		{Brand{Shape: Rounded}, "", nil},
		{Brand{Primary: "#ffdd00"}, "/brand/ffdd00-ffdd00-rounded.css", []string{"background: #ffdd00; color: #16181d", "border-top: 4px solid #ffdd00", "--accent: light-dark("}},
		{Brand{Primary: "#102030", Secondary: "#ff0000", Shape: Pill}, "/brand/ff0000-102030-pill.css", []string{"background: #ff0000", "solid #102030", "border-radius: 999px"}},
		{Brand{Shape: Rectangular}, "/brand/none-none-rectangular.css", []string{"--radius-control: 0"}},
	} {
		if got := test.brand.Sheet(); got != test.path {
			t.Errorf("the path is %q, want %q", got, test.path)
		}
		if test.path == "" {
			continue
		}
		w := httptest.NewRecorder()
		Sheets().ServeHTTP(w, httptest.NewRequest(http.MethodGet, test.path, nil))
		for _, want := range test.want {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s has no %q:\n%s", test.path, want, w.Body)
			}
		}
	}
	for _, path := range []string{"/brand/", "/brand/red-none-pill.css", "/brand/ff0000-none-}body{.css", "/brand/FF0000-none-pill.css"} {
		w := httptest.NewRecorder()
		Sheets().ServeHTTP(w, &http.Request{Method: http.MethodGet, URL: httptest.NewRequest(http.MethodGet, "/", nil).URL.JoinPath(path)})
		if w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	b := &Brand{Name: "Shop", Secondary: "#111111", Shape: Pill, Logo: "/links/x"}
	got := b.Session(object.Of("display_name", "Other", "button_color", "#00FF00", "border_style", "rectangular", "logo", object.Of("type", "url", "url", "javascript:1")))
	if got.Name != "Other" || got.Secondary != "#00ff00" || got.Shape != Rectangular || got.Logo != "/links/x" || b.Name != "Shop" {
		t.Errorf("%+v, %+v", got, b)
	}
}
