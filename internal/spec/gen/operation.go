package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// operation is an Operation before it is written.
type operation struct {
	id, method, path string
	segments         []string // of path, without the version: ["customers", "{customer}"]
	pathParams       []string
	params, response int
	answer           answer
	multipart        bool
	deprecated       bool
	ours             bool

	// filled by classify
	class, form    string
	kind           string
	kinds, targets []string
	target, parent string
}

// answer is what kind of thing a 200 holds, before it is known what for.
type answer struct {
	list, search, binary bool
	schemas              []string // component names, unions resolved, deleted_ ones among them
}

// body is the schema of a request's parameters.
type body struct {
	schema    tree
	multipart bool
}

func readOperations(src *source, t *table) ([]*operation, error) {
	var ops []*operation
	for _, path := range slices.Sorted(maps.Keys(src.paths)) {
		item := object(src.paths[path])
		for _, method := range slices.Sorted(maps.Keys(item)) {
			op, err := readOperation(src, t, path, method, object(item[method]))
			if err != nil {
				return nil, err
			}
			ops = append(ops, op)
		}
	}
	return ops, nil
}

func readOperation(src *source, t *table, path, method string, doc tree) (*operation, error) {
	where := strings.ToUpper(method) + " " + path
	err := onlyKeys(where, doc, "description", "operationId", "requestBody", "responses", "summary", "parameters",
		"deprecated", "servers")
	if err != nil {
		return nil, err
	}
	op := &operation{method: strings.ToUpper(method), path: path, ours: src.ours[path]}
	op.id, _ = doc["operationId"].(string)
	op.deprecated, _ = doc["deprecated"].(bool)
	if !slices.Contains([]string{"GET", "POST", "DELETE"}, op.method) || op.id == "" {
		return nil, fmt.Errorf("%s: unknown method, or no operationId", where)
	}
	if err := op.split(); err != nil {
		return nil, err
	}
	if err := op.readParams(t, where, doc); err != nil {
		return nil, err
	}
	return op, op.readAnswer(t, where, doc, src.components)
}

func (op *operation) split() error {
	parts := strings.Split(strings.TrimPrefix(op.path, "/"), "/")
	op.segments = parts[1:]
	for _, s := range op.segments {
		if isParam(s) {
			op.pathParams = append(op.pathParams, s[1:len(s)-1])
		} else if s == "" || strings.ContainsAny(s, "{}%") {
			return fmt.Errorf("%s: a segment must be a literal or one parameter", op.path)
		}
	}
	return nil
}

func isParam(segment string) bool {
	return len(segment) > 2 && segment[0] == '{' && segment[len(segment)-1] == '}'
}

// readParams makes one object of query and body: a client may send a parameter in either.
func (op *operation) readParams(t *table, where string, doc tree) error {
	body, err := bodySchema(where, doc)
	if err != nil {
		return err
	}
	op.multipart = body.multipart
	props := maps.Clone(object(body.schema["properties"]))
	required, _ := body.schema["required"].([]any)
	required = slices.Clone(required)
	inPath := map[string]bool{}
	list, _ := doc["parameters"].([]any)
	for _, p := range list {
		param := object(p)
		name, _ := param["name"].(string)
		if err := onlyKeys(where+" "+name, param, "description", "in", "name", "required", "schema", "style", "explode"); err != nil {
			return err
		}
		switch param["in"] {
		case "path":
			inPath[name] = true
		case "query":
			if _, twice := props[name]; twice {
				return fmt.Errorf("%s: %s is in query and body", where, name)
			}
			props[name] = param["schema"]
			if param["required"] == true {
				required = append(required, name)
			}
		default:
			return fmt.Errorf("%s: %s is in %v", where, name, param["in"])
		}
	}
	for _, name := range op.pathParams {
		if !inPath[name] {
			return fmt.Errorf("%s: {%s} is no parameter", where, name)
		}
	}
	op.params, err = t.add(where, tree{"type": "object", "properties": props, "required": required})
	return err
}

func bodySchema(where string, doc tree) (body, error) {
	req := object(doc["requestBody"])
	if req == nil {
		return body{schema: tree{"properties": tree{}}}, nil
	}
	if err := onlyKeys(where+" requestBody", req, "content", "required"); err != nil {
		return body{}, err
	}
	content := object(req["content"])
	const urlencoded, multipart, json = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
	if err := onlyKeys(where+" requestBody", content, urlencoded, multipart, json); err != nil {
		return body{}, err
	}
	var media string
	var found tree
	for _, media = range []string{urlencoded, multipart, json} {
		if found = object(content[media]); found != nil {
			break
		}
	}
	if len(content) != 1 || object(object(found["schema"])["properties"]) == nil {
		return body{}, fmt.Errorf("%s: body is not exactly one form or JSON object", where)
	}
	schema := object(found["schema"])
	return body{schema: schema, multipart: media == multipart}, errors.Join(
		onlyKeys(where+" "+media, found, "encoding", "schema"),
		onlyKeys(where+" body", schema, "type", "properties", "required", "additionalProperties"))
}

func (op *operation) readAnswer(t *table, where string, doc tree, components tree) error {
	responses := object(doc["responses"])
	if err := onlyKeys(where+" responses", responses, "200", "default"); err != nil {
		return err
	}
	ok := object(responses["200"])
	if err := onlyKeys(where+" 200", ok, "content", "description"); err != nil {
		return err
	}
	content := object(ok["content"])
	if err := onlyKeys(where+" 200", content, "application/json", "application/pdf", "application/octet-stream"); err != nil {
		return err
	}
	media := object(content["application/json"])
	if media == nil {
		op.answer.binary = len(content) == 1
		if !op.answer.binary {
			return fmt.Errorf("%s: no answer", where)
		}
		return nil
	}
	schema := object(media["schema"])
	op.answer.read(schema, components)
	if len(schema) == 0 {
		return nil // any JSON at all: nothing to check it by
	}
	var err error
	op.response, err = t.add(where+" 200", schema)
	return err
}

// read finds the components that the answer may be. A list is told by the constant in its "object", or in version 2 of
// the API by the address of its next page.
func (a *answer) read(schema, components tree) {
	props := object(schema["properties"])
	what := constant(object(props["object"]))
	switch {
	case what == "list", props["next_page_url"] != nil:
		a.list = true
	case what == "search_result":
		a.search = true
	default:
		a.resolve(schema, components)
		return
	}
	a.resolve(object(object(props["data"])["items"]), components)
}

func (a *answer) resolve(schema, components tree) {
	if name := refName(schema); name != "" {
		if _, union := object(components[name])["anyOf"]; union {
			a.resolve(object(components[name]), components)
		} else if !slices.Contains(a.schemas, name) {
			a.schemas = append(a.schemas, name)
		}
		return
	}
	alts, _ := schema["anyOf"].([]any)
	for _, alt := range alts {
		a.resolve(object(alt), components)
	}
}

// constant is the only value that a schema allows, or "".
func constant(schema tree) string {
	if values, _ := schema["enum"].([]any); len(values) == 1 {
		s, _ := values[0].(string)
		return s
	}
	return ""
}

// refName is the component that a schema refers to, or "".
func refName(schema tree) string {
	ref, _ := schema["$ref"].(string)
	return strings.TrimPrefix(ref, refPrefix)
}
