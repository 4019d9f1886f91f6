// Package country has the countries that customers choose among, in the languages of the pages.
package country

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
)

// Country is one by its ISO code and its name.
type Country struct{ Code, Name string }

// lines has one for each country: its code, its English and its German name.
//
//go:embed countries.txt
var lines string

// sortable takes off a name what would put it behind Z.
var sortable = strings.NewReplacer("Ä", "A", "Å", "A", "Ö", "O", "Ü", "U", "ä", "a", "é", "e", "ö", "o", "ô", "o", "ü", "u", "ã", "a", "ç", "c")

var (
	english = named(1)
	german  = named(2)
)

// In lists the countries by their names in a language, English where there are none in it.
func In(lang string) []Country {
	if base, _, _ := strings.Cut(lang, "-"); base == "de" {
		return german
	}
	return english
}

// named are the countries by their names in a column.
func named(column int) []Country {
	var all []Country
	for line := range strings.Lines(lines) {
		parts := strings.Split(strings.TrimSpace(line), "|")
		all = append(all, Country{parts[0], parts[column]})
	}
	slices.SortFunc(all, func(a, b Country) int { return cmp.Compare(sortable.Replace(a.Name), sortable.Replace(b.Name)) })
	return all
}
