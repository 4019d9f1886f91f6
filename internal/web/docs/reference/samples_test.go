package reference

import (
	"go/format"
	"strings"
	"testing"

	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference/sample"
)

// TestSamples: each operation has a sample in each language that names what it calls, and those in Go are formatted.
func TestSamples(t *testing.T) {
	t.Parallel()
	c := NewCatalog(func(*spec.Operation) bool { return true })
	for _, r := range c.Resources() {
		calls, err := r.Calls()
		if err != nil {
			t.Fatal(err)
		}
		for id, call := range calls {
			for _, l := range sample.Languages {
				text := l.Write(call)
				if !strings.Contains(text, call.Key) || strings.Contains(text, "{") && (strings.Contains(text, "/v1/{") || strings.Contains(text, "/v2/{")) {
					t.Errorf("%s in %s: %s", id, l.Name, text)
				}
				if l.Lang != "go" {
					continue
				}
				formatted, err := format.Source([]byte(text))
				if err != nil || string(formatted) != text {
					t.Errorf("%s: %v\n%s", id, err, text)
				}
			}
		}
	}
}

// TestProse: no text of the document becomes markup that is not closed, or that is not ours.
func TestProse(t *testing.T) {
	t.Parallel()
	c := NewCatalog(func(*spec.Operation) bool { return true })
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"Plain.", "<p>Plain.</p>"},
		{"A `code` & <tag>", "<p>A <code>code</code> &amp; &lt;tag&gt;</p>"},
		{"One\n\nTwo\nlines", "<p>One</p><p>Two lines</p>"},
		{"Either:\n- a\n- **b**", "<p>Either:</p><ul><li>a</li><li><strong>b</strong></li></ul>"},
		{"[Pay](https://docs.stripe.com/api/invoices/pay)", `<p><a href="/docs/api/invoices#pay">Pay</a></p>`},
		{"See [what\nis due](/docs/currencies#minimum).", `<p>See <a href="https://docs.stripe.com/currencies#minimum">what is due</a>.</p>`},
		{"[x](https://stripe.com/docs/api#create_customer)", `<p><a href="/docs/api/customers">x</a></p>`},
		{"[x](#issuing_authorization_object-amount)", `<p><a href="/docs/api/issuing/authorizations">x</a></p>`},
		{"[x](https://api.stripe.com#financial_accounts)", `<p><a href="/docs/api/treasury/financial_accounts">x</a></p>`},
		{"[x](https://docs.stripe.com/api/metadata)", `<p><a href="/docs/post-responses">x</a></p>`},
		{"[x](https://docs.stripe.com/api/nobody)", `<p><a href="https://docs.stripe.com/api/nobody">x</a></p>`},
		{"[x](#nobody)", "<p>x</p>"},
		{"[x](javascript:alert)", "<p>x</p>"},
		{"snake_case_name and _this_", "<p>snake_case_name and <em>this</em></p>"},
		{"<p>An <a href=\"/docs/billing\">x</a> <script>y</script></p>", `<p>An <a href="https://docs.stripe.com/billing">x</a> y</p>`},
		{"<p>Pay <code>a</code><br>b</p>", "<p>Pay <code>a</code> b</p>"},
	} {
		if got := string(prose(c, test.text)); got != test.want {
			t.Errorf("%q: %s, want %s", test.text, got, test.want)
		}
	}
	for _, op := range spec.Operations() {
		text := string(prose(c, operation(op.ID).String("description")))
		for _, tag := range []string{"p", "ul", "li", "a", "code", "strong", "em"} {
			if opened := strings.Count(text, "<"+tag+">") + strings.Count(text, "<"+tag+" "); opened != strings.Count(text, "</"+tag+">") {
				t.Errorf("%s: <%s> is not closed: %s", op.ID, tag, text)
			}
		}
	}
}
