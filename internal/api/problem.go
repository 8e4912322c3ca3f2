package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
)

// problemType is what a problem's type begins with: an identifier, fetched by nobody.
const problemType = "https://promesse.dev/problems/"

// Problem is a refusal, as RFC 9457 has it.
type Problem struct {
	Type   string       `json:"type" format:"uri" doc:"Identifies the kind of problem. It is a name, not a page."`
	Title  string       `json:"title" doc:"What happened, in a few words of the reader's language."`
	Status int          `json:"status" doc:"The HTTP status."`
	Detail string       `json:"detail" doc:"What is wrong and what to do about it, in the reader's language."`
	Code   string       `json:"code" doc:"The same for ever: what programs compare."`
	Errors []BrokenRule `json:"errors,omitempty" doc:"The rules the request breaks, the first hundred."`

	after time.Duration // when to try again; zero is not said
}

// BrokenRule is one thing to mend.
type BrokenRule struct {
	Code   string `json:"code" doc:"The same for ever."`
	Field  string `json:"field,omitempty" doc:"Where, in the words of the request: lines[0].units."`
	Detail string `json:"detail" doc:"What is wrong there and what to do about it."`

	Until civil.Instant `json:"until,omitzero" doc:"When it should be over, where waiting is the cure and somebody can say."`
}

// Error is for logs.
func (p *Problem) Error() string { return p.Code }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type of RFC 9457, whatever was asked for.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders tells the headers that go with the status.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.after > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.after+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return h
}

// maxBroken bounds an answer: a body of a megabyte can break a rule in every
// other byte.
const maxBroken = 100

// problemOf is the problem that tells a reader of a language about an error.
// What is not a fault is ours, and shown to nobody.
func problemOf(loc lang.Locale, err error) *Problem {
	faults := fault.All(err)
	if len(faults) == 0 {
		faults = fault.List{fault.New(fault.Internal, "internal", "")}
	}
	first := faults[0]
	p := &Problem{
		Type: problemType + first.Code, Title: title(loc, first.Kind), Status: statusOf(first),
		Detail: lang.Fault(loc, first), Code: first.Code,
	}
	for _, f := range faults[:min(len(faults), maxBroken)] {
		until, _ := f.Args["until"].(civil.Instant)
		p.Errors = append(p.Errors, BrokenRule{Code: f.Code, Field: f.Field, Detail: lang.Fault(loc, f), Until: until})
	}
	var later retry
	if errors.As(err, &later) {
		p.after = later.after
	}
	return p
}

// retry is a refusal that time alone will mend.
type retry struct {
	error
	after time.Duration
}

// Unwrap gives the fault.
func (r retry) Unwrap() error { return r.error }

// statuses gives each kind of fault its HTTP status.
var statuses = map[fault.Kind]int{
	fault.Internal:     http.StatusInternalServerError,
	fault.Invalid:      http.StatusUnprocessableEntity,
	fault.NotFound:     http.StatusNotFound,
	fault.Conflict:     http.StatusConflict,
	fault.Unauthorized: http.StatusUnauthorized,
	fault.Forbidden:    http.StatusForbidden,
	fault.TooLarge:     http.StatusRequestEntityTooLarge,
	fault.Unsupported:  http.StatusUnsupportedMediaType,
	fault.TooMany:      http.StatusTooManyRequests,
	fault.Unavailable:  http.StatusServiceUnavailable,
}

// unreadable are the codes of requests that could not be read at all.
var unreadable = []string{"invalid_json", "json_too_deep", "duplicate_key", "idempotency_key_required", "idempotency_key_invalid"}

func statusOf(f *fault.Error) int {
	switch {
	case slices.Contains(unreadable, f.Code), f.Code == "invalid_utf8" && f.Field == "body", f.Code == "field_required" && f.Field == "body":
		return http.StatusBadRequest
	case f.Code == "method_not_allowed":
		return http.StatusMethodNotAllowed
	default:
		return statuses[f.Kind]
	}
}

// title is a kind of fault in a few words.
func title(loc lang.Locale, k fault.Kind) string {
	keys := map[fault.Kind]string{
		fault.Internal:     "problem.internal",
		fault.Invalid:      "problem.invalid",
		fault.NotFound:     "problem.not_found",
		fault.Conflict:     "problem.conflict",
		fault.Unauthorized: "problem.unauthorized",
		fault.Forbidden:    "problem.forbidden",
		fault.TooLarge:     "problem.too_large",
		fault.Unsupported:  "problem.unsupported",
		fault.TooMany:      "problem.too_many",
		fault.Unavailable:  "problem.unavailable",
	}
	return lang.T(loc, keys[k], nil)
}

// reader is the language of whoever reads the answer: the request's
// Accept-Language, French when it names none that we write.
func reader(acceptLanguage string) lang.Locale {
	const enough = 200 // characters: nobody reads forty languages
	return lang.Match(acceptLanguage[:min(len(acceptLanguage), enough)], lang.French)
}

// adoptHuma makes huma refuse requests by our problems, and describe our lists
// as never null. It keeps these hooks in variables of its own, for all APIs of a
// program: they are set once, always to the same.
var adoptHuma = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return problemOf(lang.French, ofHuma(status, errs))
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return problemOf(reader(ctx.Header("Accept-Language")), ofHuma(status, errs))
	}
})

// ofHuma puts into our words what huma found: a parameter that is not as the
// document says, or not there. Bodies are checked before huma sees them.
func ofHuma(status int, errs []error) error {
	if status >= http.StatusInternalServerError || status == 0 {
		return fmt.Errorf("huma answers %d: %w", status, errors.Join(errs...))
	}
	var faults fault.List
	for _, err := range errs {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			_, field, _ := strings.Cut(d.Location, ".") // after "query." or "path."
			if d.Value == "" {
				faults.Add(fault.Invalid, "field_required", field)
				continue
			}
			faults.Add(fault.Invalid, "parameter_invalid", field, "value", fmt.Sprint(d.Value))
		}
	}
	if len(faults) == 0 {
		return fault.New(fault.Invalid, "invalid_json", "")
	}
	return faults
}

// refuse answers a request that goes no further, from a middleware.
func (a *API) refuse(ctx huma.Context, err error) {
	p := a.problem(ctx.Context(), reader(ctx.Header("Accept-Language")), err)
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	if err := a.huma.Marshal(ctx.BodyWriter(), "application/json", p); err != nil {
		a.log.Warn("answer not written", "err", err)
	}
}

// problem is problemOf, with what must be logged, logged. What the machine or a
// lost race made fail may work the next time.
func (a *API) problem(ctx context.Context, loc lang.Locale, err error) *Problem {
	if len(fault.All(err)) > 0 {
		return problemOf(loc, err)
	}
	if ctx.Err() != nil || a.flow.DB().Passing(err) || errors.Is(err, context.DeadlineExceeded) {
		a.log.Warn("request not served", "err", err)
		return problemOf(loc, retry{fault.New(fault.Unavailable, "unavailable", ""), time.Second})
	}
	a.log.Error("request failed", "err", err)
	return problemOf(loc, err)
}
