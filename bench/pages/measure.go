package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"time"

	"sharesmart/internal/clock"
	"sharesmart/internal/web/dashboard"
)

// page is what is opened: a pattern that is registered, and where, each time of another object.
type page struct {
	pattern, name string
	path          func(i int) string
	stream        bool // only the time to the first byte counts
	live          bool // of live mode, not test mode
}

// figure is how long a page took.
type figure struct {
	name         string
	took, worked time.Duration // 95th percentile
}

// measure opens each page many times and prints how long it took.
func (w *world) measure(ctx context.Context, o options) error {
	all, err := w.all()
	if err != nil {
		return err
	}
	if err := allOpened(all); err != nil {
		return err
	}
	token, err := w.session(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%d pages of %d kinds of address; the documentation has %d operations\n", len(all), len(dashboard.Registered()), operations(w.docs))
	var slow []string
	for i := range all {
		if !strings.Contains(all[i].name, o.only) {
			continue
		}
		f, err := w.open(&all[i], token, o.times)
		if err != nil {
			return err
		}
		if f.took > o.most && !o.worked || f.worked > o.most {
			slow = append(slow, f.name)
		}
	}
	if len(slow) > 0 {
		return fmt.Errorf("%d pages take longer than %s: %s", len(slow), o.most, strings.Join(slow, "; "))
	}
	return nil
}

// allOpened finds pages that nobody opens.
func allOpened(all []page) error {
	for _, registered := range dashboard.Registered() {
		if !strings.HasPrefix(registered.Pattern, http.MethodGet) || slices.Contains(notOpened, registered.Pattern) {
			continue
		}
		if !slices.ContainsFunc(all, func(p page) bool { return p.pattern == registered.Pattern }) {
			return fmt.Errorf("nobody opens %s", registered.Pattern)
		}
	}
	return nil
}

// glance is what reads an answer: all of it, or only its beginning.
type glance struct {
	*httptest.ResponseRecorder
	began  time.Time
	first  time.Duration
	leave  context.CancelFunc
	stream bool
}

// errLeft ends an export whose beginning has come.
var errLeft = errors.New("nobody reads on")

func (g *glance) Write(data []byte) (int, error) {
	if g.first == 0 {
		g.first = clock.Wall{}.Now().Sub(g.began)
	}
	if g.stream {
		g.leave()
		return 0, errLeft
	}
	return g.ResponseRecorder.Write(data)
}

func (w *world) open(p *page, token string, times int) (figure, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	took, worked := make([]time.Duration, times), make([]time.Duration, times)
	size := 0
	for i := range times {
		mode := "/test"
		if p.live {
			mode = ""
		}
		ctx, leave := context.WithCancel(context.Background())
		r := httptest.NewRequest(http.MethodGet, "https://localhost/dashboard"+mode+p.path(i), nil).WithContext(ctx)
		r.AddCookie(&http.Cookie{Name: "__Host-dashboard", Value: token})
		answer := &glance{ResponseRecorder: httptest.NewRecorder(), leave: leave, stream: p.stream}
		var before time.Duration
		answer.began, before = clock.Wall{}.Now(), cpu()
		w.pages.ServeHTTP(answer, r)
		took[i], worked[i] = clock.Wall{}.Now().Sub(answer.began), cpu()-before
		leave()
		if p.stream {
			took[i] = answer.first
		}
		if answer.Code != http.StatusOK && answer.Code != http.StatusSeeOther || answer.Code == http.StatusSeeOther && strings.Contains(answer.Header().Get("Location"), "/sign-in") {
			return figure{}, fmt.Errorf("%s answered %d", r.URL, answer.Code)
		}
		size = answer.Body.Len()
	}
	slices.Sort(took)
	slices.Sort(worked)
	f := figure{p.name, took[times*95/100], worked[times*95/100]}
	fmt.Printf("%-48s p50 %8s  p95 %8s  worked p95 %8s  %4d KB\n", p.name, ms(took[times/2]), ms(f.took), ms(f.worked), size/1024)
	return f, nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
