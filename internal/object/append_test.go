package object

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestAppendJSON(t *testing.T) {
	t.Parallel()
	o := mustParse(t, `{"id":"x","none":null,"yes":true,"no":false,"n":-5,"f":1.50,"empty":{},"nothing":[],"list":[1,{"a":[2]}],"o":{"k<&>":"v"}}`)
	want := strings.TrimPrefix(`
{
  "id": "x",
  "none": null,
  "yes": true,
  "no": false,
  "n": -5,
  "f": 1.50,
  "empty": {},
  "nothing": [],
  "list": [
    1,
    {
      "a": [
        2
      ]
    }
  ],
  "o": {
    "k<&>": "v"
  }
}`, "\n")
	if diff := cmp.Diff(want, string(o.AppendJSON(nil, 0))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, string(o.JSON())); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	moved := strings.ReplaceAll(want, "\n", "\n    ")
	if diff := cmp.Diff("x"+moved, string(o.AppendJSON([]byte("x"), 2))); diff != "" {
		t.Errorf("at level 2 (-want +got):\n%s", diff)
	}
	if got := string((*Object)(nil).AppendJSON(nil, 0)); got != "null" {
		t.Errorf("nil prints as %s", got)
	}
}

// TestJSONIsKept prints two objects, the second in the place where the first grew.
func TestJSONIsKept(t *testing.T) {
	t.Parallel()
	first := mustParse(t, `{"a":"first"}`).JSON()
	mustParse(t, `{"b":"second"}`).JSON()
	if want := "{\n  \"a\": \"first\"\n}"; string(first) != want {
		t.Errorf("it became %s", first)
	}
}

func TestAppendString(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{``, `""`},
		{`a"b\c/d`, `"a\"b\\c/d"`},
		{"\b\f\n\r\t\x00\x1f\x7f", `"\b\f\n\r\t\u0000\u001f` + "\x7f\""},
		{`<script>&amp;`, `"<script>&amp;"`},
		{"é 漢 😀 \u2028", "\"é 漢 😀 \u2028\""},
		{"a\xffb\xc3", "\"a\uFFFDb\uFFFD\""},
		{"\xed\xa0\x80", "\"\uFFFD\uFFFD\uFFFD\""},
		{"\uFFFD", "\"\uFFFD\""},
	}
	for _, test := range tests {
		if got := string(AppendString(nil, test.text)); got != test.want {
			t.Errorf("%q: got %s, want %s", test.text, got, test.want)
		}
	}
}

func TestAppendIndented(t *testing.T) {
	t.Parallel()
	o := mustParse(t, `{"a":{"b":[1,2]},"c":"line\nbreak"}`)
	for indent := range 4 {
		want := string(o.AppendJSON([]byte("> "), indent))
		got := string(AppendIndented([]byte("> "), o.AppendJSON(nil, 0), indent))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("level %d (-want +got):\n%s", indent, diff)
		}
	}
}

func TestDeepIndentation(t *testing.T) {
	t.Parallel()
	for _, indent := range []int{0, 1, 31, 32, 33, 63, 64, 65, 200} {
		want := "\n" + strings.Repeat("  ", indent)
		if got := string(appendLine(nil, indent)); got != want {
			t.Errorf("level %d: %d bytes, want %d", indent, len(got), len(want))
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, seed := range []string{"", "a\"b", "\xff\xc3(", "é\u2028", "\x00\x1b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := AppendString(nil, s)
		var back string
		if err := json.Unmarshal(got, &back); err != nil || !utf8.Valid(got) {
			t.Fatalf("%q became %q, which is no JSON string: %v", s, got, err)
		}
		if want := string([]rune(s)); back != want {
			t.Fatalf("%q came back as %q", s, back)
		}
	})
}
