package reference

import (
	"encoding/json"
	"io"
	"strings"

	"sharesmart/internal/spec"
	"sharesmart/internal/web/docs/reference/sample"
)

// Postman's format of collections, version 2.1: what is used of it.
type (
	collection struct {
		Info     info       `json:"info"`
		Auth     auth       `json:"auth"`
		Variable []variable `json:"variable"`
		Item     []item     `json:"item"`
	}
	info struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Schema      string `json:"schema"`
	}
	auth struct {
		Type  string     `json:"type"`
		Basic []variable `json:"basic"`
	}
	variable struct {
		Key   string `json:"key"`
		Value string `json:"value"`
		Type  string `json:"type,omitempty"`
	}
	item struct {
		Name    string   `json:"name"`
		Item    []item   `json:"item,omitempty"`
		Request *request `json:"request,omitempty"`
	}
	request struct {
		Method string  `json:"method"`
		Header []field `json:"header"`
		URL    address `json:"url"`
		Body   *body   `json:"body,omitempty"`
	}
	address struct {
		Raw      string     `json:"raw"`
		Host     []string   `json:"host"`
		Path     []string   `json:"path"`
		Query    []field    `json:"query,omitempty"`
		Variable []variable `json:"variable,omitempty"`
	}
	body struct {
		Mode       string  `json:"mode"`
		Raw        string  `json:"raw,omitempty"`
		URLEncoded []field `json:"urlencoded,omitempty"`
		FormData   []field `json:"formdata,omitempty"`
	}
	field struct {
		Key      string `json:"key"`
		Value    string `json:"value,omitempty"`
		Type     string `json:"type,omitempty"`
		Src      string `json:"src,omitempty"`
		Disabled bool   `json:"disabled,omitempty"`
	}
)

// WritePostman writes the API as a collection for Postman: a folder for each family and resource, and in each request what
// its sample sends; other parameters are there to be switched on.
func (c *Catalog) WritePostman(to io.Writer, base string) error {
	all := collection{
		Info:     info{"ShareSmart", "Set the variable secret_key to a key of yours.", "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		Auth:     auth{"basic", []variable{{"username", "{{secret_key}}", "string"}, {"password", "", "string"}}},
		Variable: []variable{{"base_url", base, "string"}, {"secret_key", "", "string"}},
	}
	for _, f := range c.Families {
		family := item{Name: f.Title}
		for _, r := range f.Resources {
			folder := item{Name: r.Title}
			calls, err := r.Calls()
			if err != nil {
				return err
			}
			for _, op := range r.Operations {
				folder.Item = append(folder.Item, item{Name: op.Title, Request: requestOf(op, calls[op.ID])})
			}
			family.Item = append(family.Item, folder)
		}
		all.Item = append(all.Item, family)
	}
	enc := json.NewEncoder(to)
	enc.SetEscapeHTML(false)
	return enc.Encode(all)
}

func requestOf(op *Operation, call *sample.Call) *request {
	r := &request{Method: op.Method, Header: []field{}}
	if sample.Versioned(op.Operation) {
		r.Header = append(r.Header, field{Key: "Stripe-Version", Value: spec.Version})
	}
	path := strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
	r.URL = address{Raw: "{{base_url}}" + path, Host: []string{"{{base_url}}"}, Path: strings.Split(path[1:], "/")}
	for _, name := range op.PathParams {
		r.URL.Variable = append(r.URL.Variable, variable{Key: name})
	}
	fields := fieldsOf(op, call)
	switch {
	case op.Method != "POST":
		r.URL.Query = fields
	case op.JSON() && call != nil && len(call.Run.Form) > 0:
		r.Header = append(r.Header, field{Key: "Content-Type", Value: "application/json"})
		r.Body = &body{Mode: "raw", Raw: sample.JSON(op.Operation, call.Run.Form)}
	case op.JSON():
	case op.Multipart:
		r.Body = &body{Mode: "formdata", FormData: fields}
	case len(fields) > 0:
		r.Body = &body{Mode: "urlencoded", URLEncoded: fields}
	}
	return r
}

// fieldsOf are what the sample sends, and the other parameters, switched off.
func fieldsOf(op *Operation, call *sample.Call) (out []field) {
	sent := map[string]bool{}
	if call != nil {
		for i := 0; i+1 < len(call.Run.Form); i += 2 {
			name, _, _ := strings.Cut(call.Run.Form[i], "[")
			sent[name] = true
			f := field{Key: call.Run.Form[i], Value: call.Run.Form[i+1]}
			if file, is := strings.CutPrefix(f.Value, "@"); is {
				f = field{Key: f.Key, Type: "file", Src: file}
			}
			out = append(out, f)
		}
	}
	for _, p := range op.Params().Props {
		if !sent[p.Name] {
			out = append(out, field{Key: p.Name, Disabled: !p.Required})
		}
	}
	return out
}
