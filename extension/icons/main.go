// Command icons draws the mark of mark.svg in the sizes that browsers ask for, as they take no SVG there. It is run in the
// directory above.
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log"
	"math"
	"os"
)

// The mark stands on a grid of 32: an S of two arcs on a rounded square, with a dot at each end.
const (
	grid    = 32.0
	corner  = 7.0
	arc     = 4.75
	stroke  = 1.5 // half of it
	dot     = 2.75
	middle  = grid / 2
	samples = 8 // along each side of a pixel
)

var indigo = color.NRGBA{R: 0x3d, G: 0x35, B: 0xb0, A: 0xff}

func main() {
	for _, size := range []int{16, 32, 48, 128} {
		if err := write(fmt.Sprintf("icons/icon-%d.png", size), draw(size)); err != nil {
			log.Fatal(err)
		}
	}
}

func write(name string, img image.Image) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		return err
	}
	return f.Close()
}

func draw(size int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			img.SetNRGBA(x, y, pixel(x, y, grid/float64(size)))
		}
	}
	return img
}

// pixel is the mean of what lies under it.
func pixel(x, y int, scale float64) color.NRGBA {
	var ground, mark float64
	for i := range samples * samples {
		px := (float64(x) + (float64(i%samples)+0.5)/samples) * scale
		py := (float64(y) + (float64(i/samples)+0.5)/samples) * scale
		if onGround(px, py) {
			ground++
			if onMark(px, py) {
				mark++
			}
		}
	}
	if ground == 0 {
		return color.NRGBA{}
	}
	white := mark / ground
	mix := func(c uint8) uint8 { return uint8(math.Round(float64(c) + (255-float64(c))*white)) }
	return color.NRGBA{R: mix(indigo.R), G: mix(indigo.G), B: mix(indigo.B), A: uint8(math.Round(255 * ground / (samples * samples)))}
}

func onGround(x, y float64) bool {
	dx := max(math.Abs(x-middle)-(middle-corner), 0)
	dy := max(math.Abs(y-middle)-(middle-corner), 0)
	return math.Hypot(dx, dy) <= corner
}

// onMark reports whether a point is on an arc or a dot. The lower half is the upper one turned around.
func onMark(x, y float64) bool {
	return onHalf(x-middle, y-(middle-arc)) || onHalf(middle-x, (middle+arc)-y)
}

// onHalf is about the upper arc, whose centre is at zero: two thirds of a circle, from its dot at the upper right around to
// the lower end.
func onHalf(x, y float64) bool {
	const end = -math.Pi / 6
	if math.Hypot(x-arc*math.Cos(end), y-arc*math.Sin(end)) <= dot {
		return true
	}
	angle := math.Atan2(y, x)
	open := angle > end && angle < math.Pi/2
	return !open && math.Abs(math.Hypot(x, y)-arc) <= stroke
}
