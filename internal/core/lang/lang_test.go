package lang

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/money"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		header   string
		fallback Locale
		want     Locale
	}{
		{"fr", English, French},
		{"fr-CA,fr;q=0.9,en;q=0.8", English, French},
		{"en-US,en;q=0.9,fr;q=0.8", French, English},
		{"ja, fr;q=0.3", English, French},
		{"fr;q=0.2, en;q=0.9", French, English},
		{"ja", French, French},
		{"ja", English, English},
		{"*", French, French},
		{"", French, French},
		{"not a header;;q=", English, English},
	} {
		if got := Match(c.header, c.fallback); got != c.want {
			t.Errorf("%q else %s: got %s, want %s", c.header, c.fallback, got, c.want)
		}
	}
}

func FuzzMatchIsAlwaysALocaleWeWrite(f *testing.F) {
	for _, s := range []string{"fr-FR,en;q=0.5", "*", "x-klingon", "en-u-ca-gregory"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if got := Match(header, French); got != French && got != English {
			t.Fatalf("%q: got %q", header, got)
		}
	})
}

func TestAMissingKeyShowsInBrackets(t *testing.T) {
	for _, got := range []string{T(French, "no.such", nil), T("xx", "no.such", nil), N(English, "no.such", 2, nil)} {
		if got != "[no.such]" {
			t.Errorf("got %q", got)
		}
	}
	if got := Fault(French, fault.New(fault.Invalid, "no_such", "")); got != "[fault.no_such]" {
		t.Errorf("got %q", got)
	}
}

func TestN(t *testing.T) {
	for _, c := range []struct {
		loc   Locale
		count int
		want  string
	}{
		{French, 0, "0 minute"}, // French says zero in the singular
		{French, 1, "1 minute"},
		{French, 2, "2 minutes"},
		{French, 1000, "1\u202f000 minutes"},
		{French, 1000000, "1\u202f000\u202f000 de minutes"},
		{French, 1000001, "1\u202f000\u202f001 minutes"},
		{English, 0, "0 minutes"},
		{English, 1, "1 minute"},
		{English, 1000000, "1,000,000 minutes"},
	} {
		if got := N(c.loc, "unit.minutes", c.count, nil); got != c.want {
			t.Errorf("%s %d: got %q, want %q", c.loc, c.count, got, c.want)
		}
	}
}

func TestAmount(t *testing.T) {
	for _, c := range []struct {
		amount          money.Amount
		french, english string
	}{
		{money.Of(590, "EUR"), "5,90\u00a0€", "€5.90"},
		{money.Of(0, "EUR"), "0,00\u00a0€", "€0.00"},
		{money.Of(-590, "EUR"), "-5,90\u00a0€", "-€5.90"},
		{money.Of(123456789, "EUR"), "1\u202f234\u202f567,89\u00a0€", "€1,234,567.89"},
		{money.Of(100000, "USD"), "1\u202f000,00\u00a0$US", "US$1,000.00"},
		{money.Of(1234, "CHF"), "12,34\u00a0CHF", "CHF\u00a012.34"},
		{money.Of(-1234, "CHF"), "-12,34\u00a0CHF", "-CHF\u00a012.34"},
		{money.Of(1234, "JPY"), "1\u202f234\u00a0JPY", "JP¥1,234"},
		{money.Of(1234, "KWD"), "1,234\u00a0KWD", "KWD\u00a01.234"},
		{money.Of(1234, "XPF"), "1\u202f234\u00a0FCFP", "CFPF\u00a01,234"},
		{money.Amount{}, "", ""},
	} {
		if fr, en := Amount(French, c.amount), Amount(English, c.amount); fr != c.french || en != c.english {
			t.Errorf("%v: got %q, %q", c.amount, fr, en)
		}
	}
}

