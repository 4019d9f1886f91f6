package docs

import "sharesmart/internal/web/docs/search"

// Entries are all that can be found.
func (p *Pages) Entries() ([]search.Entry, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	return p.entries(), nil
}

// Forget lets pages be made anew.
func (p *Pages) Forget() {
	p.kept.mu.Lock()
	defer p.kept.mu.Unlock()
	p.kept.size, p.kept.parts = 0, nil
	p.kept.order.Init()
}
