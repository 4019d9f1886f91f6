// Package scene makes, on a server, what a sample of an operation needs: the objects that its path and its parameters
// name. Samples are run on scenes of their own, so they can run in any order, beside each other, and in every language.
package scene

import (
	"cmp"
	_ "embed"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"sharesmart/internal/object"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference/sample"

	"gopkg.in/yaml.v3"
)

// Caller sends a request with a form, names and values in turn, and returns the status and what is answered.
type Caller func(method, path string, form []string) (status int, answer *object.Object, err error)

// Scene is what a sample is run with.
type Scene struct {
	Path []string // what its path's parameters are, in order
	Form []string // names and values in turn
	Key  string   // what it is called with; empty for the account's secret key
}

// Stage makes scenes.
type Stage struct {
	call   Caller
	behind Behind
	names  int
	made   map[string]string // by what it is called, within one scene
}

//go:embed recipes.yaml
var recipes []byte

// book is what cannot be read from the spec: how things are made, and what operations are sent.
var book = func() (b struct {
	Things     map[string][]string // steps; the first makes what is meant, which the others call {it}
	Operations map[string]string   // what path and form are, where they are not what the spec leads to
	Values     map[string]string   // of parameters, by name
	References map[string]string   // kinds of thing that parameters hold the id of, by name
	Notes      map[string]string   // what readers have to know of samples, by operation: who else has to do something for it
}) {
	if err := yaml.Unmarshal(recipes, &b); err != nil {
		panic("recipes.yaml: " + err.Error())
	}
	return b
}()

// Note says what else has to happen for the sample of an operation; empty for nothing.
func Note(id string) string { return book.Notes[id] }

// Account are requests that give an account what every seller has: where it sells from, and money to pay out.
var Account = [][]string{
	{"/v1/tax/settings", "head_office[address][country]", "US", "head_office[address][state]", "CA", "defaults[tax_behavior]", "exclusive"},
	{"/v1/charges", "amount", "5000000", "currency", "usd", "source", "tok_bypassPending", "description", "Sales of last month"},
}

// Request is how the operation at a path is called with a form: the path with its query, and the body with its type.
func Request(method, path string, form []string) (target, body, contentType string) {
	op, _, found := spec.Match(method, path)
	if !found {
		return path, "", ""
	}
	return sample.Request(op, path, form)
}

// NewStage returns a stage on an account of a server.
func NewStage(call Caller, b Behind) *Stage { return &Stage{call: call, behind: b} }

// Open makes the scene of an operation.
func (s *Stage) Open(op *spec.Operation) (*Scene, error) {
	s.made = map[string]string{}
	scene := &Scene{}
	recipe, err := s.beside(scene, strings.Fields(book.Operations[op.ID]))
	if err != nil {
		return nil, err
	}
	var given []string // what the path is
	for len(recipe) > 0 && !strings.Contains(recipe[0], "=") {
		given, recipe = append(given, recipe[0]), recipe[1:]
	}
	for i := range op.PathParams {
		id, err := s.pathID(op, i, given)
		if err != nil {
			return nil, err
		}
		scene.Path = append(scene.Path, id)
	}
	s.fill(op)
	form, err := s.form(op, recipe)
	scene.Form = form
	return scene, err
}

// fill makes something that a list is to show. Where nothing can be made, the list is shown empty.
func (s *Stage) fill(op *spec.Operation) {
	switch op.Form {
	case spec.List, spec.Search:
		_, _ = s.thing(op.Kind)
	case spec.SubList:
		for _, maker := range makersOf(op.Kind) {
			if maker.Path == op.Path {
				_, _ = s.make(maker)
			}
		}
	}
}

// beside makes what must be there and is not sent, words that begin with ~, and takes the key that is called with, from one
// that begins with @. It returns the others.
func (s *Stage) beside(scene *Scene, words []string) (sent []string, err error) {
	for _, w := range words {
		switch w[0] {
		case '~':
			_, err = s.expand(w[1:])
		case '@':
			scene.Key, err = s.expand(w[1:])
		default:
			sent = append(sent, w)
		}
		if err != nil {
			return nil, err
		}
	}
	return sent, nil
}

func (s *Stage) pathID(op *spec.Operation, i int, given []string) (string, error) {
	if i < len(given) {
		return s.expand(given[i])
	}
	kind := op.Target
	if i == 0 && op.Parent != "" {
		kind = op.Parent
	}
	if i > 0 {
		if id, err := s.below(op, kind); id != "" || err != nil {
			return id, err
		}
	}
	return s.thing(kind)
}

// below is the id of something that is made below another thing, which was made before.
func (s *Stage) below(op *spec.Operation, kind string) (string, error) {
	for _, maker := range makersOf(kind) {
		if maker.Parent == op.Parent && len(maker.PathParams) == len(op.PathParams)-1 && strings.HasPrefix(op.Path, maker.Path+"/") {
			return s.make(maker)
		}
	}
	return "", nil
}

// thing is the id of something, which is made when it is first asked for.
func (s *Stage) thing(name string) (string, error) {
	if id := s.made[name]; id != "" {
		return id, nil
	}
	id, err := s.makeThing(name)
	if err == nil && id == "" {
		err = fmt.Errorf("nothing makes a %s", name)
	}
	s.made[name] = id
	return id, err
}

