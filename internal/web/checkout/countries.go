package checkout

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
)

// countryNames has a line for each country: its code, its English and its German name.
//
//go:embed countries.txt
var countryNames string

// sortable takes off a name what would put it behind Z.
var sortable = strings.NewReplacer("Ä", "A", "Å", "A", "Ö", "O", "Ü", "U", "ä", "a", "é", "e", "ö", "o", "ô", "o", "ü", "u", "ã", "a", "ç", "c")

// countriesIn are the countries by their names in a column of the list.
func countriesIn(column int) []option {
	var all []option
	for line := range strings.Lines(countryNames) {
		parts := strings.Split(strings.TrimSpace(line), "|")
		all = append(all, option{Value: parts[0], Label: parts[column]})
	}
	slices.SortFunc(all, func(a, b option) int {
		return cmp.Compare(sortable.Replace(a.Label), sortable.Replace(b.Label))
	})
	return all
}
