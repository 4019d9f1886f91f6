package processor

import (
	"strings"
	"sync"
)

// found remembers which test card or bank account a fingerprint belongs to. A fingerprint tells nothing by itself, so the
// first look compares it with every test number; later ones are one look into a map. It forgets all when it is full: a
// fuller one would cost more memory than looking again costs time.
var found = memory{limit: 4096, instruments: map[seen]any{}}

type memory struct {
	mu          sync.RWMutex
	limit       int
	instruments map[seen]any // *testCard or *testBank; a nil one is known to be none
}

type seen struct{ account, fingerprint string }

func (m *memory) keep(account, fingerprint string, instrument any) {
	if m.find(account, fingerprint) != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.instruments) >= m.limit {
		clear(m.instruments)
	}
	// An account's name may be part of a whole request, which must not stay for it.
	m.instruments[seen{strings.Clone(account), fingerprint}] = instrument
}

func (m *memory) find(account, fingerprint string) any {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.instruments[seen{account, fingerprint}]
}
