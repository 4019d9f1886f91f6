package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sharesmart/internal/apierr"
)

// answered are the error codes in the source: the first argument of apierr's makers and the code of its literals, and
// wherever else a code that Stripe documents stands as a text, since rules hand them on.
func answered(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_gen.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, code := range codesOf(n) {
				found[code] = path
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func codesOf(n ast.Node) (codes []string) {
	switch n := n.(type) {
	case *ast.BasicLit:
		if code := literal(n); apierr.Documented(code) {
			codes = append(codes, code)
		}
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.SelectorExpr)
		if ok && isAPIErr(f.X) && slices.Contains([]string{"Invalid", "Validation", "Card"}, f.Sel.Name) {
			codes = append(codes, literal(n.Args[0]))
		}
	case *ast.CompositeLit:
		if !isError(n.Type) {
			return nil
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "Code" {
				codes = append(codes, literal(kv.Value))
			}
		}
	}
	return codes
}

// isError reports whether a type is apierr.Error, which in its own package is only Error.
func isError(e ast.Expr) bool {
	if kind, ok := e.(*ast.SelectorExpr); ok {
		return isAPIErr(kind.X)
	}
	own, ok := e.(*ast.Ident)
	return ok && own.Name == "Error"
}

func isAPIErr(e ast.Expr) bool {
	name, ok := e.(*ast.Ident)
	return ok && name.Name == "apierr"
}

// literal is the text of a literal; empty for anything else.
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}

// unseen are the codes that nothing makes this release answer; their pages say why.
var unseen = []string{"not_implemented"}

// TestErrorsAreSeen: the page of every other code has a sample, or steps in a shell, that make a server answer it; both are run.
func TestErrorsAreSeen(t *testing.T) {
	t.Parallel()
	var without []string
	for _, p := range pages(t) {
		if strings.HasPrefix(p.Slug, "errors/") && len(p.Samples) == 0 && !strings.Contains(p.Markdown, "\n#> \""+p.Title+"\"\n") {
			without = append(without, p.Title)
		}
	}
	if !slices.Equal(without, unseen) {
		t.Errorf("nothing makes the server answer %q, want that of %q only", without, unseen)
	}
}
