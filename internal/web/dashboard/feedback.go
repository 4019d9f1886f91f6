package dashboard

import (
	"cmp"
	"errors"
	"net/http"
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
	// feedbackVotes bounds how many votes are read: the newest. feedbackRequests is how many of a section's requests are
	// looked at, which is enough for a rate.
	feedbackVotes    = 1000
	feedbackRequests = 1000
	docsPrefix       = "/docs/"
)

// feedback is what readers said of the documentation, by section, with how its endpoints fare.
type feedback struct {
	Days     int
	Sections []*sectionFeedback
	More     bool // there are older votes
}

// sectionFeedback is one section.
type sectionFeedback struct {
	Slug, Address string
	Yes, No       int
	Words         []readerWords
	// Requests and Failed are of the section's endpoints, or of its error code.
	Requests, Failed int
	Many             bool // Requests are only the newest of more
	Logs             string
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
	f := &feedback{Days: feedbackDays}
	if v.Account == v.Pages.Account {
		if err := v.readVotes(f); err != nil {
			return err
		}
	}
	for _, s := range f.Sections {
		if err := v.fares(s); err != nil {
			return err
		}
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
	bySlug := map[string]*sectionFeedback{}
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
		if text := vote.String("comment"); text != "" {
			s.Words = append(s.Words, readerWords{text, vote.Bool("helpful"), vote.Int("created")})
		}
	}
	return nil
}

// fares counts the requests that a section is about: those of its endpoints, or those that its error code answered.
func (v *Visit) fares(s *sectionFeedback) error {
	cond, logs := v.about(s.Slug)
	if cond == nil {
		return nil
	}
	page, err := v.Store.Logs(store.LogQuery{
		NS: v.Namespace.NS, Where: []store.Cond{*cond}, From: v.Clock.Now().Add(-feedbackDays * 24 * time.Hour).UnixMicro(), Limit: feedbackRequests, Effort: logsEffort,
	})
	if err != nil {
		return err
	}
	s.Requests, s.Many = len(page.Entries), page.Next != 0
	for i := range page.Entries {
		if page.Entries[i].Status >= http.StatusBadRequest {
			s.Failed++
		}
	}
	s.Logs = v.Path("/logs") + "?" + logs.Encode()
	return nil
}

// about is what the requests of a section have in common, and the filters of the log that show them; nil for a guide, which
// is about none.
func (v *Visit) about(slug string) (*store.Cond, url.Values) {
	if code, is := strings.CutPrefix(slug, "errors/"); is {
		return &store.Cond{Field: requestlog.Code, Values: []string{code}}, url.Values{"code": {code}}
	}
	resource, is := strings.CutPrefix(slug, "api/")
	if !is {
		return nil, nil
	}
	r := v.docs().Resource(resource)
	if r == nil || len(r.Operations) == 0 {
		return nil, nil
	}
	cond := &store.Cond{Field: requestlog.Operation}
	for _, op := range r.Operations {
		cond.Values = append(cond.Values, op.ID)
	}
	return cond, url.Values{"path": {"/v1/" + resource}}
}
