package resource

import (
	"fmt"
	"maps"
	"slices"

	"sharesmart/internal/object"
)

// verifyFigures compares the sum of all days with what all objects add up to.
func (s *Survey) verifyFigures() (problems []string, err error) {
	days, err := s.Figures()
	if err != nil {
		return nil, err
	}
	built, err := builtFigures(s.from)
	if err != nil || len(days) == 0 && built == nil || built != nil && len(s.engine.recountsBeside(built)) > 0 {
		return nil, err // nobody has served it since its figures were to be made or recounted
	}
	sums := map[string]int64{}
	for _, day := range days {
		for _, c := range day.Changes {
			sums[c.Name+"|"+c.Of] += c.Amount
		}
	}
	should := map[string]int64{}
	err = s.eachFigure(func(_ *object.Object, key string, amount int64) { should[key] += amount })
	for _, key := range slices.Sorted(maps.Keys(should)) {
		if sums[key] != should[key] {
			problems = append(problems, fmt.Sprintf("the figure %s is %d by the days, and %d by the objects", key, sums[key], should[key]))
		}
		delete(sums, key)
	}
	for _, key := range slices.Sorted(maps.Keys(sums)) {
		if sums[key] != 0 {
			problems = append(problems, fmt.Sprintf("the figure %s is %d by the days, and no object adds to it", key, sums[key]))
		}
	}
	return problems, err
}

// eachFigure calls fn with what each object adds to each figure.
func (s *Survey) eachFigure(fn func(o *object.Object, key string, amount int64)) error {
	for _, name := range slices.Sorted(maps.Keys(s.engine.rules)) {
		k := s.engine.kind(name)
		if !k.hasFigures() {
			continue
		}
		err := s.Each(name, func(o *object.Object) error {
			for key, amount := range k.figuresOf(o) {
				fn(o, key, amount)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
