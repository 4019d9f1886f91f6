package server

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"sharesmart/internal/access"
)

// Names of parameters whose values must not be kept in the log, by the last part of their bracket path. Those of the
// second list keep their last four characters, by which people recognise them.
var (
	hiddenNames = map[string]bool{
		"cvc": true, "cvc2": true, "cvv": true, "pin": true, "password": true, "secret": true, "client_secret": true,
		"payload": true, "signed_token": true, "webhook_secret": true, "verification_code": true,
		"id_number": true, "id_number_secondary": true, "personal_id_number": true, "ssn_last_4": true,
	}
	shortenedNames = map[string]bool{"number": true, "account_number": true, "iban": true}
)

// maskValue is what the log keeps of a value.
func maskValue(name, value string) string {
	switch {
	case value == "":
		return value
	case hiddenNames[name]:
		return "****"
	case shortenedNames[name]:
		if len(value) > 8 {
			return "****" + value[len(value)-4:]
		}
		return "****"
	case isSecret(value):
		return access.Mask(value)
	case name == "value" && isCredentials(value):
		return "****"
	}
	return value
}

// isCredentials tells the value of an Authorization header, as requests that are to be forwarded have one.
func isCredentials(value string) bool {
	end := strings.IndexAny(value, " +")
	return end > 0 && (strings.EqualFold(value[:end], "Bearer") || strings.EqualFold(value[:end], "Basic"))
}

// isSecret tells a key from other text, wherever it was put.
func isSecret(value string) bool {
	return len(value) > 12 && (strings.HasPrefix(value, "sk_") || strings.HasPrefix(value, "rk_") ||
		strings.HasPrefix(value, "whsec_") || strings.HasPrefix(value, "ek_") || strings.Contains(value, "_secret_") || isToken(value))
}

// maskForm masks an encoded form. Without a secret in it, it is returned as it is.
func maskForm(form string) string {
	if form == "" {
		return ""
	}
	var b strings.Builder
	rest, more, copied := form, true, false
	for more {
		var pair string
		pair, rest, more = strings.Cut(rest, "&")
		masked := maskPair(pair)
		if masked != pair && !copied {
			copied = true
			b.WriteString(form[:len(form)-len(rest)-len(pair)-separator(more)])
		} else if copied {
			b.WriteByte('&')
		}
		if copied {
			b.WriteString(masked)
		}
	}
	if copied {
		form = b.String()
	}
	return cutForm(form)
}

func separator(more bool) int {
	if more {
		return 1
	}
	return 0
}

// cutForm shortens a form that is too long for the log, between two of its pairs.
func cutForm(form string) string {
	if len(form) <= maxLoggedParams {
		return form
	}
	end := max(strings.LastIndexByte(form[:maxLoggedParams], '&'), 0)
	return form[:end] + "&..."
}

// maskPath is what a log keeps of a path: no number of a card, and no key that somebody took for an id.
func maskPath(path string) string {
	path = maskText(clip(path, maxLoggedPath))
	if !strings.Contains(path, "_secret_") {
		return path
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = maskValue("", part)
	}
	return strings.Join(parts, "/")
}

// maskText hides what must be kept nowhere, wherever it stands in a text.
func maskText(text string) string { return maskKeys(maskCards(text)) }

// hideParam hides a parameter of a masked form. Of what is no form only the size is kept.
func hideParam(name, form string) string {
	if strings.HasPrefix(form, "{") {
		return "(" + strconv.Itoa(len(form)) + " bytes)"
	}
	pairs := strings.Split(form, "&")
	for i, pair := range pairs {
		if key, _, _ := strings.Cut(pair, "="); unescaped(key) == name {
			pairs[i] = key + "=****"
		}
	}
	return strings.Join(pairs, "&")
}

// maskPair masks one name=value.
func maskPair(pair string) string {
	name, value, ok := strings.Cut(pair, "=")
	if !ok || value == "" {
		return pair
	}
	plain := unescaped(value)
	if masked := maskValue(leaf(unescaped(name)), plain); masked != plain {
		return name + "=" + masked
	}
	if masked := maskText(value); masked != value {
		return name + "=" + masked
	}
	return pair
}

func unescaped(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// leaf is the last part of a bracket path: cvc of payment_method_data[card][cvc].
func leaf(name string) string {
	if !strings.HasSuffix(name, "]") {
		return name
	}
	name = name[:len(name)-1]
	return name[strings.LastIndexByte(name, '[')+1:]
}

// maskParams masks a body. Of an upload only the size is kept: its parts may be anything.
func maskParams(contentType string, body []byte) string {
	if len(body) == 0 {
		return ""
	}
	mediaType, _, _ := strings.Cut(contentType, ";")
	switch strings.ToLower(strings.TrimSpace(mediaType)) {
	case "multipart/form-data":
		return "(" + strconv.Itoa(len(body)) + " bytes)"
	case "application/json":
		return maskJSON(body)
	}
	if len(body) > 4*maxLoggedParams {
		body = body[:4*maxLoggedParams]
	}
	return maskForm(strings.ToValidUTF8(string(body), "\uFFFD"))
}

// maskJSON masks a JSON body. What is not JSON may hide anything, so only its size is kept.
func maskJSON(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return "(" + strconv.Itoa(len(body)) + " bytes)"
	}
	masked, err := json.Marshal(maskTree("", v))
	if err != nil || len(masked) > maxLoggedParams {
		return "(" + strconv.Itoa(len(body)) + " bytes)"
	}
	return string(masked)
}

func maskTree(name string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, part := range v {
			v[k] = maskTree(k, part)
		}
	case []any:
		for i, part := range v {
			v[i] = maskTree(name, part)
		}
	case string:
		return maskText(maskValue(name, v))
	case float64:
		if hiddenNames[name] || shortenedNames[name] {
			return "****"
		}
	}
	return v
}
