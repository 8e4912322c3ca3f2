package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

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
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().YAML() }

// serveDocument writes the document once, when all routes are known.
func (a *API) serveDocument() error {
	asYAML, err := a.OpenAPI()
	if err != nil {
		return fmt.Errorf("api: document: %w", err)
	}
	asJSON, err := json.MarshalIndent(a.huma.OpenAPI(), "", " ")
	if err != nil {
		return fmt.Errorf("api: document: %w", err)
	}
	for path, file := range map[string]struct {
		kind string
		text []byte
	}{"/openapi.json": {"application/openapi+json", asJSON}, "/openapi.yaml": {"application/openapi+yaml", asYAML}} {
		a.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", file.kind)
			if _, err := w.Write(file.text); err != nil {
				a.log.Warn("answer not written", "err", err)
			}
		})
	}
	return nil
}
