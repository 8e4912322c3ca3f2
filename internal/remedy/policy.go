package remedy

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Default is the policy of a merchant that has not written one.
//
//go:embed default.cel
var Default string

// A policy is small, and one that loops over long lists is a mistake: the shipped
// one costs about 20 steps.
const (
	maxSource = 16 << 10 // bytes
	maxNodes  = 2000
	maxCost   = 10000 // steps of an evaluation
)

// Policy is a compiled policy, safe for concurrent use.
type Policy struct {
	program cel.Program
	answers bool // it speaks of late answers
}

// language is what a policy may name. A name that is not here does not compile.
var language = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.Variable("kind", cel.StringType),
		cel.Variable("late", cel.DurationType),
		cel.Variable("late_known", cel.BoolType),
		cel.Variable("early", cel.DurationType),
		cel.Variable("liable", cel.StringType),
		cel.Variable("order_value", cel.IntType),
		cel.Variable("delivery_fee", cel.IntType),
		cel.Variable("currency", cel.StringType),
		cel.Variable("missing_units", cel.IntType),
		cel.Variable("missing_lines", cel.IntType),
		cel.Variable("tier", cel.StringType),
		cel.Variable("history.count", cel.IntType),
		cel.Variable("history.amount", cel.IntType),
		cel.ParserExpressionSizeLimit(maxSource),
		cel.ExpressionNodeLimit(maxNodes),
	)
})

// Compile reads a policy. The fault is policy_invalid, with the line and the
// cause in CEL's own words.
func Compile(source string) (*Policy, error) {
	env, err := language()
	if err != nil {
		return nil, fmt.Errorf("remedy: language of policies: %w", err)
	}
	ast, issues := env.Compile(source)
	if err := issues.Err(); err != nil {
		first := issues.Errors()[0]
		return nil, invalid(max(1, first.Location.Line()), first.Message)
	}
	program, err := env.Program(ast, cel.CostLimit(maxCost), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, invalid(1, err.Error())
	}
	return &Policy{program, strings.Contains(source, string(fact.AnswerBy))}, nil
}

// CheckPolicy compiles a policy and tries it on a few cases, so that one which
// would fail on the first broken promise is refused when it is written. The
// fault is policy_invalid.
func CheckPolicy(source string) error {
	p, err := Compile(source)
	if err != nil {
		return err
	}
	for _, c := range specimens() {
		if _, err := p.ask(c, History{}, c.Late, c.LateKnown); err != nil {
			return invalid(1, err.Error())
		}
	}
	return nil
}

func specimens() []Cause {
	plain := Cause{
		Owed: "deliver_by", Late: 31 * time.Minute, LateKnown: true, Liable: "carrier",
		Value: money.Of(3590, money.EUR), Delivery: money.Of(590, money.EUR),
	}
	waiting, free, short, early := plain, plain, plain, plain
	waiting.Late, waiting.LateKnown = 0, false
	free.Delivery, free.Liable = money.Of(0, money.EUR), "shopper"
	short.MissingUnits, short.MissingLines = 3, 2
	early.Late, early.Early = 0, time.Hour
	return []Cause{plain, waiting, free, short, early}
}

func invalid(line int, cause string) error {
	return fault.New(fault.Invalid, "policy_invalid", "source", "line", line, "cause", cause)
}

// ask evaluates the policy. Whatever it answers that is not a policy's answer is an error.
func (p *Policy) ask(c Cause, h History, late time.Duration, known bool) (terms, error) {
	out, _, err := p.program.Eval(map[string]any{
		"kind":           string(c.Owed),
		"late":           late,
		"late_known":     known,
		"early":          c.Early,
		"liable":         string(c.Liable),
		"order_value":    c.Value.Minor,
		"delivery_fee":   c.Delivery.Minor,
		"currency":       string(c.Value.Currency),
		"missing_units":  int64(c.MissingUnits),
		"missing_lines":  int64(c.MissingLines),
		"tier":           c.Tier,
		"history.count":  int64(h.Count),
		"history.amount": h.Month,
	})
	if err != nil {
		return terms{}, fmt.Errorf("policy: %w", err)
	}
	return readTerms(out)
}

