package apierr

import (
	"encoding/json"
	"slices"
	"strings"
)

// Links are where an error leads to. Either may be empty.
type Links struct {
	Doc string // the page that explains its code
	Log string // where the request can be looked up
}

// Body is the JSON of the error's answer.
func (e *Error) Body(links Links) []byte {
	b := make([]byte, 0, 512)
	b = append(b, "{\n  \"error\": {"...)
	n := len(b)
	field := func(name, value string) {
		if value != "" {
			b = appendField(b, n, name, quote(value))
		}
	}
	field("advice_code", e.AdviceCode)
	field("charge", e.Charge)
	field("code", e.Code)
	field("decline_code", e.DeclineCode)
	field("doc_url", links.Doc)
	field("message", e.Message)
	field("network_decline_code", e.NetworkCode)
	field("param", e.Param)
	for _, name := range sortedNames(e.Objects) {
		indented := strings.ReplaceAll(string(e.Objects[name]), "\n", "\n    ")
		b = appendField(b, n, name, []byte(indented))
	}
	field("request_log_url", links.Log)
	field("type", e.Type)
	field("user_message", e.UserMessage)
	return append(b, "\n  }\n}\n"...)
}

func appendField(b []byte, empty int, name string, value []byte) []byte {
	if len(b) > empty {
		b = append(b, ',')
	}
	b = append(b, "\n    \""...)
	b = append(b, name...)
	b = append(b, "\": "...)
	return append(b, value...)
}

func quote(s string) []byte {
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return []byte(`""`)
	}
	return []byte(strings.TrimSuffix(out.String(), "\n"))
}

func sortedNames(m map[string][]byte) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
