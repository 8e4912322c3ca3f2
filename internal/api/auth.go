package api

import (
	"cmp"
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
)

// call is what a handler knows of its request besides its input: who asks, in
// which language, and the bytes that came.
type call struct {
	merchant.Principal
	locale lang.Locale
	raw    []byte // body; one of ours is without byte order mark
	media  string // Content-Type
	key    string // Idempotency-Key; empty when there is none
	print  string // of method, path and body: what a key may stand for
}

type callKey struct{}

// callOf is the call of a request that went through guard.
func callOf(ctx context.Context) call {
	c, _ := ctx.Value(callKey{}).(call)
	return c
}

// guard lets through who may use the route, with a call in the context of the
// request and nowhere else.
func (a *API) guard(r Route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := call{locale: reader(ctx.Header("Accept-Language"))}
		var err error
		if r.Open {
			letRead(ctx)
		}
		if r.pages() {
			err = a.answerable(ctx)
		}
		if err == nil && r.Access != Public {
			c.Principal, err = a.authenticate(ctx)
		}
		if err == nil {
			err = r.admits(c.Principal)
		}
		if err == nil {
			err = readable(ctx.URL())
		}
		if err != nil {
			a.refuse(ctx, err)
			return
		}
		next(huma.WithValue(ctx, callKey{}, c))
	}
}

// authenticate tells who asks. The faults are unauthorized, origin_not_allowed for
// the key of a browser on a page it does not belong to, and too_many for an
// address that tried too many wrong keys.
func (a *API) authenticate(ctx huma.Context) (p merchant.Principal, err error) {
	scheme, secret, _ := strings.Cut(ctx.Header("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || secret == "" {
		return p, fault.New(fault.Unauthorized, "unauthorized", "")
	}
	secret = strings.TrimSpace(secret)
	err = a.flow.Read(ctx.Context(), func(tx *db.Tx) (err error) {
		if merchant.IsPublic(secret) {
			p, err = merchant.AuthenticatePage(tx, secret, ctx.Header("Origin"))
			return err
		}
		p, err = merchant.Authenticate(tx, secret)
		return err
	})
	if fault.KindOf(err) != fault.Unauthorized {
		return p, err
	}
	if wait, ok := a.wrongKeys.Take(a.caller(ctx)); !ok {
		return p, retry{fault.New(fault.TooMany, "too_many", ""), wait}
	}
	return p, err
}

// caller is the address a request comes from.
func (a *API) caller(ctx huma.Context) netip.Addr {
	var forwarded []string
	ctx.EachHeader(func(name, value string) {
		if name == "X-Forwarded-For" {
			forwarded = append(forwarded, value)
		}
	})
	return visitor.Address(ctx.RemoteAddr(), forwarded, a.proxies)
}

// How many wrong keys an address may try: at once, and then one each refill.
// A key has 256 random bits, so this is about noise, not about guessing. Right
// keys are never slowed down.
const (
	burst  = 20
	refill = 3 * time.Second
)

// admits reports whether the holder of a key may use the route.
func (r Route) admits(p merchant.Principal) error {
	switch {
	case r.Access == Public, r.Access == AnyKey && p.Set != merchant.Browser:
		return nil
	case !p.Set.Allows(merchant.Permission(r.Access)):
		return fault.New(fault.Forbidden, "forbidden", "")
	}
	return nil
}

// readable refuses addresses with bytes that no database keeps: they name nothing.
func readable(u url.URL) error {
	if !text.Plain(u.Path) {
		return fault.New(fault.NotFound, "not_found", "")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return fault.New(fault.Invalid, "query_invalid", "").Because(err)
	}
	odd := func(s string) bool { return !text.Plain(s) }
	for name, values := range query {
		if odd(name) || slices.ContainsFunc(values, odd) {
			return fault.New(fault.Invalid, "query_invalid", "")
		}
	}
	return nil
}

// body reads the request's body, checks it against the schema of the operation
// when it has one, and puts it where huma and the handler find it.
func (a *API) body(r Route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := callOf(ctx.Context())
		err := a.receive(ctx, r, &c)
		if err != nil {
			a.refuse(ctx, err)
			return
		}
		next(received{huma.WithValue(ctx, callKey{}, c), c.raw})
	}
}

func (a *API) receive(ctx huma.Context, r Route, c *call) (err error) {
	if c.raw, err = readAll(ctx.BodyReader(), cmp.Or(r.Most, maxBody)); err != nil {
		return err
	}
	if c.key, err = r.Key.read(ctx.Header(keyHeader)); err != nil {
		return err
	}
	c.media = ctx.Header("Content-Type")
	u := ctx.URL()
	c.print = ident.Hash(ctx.Method() + " " + u.RequestURI() + "\n" + string(c.raw))
	b := ctx.Operation().RequestBody
	if b == nil || r.AnyBody {
		return nil
	}
	if media, _, _ := strings.Cut(c.media, ";"); media != "" && !strings.EqualFold(strings.TrimSpace(media), "application/json") {
		return fault.New(fault.Unsupported, "unsupported_media_type", "")
	}
	c.raw, err = readJSON(c.raw, a.huma.OpenAPI().Components.Schemas, b.Content["application/json"].Schema)
	return err
}
