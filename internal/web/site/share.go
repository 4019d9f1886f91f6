package site

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"sharesmart/internal/member"
	"sharesmart/internal/object"
)

// followShare leads from a short link to its page, or shows its collection. A + at the end shows where it leads instead,
// and counts nothing.
func (p *Pages) followShare(w http.ResponseWriter, r *http.Request) {
	code, look := strings.CutSuffix(r.PathValue("code"), "+")
	share, err := p.findShare(r.Context(), code)
	if err != nil || share == nil {
		p.page(func(v *visit) error {
			if err != nil {
				return err
			}
			if err := v.load(nil); err != nil {
				return err
			}
			return v.note(http.StatusNotFound, "There is nothing here", "This short link is not complete, or whoever made it has deleted it.")
		}).ServeHTTP(w, r)
		return
	}
	items := share.Array("items")
	if counts(r) && !look {
		p.clicks.add(share.ID())
	}
	if look || len(items) > 1 {
		p.page(func(v *visit) error { return v.showShare(share) }).ServeHTTP(w, r)
		return
	}
	h := w.Header()
	h.Set("Location", items[0].(*object.Object).String("url"))
	h.Set("Cache-Control", "private, no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(http.StatusFound)
}

// counts reports whether a person follows the link: not a browser that fetches ahead, and nobody who only asks whether
// it is there.
func counts(r *http.Request) bool {
	purpose := r.Header.Get("Sec-Purpose") + r.Header.Get("Purpose")
	return r.Method == http.MethodGet && !strings.Contains(purpose, "prefetch") && !strings.Contains(purpose, "prerender")
}

func (p *Pages) findShare(ctx context.Context, code string) (found *object.Object, err error) {
	if code == "" || len(code) > 32 {
		return nil, nil
	}
	err = p.Engine.Survey(ctx, p.Namespace).Lookup("share", "code", code, func(s *object.Object) error {
		found = s
		return nil
	})
	return found, err
}

// showShare shows the pages of a share.
func (v *visit) showShare(share *object.Object) error {
	if err := v.load(nil); err != nil {
		return err
	}
	v.w.Header().Set("X-Robots-Tag", "noindex")
	title := share.String("title")
	if title == "" {
		title = "Shared pages"
	}
	return v.show("share", title, share)
}

// clicks gathers what is to be counted, so that following a link waits for nothing. What was gathered is written every
// few seconds and at the end; a crash loses the clicks since.
type clicks struct {
	options Options
	mu      sync.Mutex
	waiting member.Clicks
}

const clicksEvery = 2 * time.Second

func newClicks(o Options) *clicks { return &clicks{options: o, waiting: member.Clicks{}} }

func (c *clicks) add(share string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting.Add(share, c.options.Clock.Now())
}

func (c *clicks) run(ctx context.Context) {
	tick := time.NewTicker(clicksEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			c.write(context.WithoutCancel(ctx))
			return
		case <-tick.C:
			c.write(ctx)
		}
	}
}

func (c *clicks) write(ctx context.Context) {
	c.mu.Lock()
	waiting := c.waiting
	c.waiting = member.Clicks{}
	c.mu.Unlock()
	if len(waiting) == 0 {
		return
	}
	_, err := c.options.Engine.Call(ctx, c.options.Namespace, waiting.Count)
	if err != nil {
		c.options.Log.Error("count clicks", "error", err)
	}
}

// WriteClicks writes what was clicked so far.
func (p *Pages) WriteClicks(ctx context.Context) { p.clicks.write(ctx) }
