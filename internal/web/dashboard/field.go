package dashboard

// Field is an input of a form with its label, hint and what is wrong with what was entered.
type Field struct {
	Name, Label, Hint, Fault, Type, Value, Autocomplete string
	Focus, Optional                                     bool
}

// field makes a Field for the template of that name: its name, its label, then pairs of what else there is to it.
func field(faults map[string]string, name, label string, more ...string) Field {
	f := Field{Name: name, Label: label, Fault: faults[name], Type: "text"}
	for i := 0; i+1 < len(more); i += 2 {
		switch value := more[i+1]; more[i] {
		case "hint":
			f.Hint = value
		case "type":
			f.Type = value
		case "value":
			f.Value = value
		case "autocomplete":
			f.Autocomplete = value
		case "focus":
			f.Focus = true
		case "optional":
			f.Optional = true
		default:
			panic("dashboard: a field has no " + more[i])
		}
	}
	return f
}
