package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/format"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference/sample"
)

// goCalls writes, for each operation that was run, what a program in Go calls: by the file of its page.
func goCalls() (map[string][]byte, error) {
	library, err := readGo()
	if err != nil {
		return nil, err
	}
	recorded, err := filepath.Glob("recorded/*.json")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, file := range recorded {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var runs map[string]*sample.Run
		if err := json.Unmarshal(data, &runs); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		bodies := map[string]string{}
		for id, run := range runs {
			if op := spec.OperationByID(id); op != nil {
				body, err := formatted(library.body(op, run))
				if err != nil {
					return nil, fmt.Errorf("%s: %w", id, err)
				}
				if body != "" {
					bodies[id] = body
				}
			}
		}
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		if err := enc.Encode(bodies); err != nil {
			return nil, err
		}
		files[filepath.Join("calls", filepath.Base(file))] = text.Bytes()
	}
	return files, nil
}

// formatted is a function's body as gofmt writes it.
func formatted(body string) (string, error) {
	const head = "package p\n\nfunc f() {\n"
	if body == "" {
		return "", nil
	}
	text, err := format.Source([]byte(head + body + "}\n"))
	return strings.TrimSuffix(strings.TrimPrefix(string(text), head), "}\n"), err
}

// body is what the program does with its client; empty if the library does not know the operation, or one of the
// parameters.
func (l *goLibrary) body(op *spec.Operation, run *sample.Run) string {
	call, known := l.calls[sample.Key(op)]
	if !known {
		return ""
	}
	var args, fields []string
	for i := range op.PathParams {
		if i < len(call.fields) && call.fields[i] != "" {
			fields = append(fields, call.fields[i]+": stripe.String("+strconv.Quote(run.Path[i])+"),")
		} else {
			args = append(args, strconv.Quote(run.Path[i]))
		}
	}
	if op.Multipart {
		return goUpload
	}
	if sample.Versioned(op) {
		fields = append(fields, "StripeVersion: stripe.String("+strconv.Quote(spec.Version)+"),")
	}
	more, ok := l.members(call.params, sample.Values(op.Params(), run.Form), "\t\t")
	if !ok {
		return ""
	}
	fields = append(fields, more...)
	var b strings.Builder
	params := "nil"
	if len(fields) > 0 {
		params = "params"
		fmt.Fprintf(&b, "\tparams := &stripe.%s{\n\t\t%s\n\t}\n", call.params, strings.Join(fields, "\n\t\t"))
	}
	args = append(append([]string{"context.Background()"}, args...), params)
	what := "sc." + call.service + "." + call.method + "(" + strings.Join(args, ", ") + ")"
	switch {
	case call.answer == "error":
		fmt.Fprintf(&b, "\tif err := %s; err != nil {\n\t\tlog.Fatal(err)\n\t}\n", what)
	case call.stream:
		fmt.Fprintf(&b, "\tanswer, err := %s\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tdefer answer.LastResponse.Body.Close()\n\tif _, err := io.Copy(os.Stdout, answer.LastResponse.Body); err != nil {\n\t\tlog.Fatal(err)\n\t}\n", what)
	case call.list:
		fmt.Fprintf(&b, "\tfor answer, err := range %s.All(context.Background()) {\n\t\tif err != nil {\n\t\t\tlog.Fatal(err)\n\t\t}\n\t\tfmt.Println(%s)\n\t}\n", what, l.shown(call.answer))
	default:
		fmt.Fprintf(&b, "\tanswer, err := %s\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tfmt.Println(%s)\n", what, l.shown(call.answer))
	}
	return b.String()
}

const goUpload = `	logo, err := os.Open("logo.png")
	if err != nil {
		log.Fatal(err)
	}
	defer logo.Close()
	answer, err := sc.V1Files.Create(context.Background(), &stripe.FileCreateParams{
		FileReader: logo, Filename: stripe.String("logo.png"), Purpose: stripe.String("business_logo"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.ID)
`

// shown is what is printed of an answer: its id, if it has one.
func (l *goLibrary) shown(kind string) string {
	if st := l.types[kind]; st != nil {
		for _, f := range st.Fields.List {
			if len(f.Names) > 0 && f.Names[0].Name == "ID" {
				return "answer.ID"
			}
		}
	}
	return "answer"
}

