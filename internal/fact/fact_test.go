package fact_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
)

func TestEveryKindIsReadBackAsItWasWritten(t *testing.T) {
	for _, k := range fact.Kinds() {
		b, err := fact.Decode(k, []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if b.Kind() != k {
			t.Errorf("%s decodes as %s", k, b.Kind())
		}
		raw, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		again, err := fact.Decode(k, raw)
		if err != nil || !reflect.DeepEqual(again, b) {
			t.Errorf("%s: %+v, then %+v, %v", k, b, again, err)
		}
		room, happened, ok := strings.Cut(string(k), ".")
		if !ok || room == "" || happened == "" {
			t.Errorf("%q is not room, dot, what happened", k)
		}
	}
	if _, err := fact.Decode("weather.changed", []byte("{}")); err == nil {
		t.Error("a kind that does not exist was read")
	}
}

// personal are the words under which people's data would hide.
var personal = []string{"name", "email", "phone", "street", "address", "postcode", "city", "text", "contact"}

func TestNoFactCarriesPeoplesData(t *testing.T) {
	for _, k := range fact.Kinds() {
		b, err := fact.Decode(k, []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		fields(reflect.TypeOf(b), func(name string) {
			for _, p := range personal {
				if strings.Contains(strings.ToLower(name), p) {
					t.Errorf("%s has a field %s", k, name)
				}
			}
		})
	}
}

func fields(t reflect.Type, each func(string)) {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[civil.Instant]() {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		each(f.Name)
		fields(f.Type, each)
	}
}

func TestEveryStatusHasItsPhase(t *testing.T) {
	for _, s := range fact.Statuses {
		if known := s.Phase() != fact.PhaseUnknown; known == (s == fact.Unknown) {
			t.Errorf("%s is in phase %s", s, s.Phase())
		}
	}
	if len(fact.Statuses) != 18 {
		t.Errorf("%d statuses", len(fact.Statuses))
	}
}
