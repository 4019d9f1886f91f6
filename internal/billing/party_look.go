package billing

import (
	"bytes"
	"image"
	_ "image/gif"  // what a logo may be
	_ "image/jpeg" // likewise
	encodepng "image/png"

	"sharesmart/internal/brand"
	"sharesmart/internal/object"
	"sharesmart/internal/paper"
	"sharesmart/internal/resource"
)

// mostPixels bounds the pictures that are read: a small file can claim to be a large one.
const mostPixels = 16 << 20

// lookOf is how the papers of an account look.
func lookOf(s *resource.Survey, account *object.Object) (paper.Look, error) {
	look, b := paper.Look{}, brand.Of(account, nil)
	if accent := b.Accent(); accent != "" {
		look.Accent = brand.OnLight(accent)
	}
	look.Band = b.Primary
	id := account.Object("settings").Object("branding").Ref("logo")
	if id == "" {
		return look, nil
	}
	_, data, err := s.Content(id)
	if err != nil {
		return look, err
	}
	look.Logo = printable(data)
	return look, nil
}

// printable is a picture as papers take it, a PNG of eight bits without interlacing; nil if it is none.
func printable(data []byte) []byte {
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width*size.Height > mostPixels || size.Width < 1 || size.Height < 1 {
		return nil
	}
	read, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	plain := image.NewNRGBA(read.Bounds())
	for y := read.Bounds().Min.Y; y < read.Bounds().Max.Y; y++ {
		for x := read.Bounds().Min.X; x < read.Bounds().Max.X; x++ {
			plain.Set(x, y, read.At(x, y))
		}
	}
	var out bytes.Buffer
	if err := encodepng.Encode(&out, plain); err != nil {
		return nil
	}
	return out.Bytes()
}
