package sample

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"sharesmart/internal/spec"
)

// syntax is how a language writes values.
type syntax struct {
	quote     func(string) string
	name      func(string) string // of a key
	open, end string              // of a hash
	yes, no   string
	pair      string // what is between a key and its value
}

// value writes a value, with lines that are indented.
func (s *syntax) value(v *Value, indent string) string {
	switch {
	case len(v.Inner) == 0 && v.Literal && v.Text == "true":
		return s.yes
	case len(v.Inner) == 0 && v.Literal && v.Text == "false":
		return s.no
	case len(v.Inner) == 0 && v.Literal:
		return v.Text
	case len(v.Inner) == 0:
		return s.quote(v.Text)
	case v.List:
		return s.list(v, indent)
	}
	return s.open + s.members(v, indent) + s.end
}

func (s *syntax) list(v *Value, indent string) string {
	items := make([]string, len(v.Inner))
	for i, w := range v.Inner {
		items[i] = s.value(w, indent)
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// members writes what is in a hash: in a line if it is short.
func (s *syntax) members(v *Value, indent string) string {
	inner := indent + "  "
	items := make([]string, len(v.Inner))
	for i, w := range v.Inner {
		items[i] = s.name(w.Name) + s.pair + s.value(w, inner)
	}
	if line := strings.Join(items, ", "); len(line) < 50 && !strings.Contains(line, "\n") {
		return line
	}
	return "\n" + inner + strings.Join(items, ",\n"+inner) + ",\n" + indent
}

func single(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}

func plainName(name string) bool {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

func ifPlain(other func(string) string) func(string) string {
	return func(name string) string {
		if plainName(name) {
			return name
		}
		return other(name)
	}
}

var javaScript = &syntax{quote: single, name: ifPlain(single), open: "{", end: "}", yes: "true", no: "false", pair: ": "}

// hostAndPort are those of an address.
func hostAndPort(address string) (host, port string) {
	u, err := url.Parse(address)
	if err != nil {
		return address, "443"
	}
	if port = u.Port(); port == "" {
		port = "443"
	}
	return u.Hostname(), port
}

// Node writes a program that uses the official library for Node.
func Node(c *Call) string {
	host, port := hostAndPort(c.URL)
	if c.Operation.Class == spec.Download && c.Node == "" {
		return nodeDownload(c)
	}
	args := make([]string, 0, 4)
	call := "stripe." + c.Node
	ids := c.Run.Path
	if c.Node == "" {
		call, ids = "stripe.rawRequest", nil
		args = append(args, single(c.Operation.Method), single(c.rawPath()))
	}
	for _, id := range ids {
		args = append(args, single(id))
	}
	v := c.values()
	switch {
	case c.Operation.Multipart:
		args = append(args, "{\n    purpose: 'business_logo',\n    file: { data: require('fs').readFileSync('logo.png'), name: 'logo.png', type: 'image/png' },\n  }")
	case len(v.Inner) > 0 && (c.Node != "" || c.Operation.Method == http.MethodPost):
		args = append(args, javaScript.value(v, "  "))
	}
	if Versioned(c.Operation) {
		args = append(args, "{ apiVersion: '"+spec.Version+"' }")
	}
	show := "console.log(answer);"
	if c.list() {
		show = "console.log(answer.data);"
	}
	if c.Operation.Class == spec.Download {
		show = "let bytes = 0;\n  for await (const chunk of answer) bytes += chunk.length;\n  console.log(bytes);"
	}
	return "const stripe = require('stripe')('" + c.Key + "', {\n  host: '" + host + "',\n  port: " + port + ",\n});\n\nasync function main() {\n" +
		"  const answer = await " + call + "(" + strings.Join(args, ", ") + ");\n  " + show + "\n}\n\nmain();\n"
}

// nodeDownload writes a program that needs no library: that for Node takes every answer for JSON.
func nodeDownload(c *Call) string {
	return "async function main() {\n  const answer = await fetch('" + c.URL + c.Path() + "', {\n    headers: { Authorization: 'Bearer " + c.Key +
		"' },\n  });\n  const bytes = await answer.arrayBuffer();\n  console.log(bytes.byteLength);\n}\n\nmain();\n"
}

// rawPath is the path of a request that is written by hand: what a GET is sent is in it.
func (c *Call) rawPath() string {
	if c.Operation.Method == http.MethodPost || len(c.Run.Form) == 0 {
		return c.Path()
	}
	return c.Path() + "?" + encode(c.Run.Form)
}

var python = &syntax{quote: strconv.Quote, name: strconv.Quote, open: "{", end: "}", yes: "True", no: "False", pair: ": "}

// Python writes a program that uses the official library for Python.
func Python(c *Call) string {
	head := "import stripe\n\nstripe.api_key = \"" + c.Key + "\"\nstripe.api_base = \"" + c.URL + "\"\n\n"
	args := make([]string, 0, 4)
	if c.Operation.Multipart || c.Operation.Class == spec.Download {
		head = strings.TrimSuffix(head, "\n") + "stripe.upload_api_base = \"" + c.URL + "\"\n\n"
	}
	if c.Operation.Class == spec.Download && c.Python == "" {
		return pythonDownload(c)
	}
	call := "stripe." + c.Python
	ids := c.Run.Path
	if c.Python == "" {
		call, ids = "stripe.raw_request", nil
		args = append(args, strconv.Quote(strings.ToLower(c.Operation.Method)), strconv.Quote(c.rawPath()))
	}
	for _, id := range ids {
		args = append(args, strconv.Quote(id))
	}
	if c.Operation.Multipart {
		return head + "with open(\"logo.png\", \"rb\") as logo:\n    answer = " + call + "(purpose=\"business_logo\", file=logo)\nprint(answer)\n"
	}
	if v := c.values(); len(v.Inner) > 0 && (c.Python != "" || c.Operation.Method == http.MethodPost) {
		args = append(args, pythonKeywords(v)...)
	}
	if Versioned(c.Operation) {
		args = append(args, "stripe_version="+strconv.Quote(spec.Version))
	}
	line := strings.Join(args, ", ")
	if len(line) > 70 || strings.Contains(line, "\n") {
		line = "\n    " + strings.Join(args, ",\n    ") + ",\n"
	}
	show := "answer"
	if c.list() && c.Python != "" {
		show = "answer.data"
	}
	if c.Operation.Response() == nil && c.Python != "" {
		show = "len(answer.io.read())"
	}
	return head + "answer = " + call + "(" + line + ")\nprint(" + show + ")\n"
}

// pythonDownload writes a program that needs no library: that for Python takes every answer for JSON.
func pythonDownload(c *Call) string {
	return "import urllib.request\n\nrequest = urllib.request.Request(\n    \"" + c.URL + c.Path() + "\",\n    headers={\"Authorization\": \"Bearer " + c.Key +
		"\"},\n)\nwith urllib.request.urlopen(request) as answer:\n    print(len(answer.read()))\n"
}

// pythonKeywords are the parameters of a call. A name that is no keyword makes all of them a hash.
func pythonKeywords(v *Value) (args []string) {
	for _, w := range v.Inner {
		if !plainName(w.Name) || w.Name == "from" {
			return []string{"**" + python.value(v, "    ")}
		}
		args = append(args, w.Name+"="+python.value(w, "    "))
	}
	return args
}

var ruby = &syntax{quote: rubyQuote, name: ifPlain(rubyQuote), open: "{", end: "}", yes: "true", no: "false", pair: ": "}

func rubyQuote(text string) string { return strings.ReplaceAll(strconv.Quote(text), "#{", `\#{`) }

// Ruby writes a program that uses the official library for Ruby, whose names are those of Python's but for update.
func Ruby(c *Call) string {
	args := make([]string, 0, 4)
	ids := c.Run.Path
	head := "require \"stripe\"\n\nStripe.api_key = \"" + c.Key + "\"\nStripe.api_base = \"" + c.URL + "\"\n\n"
	call := rubyName(c.Python)
	if c.Python == "" {
		ids = nil
		call = "Stripe.raw_request"
		args = append(args, ":"+strings.ToLower(c.Operation.Method), rubyQuote(c.rawPath()))
	}
	for _, id := range ids {
		args = append(args, rubyQuote(id))
	}
	v := c.values()
	switch {
	case c.Operation.Multipart:
		args = append(args, `purpose: "business_logo", file: File.new("logo.png")`)
	case len(v.Inner) > 0 && (c.Python != "" || c.Operation.Method == http.MethodPost):
		hash := ruby.value(v, "")
		if len(ids) == 0 && c.Python != "" && !strings.Contains(hash, "\n") {
			hash = strings.TrimSuffix(strings.TrimPrefix(hash, "{"), "}")
		}
		args = append(args, hash)
	}
	if Versioned(c.Operation) {
		args = append(args, "{stripe_version: "+rubyQuote(spec.Version)+"}")
	}
	show := "puts answer"
	if c.list() && c.Python != "" {
		show = "answer.data.each { |item| puts item }"
	}
	return head + "answer = " + call + "(" + strings.Join(args, ", ") + ")\n" + show + "\n"
}

func rubyName(pythonName string) string {
	parts := strings.Split(pythonName, ".")
	for i, p := range parts[:len(parts)-1] {
		words := strings.Split(p, "_")
		for j, w := range words {
			if w != "" {
				words[j] = strings.ToUpper(w[:1]) + w[1:]
			}
		}
		parts[i] = strings.Join(words, "")
	}
	method := parts[len(parts)-1]
	if rest, is := strings.CutPrefix(method, "modify"); is {
		method = "update" + rest
	}
	return "Stripe::" + strings.Join(parts[:len(parts)-1], "::") + "." + method
}
