// Package chart draws charts as SVG, with the colours of the page's style sheet. A chart says nothing that the table beside it
// does not, so for those who do not see it it is one picture with a name.
package chart

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"
)

// Series is a row of values, one for each point of the chart.
type Series struct {
	Name   string
	Values []int64
	Class  string // of the style sheet
}

// Chart is bars on top of each other, or lines, over points that have labels.
type Chart struct {
	Title  string
	Labels []string
	Series []Series
	Lines  bool
	// Format writes a value, and Axis one beside the axis, where there is little room.
	Format, Axis func(int64) string
}

// The measures of the drawing, in its own units.
const (
	width, height = 520, 200
	left, right   = 64, 8
	top, bottom   = 10, 26
	mostLabels    = 6
	mostLines     = 6
)

// SVG draws the chart.
func (c *Chart) SVG() template.HTML {
	lo, hi, step := scale(c.bounds())
	d := &drawing{lo: lo, hi: hi, points: max(len(c.Labels), 1)}
	fmt.Fprintf(&d.b, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, height, html.EscapeString(c.Title))
	for v := lo; v <= hi; v += step {
		class := "grid"
		if v == 0 {
			class = "axis"
		}
		fmt.Fprintf(&d.b, `<line class="%s" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text class="label end" x="%d" y="%.1f">%s</text>`,
			class, left, width-right, d.y(v), d.y(v), left-8, d.y(v)+4, html.EscapeString(c.Axis(v)))
	}
	every := (len(c.Labels) + mostLabels - 1) / mostLabels
	for i, label := range c.Labels {
		if every > 0 && i%every == 0 {
			class := "label mid"
			if i/every%2 == 1 {
				class += " spare" // left out where letters are large for the picture
			}
			fmt.Fprintf(&d.b, `<text class="%s" x="%.1f" y="%d">%s</text>`, class, d.x(i), height-8, html.EscapeString(label))
		}
	}
	if c.empty() {
		fmt.Fprintf(&d.b, `<text class="label mid none" x="%d" y="%d">Nothing in this time</text>`, left+(width-left-right)/2, top+(height-top-bottom)/2)
	}
	if c.Lines {
		d.lines(c.Series)
	} else {
		d.bars(c)
	}
	d.b.WriteString("</svg>")
	return template.HTML(d.b.String()) //nolint:gosec // every text is escaped
}

// empty reports whether all values are zero.
func (c *Chart) empty() bool {
	return !slices.ContainsFunc(c.Series, func(s Series) bool {
		return slices.ContainsFunc(s.Values, func(v int64) bool { return v != 0 })
	})
}

// bounds are the least and the greatest value that is drawn.
func (c *Chart) bounds() (lo, hi int64) {
	for i := range c.Labels {
		var up, down int64
		for _, s := range c.Series {
			v := s.Values[i]
			switch {
			case c.Lines:
				lo, hi = min(lo, v), max(hi, v)
			case v > 0:
				up += v
			default:
				down += v
			}
		}
		lo, hi = min(lo, down), max(hi, up)
	}
	return lo, hi
}

// scale chooses round numbers for the axis.
func scale(lo, hi int64) (from, to, step int64) {
	span := max(hi-lo, 1)
	for step = 1; span/step > mostLines; {
		for _, times := range []int64{2, 5, 10} {
			if span/(step*times) <= mostLines || times == 10 {
				step *= times
				break
			}
		}
	}
	from, to = floor(lo, step), -floor(-hi, step)
	return from, max(to, from+step), step
}

func floor(v, step int64) int64 {
	q := v / step
	if v%step < 0 {
		q--
	}
	return q * step
}

type drawing struct {
	b      strings.Builder
	lo, hi int64
	points int
}

func (d *drawing) y(v int64) float64 {
	return top + float64(d.hi-v)/float64(d.hi-d.lo)*(height-top-bottom)
}

// x is the middle of a point.
func (d *drawing) x(i int) float64 {
	return left + (float64(i)+0.5)*(width-left-right)/float64(d.points)
}

func (d *drawing) bars(c *Chart) {
	each := float64(width-left-right) / float64(d.points)
	thick := math.Max(1, math.Min(28, each*0.7))
	for i, label := range c.Labels {
		var up, down int64
		for _, s := range c.Series {
			v := s.Values[i]
			if v == 0 {
				continue
			}
			from := &up
			if v < 0 {
				from = &down
			}
			y1, y2 := d.y(*from), d.y(*from+v)
			*from += v
			fmt.Fprintf(&d.b, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s</title></rect>`,
				s.Class, d.x(i)-thick/2, math.Min(y1, y2), thick, math.Max(1, math.Abs(y2-y1)), html.EscapeString(label+", "+s.Name+": "+c.Format(v)))
		}
	}
}

func (d *drawing) lines(series []Series) {
	for _, s := range series {
		points := make([]string, len(s.Values))
		for i, v := range s.Values {
			points[i] = fmt.Sprintf("%.1f,%.1f", d.x(i), d.y(v))
		}
		fmt.Fprintf(&d.b, `<polyline class="%s" points="%s"/>`, s.Class, strings.Join(points, " "))
	}
}
