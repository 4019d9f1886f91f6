package server

import (
	"strconv"

	"sharesmart/internal/access"
	"sharesmart/internal/object"
)

// maskAnswer is what the log keeps of an answer: the same text without the secrets that are shown once, such as a
// sandbox's key or an endpoint's signing secret. Of what is not JSON only the size is kept.
func maskAnswer(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	v, err := object.ParseValue(body)
	if err != nil {
		return "(" + strconv.Itoa(len(body)) + " bytes)"
	}
	masked := object.AppendValue(make([]byte, 0, len(body)), maskSecrets("", v), 0)
	if body[len(body)-1] == '\n' {
		masked = append(masked, '\n')
	}
	return string(masked)
}

// maskSecrets masks in place. Numbers of documents stay: an answer never holds the whole number of a card.
func maskSecrets(name string, v any) any {
	switch v := v.(type) {
	case *object.Object:
		for key, part := range v.All() {
			if masked, changed := maskSecrets(key, part).(string); changed {
				v.Set(key, masked)
			}
		}
	case []any:
		for i, part := range v {
			v[i] = maskSecrets(name, part)
		}
	case string:
		switch {
		case v != "" && hiddenNames[name]:
			return "****"
		case isSecret(v):
			return access.Mask(v)
		}
		return maskText(v)
	}
	return v
}