func (s *Stage) makeThing(name string) (id string, err error) {
	if steps := book.Things[name]; steps != nil {
		return s.perform(name, steps)
	}
	for _, op := range makersOf(name) {
		if id, err = s.make(op); id != "" {
			return id, nil
		}
	}
	if found, lookErr := s.listed(name); found != "" {
		return found, lookErr
	}
	return "", err
}

// perform takes the steps of a recipe. A step is a method, a path and a form, what others do, or only a text that is the id.
func (s *Stage) perform(name string, steps []string) (string, error) {
	id := ""
	for i, step := range steps {
		words := strings.Fields(strings.NewReplacer("={it}", "='"+id, "{it}", id).Replace(step))
		if !strings.Contains(step, " /") {
			if strings.ToUpper(words[0]) != words[0] {
				return step, nil
			}
			made, err := s.others(words)
			if err != nil {
				return "", fmt.Errorf("%s: %w", name, err)
			}
			id = cmp.Or(made, id)
			continue
		}
		method, field := words[0], "id"
		if verb, chosen, found := strings.Cut(method, ":"); found { // which field of the answer is meant
			method, field = verb, chosen
		}
		path, err := s.expandIn(words[1])
		if err != nil {
			return "", err
		}
		form, err := s.pairs(words[2:])
		if err != nil {
			return "", err
		}
		answer, err := s.send(method, path, form)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		if i == 0 || field != "id" {
			id = at(answer, field)
		}
	}
	return id, nil
}

// at is the text in a field of an answer: data.0.id. What matches a pattern in it is at data.0.text~[0-9]{6}.
func at(o *object.Object, path string) string {
	path, pattern, _ := strings.Cut(path, "~")
	var v any = o
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case *object.Object:
			v = x.Get(step)
		case []any:
			if n, err := strconv.Atoi(step); err == nil && n < len(x) {
				v = x[n]
			} else {
				return ""
			}
		}
	}
	text, _ := v.(string)
	if pattern != "" {
		return regexp.MustCompile(pattern).FindString(text)
	}
	return text
}

func (s *Stage) send(method, path string, form []string) (*object.Object, error) {
	status, answer, err := s.call(method, path, form)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s %s %q: %d: %s", method, path, form, status, answer.Object("error").String("message"))
	}
	return answer, err
}

// make runs an operation that makes something, and returns its id.
func (s *Stage) make(op *spec.Operation) (string, error) {
	inner := &Stage{call: s.call, behind: s.behind, names: s.names, made: s.made}
	recipe := strings.Fields(book.Operations[op.ID])
	for len(recipe) > 0 && !strings.Contains(recipe[0], "=") { // the path is made anew
		recipe = recipe[1:]
	}
	path := op.Path
	for i, name := range op.PathParams {
		id, err := inner.pathID(op, i, nil)
		if err != nil {
			return "", err
		}
		path = strings.Replace(path, "{"+name+"}", id, 1)
	}
	form, err := inner.form(op, recipe)
	s.names = inner.names
	if err != nil {
		return "", err
	}
	answer, err := s.send(op.Method, path, form)
	if err != nil {
		return "", err
	}
	return answer.ID(), nil
}

// makersOf are the operations that make an object of a kind, the plainest first.
func makersOf(kind string) (out []*spec.Operation) {
	for _, class := range []spec.Class{spec.Create, spec.Upload, spec.SubCreate} {
		for _, op := range spec.Operations() {
			if op.Kind == kind && op.Form == class && op.Method == http.MethodPost {
				out = append(out, op)
			}
		}
	}
	return out
}

// listed is the id of the first object in the list of a kind: of what is there from the beginning.
func (s *Stage) listed(kind string) (string, error) {
	for _, op := range spec.Operations() {
		if op.Class != spec.List || op.Kind != kind {
			continue
		}
		form, err := s.form(op, nil)
		if err != nil {
			return "", err
		}
		answer, err := s.send(op.Method, op.Path, form)
		if err != nil {
			return "", err
		}
		return at(answer, "data.0.id"), nil
	}
	return "", nil
}

// expand puts the id of a thing in the place of {thing}, and a text of its own in the place of {unique}.
func (s *Stage) expand(value string) (string, error) {
	name, is := strings.CutPrefix(strings.TrimSuffix(value, "}"), "{")
	switch {
	case !is:
		return strings.ReplaceAll(value, "_", " "), nil
	case name == "publishable":
		return s.behind.Publishable, nil
	case name == "receiver":
		return s.behind.Receiver, nil
	case name == "unique":
		s.names++
		return "sample_" + strconv.Itoa(s.names), nil
	}
	return s.thing(strings.ReplaceAll(name, "+", " "))
}

// expandIn does so within a text.
func (s *Stage) expandIn(text string) (string, error) {
	for {
		first := strings.IndexByte(text, '{')
		if first < 0 {
			return text, nil
		}
		last := first + strings.IndexByte(text[first:], '}')
		id, err := s.expand(text[first : last+1])
		if err != nil {
			return "", err
		}
		text = text[:first] + id + text[last+1:]
	}
}
