package param

import (
	"strings"
	"unicode/utf8"

	"sharesmart/internal/apierr"
	"sharesmart/internal/object"
)

// Stripe's limits for metadata.
const (
	maxKeys  = 50
	maxKey   = 40
	maxValue = 500
)

// isMetadata reports whether a map is one of those that the limits are for.
func isMetadata(name string) bool {
	return name == "metadata" || strings.HasSuffix(name, "_metadata")
}

// checkMetadata holds a metadata hash to its limits. Keys that are taken away do not count.
func (d *decoder) checkMetadata(n int32) bool {
	set := 0
	for child := d.nodes[n].first; child != 0; child = d.nodes[child].next {
		c := &d.nodes[child]
		if c.shape != scalar {
			d.refuse(n, func(path string) *apierr.Error { return errMetadataType(path, d.inspect(child)) })
			return false
		}
		if tooMany(c.name, maxKey) || tooMany(c.value, maxValue) {
			d.refuse(n, func(path string) *apierr.Error { return errMetadataPair(path, c.name, c.value) })
			return false
		}
		if c.value != "" {
			set++
		}
	}
	if set > maxKeys {
		d.refuse(n, func(path string) *apierr.Error { return errMetadataCount(path, set) })
		return false
	}
	return true
}

// checkMetadata is the same for a JSON body, where null takes a key away.
func (j *jsonWalk) checkMetadata(sent *object.Object, path string) bool {
	set := 0
	for name, v := range sent.All() {
		value, ok := v.(string)
		switch {
		case v == nil:
		case !ok:
			j.noteWrong(errMetadataType(path, inspectJSON(v)))
			return false
		case tooMany(name, maxKey) || tooMany(value, maxValue):
			j.noteWrong(errMetadataPair(path, name, value))
			return false
		case value != "":
			set++
		}
	}
	if set > maxKeys {
		j.noteWrong(errMetadataCount(path, set))
		return false
	}
	return true
}

// tooMany reports whether a text has more characters than that.
func tooMany(s string, most int) bool {
	return len(s) > most && utf8.RuneCountInString(s) > most
}
