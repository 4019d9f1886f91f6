package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sharesmart/internal/spec"
)

// requestFlags are what every request can be given.
type requestFlags struct {
	gathered
	idempotency, version, account string
	headers                       bool
}

// request declares the flags that every command has which sends one request.
func request(f *pflag.FlagSet) *requestFlags {
	r := &requestFlags{gathered: gathered{files: map[string]string{}}}
	f.VarP(data{&r.gathered}, "data", "d", "a parameter, as items[0][price]=price_1; may be repeated")
	f.StringVarP(&r.idempotency, "idempotency", "i", "", "`key` under which the request happens once, however often it is sent")
	f.StringVarP(&r.version, "stripe-version", "v", "", "`version` of the API")
	f.StringVar(&r.account, "stripe-account", "", "`id` of the connected account to act in")
	f.BoolVarP(&r.headers, "show-headers", "s", false, "print the headers of the answer")
	return r
}

// header is what the flags add to a request.
func (r *requestFlags) header() http.Header {
	h := http.Header{}
	for name, value := range map[string]string{"Idempotency-Key": r.idempotency, "Stripe-Version": r.version, "Stripe-Account": r.account} {
		if value != "" {
			h.Set(name, value)
		}
	}
	return h
}

// operation gives the command of an operation its flags.
func (a *app) operation(c *cobra.Command, op *spec.Operation) {
	var text string
	var texts map[string]string
	if a.Describe != nil {
		text, texts = a.Describe(op)
	}
	c.Long = strings.TrimSpace(text + "\n\n" + op.Method + " " + op.Path)
	own := pflag.NewFlagSet("request", pflag.ContinueOnError)
	r := request(own)
	params := pflag.NewFlagSet("params", pflag.ContinueOnError)
	normal := func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(strings.ReplaceAll(name, "_", "-"))
	}
	c.Flags().SetNormalizeFunc(normal)
	c.Flags().AddFlagSet(own)
	if s := op.Params(); s != nil {
		addParams(c, params, &r.gathered, s, texts)
	}
	c.Flags().AddFlagSet(params)
	c.RunE = func(c *cobra.Command, args []string) error { return a.callOperation(c.Context(), op, args, r) }
}

func (a *app) callOperation(ctx context.Context, op *spec.Operation, args []string, r *requestFlags) error {
	path := op.Path
	for i, name := range op.PathParams {
		path = strings.Replace(path, "{"+name+"}", url.PathEscape(args[i]), 1)
	}
	q := &call{method: op.Method, path: path, params: r.pairs, header: r.header()}
	if op.Multipart {
		if err := a.attach(q, &r.gathered); err != nil {
			return err
		}
	}
	if err := a.callPath(ctx, q, r.headers); err != nil || op.ID != resendOperation || !a.Stdout.Colour {
		return err
	}
	return a.followResend(ctx, args[0])
}

// attach makes a multipart body of parameters and files.
func (a *app) attach(q *call, g *gathered) error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range g.pairs {
		if err := w.WriteField(p.name, p.value); err != nil {
			return err
		}
	}
	for name, path := range g.files {
		if err := a.attachFile(w, name, path); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	q.body, q.contentType = b.Bytes(), w.FormDataContentType()
	return nil
}

func (a *app) attachFile(w *multipart.Writer, name, path string) error {
	f, err := os.Open(a.path(path))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	part, err := w.CreateFormFile(name, filepath.Base(path))
	if err != nil {
		return err
	}
	_, err = io.Copy(part, f)
	return err
}

// path is where a file is that the user names.
func (a *app) path(name string) string {
	if a.Dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(a.Dir, name)
}

// send sends a request and prints the answer.
func (a *app) send(ctx context.Context, q *call, headers bool) error {
	c, err := a.connect()
	if err != nil {
		return err
	}
	got, err := c.do(ctx, q)
	if err != nil {
		return err
	}
	if headers {
		a.printHeader(got)
	}
	return a.printBody(got)
}

func (a *app) printHeader(got *answer) {
	a.Stdout.Line("%s", a.Stdout.Bold(http.StatusText(got.status)))
	names := []string{}
	for name := range got.header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		a.Stdout.Line("%s: %s", a.Stdout.Name(name), strings.Join(got.header[name], ", "))
	}
	a.Stdout.Line("")
}

// printBody prints JSON in colours, and anything else as it is.
func (a *app) printBody(got *answer) error {
	if !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
		_, err := a.Stdout.Write(got.body)
		return err
	}
	a.Stdout.Line("%s", a.colourJSON(strings.TrimSpace(string(got.body))))
	return nil
}

// get, post and delete send a request to any path.
func (a *app) get() *cobra.Command    { return a.any(http.MethodGet, "get", "Retrieve or list") }
func (a *app) post() *cobra.Command   { return a.any(http.MethodPost, "post", "Create, change or act") }
func (a *app) delete() *cobra.Command { return a.any(http.MethodDelete, "delete", "Delete") }

func (a *app) any(method, name, summary string) *cobra.Command {
	c := &cobra.Command{Use: name + " PATH", Short: summary + " by a path of the API, as /v1/customers", Args: exactly("PATH")}
	r := request(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		path := args[0]
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		if !strings.HasPrefix(path, "/v1/") && !strings.HasPrefix(path, "/v2/") {
			path = "/v1" + path
		}
		return a.callPath(c.Context(), &call{method: method, path: path, params: r.pairs, header: r.header()}, r.headers)
	}
	return c
}

// callPath sends parameters in the form that the path wants: the second API takes JSON.
func (a *app) callPath(ctx context.Context, q *call, headers bool) error {
	if strings.HasPrefix(q.path, "/v2/") && q.method == http.MethodPost {
		body, err := json.Marshal(nest(q.params))
		if err != nil {
			return err
		}
		q.body, q.contentType, q.params = body, "application/json", nil
	}
	return a.send(ctx, q, headers)
}
