package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func documentOf(t *testing.T, w *world) map[string]any {
	t.Helper()
	var doc map[string]any
	w.with("").must(200, "GET", "/openapi.json", "", &doc)
	return doc
}

func TestTheDocumentIsTheSameForTheSameProgram(t *testing.T) {
	first, err := open(t).api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	second, err := open(t).api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(first), string(second)); d != "" {
		t.Error(d)
	}
	w := open(t)
	if served := w.with("").call("GET", "/openapi.yaml", "").Body.Bytes(); !bytes.Equal(served, first) {
		t.Error("what is served is another document")
	}
}

func TestTheDocumentDescribesEveryRoute(t *testing.T) {
	w := open(t)
	doc := documentOf(t, w)
	if doc["openapi"] != "3.1.0" {
		t.Errorf("openapi: %v", doc["openapi"])
	}
	paths := doc["paths"].(map[string]any)
	ids := map[string]bool{}
	for _, r := range w.api.Routes() {
		if r.ID == "" {
			continue
		}
		op, ok := paths[r.Path].(map[string]any)[strings.ToLower(r.Method)].(map[string]any)
		if !ok {
			t.Errorf("%s %s is not described", r.Method, r.Path)
			continue
		}
		if id := op["operationId"].(string); ids[id] || id != r.ID {
			t.Errorf("%s %s is called %q", r.Method, r.Path, id)
		}
		ids[r.ID] = true
		answers := op["responses"].(map[string]any)
		if answers[fmt.Sprint(r.Status)] == nil || answers["default"] == nil || len(answers) != 2 {
			t.Errorf("%s: answers %v", r.ID, answers)
		}
		if secured := op["security"] != nil; secured != (r.Access != Public) {
			t.Errorf("%s: security %v", r.ID, op["security"])
		}
		if keyed := strings.Contains(fmt.Sprint(op["parameters"]), keyHeader); keyed != (r.Key != NoKey) {
			t.Errorf("%s: parameters %v", r.ID, op["parameters"])
		}
		for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(r.Path, -1) {
			if !strings.Contains(fmt.Sprint(op["parameters"]), "name:"+name[1]) {
				t.Errorf("%s: %s is not described", r.ID, name[1])
			}
		}
	}
}

// Every reference leads somewhere, everything is of a type, and no answer
// carries a $schema.
func TestTheDocumentHoldsTogether(t *testing.T) {
	w := open(t)
	doc := documentOf(t, w)
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	used := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				name := strings.TrimPrefix(ref, "#/components/schemas/")
				if schemas[name] == nil {
					t.Errorf("%s leads nowhere: %s", path, ref)
				}
				used[name] = true
			}
			if _, ok := v["$schema"]; ok {
				t.Errorf("%s has a $schema", path)
			}
			for k, sub := range v {
				walk(path+"/"+k, sub)
			}
		case []any:
			for i, sub := range v {
				walk(fmt.Sprint(path, "/", i), sub)
			}
		}
	}
	walk("", doc)
	for name := range schemas {
		if !used[name] {
			t.Errorf("nobody uses %s", name)
		}
	}
	if len(schemas) < 30 {
		t.Errorf("only %d schemas", len(schemas))
	}
}

// Fields that are sent are those of the contract: nothing of a room leaks by being added to it.
func TestWhatIsSentIsWhatIsDescribed(t *testing.T) {
	w := open(t)
	s := w.shop()
	doc := documentOf(t, w)
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	for i, r := range w.api.Routes() {
		q := asks[r.ID](s, 7000+i)
		answer := s.as("owner").try(r, q, 7000+i)
		if answer.Code == 204 || r.AnyBody || r.Types != nil || r.ID == "" {
			continue
		}
		var v any
		if err := json.Unmarshal(answer.Body.Bytes(), &v); err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		media := dig(doc, "paths", r.Path, strings.ToLower(r.Method), "responses", fmt.Sprint(r.Status), "content", "application/json", "schema")
		for _, extra := range undescribed(schemas, media.(map[string]any), v, r.ID) {
			t.Errorf("sent but not described: %s", extra)
		}
	}
}

func dig(v any, path ...string) any {
	for _, step := range path {
		v = v.(map[string]any)[step]
	}
	return v
}

func undescribed(schemas, schema map[string]any, v any, path string) (out []string) {
	if ref, ok := schema["$ref"].(string); ok {
		schema = schemas[strings.TrimPrefix(ref, "#/components/schemas/")].(map[string]any)
	}
	switch v := v.(type) {
	case map[string]any:
		props, _ := schema["properties"].(map[string]any)
		if props == nil && schema["type"] == nil { // a fact's body: any object
			return nil
		}
		for k, sub := range v {
			p, ok := props[k].(map[string]any)
			if !ok {
				out = append(out, path+"."+k)
				continue
			}
			out = append(out, undescribed(schemas, p, sub, path+"."+k)...)
		}
		if required, ok := schema["required"].([]any); ok {
			for _, name := range required {
				if _, there := v[name.(string)]; !there {
					out = append(out, path+"."+name.(string)+" is required and missing")
				}
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for _, sub := range v {
			out = append(out, undescribed(schemas, items, sub, path+"[]")...)
		}
	case nil:
		if !slices.Contains(kinds(schema), "null") {
			out = append(out, path+" is null")
		}
	}
	return out
}

func kinds(schema map[string]any) (out []string) {
	switch t := schema["type"].(type) {
	case string:
		return []string{t}
	case []any:
		for _, k := range t {
			out = append(out, fmt.Sprint(k))
		}
	}
	return out
}
