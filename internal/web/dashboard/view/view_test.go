package view

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/dashboard/explorer"
)

var links = Links{Base: "/dashboard/test", KindOf: func(id string) string {
	if strings.HasPrefix(id, "cus_") {
		return "customer"
	}
	return ""
}}

func parse(t *testing.T, kind, text string) *object.Object {
	t.Helper()
	o, err := object.Parse([]byte(text), spec.Component(kind))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCell(t *testing.T) {
	t.Parallel()
	o := parse(t, "invoice", `{"id": "in_1", "total": 1250, "currency": "jpy", "status": "uncollectible", "customer": "cus_1", "created": 86400, "auto_advance": true,
		"latest_revision": null, "number": "A-1"}`)
	for name, want := range map[string]Cell{
		"total":           {Text: "¥1,250 JPY", End: true},
		"status":          {Text: "Uncollectible", Tone: "bad"},
		"customer":        {Text: "cus_1", Href: "/dashboard/test/objects/customer/cus_1", Code: true},
		"created":         {At: At(86400)},
		"auto_advance":    {Text: "Yes"},
		"latest_revision": {},
		"number":          {Text: "A-1"},
	} {
		c := explorer.Column{Name: name, Look: explorer.LookOf(o.Schema(), name)}
		if diff := cmp.Diff(want, links.Cell(o, c)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	got := string(links.JSON(parse(t, "", `{"id": "cus_1", "a<": [], "b": [{"c": null}], "url": "javascript:alert(1)", "d": "</div>"}`)))
	for _, want := range []string{`<a href="/dashboard/test/objects/customer/cus_1">cus_1</a>`, "a&lt;", "[],", "null", "&lt;/div&gt;", "<details"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Contains(got, `href="javascript`) {
		t.Error("a script became a link")
	}
	if got := string(links.Parsed([]byte("<b>"))); got != `<div class="j">&lt;b&gt;</div>` {
		t.Error(got)
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	before := parse(t, "", `{"a": 1, "b": {"c": "x", "d": []}, "e": [1, 2], "f": true}`)
	after := parse(t, "", `{"a": 1, "b": {"c": "y", "d": []}, "e": [1, 3], "g": null}`)
	want := []Change{
		{Path: "b.c", Before: `"x"`, After: `"y"`}, {Path: "e.1", Before: "2", After: "3"},
		{Path: "g", After: "null", Added: true}, {Path: "f", Before: "true", Gone: true},
	}
	if diff := cmp.Diff(want, Diff(before, after)); diff != "" {
		t.Error(diff)
	}
	if got := Diff(nil, parse(t, "", `{"a": 1}`)); len(got) != 1 || !got[0].Added {
		t.Errorf("of nothing: %+v", got)
	}
}
