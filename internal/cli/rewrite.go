package cli

import (
	"slices"
	"strconv"
	"strings"
)

// change is one of --override, --add and --remove.
type change struct {
	step  string
	path  []string
	value string
}

// rewrite carries out the changes.
func (r *runFlags) rewrite(f *fixture) error {
	for _, kind := range []struct {
		flag  string
		texts []string
		do    func(params map[string]any, c *change)
	}{
		{"override", r.override, func(params map[string]any, c *change) { setIn(params, c.path, c.value, true) }},
		{"add", r.add, func(params map[string]any, c *change) { setIn(params, c.path, c.value, false) }},
		{"remove", r.remove, func(params map[string]any, c *change) { removeIn(params, c.path) }},
	} {
		for _, text := range kind.texts {
			c, err := parseChange(kind.flag, text, f)
			if err != nil {
				return err
			}
			for _, s := range f.Steps {
				if s.Name != c.step {
					continue
				}
				if s.Params == nil {
					s.Params = map[string]any{}
				}
				kind.do(s.Params, c)
			}
		}
	}
	for _, name := range r.skip {
		if !slices.Contains(f.names(), name) {
			return usage("--skip: there is no step %q; there are %s", name, strings.Join(f.names(), ", "))
		}
	}
	return nil
}

// names are those of the steps.
func (f *fixture) names() []string {
	names := make([]string, len(f.Steps))
	for i, s := range f.Steps {
		names[i] = s.Name
	}
	return names
}

func parseChange(flag, text string, f *fixture) (*change, error) {
	target, value, hasValue := strings.Cut(text, "=")
	name, path, ok := strings.Cut(target, ":")
	switch {
	case !ok || path == "":
		return nil, usage("--%s is %q: write STEP:path.to.param, where STEP is one of %s", flag, text, strings.Join(f.names(), ", "))
	case !slices.Contains(f.names(), name):
		return nil, usage("--%s: there is no step %q; there are %s", flag, name, strings.Join(f.names(), ", "))
	case flag != "remove" && !hasValue:
		return nil, usage("--%s is %q: write %s=VALUE", flag, text, text)
	}
	path = strings.NewReplacer("[", ".", "]", "").Replace(path)
	return &change{step: name, path: strings.Split(path, "."), value: value}, nil
}

// setIn sets a value in an object. What has a value already is left unless it is forced.
func setIn(at map[string]any, path []string, value any, force bool) {
	step := path[0]
	old, there := at[step]
	if len(path) == 1 {
		if force || !there {
			at[step] = value
		}
		return
	}
	switch old := old.(type) {
	case map[string]any:
		setIn(old, path[1:], value, force)
	case []any:
		at[step] = setInList(old, path[1:], value, force)
	default:
		if there && !force {
			return
		}
		inner := map[string]any{}
		setIn(inner, path[1:], value, true)
		at[step] = lists(inner)
	}
}

// setInList sets a value in a list, in the place that the first step names.
func setInList(list []any, path []string, value any, force bool) []any {
	n, err := strconv.Atoi(path[0])
	if err != nil || n < 0 || n > len(list) {
		return list
	}
	place := map[string]any{}
	if n < len(list) {
		place["x"] = list[n]
	}
	setIn(place, append([]string{"x"}, path[1:]...), value, force)
	if n == len(list) {
		return append(list, place["x"])
	}
	list[n] = place["x"]
	return list
}

func removeIn(at map[string]any, path []string) {
	if len(path) == 1 {
		delete(at, path[0])
		return
	}
	switch inner := at[path[0]].(type) {
	case map[string]any:
		removeIn(inner, path[1:])
	case []any:
		n, err := strconv.Atoi(path[1])
		if err != nil || n < 0 || n >= len(inner) {
			return
		}
		if len(path) == 2 {
			at[path[0]] = slices.Delete(inner, n, n+1)
			return
		}
		if o, ok := inner[n].(map[string]any); ok {
			removeIn(o, path[2:])
		}
	}
}
