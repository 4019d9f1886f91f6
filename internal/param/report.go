package param

import (
	"sharesmart/internal/apierr"
	"sharesmart/internal/spec"
	"sharesmart/internal/spelling"
)

// report gathers what is wrong while the tree is walked. Of each class the first counts, but of unknown names all are
// told.
type report struct {
	unknown []stranger
	more    int // unknown ones that are only counted
	missing string
	wrong   *apierr.Error
}

// stranger is a parameter that the schema of its place does not know.
type stranger struct {
	path string
	name string
	near *spec.Schema
}

// named is how many unknown parameters a message names.
const named = 20

// roomForUnknown reports whether one more unknown parameter is told. If not, it is counted.
func (r *report) roomForUnknown() bool {
	if len(r.unknown) == named {
		r.more++
	}
	return len(r.unknown) < named
}

func (r *report) noteUnknown(path, name string, near *spec.Schema) {
	r.unknown = append(r.unknown, stranger{path, name, near})
}

func (r *report) noteMissing(path string) {
	if r.missing == "" {
		r.missing = path
	}
}

func (r *report) noteWrong(err *apierr.Error) {
	if r.wrong == nil {
		r.wrong = err
	}
}

// badness orders reports: what a value is most likely meant to be has the least of it.
func (r *report) badness() int {
	b := 4 * (len(r.unknown) + r.more)
	if r.missing != "" {
		b += 2
	}
	if r.wrong != nil {
		b++
	}
	return b
}

// verdict is the error to answer, or nil.
func (r *report) verdict() *apierr.Error {
	switch {
	case len(r.unknown) > 0:
		paths := make([]string, len(r.unknown))
		for i := range r.unknown {
			paths[i] = r.unknown[i].path
		}
		suggestion := ""
		if len(paths) == 1 && r.more == 0 {
			suggestion = nearest(r.unknown[0].near, r.unknown[0].name)
		}
		return errUnknown(paths, r.more, suggestion)
	case r.missing != "":
		return errMissing(r.missing)
	}
	return r.wrong
}

// nearest is the name that a misspelt one most likely stands for, or "". Stripe suggests one too.
func nearest(s *spec.Schema, name string) string {
	if s == nil || len(name) < 4 || len(name) > longName {
		return ""
	}
	known := make([]string, len(s.Props))
	for i := range s.Props {
		known[i] = s.Props[i].Name
	}
	return spelling.Nearest(name, known, min(2, len(name)/4))
}
