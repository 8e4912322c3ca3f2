package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// nothing is the body of a 204.
type nothing struct{}

// Schema keeps it out of the document's components.
func (nothing) Schema(huma.Registry) *huma.Schema { return &huma.Schema{} }

// read is a route that reads in one snapshot.
func read[I, T any](r Route, h func(a *API, tx *db.Tx, c call, in *I) (T, error)) Route {
	r.mount = func(a *API, r Route) {
		register(a, r, func(ctx context.Context, c call, in *I) (out reply[T], err error) {
			out.Status = r.Status
			err = a.flow.Read(ctx, func(tx *db.Tx) (err error) {
				out.Body, err = h(a, tx, c, in)
				return err
			})
			return out, err
		})
	}
	return r
}

// write is a route that writes in one transaction, once per Idempotency-Key.
func write[I, T any](r Route, h func(a *API, tx *flow.Tx, c call, in *I) (reply[T], error)) Route {
	if r.Key == NoKey {
		r.Key = KeyAccepted
	}
	r.mount = func(a *API, r Route) {
		register(a, r, func(ctx context.Context, c call, in *I) (reply[T], error) {
			return once(ctx, a, c, func(tx *flow.Tx) (reply[T], error) { return h(a, tx, c, in) })
		})
	}
	return r
}

// settled is write for an answer that shows what follows from the deed: the key
// keeps what was done, and the answer is read once all of it is written,
// consequences included.
func settled[I, D, T any](r Route, do func(*API, *flow.Tx, call, *I) (reply[D], error), show func(*API, *db.Tx, call, D) (T, error)) Route {
	r.Key = KeyAccepted
	r.mount = func(a *API, r Route) {
		register(a, r, func(ctx context.Context, c call, in *I) (out reply[T], err error) {
			done, err := once(ctx, a, c, func(tx *flow.Tx) (reply[D], error) { return do(a, tx, c, in) })
			if err != nil {
				return out, err
			}
			out.Status = done.Status
			err = a.flow.Read(ctx, func(tx *db.Tx) (err error) {
				out.Body, err = show(a, tx, c, done.Body)
				return err
			})
			return out, err
		})
	}
	return r
}

// act is a route whose handler chooses its transactions.
func act[I, T any](r Route, h func(ctx context.Context, a *API, c call, in *I) (reply[T], error)) Route {
	r.mount = func(a *API, r Route) {
		register(a, r, func(ctx context.Context, c call, in *I) (reply[T], error) { return h(ctx, a, c, in) })
	}
	return r
}

// register hangs a handler on huma, which reads the parameters, documents the
// types and writes the answer.
func register[I, T any](a *API, r Route, h func(context.Context, call, *I) (reply[T], error)) {
	huma.Register(a.huma, a.operation(r), func(ctx context.Context, in *I) (*reply[T], error) {
		c := callOf(ctx)
		out, err := h(ctx, c, in)
		if err != nil {
			return nil, a.problem(ctx, c.locale, err)
		}
		return &out, nil
	})
}

func (a *API) operation(r Route) huma.Operation {
	op := huma.Operation{
		Method: r.Method, Path: r.Path, OperationID: r.ID, Summary: r.Summary, Description: r.Description,
		Tags: []string{r.Tag}, DefaultStatus: r.Status,
		SkipValidateBody: true, MaxBodyBytes: -1, // read and checked by body
		Middlewares: huma.Middlewares{a.guard(r), a.body(r)},
		Responses:   map[string]*huma.Response{"default": a.refusal()},
	}
	if r.Access != Public {
		op.Security = []map[string][]string{{"key": {}}}
	}
	if r.Key != NoKey {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: keyHeader, In: "header", Required: r.Key == KeyRequired,
			Description: "A new key for each request, the same for each retry of it. A copy gets the first one's answer, for 24 hours.",
			Schema:      &huma.Schema{Type: huma.TypeString, MaxLength: pointer(maxKey)},
		})
	}
	if r.AnyBody {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{}}}}
	}
	if r.Types != nil {
		op.Responses[strconv.Itoa(r.Status)] = r.documents()
	}
	return op
}

func pointer[T any](v T) *T { return &v }

// tidy takes back what huma's document says of an answer without a body.
func tidy(_ *huma.OpenAPI, op *huma.Operation) {
	if r, ok := op.Responses["204"]; ok && op.DefaultStatus == http.StatusNoContent {
		r.Content = nil
	}
}