// terms is what a policy answers about one case.
type terms struct {
	thresholds []time.Duration // rising
	caps       caps
	offers     []offer // the rules that apply
	otherwise  string
}

// caps bound all that is given, in minor units.
type caps struct{ order, month, shopper int64 }

// offer is a rule that applies, and what it gives before caps, in minor units.
type offer struct {
	rule  string
	kind  Kind
	minor int64
}

func readTerms(v ref.Val) (t terms, err error) {
	a, err := asAnswer(v, "policy", "thresholds", "caps", "grants", "otherwise")
	if err != nil {
		return t, err
	}
	t.thresholds = list(&a, "thresholds", duration)
	t.caps = readCaps(&a)
	t.otherwise = a.text("otherwise")
	for _, g := range list(&a, "grants", readOffer) {
		if g.minor >= 0 {
			t.offers = append(t.offers, g)
		}
	}
	if a.err == nil && t.otherwise == "" {
		a.err = fmt.Errorf("policy.otherwise: a reason is needed for when no rule applies")
	}
	if a.err == nil {
		a.err = distinct(t.offers)
	}
	slices.Sort(t.thresholds)
	return t, a.err
}

// readCaps reads the caps; a policy without any bounds nothing.
func readCaps(a *answer) caps {
	v, given := a.m.Find(types.String("caps"))
	if !given {
		return caps{unbounded, unbounded, unbounded}
	}
	c, err := asAnswer(v, a.path+".caps", "order", "month", "shopper")
	if err != nil {
		a.err = cmp.Or(a.err, err)
		return caps{}
	}
	out := caps{c.bound("order"), c.bound("month"), c.bound("shopper")}
	a.err = cmp.Or(a.err, c.err)
	return out
}

// notApplying is the amount of an offer whose "when" is false.
const notApplying = -1

func readOffer(v ref.Val) (offer, error) {
	a, err := asAnswer(v, "", "rule", "kind", "when", "amount")
	if err != nil {
		return offer{}, err
	}
	o := offer{rule: a.text("rule"), kind: Kind(a.text("kind")), minor: a.number("amount")}
	applies := a.truth("when")
	switch {
	case a.err != nil:
	case o.rule == "":
		a.fail("rule", "a name")
	case o.kind != Delivery && o.kind != Goods:
		a.err = fmt.Errorf(".kind: %q is neither %q nor %q", o.kind, Delivery, Goods)
	case o.minor < 0:
		a.err = fmt.Errorf(".amount: %d is negative", o.minor)
	case !applies:
		o.minor = notApplying
	}
	return o, a.err
}

func distinct(offers []offer) error {
	seen := map[string]bool{}
	for _, o := range offers {
		if seen[o.rule] {
			return fmt.Errorf("policy.grants: two rules are called %q", o.rule)
		}
		seen[o.rule] = true
	}
	return nil
}

// Policies holds the compiled policies of all merchants, by their source. It is
// what reactions and the sweep hang on; safe for concurrent use.
type Policies struct {
	mu       sync.Mutex
	compiled map[string]*Policy
}

// NewPolicies is an empty store of policies: each is compiled when it is first asked.
func NewPolicies() *Policies { return &Policies{compiled: map[string]*Policy{}} }

// maxPolicies bounds the store; past it, it starts afresh.
const maxPolicies = 1000

func (ps *Policies) compile(source string) (*Policy, error) {
	key := ident.Hash(source)
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if p, ok := ps.compiled[key]; ok {
		return p, nil
	}
	p, err := Compile(source)
	if err != nil {
		return nil, err
	}
	if len(ps.compiled) >= maxPolicies {
		clear(ps.compiled)
	}
	ps.compiled[key] = p
	return p, nil
}
