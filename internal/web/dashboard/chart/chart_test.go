package chart

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

func TestScale(t *testing.T) {
	t.Parallel()
	for _, test := range [][5]int64{{0, 0, 0, 1, 1}, {0, 7, 0, 8, 2}, {0, 1200, 0, 1200, 200}, {-300, 900, -400, 1000, 200}, {0, 100, 0, 100, 20}, {0, 2345678, 0, 2500000, 500000}} {
		lo, hi, step := scale(test[0], test[1])
		if lo != test[2] || hi != test[3] || step != test[4] {
			t.Errorf("%d to %d: %d to %d by %d, want %v", test[0], test[1], lo, hi, step, test[2:])
		}
	}
}

func TestSVG(t *testing.T) {
	t.Parallel()
	for _, lines := range []bool{true, false} {
		c := Chart{Title: `<MRR> & "more"`, Labels: []string{"Jan", "<Feb>", "Mar"}, Lines: lines, Format: func(v int64) string { return fmt.Sprint("<", v, ">") }, Axis: func(v int64) string { return fmt.Sprint(v) },
			Series: []Series{{"new", []int64{100, 0, 5}, "up"}, {"lost", []int64{0, -30, 0}, "down"}}}
		svg := string(c.SVG())
		if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
			t.Errorf("%v in %s", err, svg)
		}
		want := 3
		if lines {
			want = 2
		}
		if got := strings.Count(svg, "<rect") + strings.Count(svg, "<polyline"); got != want {
			t.Errorf("lines %v: %d marks, want %d", lines, got, want)
		}
	}
	year := Chart{Labels: strings.Split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", " "), Axis: func(int64) string { return "" }}
	if svg := string(year.SVG()); strings.Count(svg, `"label mid"`) != 3 || strings.Count(svg, `"label mid spare"`) != 3 {
		t.Errorf("a year has other labels than six, of which three are spare: %s", svg)
	}
	empty := Chart{Title: "x", Format: func(int64) string { return "" }, Axis: func(int64) string { return "" }}
	if svg := string(empty.SVG()); strings.Contains(svg, "NaN") {
		t.Error(svg)
	}
}
