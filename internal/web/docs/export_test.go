package docs

import "sharesmart/internal/web/docs/search"

// Entries are all that can be found.
func (p *Pages) Entries() ([]search.Entry, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	return p.entries(), nil
}
