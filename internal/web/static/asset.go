package static

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// Asset is a style or a script, under a name that changes with its content, so that it can be kept for ever.
type Asset struct{ Path, contentType, text string }

// NewAsset names a text that is served below a path. ending is that of its name.
func NewAsset(below, ending, contentType, text string) Asset {
	sum := sha256.Sum256([]byte(text))
	return Asset{below + hex.EncodeToString(sum[:6]) + ending, contentType, text}
}

// ServeHTTP answers the text.
func (a Asset) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	// A write fails when the client is gone; there is nobody left to tell.
	_, _ = w.Write([]byte(a.text))
}
