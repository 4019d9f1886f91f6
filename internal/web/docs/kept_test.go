package docs

import (
	"errors"
	"html/template"
	"strings"
	"testing"
)

func TestKept(t *testing.T) {
	t.Parallel()
	k := &kept{most: 10}
	made := ""
	get := func(key string, size int) {
		t.Helper()
		p, err := k.get(key, func() (*keptParts, error) {
			made += key
			return &keptParts{Main: template.HTML(strings.Repeat("x", size))}, nil
		})
		if err != nil || len(p.Main) != size {
			t.Errorf("%s is %v, %v", key, p, err)
		}
		if k.size > k.most || len(k.parts) != k.order.Len() {
			t.Errorf("%d bytes are kept, in %d parts of %d", k.size, len(k.parts), k.order.Len())
		}
	}
	for _, c := range []struct {
		key  string
		size int
		made string // so far
	}{
		{"a", 4, "a"}, {"b", 4, "ab"}, {"a", 4, "ab"}, {"c", 4, "abc"}, // b goes: a was asked for since
		{"a", 4, "abc"}, {"b", 4, "abcb"}, {"c", 4, "abcbc"}, {"huge", 11, "abcbchuge"}, {"huge", 11, "abcbchugehuge"}, {"b", 4, "abcbchugehuge"},
	} {
		if get(c.key, c.size); made != c.made {
			t.Errorf("after %s, %q were made, want %q", c.key, made, c.made)
		}
	}
	wrong := errors.New("wrong")
	if _, err := k.get("d", func() (*keptParts, error) { return nil, wrong }); !errors.Is(err, wrong) || k.parts["d"] != nil {
		t.Errorf("what failed is kept: %v", err)
	}
}
