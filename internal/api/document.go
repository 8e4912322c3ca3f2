package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
)

const about = "Promises made to shoppers: computed, written down, watched, kept or repaired. " +
	"Send the key as `Authorization: Bearer sk_…`: it says who you are and what you may do. " +
	"What is not yours answers as if it did not exist. Refusals are problems (RFC 9457); compare their `code`. " +
	"Sentences are in French, or in English when `Accept-Language` says so."

// document is the frame of the OpenAPI document, without a page that shows it:
// such pages come from other people's servers.
func document(version string) huma.Config {
	c := huma.DefaultConfig("promesse", version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil // no $schema in answers
	c.Info.Description = about
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "A key of the organisation, as `merchant create` or POST /api/v1/keys gave it."},
	}
	c.OnAddOperation = append(c.OnAddOperation, tidy)
	s := c.Components.Schemas
	s.RegisterTypeAlias(reflect.TypeFor[civil.Instant](), reflect.TypeFor[instantText]())
	s.RegisterTypeAlias(reflect.TypeFor[civil.Day](), reflect.TypeFor[dayText]())
	s.RegisterTypeAlias(reflect.TypeFor[money.Currency](), reflect.TypeFor[currencyText]())
	return c
}

// How core types are written, for the document and for checker.
type (
	instantText  string
	dayText      string
	currencyText string
)

// Schema is an instant's: RFC 3339, in UTC when we write it.
func (instantText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time"}
}

// Schema is a day's: 2026-11-24.
func (dayText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date"}
}

// Schema is a currency's: EUR.
func (currencyText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "currency", Description: "ISO 4217"}
}

// refusal is the answer that every operation may give instead of its own.
func (a *API) refusal() *huma.Response {
	s := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")
	return &huma.Response{
		Description: "A refusal",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: s}},
	}
}

// OpenAPI is the document, as YAML, the same for the same program.
func (a *API) OpenAPI() ([]byte, error) { return asYAML(a.huma.OpenAPI()) }

// described is a route that serves the document, which it is not part of.
func described(path, media string, write func(*huma.OpenAPI) ([]byte, error)) Route {
	r := get(path, Public, "", "program", "This API's description")
	r.mount = func(a *API, r Route) {
		text := sync.OnceValues(func() ([]byte, error) { return write(a.huma.OpenAPI()) }) // when all routes are known
		a.mux.HandleFunc(r.Method+" "+r.Path, func(w http.ResponseWriter, req *http.Request) {
			body, err := text()
			if err != nil {
				a.write(w, req, fmt.Errorf("document: %w", err))
				return
			}
			w.Header().Set("Content-Type", media)
			if _, err := w.Write(body); err != nil {
				a.log.Warn("answer not written", "err", err)
			}
		})
	}
	return r
}

func asJSON(d *huma.OpenAPI) ([]byte, error) { return json.MarshalIndent(d, "", " ") }

func asYAML(d *huma.OpenAPI) ([]byte, error) { return d.YAML() }