func TestNumbers(t *testing.T) {
	zero := 0.0
	for _, c := range []struct{ law, got, want string }{
		{"three figures stay together", Number(French, 999), "999"},
		{"thousands in French", Number(French, -1234567), "-1\u202f234\u202f567"},
		{"thousands in English", Number(English, -1234567), "-1,234,567"},
		{"the least integer", Number(English, -1<<63), "-9,223,372,036,854,775,808"},
		{"a mean in French", Decimal(French, 3.40, 2), "3,4"},
		{"a mean in English", Decimal(English, 1234.567, 2), "1,234.57"},
		{"nothing below zero", Decimal(French, -0.001, 2), "0"},
		{"a hundred keeps its zeros", Decimal(French, 100, 0), "100"},
		{"a share in French", Percent(French, 0.947), "94,7\u00a0%"},
		{"a share in English", Percent(English, 0.95), "95%"},
		{"a share of nothing", Percent(French, zero/zero), "–"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.law, c.got, c.want)
		}
	}
}

func TestDays(t *testing.T) {
	for _, c := range []struct {
		day                               civil.Day
		french, frenchYear, english, year string
	}{
		{
			civil.Date(2026, time.November, 24), "mardi 24 novembre", "mardi 24 novembre 2026",
			"Tuesday 24 November", "Tuesday 24 November 2026",
		},
		{
			civil.Date(2026, time.December, 1), "mardi 1er décembre", "mardi 1er décembre 2026",
			"Tuesday 1 December", "Tuesday 1 December 2026",
		},
		{
			civil.Date(2028, time.February, 29), "mardi 29 février", "mardi 29 février 2028",
			"Tuesday 29 February", "Tuesday 29 February 2028",
		},
		{
			civil.Date(1969, time.July, 20), "dimanche 20 juillet", "dimanche 20 juillet 1969",
			"Sunday 20 July", "Sunday 20 July 1969",
		},
		{civil.NoDay, "", "", "", ""},
	} {
		got := [4]string{Day(French, c.day), DayYear(French, c.day), Day(English, c.day), DayYear(English, c.day)}
		if want := [4]string{c.french, c.frenchYear, c.english, c.year}; got != want {
			t.Errorf("%v: got %q, want %q", c.day, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := func(hour, minute int) time.Time {
		return time.Date(2026, time.November, 24, hour, minute, 40, 0, paris)
	}
	for _, c := range []struct{ law, got, want string }{
		{"31 minutes past four", Clock(French, at(16, 31)), "16:31"},
		{"five past nine", Clock(French, at(9, 5)), "09:05"},
		{"the full hour", Clock(French, at(14, 0)), "14:00"},
		{"midnight", Clock(French, at(0, 0)), "00:00"},
		{"in English", Clock(English, at(16, 31)), "16:31"},
		{"in English, early", Clock(English, at(9, 5)), "09:05"},
		{"the zone of the time, not UTC", Moment(French, at(0, 10)), "mardi 24 novembre à 00:10"},
		{"a moment in English", Moment(English, at(16, 31)), "Tuesday 24 November at 16:31"},
		{"a slot", Slot(French, at(14, 0), at(16, 0)), "mardi 24 novembre entre 14:00 et 16:00"},
		{"a slot whose end is kept in UTC", Slot(English, at(14, 0), at(16, 0).UTC()), "Tuesday 24 November between 14:00 and 16:00"},
		{"a zone", Zone(French, "Europe/Paris"), "heure de Paris"},
		{"a zone in English", Zone(English, "Europe/Paris"), "Paris time"},
		{"an unnamed zone", Zone(French, "America/Argentina/Buenos_Aires"), "heure locale (Buenos Aires)"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.law, c.got, c.want)
		}
	}
}

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		d               time.Duration
		french, english string
	}{
		{59 * time.Second, "moins d'une minute", "less than a minute"},
		{time.Minute, "1 minute", "1 minute"},
		{31*time.Minute + 40*time.Second, "31 minutes", "31 minutes"},
		{-31 * time.Minute, "31 minutes", "31 minutes"},
		{time.Hour, "1 heure", "1 hour"},
		{65 * time.Minute, "1 heure et 5 minutes", "1 hour and 5 minutes"},
		{24 * time.Hour, "1 jour", "1 day"},
		{48*time.Hour + 59*time.Minute, "2 jours", "2 days"},
		{51 * time.Hour, "2 jours et 3 heures", "2 days and 3 hours"},
	} {
		if fr, en := Duration(French, c.d), Duration(English, c.d); fr != c.french || en != c.english {
			t.Errorf("%v: got %q, %q", c.d, fr, en)
		}
	}
}

