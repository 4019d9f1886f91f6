package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sharesmart/internal/spec"
)

// maxDepth is how deep parameters have flags of their own: --shipping.address.city. What lies deeper, and what is in lists
// of objects, is given with -d.
const maxDepth = 3

// gathered are the parameters of a command line, in its order.
type gathered struct {
	pairs []pair
	files map[string]string // names of files by their parameter
}

// param is a flag that adds a parameter.
type param struct {
	to   *gathered
	name string // in brackets
	kind paramKind
	text string // what Type prints
	last string
}

type paramKind int

const (
	single paramKind = iota
	list
	mapping
	file
)

// Set adds a value, as the flag is read.
func (p *param) Set(value string) error {
	p.last = value
	switch p.kind {
	case list:
		p.to.pairs = append(p.to.pairs, pair{p.name + "[]", value})
	case mapping:
		key, v, ok := strings.Cut(value, "=")
		if !ok {
			return usage("%q has no equals sign: write KEY=VALUE", value)
		}
		p.to.pairs = append(p.to.pairs, pair{p.name + "[" + key + "]", v})
	case file:
		p.to.files[p.name] = value
	default:
		p.to.pairs = append(p.to.pairs, pair{p.name, value})
	}
	return nil
}

// String is the value that was set last.
func (p *param) String() string { return p.last }

// Type is what help calls the value.
func (p *param) Type() string { return p.text }

// data is a flag for parameters as they are sent: -d items[0][price]=price_1.
type data struct{ to *gathered }

// Set adds a parameter.
func (d data) Set(value string) error {
	name, v, ok := strings.Cut(value, "=")
	if !ok {
		return usage("%q has no equals sign: write NAME=VALUE", value)
	}
	d.to.pairs = append(d.to.pairs, pair{name, v})
	return nil
}

// String has nothing to show.
func (data) String() string { return "" }

// Type is what help calls the value.
func (data) Type() string { return "name=value" }

// addParams adds a flag for each parameter of a schema.
func addParams(c *cobra.Command, f *pflag.FlagSet, to *gathered, s *spec.Schema, texts map[string]string) {
	add := &adder{c: c, flags: f, inherited: c.InheritedFlags(), to: to, texts: texts}
	add.object(s, "", "", 1)
}

type adder struct {
	c         *cobra.Command
	flags     *pflag.FlagSet
	inherited *pflag.FlagSet
	to        *gathered
	texts     map[string]string
}

func (d *adder) object(s *spec.Schema, dots, brackets string, depth int) {
	for _, prop := range s.Props {
		name, sent := prop.Name, prop.Name
		if dots != "" {
			name, sent = dots+"."+name, brackets+"["+sent+"]"
		}
		d.value(prop.Schema().Concrete(), name, sent, depth)
	}
}

func (d *adder) value(s *spec.Schema, dots, brackets string, depth int) {
	switch {
	case s.Kind == spec.Object && s.Additional() != nil && len(s.Props) == 0:
		d.flag(&param{to: d.to, name: brackets, kind: mapping, text: "key=value"}, dots, nil)
	case s.Kind == spec.Object:
		if depth < maxDepth {
			d.object(s, dots, brackets, depth+1)
		}
	case s.Kind == spec.Array:
		if inner := s.Items().Concrete(); inner.Kind != spec.Object && inner.Kind != spec.Array {
			d.flag(&param{to: d.to, name: brackets, kind: list, text: typeOf(inner)}, dots, inner)
		}
	case s.Format == spec.Binary:
		d.flag(&param{to: d.to, name: brackets, kind: file, text: "file"}, dots, nil)
	default:
		d.flag(&param{to: d.to, name: brackets, text: typeOf(s)}, dots, s)
	}
}

func (d *adder) flag(p *param, dots string, s *spec.Schema) {
	name := strings.ReplaceAll(dots, "_", "-")
	if d.flags.Lookup(name) != nil || d.inherited.Lookup(name) != nil {
		return // it can be given with -d
	}
	fl := d.flags.VarPF(p, name, "", sentence(d.texts[dots]))
	if s == nil {
		return
	}
	if s.Kind == spec.Boolean {
		fl.NoOptDefVal = "true"
	}
	values := s.Enum
	if s.Kind == spec.Boolean {
		values = []string{"true", "false"}
	}
	if len(values) > 0 {
		values = slices.Clone(values)
		d.complete(name, values)
	}
}

func (d *adder) complete(name string, values []string) {
	d.c.Flags().AddFlag(d.flags.Lookup(name))
	_ = d.c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func typeOf(s *spec.Schema) string {
	switch {
	case s.Kind == spec.Integer && s.Format == spec.UnixTime:
		return "timestamp"
	case s.Kind == spec.Integer, s.Kind == spec.Number:
		return "number"
	case s.Kind == spec.Boolean:
		return "true|false"
	case len(s.Enum) > 0 && len(s.Enum) <= 4 && len(strings.Join(s.Enum, "|")) < 40:
		return strings.Join(s.Enum, "|")
	}
	return "string"
}

// sentence is the first sentence of a text, which is what a line of help has room for.
func sentence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for i := range text {
		if text[i] == '.' && (i+1 == len(text) || text[i+1] == ' ') && !strings.HasSuffix(text[:i], "e.g") && !strings.HasSuffix(text[:i], "i.e") {
			return strings.ReplaceAll(text[:i], "`", "'")
		}
	}
	return strings.ReplaceAll(text, "`", "'")
}
