package docs

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference"
	"sharesmart/internal/web/docs/try"
)

// tryAnswer is an answer as it is shown.
type tryAnswer struct {
	*try.Answer
	Phrase  string
	Time    string
	Headers []header
	JSON    template.HTML
	Events  []tryEvent
	Log     string // where the Dashboard shows the request; empty without one
	Failed  bool
	Code    string // of the error
}

type header struct{ Name, Value string }

// tryEvent is an event that the call caused.
type tryEvent struct {
	ID, Type string
	About    string // where the reference explains it
	Changes  []change
}

// change is what an attribute was before, and is now.
type change struct{ Name, Before, After string }

// told are the headers that say something of a single answer.
var told = []string{"Request-Id", "Stripe-Version", "Idempotency-Key", "Idempotent-Replayed", "Original-Request", "Stripe-Should-Retry"}

// shown makes an answer ready to be shown, with the events that it caused.
func (v *visit) shown(a *try.Answer, sandbox *try.Sandbox) (*tryAnswer, error) {
	s := &tryAnswer{Answer: a, Phrase: http.StatusText(a.Status), Time: strconv.FormatFloat(float64(a.Took.Microseconds())/1000, 'f', 1, 64) + " ms", Failed: a.Status >= http.StatusBadRequest, JSON: v.linked(a.Body)}
	for _, name := range told {
		if value := a.Header.Get(name); value != "" {
			s.Headers = append(s.Headers, header{name, value})
		}
	}
	if s.Failed {
		var body struct{ Error struct{ Code string } }
		_ = json.Unmarshal(a.Body, &body) // what is no JSON has no code
		if code := body.Error.Code; v.bySlug("errors/"+code) != nil {
			s.Code = code
		}
	}
	if v.Dashboard {
		s.Log = "/dashboard/" + sandbox.Namespace.Account + "/" + sandbox.Namespace.Env + "/logs/" + a.RequestID
	}
	var err error
	s.Events, err = v.caused(a, sandbox)
	return s, err
}

// caused are the events that a call caused, the first first.
func (v *visit) caused(a *try.Answer, sandbox *try.Sandbox) (out []tryEvent, err error) {
	var list struct {
		Data []struct {
			ID, Type string
			Request  struct{ ID string }
			Data     struct {
				Object             map[string]json.RawMessage
				PreviousAttributes map[string]json.RawMessage `json:"previous_attributes"`
			}
		}
	}
	if err := v.read(sandbox, spec.OperationByID("GetEvents"), "limit=100", &list); err != nil {
		return nil, err
	}
	for _, e := range list.Data {
		if e.Request.ID != a.RequestID || e.Request.ID == "" {
			continue
		}
		event := tryEvent{ID: e.ID, Type: e.Type}
		if r := v.catalog().Subject(e.Type); r != nil {
			event.About = r.Address() + "#object"
		}
		for name, before := range e.Data.PreviousAttributes {
			event.Changes = append(event.Changes, change{name, brief(before), brief(e.Data.Object[name])})
		}
		slices.SortFunc(event.Changes, func(a, b change) int { return cmp.Compare(a.Name, b.Name) })
		out = append(out, event)
	}
	slices.Reverse(out)
	return out, nil
}

// longestValue is how much of a value is shown in a table of changes.
const longestValue = 120

// brief is a value in a line.
func brief(value json.RawMessage) string {
	var line bytes.Buffer
	if len(value) == 0 || json.Compact(&line, value) != nil {
		return "—"
	}
	text := line.String()
	if len(text) > longestValue {
		text = strings.ToValidUTF8(text[:longestValue], "") + "…"
	}
	return text
}

var jsonTokens = regexp.MustCompile(`("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b`)

// linked colours JSON, and lets each id lead to the form that retrieves its object.
func (v *visit) linked(body []byte) template.HTML {
	var b strings.Builder
	at, text := 0, strings.TrimRight(string(body), "\n")
	for _, m := range jsonTokens.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(html.EscapeString(text[at:m[0]]))
		at = m[1]
		word := text[m[0]:m[1]]
		switch {
		case m[4] >= 0:
			b.WriteString(`<span class="nt">` + html.EscapeString(text[m[2]:m[3]]) + "</span>" + text[m[4]:m[5]])
		case m[2] >= 0:
			b.WriteString(`<span class="s">` + v.linkedID(word) + "</span>")
		case word == "true" || word == "false" || word == "null":
			b.WriteString(`<span class="k">` + word + "</span>")
		default:
			b.WriteString(`<span class="mi">` + word + "</span>")
		}
	}
	b.WriteString(html.EscapeString(text[at:]))
	return template.HTML(b.String()) //nolint:gosec // every part was escaped
}

// linkedID is a text in JSON, which is a link if it is the id of something that can be retrieved.
func (v *visit) linkedID(quoted string) string {
	id := strings.Trim(quoted, `"`)
	if to := v.retrieve(id); to != "" {
		return `"<a href="` + html.EscapeString(to) + `">` + html.EscapeString(id) + `</a>"`
	}
	return html.EscapeString(quoted)
}

// retrieve is the form that retrieves the object of an id; empty if there is none.
func (v *visit) retrieve(id string) string {
	if !identifier.MatchString(id) {
		return ""
	}
	r := v.catalog().ByKind(v.Engine.KindOf(id))
	if r == nil {
		return ""
	}
	at := slices.IndexFunc(r.Operations, func(op *reference.Operation) bool {
		return op.Form == spec.Retrieve && len(op.PathParams) == 1 && canTry(op.Operation)
	})
	if at < 0 {
		return ""
	}
	op := r.Operations[at]
	return tryPath + "/" + op.ID + "?" + url.Values{inPath + op.PathParams[0]: {id}}.Encode()
}