func TestFault(t *testing.T) {
	for _, c := range []struct {
		law  string
		loc  Locale
		f    *fault.Error
		want string
	}{
		{
			"a field that a form shows", French, fault.New(fault.Invalid, "field_required", "postcode"),
			"Le champ «\u00a0code postal\u00a0» est obligatoire\u00a0: remplissez-le.",
		},
		{
			"a field inside a document", French, fault.New(fault.Invalid, "negative_quantity", "lines[0].quantity"),
			"La quantité du champ «\u00a0quantité (lines[0].quantity)\u00a0» est nulle ou négative\u00a0: donnez un nombre entier, 1 ou plus.",
		},
		{
			"a field without a word", English, fault.New(fault.Invalid, "field_required", "callback_url"),
			"The field “callback_url” is required: fill it in.",
		},
		{
			"a number among the values", English, fault.New(fault.TooLarge, "body_too_large", "", "limit", 1048576),
			"The request is larger than 1,048,576 bytes: send it in several parts.",
		},
		{
			"days among the values", French, fault.New(fault.Invalid, "date_out_of_range", "date",
				"first", civil.Date(2024, time.January, 1), "last", civil.Date(2030, time.December, 31)),
			"La date du champ «\u00a0date\u00a0» est hors du calendrier\u00a0: donnez une date entre le lundi 1er janvier 2024 et le mardi 31 décembre 2030.",
		},
		{
			"a value with markup stays text", English, fault.New(fault.Invalid, "unknown_currency", "", "currency", "<b>{{.x}}"),
			"The currency “<b>{{.x}}” is unknown: give a three-letter code, such as EUR.",
		},
		{
			"a cause is for the log", English, fault.New(fault.Unavailable, "unavailable", "").Because(errSecret{}),
			"The service is unavailable for the moment: try again shortly.",
		},
	} {
		if got := Fault(c.loc, c.f); got != c.want {
			t.Errorf("%s: got %q, want %q", c.law, got, c.want)
		}
	}
}

type errSecret struct{}

func (errSecret) Error() string { return "dial 10.0.0.7" }

func TestValuesAreWrittenInTheLanguage(t *testing.T) {
	for _, c := range []struct {
		v    any
		want any
	}{
		{1234, "1\u202f234"},
		{int64(1234), "1\u202f234"},
		{0.5, "0,5"},
		{money.Of(590, money.EUR), "5,90\u00a0€"},
		{civil.Date(2026, time.November, 24), "mardi 24 novembre 2026"},
		{time.Tuesday, "mardi"},
		{90 * time.Minute, "1 heure et 30 minutes"},
		{[]string{"a", "b"}, "a, b"},
		{"as it is", "as it is"},
	} {
		if got := value(French, c.v); got != c.want {
			t.Errorf("%v: got %q, want %q", c.v, got, c.want)
		}
	}
}

func TestWhatIsWrittenLosesNoFigure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		loc := rapid.SampledFrom(Locales()).Draw(t, "locale")
		want := money.Of(n, money.EUR).Decimal()
		if got := figuresOnly(Amount(loc, money.Of(n, money.EUR))); got != figuresOnly(want) {
			t.Fatalf("%s writes %s as %s", loc, want, Amount(loc, money.Of(n, money.EUR)))
		}
	})
}

func figuresOnly(s string) string {
	var out []rune
	for _, r := range s {
		if r >= '0' && r <= '9' || r == '-' {
			out = append(out, r)
		}
	}
	return string(out)
}

func BenchmarkSentences(b *testing.B) {
	f := fault.New(fault.Invalid, "negative_quantity", "lines[0].quantity")
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			T(French, "unit.under_a_minute", nil)
		}
	})
	b.Run("plural", func(b *testing.B) {
		for b.Loop() {
			N(French, "unit.minutes", 31, nil)
		}
	})
	b.Run("fault", func(b *testing.B) {
		for b.Loop() {
			Fault(French, f)
		}
	})
}
