package docs

// Forget lets pages be made anew.
func (p *Pages) Forget() {
	p.kept.mu.Lock()
	defer p.kept.mu.Unlock()
	p.kept.size, p.kept.parts = 0, nil
	p.kept.order.Init()
}
