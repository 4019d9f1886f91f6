package docs

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"unicode/utf8"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/ui"
)

// "Was this section helpful?" is asked below each section. A browser has one vote on each, which it can change, put into
// words and take back. Who votes is known by a secret in a cookie, of which nothing is kept: the vote's id is made of it.
const (
	voteKind     = "docs_vote"
	readerCookie = "__Host-reader"
	longestWords = 1000
)

// voteID is the id of what a reader says of a section.
func voteID(reader string, s *section) string {
	sum := sha256.Sum256([]byte(reader + "\n" + s.Slug))
	return "dvote_" + hex.EncodeToString(sum[:12])
}

// voteOn is what the reader has said of a section; nil for nothing.
func (v *visit) voteOn(s *section) (given *object.Object, err error) {
	reader := ui.Cookie(v.r, readerCookie)
	if reader == "" {
		return nil, nil
	}
	_, err = v.Engine.Call(v.r.Context(), v.Namespace, func(op *resource.Op) error {
		given, err = op.Find(voteKind, voteID(reader, s))
		return err
	})
	return given, err
}

// vote takes what a reader says.
func vote(v *visit) error {
	s := v.bySlug(v.r.PostForm.Get("section"))
	if s == nil {
		return notFound(v)
	}
	if !v.votes.Allow(v.r) {
		return v.note(http.StatusTooManyRequests, "That was a lot at once", "Wait some minutes, then say it again.")
	}
	if words := v.r.PostForm.Get("comment"); utf8.RuneCountInString(words) > longestWords {
		given, err := v.voteOn(s)
		if err != nil {
			return err
		}
		return v.render(http.StatusBadRequest, "section", &page{Title: s.Title, Section: s, Vote: given, Words: words, Fault: "This is too long. Say it in 1,000 characters."})
	}
	if _, err := v.Engine.Call(v.r.Context(), v.Namespace, func(op *resource.Op) error { return v.write(op, s) }); err != nil {
		return err
	}
	v.w.Header().Set("Location", s.Path+"#helpful")
	v.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// write makes, changes or takes back a vote.
func (v *visit) write(op *resource.Op, s *section) error {
	reader := ui.Cookie(v.r, readerCookie)
	if reader == "" {
		reader = op.Secret(24)
		ui.SetCookie(v.w, readerCookie, reader, cookieYear)
	}
	id := voteID(reader, s)
	given, err := op.Find(voteKind, id)
	if err != nil {
		return err
	}
	form := v.r.PostForm
	switch {
	case form.Has("undo") && given == nil:
		return nil
	case form.Has("undo"):
		return op.Delete(given)
	case given != nil:
		say(given, form.Get("helpful"), form.Get("comment"))
		op.Save(given)
		return nil
	case !form.Has("helpful"):
		return nil
	}
	op.Choose(voteKind, id)
	_, err = op.Make(voteKind, "", object.New(nil), func(op *resource.Op) error {
		op.Object.Set("comment", nil)
		op.Object.Set("created", op.WallNow().Unix())
		op.Object.Set("section", s.Slug)
		say(op.Object, form.Get("helpful"), form.Get("comment"))
		return nil
	})
	return err
}

// say sets what is said, and leaves the rest as it is.
func say(o *object.Object, helpful, comment string) {
	if helpful != "" {
		o.Set("helpful", helpful == "true")
	}
	if comment = strings.TrimSpace(comment); comment != "" {
		o.Set("comment", comment)
	}
}
