package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// goModule is the library whose calls the samples show.
const goModule = "github.com/stripe/stripe-go/v85"

// goCall is how the library for Go calls an operation.
type goCall struct {
	service, method string   // V1Customers, Create
	params          string   // CustomerCreateParams
	ids             int      // how many ids are arguments
	fields          []string // the fields of params that hold ids of the path, in its order; empty for an argument
	list, stream    bool
	answer          string // Customer
}

// goLibrary is what its source says.
type goLibrary struct {
	calls map[string]goCall // by method and path, with {} for each id
	types map[string]*ast.StructType
}

// readGo reads the library's package, which the module cache has.
func readGo() (*goLibrary, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", goModule).Output()
	if err != nil {
		return nil, fmt.Errorf("where is %s: %w", goModule, err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "*.go"))
	if err != nil {
		return nil, err
	}
	l := &goLibrary{map[string]goCall{}, map[string]*ast.StructType{}}
	services := map[string]string{} // type of a service -> field of the client
	var methods []*ast.FuncDecl
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		methods = append(methods, l.read(parsed, services)...)
	}
	for _, m := range methods {
		l.addCall(m, services)
	}
	return l, nil
}

// read takes the types of a file, and returns the methods of services.
func (l *goLibrary) read(file *ast.File, services map[string]string) (methods []*ast.FuncDecl) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil && strings.HasSuffix(typeName(d.Recv.List[0].Type), "Service") {
				methods = append(methods, d)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				t, ok := s.(*ast.TypeSpec)
				if !ok {
					continue
				}
				if st, ok := t.Type.(*ast.StructType); ok {
					l.types[t.Name.Name] = st
					if t.Name.Name == "Client" {
						for _, f := range st.Fields.List {
							if len(f.Names) > 0 {
								services[typeName(f.Type)] = f.Names[0].Name
							}
						}
					}
				}
			}
		}
	}
	return methods
}

// addCall finds out what a method of a service sends: the constants and formats in its body say so.
func (l *goLibrary) addCall(m *ast.FuncDecl, services map[string]string) {
	call := goCall{service: services[typeName(m.Recv.List[0].Type)], method: m.Name.Name}
	if call.service == "" {
		return
	}
	var verb, path string
	ast.Inspect(m.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if name, ok := strings.CutPrefix(n.Sel.Name, "Method"); ok && typeName(n.X) == "http" {
				verb = strings.ToUpper(name)
			}
		case *ast.BasicLit:
			if s, err := strconv.Unquote(n.Value); err == nil && (strings.HasPrefix(s, "/v1/") || strings.HasPrefix(s, "/v2/")) {
				path = strings.ReplaceAll(s, "%s", "{}")
			}
		case *ast.CallExpr:
			if typeName(n.Fun) == "FormatURLPath" {
				call.fields = pathFields(n.Args[1:])
			}
		}
		return true
	})
	for _, p := range m.Type.Params.List {
		switch name := typeName(p.Type); {
		case name == "string":
			call.ids += len(p.Names)
		case strings.HasSuffix(name, "Params"):
			call.params = name
		}
	}
	result := m.Type.Results.List[0].Type
	call.answer = typeName(result)
	call.stream = call.answer == "APIStream"
	if star, ok := result.(*ast.StarExpr); ok {
		if index, ok := star.X.(*ast.IndexExpr); ok {
			call.list, call.answer = true, typeName(index.Index)
		}
	}
	l.calls[verb+" "+path] = call
}

// pathFields are the fields of the parameters that a path is made of.
func pathFields(args []ast.Expr) (fields []string) {
	for _, a := range args {
		field := ""
		if call, ok := a.(*ast.CallExpr); ok && len(call.Args) == 1 {
			if sel, ok := call.Args[0].(*ast.SelectorExpr); ok {
				field = sel.Sel.Name
			}
		}
		fields = append(fields, field)
	}
	return fields
}

// typeName is the name of a type, or of what it points to or is a list of.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.ArrayType:
		return typeName(e.Elt)
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// field finds the field of a type for the name of a parameter. One that is embedded says in what.
func (l *goLibrary) field(of, name string) (field string, kind ast.Expr, embedded string) {
	st := l.types[of]
	if st == nil {
		return "", nil, ""
	}
	for _, f := range st.Fields.List {
		if len(f.Names) == 0 { // ListParams has limit
			if field, kind, _ = l.field(typeName(f.Type), name); field != "" {
				return field, kind, typeName(f.Type)
			}
			continue
		}
		if f.Tag == nil {
			continue
		}
		tag, _ := strconv.Unquote(f.Tag.Value)
		form, _, _ := strings.Cut(reflect.StructTag(tag).Get("form"), ",")
		if form == name {
			return f.Names[0].Name, f.Type, ""
		}
	}
	return "", nil, ""
}
