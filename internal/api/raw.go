package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// raw is an answer that is a document as it was kept, for saving: no browser
// opens it beside our pages.
type raw struct {
	Status      int
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// give is a route that answers a document, of one of the types given.
func give[I any](r Route, h func(a *API, tx *db.Tx, c call, in *I) (blob.Blob, error), types ...string) Route {
	r.Types = types
	r.mount = func(a *API, r Route) {
		huma.Register(a.huma, a.operation(r), func(ctx context.Context, in *I) (*raw, error) {
			c := callOf(ctx)
			var b blob.Blob
			err := a.flow.Read(ctx, func(tx *db.Tx) (err error) {
				b, err = h(a, tx, c, in)
				return err
			})
			if err != nil {
				return nil, a.problem(ctx, c.locale, err)
			}
			name := string(b.ID) + extensions[b.ContentType]
			return &raw{r.Status, b.ContentType, `attachment; filename="` + name + `"`, b.Body}, nil
		})
	}
	return r
}

// extensions end the names under which documents are saved.
var extensions = map[string]string{blob.PDF: ".pdf", blob.ZPL: ".zpl", blob.PNG: ".png", blob.JPEG: ".jpg"}

// documents is what the document of the API says of such an answer.
func (r Route) documents() *huma.Response {
	out := &huma.Response{Description: "The document", Content: map[string]*huma.MediaType{}}
	for _, t := range r.Types {
		out.Content[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return out
}
