package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/tidwall/gjson"
)

// queries answers what steps ask of those before them:
//
//	${customer:id}           a field of an answer; the path is one of gjson, as Stripe's command line has it
//	${customer:name|Jenny}   the same, or Jenny if there is none
//	${.env:PRICE}            a variable of the environment, or of the file .env
//	${time-now-RFC3339}      now
//	${generate-uuid}         a new UUID
type queries struct {
	*app
	answers map[string]json.RawMessage
	env     *envFile // read when it is first asked for
}

var asked = regexp.MustCompile(`\$\{([^:|}]+)(?::([^|}]+))?(?:\|([^}]*))?\}`)

// fill puts answers into a text.
func (q *queries) fill(text string) (string, error) {
	var failed error
	filled := asked.ReplaceAllStringFunc(text, func(match string) string {
		parts := asked.FindStringSubmatch(match)
		value, err := q.ask(parts[1], parts[2])
		if err != nil && strings.Contains(match, "|") {
			return parts[3]
		}
		failed = errors.Join(failed, err)
		return value
	})
	return filled, failed
}

func (q *queries) ask(name, path string) (string, error) {
	switch {
	case name == ".env":
		return q.variable(path)
	case path == "" && name == "time-now-RFC3339":
		return q.Clock.Now().UTC().Format(time.RFC3339), nil
	case path == "" && name == "generate-uuid":
		var random [16]byte
		q.Clock.Random(random[:])
		id, err := uuid.FromBytes(random[:])
		return id.String(), err
	}
	answer, ok := q.answers[name]
	if !ok {
		return "", fmt.Errorf("no step before it is called %q", name)
	}
	found := gjson.GetBytes(answer, path)
	if !found.Exists() || found.Type == gjson.Null {
		return "", fmt.Errorf("the answer to %s has no %s", name, path)
	}
	return found.String(), nil
}

// variable is one of the environment, or of the file.
func (q *queries) variable(name string) (string, error) {
	if v, ok := q.Env(name); ok && v != "" {
		return v, nil
	}
	if q.env == nil {
		var err error
		if q.env, err = readEnv(q.path(envName)); err != nil {
			return "", err
		}
	}
	if v, ok := q.env.get(name); ok {
		return v, nil
	}
	return "", fmt.Errorf("there is no variable %s, neither in the environment nor in .env", name)
}

const envName = ".env"

// envFile is a file of variables, whose other lines are kept as they are.
type envFile struct {
	path  string
	lines []string
}

// readEnv reads one; one that is not there has no lines.
func readEnv(path string) (*envFile, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &envFile{path: path}, nil
	}
	if err != nil {
		return nil, err
	}
	return &envFile{path: path, lines: strings.Split(strings.TrimRight(string(text), "\n"), "\n")}, nil
}

// variableOf is the name and value of a line; the name is empty if it has none.
func variableOf(line string) (name, value string) {
	name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
	if !ok || strings.HasPrefix(name, "#") {
		return "", ""
	}
	value = strings.TrimSpace(value)
	if len(value) >= 2 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		value = value[1 : len(value)-1]
	}
	return strings.TrimSpace(name), value
}

func (f *envFile) get(name string) (string, bool) {
	for _, line := range f.lines {
		if n, v := variableOf(line); n == name && n != "" {
			return v, true
		}
	}
	return "", false
}

// set changes a variable in its place, or adds it.
func (f *envFile) set(name, value string) {
	line := name + `="` + value + `"`
	for i, old := range f.lines {
		if n, _ := variableOf(old); n == name {
			f.lines[i] = line
			return
		}
	}
	f.lines = append(f.lines, line)
}

// writeEnv writes what a fixture wants to be in the file .env, if there is one, as Stripe's command line does.
func (a *app) writeEnv(env map[string]string, q *queries) error {
	if len(env) == 0 {
		return nil
	}
	f, err := readEnv(a.path(envName))
	if err != nil || f.lines == nil {
		return err
	}
	for _, name := range sorted(env) {
		value, err := q.fill(env[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f.set(name, value)
	}
	return os.WriteFile(f.path, []byte(strings.Join(f.lines, "\n")+"\n"), 0o600)
}
