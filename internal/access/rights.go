package access

import "fmt"

// Level is how far a restricted key may go with one kind of object.
type Level uint8

// The levels. Write includes Read.
const (
	None Level = iota
	Read
	Write
)

var levelNames = [...]string{"none", "read", "write"}

func (l Level) String() string { return levelNames[l] }

// MarshalText writes a level as none, read or write.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (l *Level) UnmarshalText(text []byte) error {
	for i, name := range levelNames {
		if name == string(text) {
			*l = Level(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a level: use none, read or write", text)
}

// Rights says what a restricted key may do, by kind of object. A nil map stands for a key that may do everything.
type Rights map[string]Level

// Allows reports whether a kind may be read or, with write, changed.
func (r Rights) Allows(kind string, write bool) bool {
	if r == nil {
		return true
	}
	need := Read
	if write {
		need = Write
	}
	return r[kind] >= need
}
