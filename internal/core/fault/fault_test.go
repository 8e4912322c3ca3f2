package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

func TestFaultsAreFoundThroughTheirWrapping(t *testing.T) {
	one := fault.New(fault.Conflict, "token_used", "token", "quote", "quo_1")
	var two fault.List
	two.Add(fault.Invalid, "field_required", "a")
	two.Add(fault.Invalid, "field_too_long", "b", "limit", 10)
	for _, c := range []struct {
		what  string
		err   error
		kind  fault.Kind
		codes []string
	}{
		{"one", one, fault.Conflict, []string{"token_used"}},
		{"wrapped", fmt.Errorf("place order: %w", one), fault.Conflict, []string{"token_used"}},
		{"several", fmt.Errorf("place order: %w", two.Err()), fault.Invalid, []string{"field_required", "field_too_long"}},
		{"none", errors.New("disk full"), fault.Internal, nil},
		{"nothing", nil, fault.Internal, nil},
		{"an empty list", fault.List(nil).Err(), fault.Internal, nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			if k := fault.KindOf(c.err); k != c.kind {
				t.Errorf("kind %d", k)
			}
			if n := len(fault.All(c.err)); n != len(c.codes) {
				t.Fatalf("%d faults", n)
			}
			for _, code := range c.codes {
				if !fault.Is(c.err, code) {
					t.Errorf("%s is not found", code)
				}
			}
		})
	}
}

func TestTheLogGetsTheCause(t *testing.T) {
	cause := errors.New("unexpected end of JSON input")
	err := fault.New(fault.Invalid, "invalid_json", "body", "at", 7).Because(cause)
	if !errors.Is(err, cause) || err.Error() != "invalid_json at body map[at:7]: unexpected end of JSON input" {
		t.Errorf("%v", err)
	}
}