// members are the fields of a type that hold values.
func (l *goLibrary) members(of string, v *sample.Value, indent string) (lines []string, ok bool) {
	within := map[string][]string{} // by the name of what is embedded
	for _, w := range v.Inner {
		field, kind, embedded := l.field(of, w.Name)
		if field == "" && w.Name == "metadata" {
			field, kind = "Metadata", &ast.MapType{Value: ast.NewIdent("string")}
		}
		text, ok := l.value(kind, w, indent)
		if field == "" || !ok {
			return nil, false
		}
		if embedded != "" {
			within[embedded] = append(within[embedded], field+": "+text)
		} else {
			lines = append(lines, field+": "+text+",")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(within)) {
		lines = append(lines, name+": stripe."+name+"{"+strings.Join(within[name], ", ")+"},")
	}
	return lines, true
}

// value writes a value of a type.
func (l *goLibrary) value(kind ast.Expr, v *sample.Value, indent string) (string, bool) {
	switch kind := kind.(type) {
	case *ast.MapType:
		pointer := ""
		if _, is := kind.Value.(*ast.StarExpr); is {
			pointer = "*"
		}
		var pairs []string
		for _, w := range v.Inner {
			text := strconv.Quote(w.Text)
			if pointer != "" {
				text = "stripe.String(" + text + ")"
			}
			pairs = append(pairs, strconv.Quote(w.Name)+": "+text)
		}
		return "map[string]" + pointer + "string{" + strings.Join(pairs, ", ") + "}", typeName(kind.Value) == "string"
	case *ast.ArrayType:
		if kind.Len != nil { // amounts of microdeposits are two numbers
			return fixed(kind, v)
		}
		return l.list(kind, v, indent)
	}
	name := typeName(kind)
	if _, pointer := kind.(*ast.StarExpr); !pointer && name == "string" && len(v.Inner) == 0 {
		return strconv.Quote(v.Text), true
	}
	if l.types[name] != nil {
		inner, ok := l.members(name, v, indent+"\t")
		return "&stripe." + name + "{\n" + indent + "\t" + strings.Join(inner, "\n"+indent+"\t") + "\n" + indent + "}", ok && len(v.Inner) > 0
	}
	return scalar(name, v)
}

func (l *goLibrary) list(kind *ast.ArrayType, v *sample.Value, indent string) (string, bool) {
	name := typeName(kind)
	var items []string
	for _, w := range v.Inner {
		text, ok := l.value(kind.Elt, w, indent+"\t")
		if !ok {
			return "", false
		}
		items = append(items, text)
	}
	of := "*stripe." + name
	if l.types[name] == nil {
		of = "*" + name
	} else {
		for i := range items {
			items[i] = strings.TrimPrefix(items[i], "&stripe."+name)
		}
	}
	return "[]" + of + "{\n" + indent + "\t" + strings.Join(items, ",\n"+indent+"\t") + ",\n" + indent + "}", len(items) > 0
}

// fixed writes an array of numbers.
func fixed(kind *ast.ArrayType, v *sample.Value) (string, bool) {
	var items []string
	for _, w := range v.Inner {
		if _, err := strconv.ParseInt(w.Text, 10, 64); err != nil {
			return "", false
		}
		items = append(items, w.Text)
	}
	return "[" + kind.Len.(*ast.BasicLit).Value + "]" + typeName(kind.Elt) + "{" + strings.Join(items, ", ") + "}", true
}

func scalar(name string, v *sample.Value) (string, bool) {
	if len(v.Inner) > 0 {
		return "", false
	}
	switch name {
	case "string":
		return "stripe.String(" + strconv.Quote(v.Text) + ")", true
	case "int64":
		_, err := strconv.ParseInt(v.Text, 10, 64)
		return "stripe.Int64(" + v.Text + ")", err == nil
	case "float64":
		_, err := strconv.ParseFloat(v.Text, 64)
		return "stripe.Float64(" + v.Text + ")", err == nil
	case "bool":
		_, err := strconv.ParseBool(v.Text)
		return "stripe.Bool(" + v.Text + ")", err == nil
	}
	return "", false
}
