package phone

import "testing"

func TestRead(t *testing.T) {
	for _, c := range []struct {
		law, typed, country string
		want                Number
		ok                  bool
	}{
		{"a French mobile, as the French write it", "06 12 34 56 78", "FR", Number{"+33612345678", true}, true},
		{"with points and the country", "+33 (0)7.56.78.90.12", "FR", Number{"+33756789012", true}, true},
		{"a landline takes no SMS", "01 42 34 56 78", "FR", Number{"+33142345678", false}, true},
		{"a box number takes none", "09 72 12 34 56", "FR", Number{"+33972123456", false}, true},
		{"a Belgian mobile typed in France", "+32 470 12 34 56", "FR", Number{"+32470123456", true}, true},
		{"in the United States numbers do not tell", "(201) 555-0123", "US", Number{"+12015550123", true}, true},
		{"a number of nobody, kept for films", "06 39 98 12 34", "FR", Number{"+33639981234", true}, true},
		{"a digit short", "06 12 34 56 7", "FR", Number{}, false},
		{"a word", "téléphone", "FR", Number{}, false},
		{"nothing", "", "FR", Number{}, false},
	} {
		if got, ok := Read(c.typed, c.country); got != c.want || ok != c.ok {
			t.Errorf("%s: %+v, %t", c.law, got, ok)
		}
	}
	if n, _ := Read("0612345678", "FR"); n.Masked() != "•• •• •• 78" {
		t.Error(n.Masked())
	}
}
