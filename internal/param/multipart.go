package param

import (
	"bytes"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"slices"
	"strings"
	"unicode/utf8"

	"sharesmart/internal/apierr"
	"sharesmart/internal/spec"
)

// readMultipart puts a multipart body's fields into the tree, as if they were a form's, and keeps its files.
func (d *decoder) readMultipart(contentType string, body []byte) *apierr.Error {
	_, attributes, err := mime.ParseMediaType(contentType)
	if err != nil || attributes["boundary"] == "" {
		return errMultipart("the Content-Type has no boundary")
	}
	parts := multipart.NewReader(bytes.NewReader(body), attributes["boundary"])
	for {
		part, err := parts.NextPart()
		if err == io.EOF { // wrapped, it would mean that the last boundary never came
			return nil
		}
		if err != nil {
			return errMultipart("the body is broken or cut off")
		}
		if problem := d.readPart(part); problem != nil {
			return problem
		}
	}
}

func (d *decoder) readPart(part *multipart.Part) *apierr.Error {
	name, fileName := part.FormName(), part.FileName()
	data, err := io.ReadAll(io.LimitReader(part, maxFile+1))
	if err != nil {
		return errMultipart("the body is broken or cut off")
	}
	if len(data) > maxFile {
		return errTooLarge(elide(strings.ToValidUTF8(name, "?"), longName))
	}
	if err := d.countPair(); err != nil {
		return err
	}
	if fileName == "" {
		return d.putField(name, data)
	}
	if !utf8.ValidString(name) || !utf8.ValidString(fileName) {
		return errUTF8(inBody)
	}
	if strings.IndexByte(name+fileName, 0) >= 0 {
		return errNUL(inBody)
	}
	if name == "" {
		return errName(name)
	}
	if d.files == nil {
		d.files = make(map[string]File)
	}
	d.files[name] = File{Name: fileName, ContentType: part.Header.Get("Content-Type"), Data: data}
	return nil
}

func (d *decoder) putField(name string, value []byte) *apierr.Error {
	switch {
	case !utf8.ValidString(name) || !utf8.Valid(value):
		return errUTF8(inBody)
	case strings.IndexByte(name, 0) >= 0 || bytes.IndexByte(value, 0) >= 0:
		return errNUL(inBody)
	}
	return d.put(name, string(value))
}

// checkFiles looks whether files were sent where the schema has files.
func (d *decoder) checkFiles(s *spec.Schema) {
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		switch prop := s.Prop(name); {
		case prop == nil:
			if d.roomForUnknown() {
				d.noteUnknown(elide(name, longName), name, s)
			}
		case prop.Schema().Format != spec.Binary:
			d.noteWrong(errKind(prop.Schema(), name, d.files[name].Name))
		}
	}
}

func errMultipart(why string) *apierr.Error {
	return apierr.Validation("", "", "Invalid request: the multipart body cannot be read: %s.", why)
}

func errTooLarge(name string) *apierr.Error {
	return apierr.Validation("", name, "The file that you uploaded as %s is too large: at most %d MB are possible.", name, maxFile>>20)
}
