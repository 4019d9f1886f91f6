package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"sharesmart/internal/spelling"
)

// configFlag is the flag that names the configuration file.
const configFlag = "config"

// setting is a line of a configuration file: a flag's name and its value.
type setting struct {
	name, value string
	line        int
}

// flagSet is a command with its flags. Those that know the data also know the configuration file.
func (cmd *command) flagSet() (*flag.FlagSet, func(*call) error) {
	f := flag.NewFlagSet("sharesmart "+cmd.name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	work := cmd.flags(f)
	if f.Lookup("data") != nil {
		f.String(configFlag, "", "`file` of settings, as https: 0.0.0.0:443, each under the name of its flag")
	}
	return f, work
}

// configPath is the configuration file that the command line names, or else the environment; empty for none.
func configPath(args []string, env func(string) (string, bool)) string {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		name, value, joined := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		if name != configFlag || !strings.HasPrefix(arg, "-") {
			continue
		}
		if !joined && i+1 < len(args) {
			value = args[i+1]
		}
		return value
	}
	path, _ := env(variable(configFlag))
	return path
}

// readConfig reads a configuration file: YAML, one setting to a line.
func readConfig(path string) ([]setting, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("%s: %s", path, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: write one setting to a line, as https: 0.0.0.0:443", path, root.Line)
	}
	var all []setting
	for i := 0; i < len(root.Content); i += 2 {
		s, err := readSetting(root.Content[i], root.Content[i+1])
		if err == nil && slices.ContainsFunc(all, func(o setting) bool { return o.name == s.name }) {
			err = fmt.Errorf("%s is set twice", s.name)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, root.Content[i].Line, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func readSetting(key, value *yaml.Node) (setting, error) {
	s := setting{name: key.Value, line: key.Line}
	if !isSetting(s.name) {
		return s, fmt.Errorf("there is no setting %q%s", s.name, didYouMean(s.name))
	}
	switch {
	case value.Kind == yaml.ScalarNode && value.Tag != "!!null":
		s.value = value.Value
	case value.Kind == yaml.SequenceNode: // a list is written with commas in a flag
		items := make([]string, len(value.Content))
		for i, item := range value.Content {
			items[i] = item.Value
		}
		s.value = strings.Join(items, ",")
	default:
		return s, fmt.Errorf("%s needs a value, as in %s: VALUE", s.name, s.name)
	}
	return s, nil
}

// settings are the names that a configuration file may hold: the flags of all commands that read one.
func settings() []string {
	var names []string
	for _, cmd := range commands() {
		f, _ := cmd.flagSet()
		if f.Lookup(configFlag) == nil {
			continue
		}
		f.VisitAll(func(fl *flag.Flag) {
			if fl.Name != configFlag && !slices.Contains(names, fl.Name) {
				names = append(names, fl.Name)
			}
		})
	}
	return names
}

func isSetting(name string) bool { return slices.Contains(settings(), name) }

// didYouMean names the setting that looks most like what was written; empty if none does.
func didYouMean(name string) string {
	if best := nearest(name, settings()); best != "" {
		return ": did you mean " + best + "?"
	}
	return "; 'sharesmart serve --help' lists them"
}

// nearest is the name that looks most like what was written; empty if none does.
func nearest(name string, known []string) string {
	name = strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(name))
	return spelling.Nearest(name, known, len(name)/3+1)
}
