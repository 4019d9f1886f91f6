package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"
)

// settings are what the user said on the command line about where the server is and how to print. What is empty is
// looked up: in the environment, in the configuration file, in the defaults.
type settings struct {
	values map[string]*string
	file   *string
	json   bool
}

// setting is one thing that can be set in all three places.
type setting struct{ name, text, fallback string }

// known are the settings, by the name of their flag.
var known = []setting{
	{"api-key", "`key` of the account", ""},
	{"api-base", "`url` of the server", "https://127.0.0.1:8443"},
	{"ca-file", "`file` with the certificate authority to trust", ""},
	{"device-name", "`name` of this machine; events are signed with another secret for each", ""},
	{"color", "colours: `on`, off or auto", "auto"},
}

func (s *settings) declare(f *pflag.FlagSet) {
	s.values = map[string]*string{}
	for _, k := range known {
		text := k.text
		if k.fallback != "" {
			text += " (" + k.fallback + ")"
		}
		s.values[k.name] = f.String(k.name, "", text)
	}
	s.file = f.String("config", "", "`file` of the configuration (~/.config/sharesmart/config.yaml)")
	f.BoolVar(&s.json, "json", false, "print JSON for programs")
}

// variable is the environment variable of a setting.
func variable(name string) string {
	return "SHARESMART_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// value is what holds for a setting, and where it was found.
func (a *app) value(name string) (value, from string, err error) {
	if v := *a.settings.values[name]; v != "" {
		return v, "--" + name, nil
	}
	if v, ok := a.Env(variable(name)); ok && v != "" {
		return v, variable(name), nil
	}
	file, err := a.readConfig()
	if err != nil {
		return "", "", err
	}
	if v := file[configName(name)]; v != "" {
		return v, a.configFile(), nil
	}
	return known[slices.IndexFunc(known, func(k setting) bool { return k.name == name })].fallback, "default", nil
}

// configName is a setting's name in the file: api_key.
func configName(name string) string { return strings.ReplaceAll(name, "-", "_") }

// configFile is the path of the configuration; empty if the user has no home.
func (a *app) configFile() string {
	if *a.settings.file != "" {
		return *a.settings.file
	}
	if v, ok := a.Env(variable("config")); ok && v != "" {
		return v
	}
	if dir, ok := a.Env("XDG_CONFIG_HOME"); ok && dir != "" {
		return filepath.Join(dir, "sharesmart", "config.yaml")
	}
	if home, ok := a.Env("HOME"); ok && home != "" {
		return filepath.Join(home, ".config", "sharesmart", "config.yaml")
	}
	return ""
}

func (a *app) readConfig() (map[string]string, error) {
	values := map[string]string{}
	name := a.configFile()
	if name == "" {
		return values, nil
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return values, nil
	}
	if err == nil {
		err = yaml.Unmarshal(text, &values)
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration %s: %w", name, err)
	}
	return values, nil
}

// config shows and changes the configuration file.
func (a *app) config() *cobra.Command {
	c := &cobra.Command{
		Use: "config", Short: "Show which server and key are used, and where that is said", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.showConfig() },
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = configName(k.name)
	}
	c.AddCommand(&cobra.Command{
		Use: "set NAME VALUE", Short: "Keep a setting in the configuration file; an empty value removes it", Args: exactly("NAME", "VALUE"), ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error { return a.setConfig(args[0], args[1]) },
	})
	return c
}

func (a *app) showConfig() error {
	rows := [][]string{}
	all := map[string]string{}
	for _, k := range known {
		value, from, err := a.value(k.name)
		if err != nil {
			return err
		}
		if k.name == "api-key" {
			value = maskKey(value)
		}
		all[configName(k.name)] = value
		if value == "" {
			value, from = a.Stdout.Dim("not set"), ""
		}
		rows = append(rows, []string{configName(k.name), value, a.Stdout.Dim(from)})
	}
	if a.settings.json {
		return a.Stdout.JSON(all)
	}
	a.Stdout.Table(rows)
	return nil
}

// maskKey hides a key but for its kind and its end.
func maskKey(key string) string {
	if len(key) < len("sk_test_")+8 {
		return key
	}
	return key[:len("sk_test_")] + "..." + key[len(key)-4:]
}

func (a *app) setConfig(name, value string) error {
	name = configName(name)
	if !slices.ContainsFunc(known, func(k setting) bool { return configName(k.name) == name }) {
		return usage("there is no setting %q", name)
	}
	values, err := a.readConfig()
	if err != nil {
		return err
	}
	if values[name] = value; value == "" {
		delete(values, name)
	}
	text, err := yaml.Marshal(values)
	if err != nil {
		return err
	}
	file := a.configFile()
	if file == "" {
		return errors.New("there is no home directory: name a file with --config")
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600) // it holds a key
}
