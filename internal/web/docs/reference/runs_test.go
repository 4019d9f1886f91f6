package reference_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sharesmart/internal/object"
	"sharesmart/internal/resource"
	"sharesmart/internal/servertest"
	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference/scene"
)

func TestRuns(t *testing.T) {
	s := servertest.New(t)
	s.Post("/v1/tax/settings", "head_office[address][country]", "US", "head_office[address][state]", "CA", "defaults[tax_behavior]", "exclusive").OK()
	s.Post("/v1/charges", "amount", "90000000", "currency", "usd", "source", "tok_bypassPending").OK()
	call := func(method, path string, form []string) (int, *object.Object, error) {
		r := servertest.Request{Method: method, Path: path, Form: form, Unchecked: true, Header: http.Header{"Stripe-Version": {spec.Version}}}
		if path == "/v1/files" && method == "POST" {
			r.Form = nil
			r.Body, r.ContentType = multipartBody(form)
		}
		a := s.Do(r)
		if a.Object == nil {
			a.Object = object.New(nil)
		}
		return a.Status, a.Object, nil
	}
	st := scene.NewStage(call)
	ok := 0
	for _, op := range spec.Operations() {
		if s.Engine.Origin(op) == resource.OriginUnsupported {
			continue
		}
		if scene.NotRun(op.ID) != "" { continue }
		sc, err := st.Open(op)
		if err != nil {
			fmt.Println("SCENE", op.ID, err)
			continue
		}
		path := op.Path
		for i, name := range op.PathParams {
			path = strings.Replace(path, "{"+name+"}", sc.Path[i], 1)
		}
		status, o, _ := call(op.Method, path, sc.Form)
		if o == nil { o = object.New(nil) }
		if status != 200 {
			fmt.Println("CALL", op.ID, path, sc.Form, status, o.Object("error").String("message"))
			continue
		}
		ok++
	}
	fmt.Println("OK", ok)
}

func multipartBody(form []string) (*strings.Reader, string) {
	const boundary = "sample-boundary"
	var b strings.Builder
	for i := 0; i+1 < len(form); i += 2 {
		extra, value := "", form[i+1]
		if strings.HasPrefix(value, "@") {
			extra, value = "; filename=\"logo.png\"\r\nContent-Type: image/png", "the bytes of a picture"
		}
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q%s\r\n\r\n%s\r\n", boundary, form[i], extra, value)
	}
	b.WriteString("--" + boundary + "--\r\n")
	return strings.NewReader(b.String()), "multipart/form-data; boundary=" + boundary
}
