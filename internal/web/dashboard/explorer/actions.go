package explorer

import (
	"cmp"
	"slices"
	"strings"

	"sharesmart/internal/spec"
)

// Action is an operation as a button on the page of an object.
type Action struct {
	Operation *spec.Operation
	Label     string // "Mark uncollectible"
	// About is the parameter that names the object, where the operation makes another one of it: a refund.
	About  string
	Danger bool // it cannot be undone, or ends something
	Test   bool // it makes happen what others do, in test mode alone
	Params []Param
	More   []Param // those that are seldom sent
}

// Param is a parameter in a form.
type Param struct {
	Name     string
	Label    string
	Input    Input
	Values   []string
	Required bool
}

// mostParams is how many parameters a form shows at first.
const mostParams = 6

// Actions are what can be done to an object of a kind, what is done most first.
func (c *Catalog) Actions(kind string) []*Action {
	var out []*Action
	labels := map[string]bool{}
	for _, op := range spec.Operations() {
		if a := actionOn(kind, op); a != nil && c.served(op) && !labels[a.Label] {
			labels[a.Label] = true
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b *Action) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

// Action finds one; nil if an object of that kind has none of that name.
func (c *Catalog) Action(kind, operation string) *Action {
	op := spec.OperationByID(operation)
	if op == nil || !c.served(op) {
		return nil
	}
	return actionOn(kind, op)
}

// CreateAction is the form by which an object of a kind is made.
func (r *Resource) CreateAction() *Action {
	if r.Create == nil {
		return nil
	}
	a := &Action{Operation: r.Create, Label: "Create " + r.Singular}
	a.fill()
	return a
}

func actionOn(kind string, op *spec.Operation) *Action {
	switch {
	case op.Method == "GET" || op.Multipart || op.Deprecated || op.Kind == "sandbox" || op.Form == spec.Singleton && op.Method == "POST" || isElsewhere(op):
		return nil
	case len(op.PathParams) == 1 && slices.Contains(op.Targets, kind):
		a := &Action{Operation: op, Label: verbOf(op), Test: op.Class == spec.TestHelper && !strings.Contains(op.Path, "/test_clocks/")}
		a.Danger = op.Method == "DELETE" || ends(a.Label)
		a.fill()
		return a
	case len(op.PathParams) == 0 && op.Form == spec.Create:
		about := madeOf(kind, op)
		if about == "" {
			return nil
		}
		a := &Action{Operation: op, Label: "Create " + Words(op.Kind), About: about, Test: op.Class == spec.TestHelper}
		if op.Kind == "refund" {
			a.Label, a.Danger = "Refund", true
		}
		a.fill()
		return a
	}
	return nil
}

// madeOf is the parameter of a create that names the object that the new one is about; empty where the new one only mentions
// it. It must be the first thing that one would say: a required parameter, or one of few kinds that others are made of.
func madeOf(kind string, op *spec.Operation) string {
	p := op.Params().Prop(kind)
	if p == nil || namedBy(kind, op.Kind) != kind || p.Schema().Concrete().Kind != spec.String || op.Kind == kind {
		return ""
	}
	if op.Kind == "refund" { // of a customer, it would be of their cash balance
		return map[bool]string{true: kind}[kind != "customer"]
	}
	if p.Required {
		return kind
	}
	if kind == "customer" && slices.Contains([]string{"invoice", "quote", "payment_intent", "subscription_schedule", "order"}, op.Kind) {
		return kind
	}
	return ""
}

// verbs are what the forms of operations do.
var verbs = map[spec.Class]string{spec.Update: "Edit", spec.Delete: "Delete"}

// others do what no person does with a button: old ways to what a newer operation does, and what a browser does for itself.
var others = []string{"/v1/payment_pages/", "/v1/charges/{charge}/refund", "/v1/charges/{charge}/dispute", "/v1/installs/{install}/member", "/v1/installs/{install}/pair",
	"/v1/installs/{install}/devices", "/v1/installs/{install}/shares", "/v1/application_fees/{id}/refund", "/v1/linked_accounts/"}

func isElsewhere(op *spec.Operation) bool {
	if op.Path == "/v1/application_fees/{id}/refunds" {
		return false
	}
	return slices.ContainsFunc(others, func(begin string) bool { return strings.HasPrefix(op.Path, begin) })
}

func verbOf(op *spec.Operation) string {
	if op.Kind == "subscription" && op.Form == spec.Delete {
		return "Cancel"
	}
	if verb := verbs[op.Form]; verb != "" && op.Class != spec.TestHelper {
		return verb
	}
	if op.Method == "DELETE" {
		rest := op.Path[strings.LastIndexByte(op.Path, '}')+1:]
		return strings.TrimSpace("Delete " + Words(strings.Trim(rest, "/")))
	}
	rest := strings.Trim(op.Path[strings.LastIndexByte(op.Path, '}')+1:], "/")
	if op.Form == spec.SubCreate {
		return "Add " + Words(op.Kind)
	}
	if rest == "" {
		return Label(op.Form.String())
	}
	return Label(strings.ReplaceAll(rest, "/", " "))
}

// ending are the words of what cannot be taken back.
var ending = []string{"cancel", "void", "delete", "refund", "reverse", "expire", "reject", "detach", "close", "uncollectible", "deactivate", "disable", "revoke",
	"archive", "decline", "fail", "return", "restore", "end", "release", "force"}

func ends(label string) bool {
	return slices.ContainsFunc(strings.Fields(strings.ToLower(label)), func(w string) bool { return slices.Contains(ending, w) })
}

// first are the verbs that people come for.
var first = []string{"Pay", "Finalize", "Send", "Capture", "Confirm", "Accept", "Advance", "Resume"}

// rank is the order of buttons: verbs, changes, what is made of the object, parts of it, what only tests do, ends.
func rank(a *Action) int {
	if slices.Contains(first, a.Label) {
		return -1
	}
	switch {
	case a.Operation.Method == "DELETE":
		if a.Label == "Cancel" {
			return 2
		}
		return 7
	case a.Test:
		return 6
	case a.Label == "Migrate" || strings.HasPrefix(a.Label, "Add "):
		return 5
	case a.Label == "Edit":
		return 3
	case a.Label == "Refund":
		return 0
	case a.About != "":
		return 4
	case a.Danger:
		return 2
	}
	return 1
}

// fill chooses the parameters of the form: those that must be sent, and those that are plain values.
func (a *Action) fill() {
	shape := a.Operation.Params()
	if shape == nil {
		return
	}
	for i := range shape.Props {
		p := &shape.Props[i]
		if p.Name == "expand" || p.Name == a.About || p.Name == "client_secret" {
			continue
		}
		param := Param{Name: p.Name, Label: Label(p.Name), Required: p.Required}
		param.Input, param.Values = inputOf(p.Schema())
		told := a.About != "" && (p.Name == "customer" || p.Name == "currency") // by the object
		if p.Required || isMain(p.Name) && param.Input != Lines && !told {
			a.Params = append(a.Params, param)
		} else {
			a.More = append(a.More, param)
		}
	}
	slices.SortStableFunc(a.Params, func(x, y Param) int { return cmp.Compare(order(x), order(y)) })
	slices.SortStableFunc(a.More, func(x, y Param) int { return cmp.Compare(order(x), order(y)) })
	for len(a.Params) < mostParams && len(a.More) > 0 && a.More[0].Input != Lines && len(a.Params)+len(a.More) <= mostParams {
		a.Params, a.More = append(a.Params, a.More[0]), a.More[1:]
	}
}

// main are parameters that people know an operation by.
var main = []string{"amount", "currency", "reason", "name", "email", "description", "frozen_time", "customer", "price", "quantity", "unit_amount", "active", "status",
	"percent_off", "amount_off", "duration", "url", "product", "memo", "cancel_at_period_end", "prorate", "invoice_now", "paid_out_of_band", "amount_to_capture",
	"cancellation_reason", "type", "payment_method", "phone", "collection_method", "days_until_due", "text"}

func isMain(name string) bool { return slices.Contains(main, name) }

func order(p Param) int {
	at := slices.Index(main, p.Name)
	if at < 0 {
		at = len(main)
	}
	if p.Input == Lines {
		at += 200
	}
	if !p.Required {
		at += 100
	}
	return at
}
