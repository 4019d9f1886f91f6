package server

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"sharesmart/internal/apierr"
)

// How much a request may bring.
const (
	maxBody   = 1 << 20
	maxUpload = 20 << 20
)

// readBody reads the request's body into memory, once. The body of a GET is ignored.
func (x *exchange) readBody() error {
	if x.read {
		return nil
	}
	x.read = true
	length := x.r.ContentLength
	if length == 0 || x.method() == http.MethodGet {
		return nil
	}
	limit := int64(maxBody)
	if x.op != nil && x.op.Multipart {
		limit = maxUpload
	}
	if length > limit {
		return tooLarge(limit)
	}
	body, err := readUpTo(x.r.Body, length, limit)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return early(http.StatusRequestTimeout, "The request's body did not arrive in time.")
	case err != nil:
		return early(http.StatusBadRequest, "The request's body could not be read: it ended early or is not encoded as its headers say.")
	case int64(len(body)) > limit:
		return tooLarge(limit)
	}
	x.body = body
	return nil
}

// readUpTo reads a body of a known length into one buffer, and one of an unknown length until it passes the limit.
// Large bodies grow as they come, so that a length alone reserves no memory.
func readUpTo(r io.Reader, length, limit int64) ([]byte, error) {
	if length > 0 && length <= maxBody {
		b := make([]byte, length)
		_, err := io.ReadFull(r, b)
		return b, err
	}
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && length > 0 && int64(len(b)) < length {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

func tooLarge(limit int64) error {
	return early(http.StatusRequestEntityTooLarge, fmt.Sprintf("Request body is too large: the limit is %d MB.", limit>>20))
}

func early(status int, message string) error {
	return &apierr.Error{Status: status, Type: apierr.TypeInvalid, Message: message, Early: true}
}
