package docs

import (
	"container/list"
	"html/template"
	"sync"
)

// mostKept is how many bytes of markup are kept: some forty pages of the reference, or the nine largest.
const mostKept = 4 << 20

// kept are parts of pages that take long to make and are the same for all readers, up to a number of bytes in all. What was
// not asked for the longest goes first.
type kept struct {
	most int

	mu    sync.Mutex
	size  int
	parts map[string]*list.Element // of *keptParts
	order list.List                // what was asked for last comes first
}

// keptParts are those of one page.
type keptParts struct {
	key            string
	Contents, Main template.HTML
}

func (p *keptParts) size() int { return len(p.Contents) + len(p.Main) }

// get finds what is kept for a key, or makes it. Two readers who come at once may both make it.
func (k *kept) get(key string, make func() (*keptParts, error)) (*keptParts, error) {
	k.mu.Lock()
	at := k.parts[key]
	if at != nil {
		k.order.MoveToFront(at)
	}
	k.mu.Unlock()
	if at != nil {
		return at.Value.(*keptParts), nil
	}
	p, err := make()
	if err != nil {
		return nil, err
	}
	p.key = key
	k.add(p)
	return p, nil
}

func (k *kept) add(p *keptParts) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.parts[p.key] != nil || p.size() > k.most {
		return
	}
	if k.parts == nil {
		k.parts = map[string]*list.Element{}
	}
	k.parts[p.key] = k.order.PushFront(p)
	for k.size += p.size(); k.size > k.most; {
		last := k.order.Remove(k.order.Back()).(*keptParts)
		delete(k.parts, last.key)
		k.size -= last.size()
	}
}
