package docs_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"sharesmart/internal/servertest"
)

// cardRow is a row of the tables of test cards: a number, its name, and a third column.
var cardRow = regexp.MustCompile("(?m)^\\| ([0-9 ]{15,}) \\| `(pm_card_\\w+)` \\| (.*) \\|$")

// TestCards pays with every card that the page names: the name is that number, and what the page says of a decline is so.
func TestCards(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("content/test-cards.md")
	if err != nil {
		t.Fatal(err)
	}
	_, declined, _ := strings.Cut(string(page), "## They are declined")
	declined, _, _ = strings.Cut(declined, "\n## ")
	s := demo(t)
	rows := cardRow.FindAllStringSubmatch(string(page), -1)
	if len(rows) < 20 {
		t.Fatalf("only %d cards were found", len(rows))
	}
	for _, row := range rows {
		number, name, says := strings.ReplaceAll(row[1], " ", ""), row[2], row[3]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := s.For(t)
			method := s.Get("/v1/payment_methods/" + s.Post("/v1/payment_methods/"+name+"/attach", "customer", s.Post("/v1/customers").OK().ID()).Object.ID())
			if _, ok := strings.CutPrefix(says, "it can be kept"); strings.Contains(declined, "`"+name+"`") && !ok {
				code, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(says, "none: the code is "), "`"), "`")
				e := pay(s, name).Object.Object("error")
				if e.String("code") != code && e.String("decline_code") != code {
					t.Errorf("%s is declined with %s, %s; the page says %s", name, e.String("code"), e.String("decline_code"), code)
				}
				return
			}
			if last4 := method.Object.Object("card").String("last4"); last4 != number[len(number)-4:] {
				t.Errorf("%s is the card %s, the page says %s", name, last4, number)
			}
			answer := pay(s, name)
			if ok := answer.Status == http.StatusOK; ok == (strings.Contains(says, "declined when charged") || strings.Contains(says, "blocked")) {
				t.Errorf("a payment with %s answers %d; the page says: %s", name, answer.Status, says)
			}
		})
	}
}

func pay(s *servertest.Server, method string) *servertest.Answer {
	return s.Post("/v1/payment_intents", "amount", "2000", "currency", "usd", "confirm", "true", "payment_method_types[]", "card", "payment_method", method)
}
