// Package rule reads and asks the rules that merchants write: one expression of
// CEL each, over names a room declares, bounded in size and in steps, so that a
// rule can neither loop nor reach anything but what it is given.
//
// A Language is the names; Compile reads a text in it; Ask evaluates one case
// and gives an Answer, which is read field by field and refuses names it does
// not know: a misspelt cap must not become no cap. It stores nothing but
// compiled texts (Shelf), knows no room, and decides nothing itself.
package rule

import (
	"fmt"
	"sync"

	"cel.dev/cel-go/cel"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Kind is what a name stands for.
type Kind int

// The kinds: a text, a whole number, true or false, a list of texts.
const (
	Text Kind = iota
	Number
	Truth
	Texts
)

// The bounds of a rule.
const (
	maxSource = 16 << 10 // bytes
	maxNodes  = 2000
	maxCost   = 10000 // steps of an evaluation
)

// Language is what a rule may name. A name that is not here does not compile.
type Language struct {
	env func() (*cel.Env, error)
}

// NewLanguage makes a language of names.
func NewLanguage(names map[string]Kind) *Language {
	kinds := map[Kind]*cel.Type{Text: cel.StringType, Number: cel.IntType, Truth: cel.BoolType, Texts: cel.ListType(cel.StringType)}
	return &Language{sync.OnceValues(func() (*cel.Env, error) {
		options := []cel.EnvOption{cel.ParserExpressionSizeLimit(maxSource), cel.ExpressionNodeLimit(maxNodes)}
		for name, kind := range names {
			options = append(options, cel.Variable(name, kinds[kind]))
		}
		return cel.NewEnv(options...)
	})}
}

// Rule is a compiled rule, safe for concurrent use.
type Rule struct{ program cel.Program }

// Compile reads a rule. The fault is policy_invalid, at source, with the line and
// the cause in CEL's own words.
func (l *Language) Compile(source string) (*Rule, error) {
	env, err := l.env()
	if err != nil {
		return nil, fmt.Errorf("rule: language: %w", err)
	}
	ast, issues := env.Compile(source)
	if err := issues.Err(); err != nil {
		first := issues.Errors()[0]
		return nil, Invalid(max(1, first.Location.Line()), first.Message)
	}
	program, err := env.Program(ast, cel.CostLimit(maxCost), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, Invalid(1, err.Error())
	}
	return &Rule{program}, nil
}

// Invalid is the fault of a rule that can not be used.
func Invalid(line int, cause string) error {
	return fault.New(fault.Invalid, "policy_invalid", "source", "line", line, "cause", cause)
}

// Ask evaluates the rule for one case; the answer must be a map of the fields
// named. The error is the rule's own fault, in words for whoever wrote it.
func (r *Rule) Ask(values map[string]any, fields ...string) (*Answer, error) {
	out, _, err := r.program.Eval(values)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return answerOf(out, "policy", fields)
}

// maxRules bounds a shelf; past it, it starts afresh.
const maxRules = 1000

// Shelf holds compiled rules by their text, for all merchants. It is safe for
// concurrent use.
type Shelf struct {
	language *Language
	mu       sync.Mutex
	compiled map[string]*Rule
}

// NewShelf is an empty shelf: each rule is compiled when it is first asked.
func NewShelf(l *Language) *Shelf { return &Shelf{language: l, compiled: map[string]*Rule{}} }

// Rule gives the rule of a text.
func (s *Shelf) Rule(source string) (*Rule, error) {
	key := ident.Hash(source)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.compiled[key]; ok {
		return r, nil
	}
	r, err := s.language.Compile(source)
	if err != nil {
		return nil, err
	}
	if len(s.compiled) >= maxRules {
		clear(s.compiled)
	}
	s.compiled[key] = r
	return r, nil
}
