package dashboard

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
	"sharesmart/internal/people"
	"sharesmart/internal/requestlog"
	"sharesmart/internal/store"
)

func init() {
	register(Page{Pattern: "GET /feedback", Role: people.Viewer, Signed: true, Handler: showFeedback})
}

const (
	feedbackDays = 7
	// feedbackVotes bounds how many votes are read, and feedbackWords how many of what readers wrote are shown: the newest.
	feedbackVotes = 1000
	feedbackWords = 100
	docsPrefix    = "/docs/"
)

// feedback is what readers said of the documentation, by section, with how its endpoints fare.
type feedback struct {
	Days     int
	Since    string // the first of the days
	Sections []*sectionFeedback
	More     bool   // there are older votes
	Silent   int    // how many words are not shown
	Votes    string // where all votes are
}

// sectionFeedback is one section.
type sectionFeedback struct {
	Slug, Address string
	Yes, No       int
	Words         []readerWords
	// Requests and Failed are of the section's endpoints, or of its error code.
	Requests, Failed int64
	Logs, Failures   string // where they are
}

// readerWords is what one reader wrote.
type readerWords struct {
	Text    string
	Helpful bool
	Created int64
}

// Rate is the share of requests that failed, in percent; empty without requests.
func (s *sectionFeedback) Rate() string {
	if s.Requests == 0 {
		return ""
	}
	return strconv.FormatFloat(100*float64(s.Failed)/float64(s.Requests), 'f', 1, 64) + "%"
}

func showFeedback(v *Visit) error {
	since := v.Clock.Now().UTC().Truncate(dayLong).AddDate(0, 0, 1-feedbackDays)
	f := &feedback{Days: feedbackDays, Since: since.Format(timeInput), Votes: v.Path("/objects/docs_vote")}
	if v.Account == v.Pages.Account {
		if err := v.readVotes(f); err != nil {
			return err
		}
	}
	if err := v.fare(f, since); err != nil {
		return err
	}
	slices.SortStableFunc(f.Sections, func(a, b *sectionFeedback) int {
		return cmp.Or(cmp.Compare(b.No, a.No), cmp.Compare(b.Failed*max(a.Requests, 1), a.Failed*max(b.Requests, 1)), cmp.Compare(a.Slug, b.Slug))
	})
	return v.Show("feedback", "Docs feedback", f)
}

// readVotes gathers the votes by section. They are kept where the documentation is shown: in test mode of the server's own
// account.
func (v *Visit) readVotes(f *feedback) error {
	n, err := v.Registry.Known(v.Pages.Account, access.Test)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	votes, more, err := v.Engine.Survey(v.R.Context(), n).Newest("docs_vote", "", feedbackVotes, func(*object.Object) bool { return true })
	if err != nil {
		return err
	}
	f.More = more
	bySlug, words := map[string]*sectionFeedback{}, 0
	for _, vote := range votes {
		slug := vote.String("section")
		s := bySlug[slug]
		if s == nil {
			s = &sectionFeedback{Slug: slug, Address: docsPrefix + slug}
			bySlug[slug], f.Sections = s, append(f.Sections, s)
		}
		if vote.Bool("helpful") {
			s.Yes++
		} else {
			s.No++
		}
		text := vote.String("comment")
		if text == "" {
			continue
		}
		if words++; words <= feedbackWords {
			s.Words = append(s.Words, readerWords{text, vote.Bool("helpful"), vote.Int("created")})
		}
	}
	f.Silent = max(words-feedbackWords, 0)
	return nil
}

// fare counts the requests that sections are about, from the log's counts of each day: those of their endpoints, or those that
// their error code answered.
func (v *Visit) fare(f *feedback, since time.Time) error {
	counts := map[string]map[string]int64{}
	for _, field := range []string{requestlog.Operation, requestlog.Failed, requestlog.Code} {
		var err error
		if counts[field], err = v.Store.LogCounts(v.Namespace.NS, field, since.UnixMicro()); err != nil {
			return err
		}
	}
	for _, s := range f.Sections {
		field, values := v.about(s.Slug)
		if field == "" {
			continue
		}
		for _, value := range values {
			s.Requests += counts[field][value]
			s.Failed += counts[requestlog.Failed][value]
		}
		q := url.Values{field: {strings.Join(values, ",")}, "from": {f.Since}}
		s.Logs = v.Path("/logs") + "?" + q.Encode()
		if field == requestlog.Code {
			s.Failed = s.Requests
		} else {
			q.Set(requestlog.Status, "4xx,5xx")
		}
		s.Failures = v.Path("/logs") + "?" + q.Encode()
	}
	return nil
}

// about is what the requests of a section have in common, as a filter of the log; none for a guide, which is about none.
func (v *Visit) about(slug string) (field string, values []string) {
	if code, is := strings.CutPrefix(slug, "errors/"); is {
		return requestlog.Code, []string{code}
	}
	resource, is := strings.CutPrefix(slug, "api/")
	if !is {
		return "", nil
	}
	r := v.docs().Resource(resource)
	if r == nil || len(r.Operations) == 0 {
		return "", nil
	}
	for _, op := range r.Operations {
		values = append(values, op.ID)
	}
	return requestlog.Operation, values
}
