package docs

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/web/ui"
)

// "Was this section helpful?" is asked below each section. A browser has one vote on each, which it can change, put into
// words and take back. Who votes is known by a secret in a cookie, of which nothing is kept but a hash with the section:
// the vote's id begins with it, so that the votes of a reader cannot be told to be of the same one.
const (
	voteKind     = "docs_vote"
	voteOf       = "reader" // what a vote is found by
	readerCookie = "__Host-reader"
	longestWords = 1000
	voteKeySize  = len("dvote_") + 24
)

// Rules are what the engine has to know of votes.
func Rules() []resource.Rules {
	return []resource.Rules{{
		Object: voteKind,
		Index:  map[string]func(*object.Object) []string{voteOf: func(o *object.Object) []string { return []string{o.ID()[:voteKeySize]} }},
	}}
}

// voteKey is what the id of a reader's vote on a section begins with.
func voteKey(reader string, s *section) string {
	sum := sha256.Sum256([]byte(reader + "\n" + s.Slug))
	return "dvote_" + hex.EncodeToString(sum[:12])
}

// findVote is what a reader says of a section; nil for nothing.
func findVote(op *resource.Op, reader string, s *section) (*object.Object, error) {
	found, err := op.Lookup(voteKind, voteOf, voteKey(reader, s))
	if len(found) == 0 || err != nil {
		return nil, err
	}
	return found[0], nil
}

// voteOn is what the reader has said of a section; nil for nothing.
func (v *visit) voteOn(s *section) (given *object.Object, err error) {
	reader := ui.Cookie(v.r, readerCookie)
	if reader == "" {
		return nil, nil
	}
	_, err = v.Engine.Call(v.r.Context(), v.Namespace, func(op *resource.Op) error {
		given, err = findVote(op, reader, s)
		return err
	})
	return given, err
}

// vote takes what a reader says.
func vote(v *visit) error {
	s := v.sectionOf(v.r.PostForm.Get("section"))
	if s == nil {
		return notFound(v)
	}
	if !v.votes.Allow(v.r) {
		return v.note(http.StatusTooManyRequests, "That was a lot at once", "Wait some minutes, then say it again.")
	}
	if words := v.r.PostForm.Get("comment"); utf8.RuneCountInString(words) > longestWords {
		given, err := v.voteOn(s)
		if err = errors.Join(err, s.read()); err != nil {
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
	given, err := findVote(op, reader, s)
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
	op.Choose(voteKind, voteKey(reader, s)+op.Secret(6))
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
