package cli

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// nest makes an object of parameters: a[b][0]=c is {"a": {"b": ["c"]}}.
func nest(params []pair) map[string]any {
	root := map[string]any{}
	for _, p := range params {
		put(root, steps(p.name), p.value)
	}
	return lists(root).(map[string]any)
}

// steps are the parts of a name in brackets. Empty ones, which stand for the next of a list, are "".
func steps(name string) []string {
	return strings.Split(strings.ReplaceAll(name, "]", ""), "[")
}

func put(at map[string]any, path []string, value any) {
	for i, step := range path {
		if step == "" {
			step = strconv.Itoa(len(at))
		}
		if i == len(path)-1 {
			at[step] = value
			return
		}
		next, ok := at[step].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[step] = next
		}
		at = next
	}
}

// lists turns objects whose names are 0, 1, 2 ... into lists.
func lists(v any) any {
	o, ok := v.(map[string]any)
	if !ok {
		return v
	}
	keys := make([]string, 0, len(o))
	for key, inner := range o {
		o[key] = lists(inner)
		keys = append(keys, key)
	}
	numbers := make([]int, 0, len(keys))
	for _, key := range keys {
		n, err := strconv.Atoi(key)
		if err != nil {
			return o
		}
		numbers = append(numbers, n)
	}
	if len(numbers) == 0 {
		return o
	}
	slices.Sort(numbers)
	list := make([]any, len(numbers))
	for i, n := range numbers {
		list[i] = o[strconv.Itoa(n)]
	}
	return list
}

// flatten makes parameters of an object, sorted by name: {"a": {"b": ["c"]}} is a[b][0]=c. Null is left out.
func flatten(v any, name string, text func(any) (string, error)) ([]pair, error) {
	var all []pair
	add := func(inner any, step string) error {
		if name != "" {
			step = name + "[" + step + "]"
		}
		more, err := flatten(inner, step, text)
		all = append(all, more...)
		return err
	}
	switch v := v.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		for _, key := range sorted(v) {
			if err := add(v[key], key); err != nil {
				return nil, err
			}
		}
		return all, nil
	case []any:
		for i, inner := range v {
			if err := add(inner, strconv.Itoa(i)); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	value, err := text(v)
	return []pair{{name, value}}, err
}

// sorted are the names of a map.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
